package lobby

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/net/session"
)

// loginChannel is where instances tell each other who has come.
const loginChannel = "logins"

// logins lets a player have one session in a lobby, wherever it is served: the
// newest, the older one is closed with 4500. A chat-only session counts for itself.
// A seat has one session by its home alone; what is beyond that is best effort:
// instances hear of each other over the bus, at most once.
//
// Which one is newest is said by stamps: microseconds of the clock of the instance
// where it came, but always above each stamp that instance has given or heard of.
// So a session that comes after news of another is newer whatever the clocks say,
// and of two that come while neither is heard of elsewhere the later clock wins;
// equal stamps are decided by the instances' names. An instance that hears of an
// older session than its own says its own again.
type logins struct {
	own string // this instance
	out *publisher

	mu    sync.Mutex // held for a map access and some arithmetic
	clock int64
	open  map[loginKey]login // at most twice as many as there are sessions
	swept int                // how many there were after the last sweep
}

type loginKey struct {
	player, lobby string
	talks         bool
}

type login struct {
	session *session.Session
	stamp   int64
}

// loginNote is what goes over the bus.
type loginNote struct {
	Player   string `json:"player"`
	Lobby    string `json:"lobby"`
	Talks    bool   `json:"talks,omitempty"`
	Stamp    int64  `json:"stamp"`
	Instance string `json:"instance"`
}

func newLogins(own string, out *publisher) *logins {
	return &logins{own: own, out: out, open: map[loginKey]login{}}
}

func keyOf(s *session.Session) loginKey {
	who := s.Identity()
	return loginKey{who.ID, who.Lobby, who.Role == session.ChatOnly}
}

// came notes a session that has just been let in, and ends the older one here.
func (l *logins) came(now time.Time, s *session.Session) {
	key := keyOf(s)
	l.mu.Lock()
	l.clock = max(l.clock+1, now.UnixMicro())
	older := l.open[key]
	mine := login{s, l.clock}
	l.open[key] = mine
	l.sweep()
	l.mu.Unlock()
	if older.session != nil && older.session != s {
		older.session.Close(session.Replaced)
	}
	l.say(key, mine)
}

// sweep forgets sessions that ended with their lobby; mu is held.
func (l *logins) sweep() {
	if len(l.open) < 2*l.swept+64 {
		return
	}
	for key, one := range l.open {
		if _, over := one.session.Ended(); over {
			delete(l.open, key)
		}
	}
	l.swept = len(l.open)
}

// left notes that a session is over.
func (l *logins) left(s *session.Session) {
	key := keyOf(s)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[key].session == s {
		delete(l.open, key)
	}
}

func (l *logins) say(key loginKey, mine login) {
	payload, err := json.Marshal(loginNote{key.player, key.lobby, key.talks, mine.stamp, l.own})
	if err != nil { // strings and a number
		panic(err)
	}
	l.out.publish(loginChannel, payload, "")
}

// heard takes what another instance says. It does not block.
func (l *logins) heard(payload []byte) {
	var n loginNote
	if json.Unmarshal(payload, &n) != nil || n.Instance == l.own {
		return
	}
	key := loginKey{n.Player, n.Lobby, n.Talks}
	l.mu.Lock()
	l.clock = max(l.clock, n.Stamp)
	mine, here := l.open[key]
	older := mine.stamp < n.Stamp || mine.stamp == n.Stamp && l.own < n.Instance
	if here && older {
		delete(l.open, key)
	}
	l.mu.Unlock()
	switch {
	case !here:
	case older:
		mine.session.Close(session.Replaced)
	default:
		l.say(key, mine)
	}
}

// listen hears of others until the subscription is closed.
func (l *logins) listen(b bus.Bus) bus.Subscription {
	return b.Subscribe(loginChannel, bus.Handler{Message: l.heard})
}
