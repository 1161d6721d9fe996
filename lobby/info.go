package lobby

import (
	"encoding/json"
	"slices"
	"sync/atomic"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/feed"
	"github.com/sandlot-server/sandlot/net/wire"
)

// listing is what a lobby tells of itself: to lists here by a pointer that its
// Loop swaps, and to those elsewhere as the value of its lease.
type listing struct {
	Format  int    `json:"v"`
	Info    Info   `json:"info"` // with the code
	Home    string `json:"home"`
	Boot    string `json:"boot"`
	URL     string `json:"url"`            // of its home; "" if it has none
	Instant bool   `json:"instant"`        // starts by itself: quick play's
	Room    *Room  `json:"room,omitempty"` // where tickets may still fill up; nil: nowhere
	Print   uint64 `json:"print"`          // of the game's build: who has the same can show the match
	Creator string `json:"creator"`        // the id of who made it; "" from a version that does not say

	members []string                  // ids of the people with a seat; known here only
	raw     []byte                    // of one elsewhere: its lease
	until   atomic.Pointer[time.Time] // of one elsewhere: when the lease ends, nil: it has
	hidden  bool                      // a private lobby elsewhere that was asked for by its id: only its home says more
}

// standing is l while its lease stands, else nil. l may be nil.
func (l *listing) standing(now time.Time) *listing {
	if l == nil {
		return nil
	}
	if until := l.until.Load(); until == nil || !now.Before(*until) {
		return nil
	}
	return l
}

// stands notes how long the lease of a lobby elsewhere lasts from now.
func (l *listing) stands(lease bus.Lease, now time.Time) {
	until := now.Add(lease.Left)
	l.until.Store(&until)
}

func (l *listing) has(id string) bool { return slices.Contains(l.members, id) }

// shown is the Info for somebody who has a seat in it, or who gave its code.
func (l *listing) shown(inside bool) Info {
	i := l.Info
	if i.Private && !inside {
		i.Code = ""
	}
	return i
}

// lease is what the lobby's lease says.
func (l *Loop) lease() ([]byte, error) { return json.Marshal(l.info.Load()) }

// publishInfo swaps what lists say.
func (l *Loop) publishInfo() {
	people := l.count(person)
	n := &listing{
		Format: recordFormat, Print: feed.Print(l.def),
		Info: Info{
			ID: l.id, Code: l.code, Game: l.def.Name, Title: l.title, Phase: l.phase.String(),
			Players: people, Bots: l.botSeats, MinPlayers: l.def.MinPlayers, MaxPlayers: l.max,
			Spectators: l.count(spectator) + l.far.viewers, Delay: l.delaySeconds(), Approval: l.approval, Level: l.level, Private: l.private, LateJoin: l.takesLate(),
			Open: people < l.max && l.matched == nil && l.phase != wire.PhaseClosed &&
				(l.phase != wire.PhaseRunning || l.takesLate()),
			Settings: map[string]int64{}, Instance: l.env.cfg.Instance, CreatedAt: l.created,
		},
		Home: l.env.cfg.Instance, Boot: l.env.boot, URL: l.env.cfg.AdvertiseURL, Instant: l.instant, Creator: l.creator,
	}
	if !l.network.Perfect() {
		n.Info.Network = l.network.String()
	}
	for i, s := range l.schema.Settings {
		n.Info.Settings[s.Name] = l.settings[i]
	}
	if h := l.seatAt(l.host); h != nil {
		n.Info.Host.Name = h.who.Name
	}
	for _, s := range l.seats {
		if s.bot == nil {
			n.members = append(n.members, s.who.ID)
		}
	}
	if l.matched != nil {
		n.Info.Mode, n.Room = l.matched.mode, l.matched.room(l)
	}
	l.info.Store(n)
	l.env.nudge()
}
