package feed_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/lobby/feed"
	"github.com/sandlot-server/sandlot/net/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// herd is a small game in which rows come, move and go, all of it by chance.
// Spectators do not see the sleeping ones.
type herd struct {
	Sheep game.Table[sheep] `sync:"max=200"`
	Count uint32            `sync:""`
}

type sheep struct {
	X      int32  `sync:"step=16,predict"`
	Asleep bool   `sync:""`
	Name   string `sync:"max=12"`
	Secret uint16 `sync:"owner"`
}

func (h *herd) Step(t *game.Tick) {
	if t.Rand.IntN(3) == 0 {
		return // nothing happens
	}
	for range t.Rand.IntN(4) {
		h.Sheep.Add(game.Player(t.Rand.IntN(3)), sheep{Name: []string{"", "dolly", "asleep"}[t.Rand.IntN(3)], Secret: 4711})
	}
	for id, s := range h.Sheep.All() {
		switch t.Rand.IntN(8) {
		case 0:
			h.Sheep.Remove(id)
		case 1:
			s.Asleep = !s.Asleep
		case 2, 3:
			s.X += int32(t.Rand.IntN(200)) - 100
		}
	}
	h.Count++
}

func (h *herd) See(_ game.Player, v *game.Viewer) {
	for id, s := range h.Sheep.All() {
		if s.Asleep {
			v.Hide(&h.Sheep, id)
		}
	}
}

// home is the sending side: a match and what is said of its lobby.
type home struct {
	tb      testing.TB
	def     *game.Definition
	runner  *game.Runner
	number  uint32
	members map[state.Player]wire.Member
	sender  *feed.Sender
}

func newHome(tb testing.TB, epoch uint64) *home {
	def, err := game.Define("herd", func() game.Game { return new(herd) }, game.Rate(20), game.Players(1, 4))
	if err != nil {
		tb.Fatal(err)
	}
	h := &home{tb: tb, def: def, members: map[state.Player]wire.Member{}, sender: feed.NewSender(def.Schema(), feed.Print(def), epoch)}
	h.match(1)
	return h
}

// match begins another one.
func (h *home) match(seed uint64) {
	r, err := game.NewRunner(h.def, seed, nil)
	if err != nil {
		h.tb.Fatal(err)
	}
	h.runner = r
	h.number++
	h.sender.Restart()
	h.sender.Say(h.matchMessage())
}

func (h *home) matchMessage() []byte {
	return wire.AppendMatch(nil, wire.Match{Number: h.number, TickRate: 20})
}

func (h *home) lobbyMessage() []byte {
	return wire.AppendLobby(nil, &wire.Lobby{Phase: wire.PhaseRunning, Min: 1, Max: 4})
}

func (h *home) comes(p state.Player, name string) {
	h.members[p] = wire.Member{Player: p, Name: name}
	h.sender.Say(wire.AppendMembers(nil, h.members[p]))
}

func (h *home) goes(p state.Player) {
	delete(h.members, p)
	h.sender.Say(wire.AppendGone(nil, wire.Gone{Player: p}))
}

// Standing implements feed.Whole.
func (h *home) Standing(say func([]byte)) {
	say(h.lobbyMessage())
	for _, m := range h.members {
		say(wire.AppendMembers(nil, m))
	}
	say(h.matchMessage())
}

// Barred implements feed.Whole.
func (h *home) Barred() []string { return []string{"id-mallory"} }

// away is the receiving side.
type away struct {
	tb       testing.TB
	receiver feed.Receiver
	gallery  *feed.Gallery
	members  map[state.Player]string // as its viewers were told
	matches  []uint32
	asks     int
}

func newAway(tb testing.TB, h *home) *away {
	return &away{tb: tb, gallery: feed.NewGallery(h.def.Schema(), nil, 0), members: map[state.Player]string{}}
}

// take takes in a frame, and reports whether it led on.
func (a *away) take(payload []byte) bool {
	a.tb.Helper()
	f, err := feed.Decode(payload)
	if err != nil {
		a.tb.Fatal(err)
	}
	switch a.receiver.Take(&f) {
	case feed.Gap:
		a.asks++
		return false
	case feed.Stale:
		return false
	}
	for _, m := range f.Messages {
		if _, err := a.gallery.Hear(m); err != nil {
			a.tb.Fatal(err)
		}
		a.told(m)
	}
	if f.Whole {
		if _, err := a.gallery.Begin(f.Standing, a.told); err != nil {
			a.tb.Fatal(err)
		}
		if len(f.Barred) != 1 || f.Barred[0] != "id-mallory" {
			a.tb.Errorf("barred are %q", f.Barred)
		}
	}
	if f.State != nil {
		if _, err := a.gallery.Hear(f.State); err != nil {
			a.tb.Fatal(err)
		}
	}
	return true
}

func (a *away) told(message []byte) {
	var m wire.ServerMessage
	if err := wire.DecodeServer(message, nil, &m); err != nil {
		a.tb.Fatal(err)
	}
	switch m.Type {
	case wire.TypeMember:
		for _, member := range m.Members {
			a.members[member.Player] = member.Name
		}
	case wire.TypeGone:
		delete(a.members, m.Gone.Player)
	case wire.TypeMatch:
		a.matches = append(a.matches, m.Match.Number)
	}
}

// equals reports whether the gallery holds what spectators see at home, and its
// viewers were told who is there.
func (a *away) equals(h *home) bool {
	newest := a.gallery.Ring().Newest()
	if newest == nil || a.gallery.Tick() != h.runner.Tick() || len(a.members) != len(h.members) {
		return false
	}
	for p, m := range h.members {
		if a.members[p] != m.Name {
			return false
		}
	}
	ring := state.NewRing(nil, 2)
	want := state.NewMirror(h.def.Schema().Tables)
	want.Fill(h.runner.Ring().Newest(), h.runner.View(0), 0)
	return ring.Copy(1, want).Equal(newest)
}
