package lobby

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"golang.org/x/time/rate"

	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// A lobby's two channels, and its history in the Store. The home numbers what is
// said and publishes it on the first; members elsewhere are heard on the second.
func chatChannel(id string) string { return "lobby:" + id + ":chat" }
func sayChannel(id string) string  { return "lobby:" + id + ":say" }
func chatHistory(id string) string { return "lobby:" + id + ":chat" }

// historyTTL is how long a history outlives its last message.
const historyTTL = time.Hour

// note is what goes over a lobby's channels.
type note struct {
	Kind string        `json:"kind"` // one of the kinds below
	Chat *wire.ChatOut `json:"chat,omitempty"`
	// From a member elsewhere.
	Player string `json:"player,omitempty"` // id
	Name   string `json:"name,omitempty"`
	Text   string `json:"text,omitempty"`
	// Who was removed, by id: for how many ms more, 0 for good; at most remotes.
	Barred map[string]int64 `json:"barred,omitempty"`
	// Which of its instance's this is, and the oldest of those on their way; in a
	// chat or heard of the home, the newest of that instance's dealt with.
	From   string `json:"from,omitempty"`
	N      uint64 `json:"n,omitempty"`
	Oldest uint64 `json:"oldest,omitempty"`
	First  uint64 `json:"first,omitempty"`
	// Where somebody is: of a head the newest message, and the first that is
	// kept; of a sync the newest known.
	Epoch uint64 `json:"epoch,omitempty"`
	// Who watches, and how many only talk.
	Instance string `json:"instance,omitempty"`
	Viewers  int    `json:"viewers,omitempty"`
	Talkers  int    `json:"talkers,omitempty"`
	Offset   uint64 `json:"offset,omitempty"`
}

// The kinds of notes.
const (
	noteChat   = "chat"   // from home: a numbered message
	noteHead   = "head"   // from home: this is the newest message; ask for what you miss
	noteClosed = "closed" // from home: the lobby is closed
	noteMuted  = "muted"  // from home: a player may not talk
	noteVoice  = "voice"  // from home: it may again
	noteBarred = "barred" // from home: players were removed
	noteHeard  = "heard"  // from home: what a member elsewhere said was dealt with
	noteSay    = "say"    // to home: a member elsewhere says this
	noteSync   = "sync"   // to home: publish again what came after this, and who was removed
	noteLeave  = "leave"  // to home: a player gave up the seat by HTTP elsewhere
	noteWatch  = "watch"  // to home: an instance has so many spectators, and so many who only talk; 0: the last one left
	noteWhole  = "whole"  // to home: the next frame shall be whole
)

func (n note) encode() []byte {
	b, err := json.Marshal(n)
	if err != nil { // strings and numbers only
		panic(err)
	}
	return b
}

// listen subscribes the home to what members elsewhere say.
func (l *Loop) listen() {
	if l.env.bus == nil {
		return
	}
	l.says = l.env.bus.Subscribe(sayChannel(l.id), bus.Handler{
		Message: func(payload []byte) {
			if len(payload) > 0 {
				l.put(item{remote: payload}, true)
			}
		},
		// Who was cut off asks for what it missed when it sees the head.
		Gap: func() { l.put(item{do: func(time.Time) { l.publishHead() }}, true) },
	})
}

// fromBus handles a note from an instance where this lobby has members.
func (l *Loop) fromBus(now time.Time, payload []byte) {
	var n note
	if err := json.Unmarshal(payload, &n); err != nil {
		l.log.Warn("a note over the bus cannot be read", "err", err)
		return
	}
	switch n.Kind {
	case noteSay:
		l.sayFor(now, n)
	case noteLeave:
		if s := l.seatOf(n.Player); s != nil {
			l.drop(now, s, wire.GoneLeft, session.Bye)
		}
	case noteWatch:
		l.watchedBy(now, n.Instance, n.Viewers, n.Talkers)
	case noteWhole:
		if l.far.sender != nil {
			l.far.sender.Ask()
		}
	case noteSync:
		l.resync(now, n.Epoch, n.Offset)
	}
}

// sayFor says what a member elsewhere said, if it is the next of its instance's.
func (l *Loop) sayFor(now time.Time, n note) {
	if !l.heard.takes(n.From, n.N, n.Oldest) {
		l.publishHeard(n.From)
		return
	}
	if l.barred(now, n.Player) { // its instance did not hear of it
		l.tellBarred(now, n.Player)
		l.publishHeard(n.From)
		return
	}
	if l.muted[n.Player] {
		l.tellAway(noteMuted, n.Player)
		l.publishHeard(n.From)
		return
	}
	text, err := l.admitChat(now, l.remoteLimit(n.Player), n.Text)
	if err == nil {
		text, err = l.moderate(Said{Player: n.Player, Name: clean(n.Name, 24), Text: text})
	}
	if err != nil { // its own instance has told the sender, whose limit is the same
		l.publishHeard(n.From)
		return
	}
	l.by = n.From
	l.speak(now, n.Player, wire.ChatOut{Name: clean(n.Name, 24), Text: text})
	l.by = ""
}

// publishHeard tells a relay how far it was heard.
func (l *Loop) publishHeard(from string) {
	if from != "" {
		l.env.out.publish(chatChannel(l.id), note{Kind: noteHeard, From: from, N: l.heard[from]}.encode(), "")
	}
}

// syncEvery is how often at most a lobby publishes again what was missed: to all
// that asked in between at once.
const syncEvery = 200 * time.Millisecond

// resync publishes again what came after a message, soon for all who ask now.
func (l *Loop) resync(now time.Time, epoch, offset uint64) {
	if epoch != l.chat.epoch {
		offset = 0
	}
	if l.syncing {
		l.syncFrom = min(l.syncFrom, offset)
		return
	}
	l.syncing, l.syncFrom = true, offset
	wait := max(0, syncEvery-now.Sub(l.synced))
	time.AfterFunc(wait, func() { l.put(item{do: l.sync}, false) })
}

func (l *Loop) sync(now time.Time) {
	l.syncing, l.synced = false, now
	for _, c := range l.chat.last {
		if c.Offset > l.syncFrom {
			l.env.out.publish(chatChannel(l.id), note{Kind: noteChat, Chat: &c}.encode(), "")
		}
	}
	l.publishHead()
	l.tellBarred(now, slices.Collect(maps.Keys(l.kicked))...)
}

// beacons are how long after the last message those elsewhere are told what the
// newest one is: who missed it has nothing else to see the gap by.
var beacons = [...]time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}

// beacon publishes the head when it is due.
func (l *Loop) beacon(now time.Time) {
	if l.beaconAt.IsZero() || now.Before(l.beaconAt) {
		return
	}
	l.publishHead()
	l.nextBeacon(now)
}

func (l *Loop) nextBeacon(now time.Time) {
	l.beaconAt = time.Time{}
	if l.beacons < len(beacons) {
		l.beaconAt = now.Add(beacons[l.beacons])
		l.beacons++
	}
}

// remoteLimit is the rate of a talker elsewhere. A little above that of talkers
// here, because their own instance has kept it already.
func (l *Loop) remoteLimit(id string) *rate.Limiter {
	if limit := l.remote[id]; limit != nil {
		return limit
	}
	if len(l.remote) >= remotes {
		clear(l.remote)
	}
	limit := rate.NewLimiter(rate.Every(l.env.cfg.ChatEvery), 2*l.env.cfg.ChatBurst)
	l.remote[id] = limit
	return limit
}

func (l *Loop) publishChat(now time.Time, c wire.ChatOut) {
	if l.env.out == nil {
		return
	}
	n := note{Kind: noteChat, Chat: &c, From: l.by, N: l.heard[l.by]}
	l.env.out.publish(chatChannel(l.id), n.encode(), chatHistory(l.id))
	l.beacons = 0
	l.nextBeacon(now)
}

func (l *Loop) publishHead() {
	if l.chat.offset > 0 {
		n := note{Kind: noteHead, Epoch: l.chat.epoch, Offset: l.chat.offset, First: l.chat.last[0].Offset}
		l.env.out.publish(chatChannel(l.id), n.encode(), "")
	}
}

func (l *Loop) publishClosed() {
	l.env.out.publish(chatChannel(l.id), note{Kind: noteClosed}.encode(), "")
}
