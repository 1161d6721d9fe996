package lobby_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// look notes whether ann's seat is another one by now.
func (e *evening) look() {
	e.bob.sleep(60 * time.Millisecond)
	for _, m := range e.bob.got {
		if m.Type != wire.TypeMember {
			continue
		}
		for _, p := range m.Members {
			if p.Name == "ann" && p.Player > e.player {
				e.player, e.tokens, e.proven = p.Player, nil, 0
				e.seats++
			}
		}
	}
}

func (e *evening) seated() bool {
	return slices.ContainsFunc(e.bob.members(), func(m string) bool { return strings.HasPrefix(m, "ann:") })
}

// check holds what must always be true.
func (e *evening) check() {
	e.look()
	if live, seats, connected := e.count(); live > 1 || seats > 1 || connected != live {
		e.look() // who left is told with the next tick
		if live, seats, connected = e.count(); live > 1 || seats > 1 || connected != live {
			e.fail("%d live sessions, %d seats, %d of them connected", live, seats, connected)
		}
	}
	ids := e.applied()
	for i := 1; i < len(ids); i++ {
		if ids[i] <= ids[i-1] {
			e.fail("commands were applied as %v", ids)
		}
	}
}

// count counts ann's sessions that live, and her seats as bob sees them.
func (e *evening) count() (live, seats, connected int) {
	for _, l := range e.links {
		if _, over := l.s.Ended(); !over {
			live++
		}
	}
	for _, m := range e.bob.members() {
		if flags, ok := strings.CutPrefix(m, "ann:"); ok {
			n, _ := strconv.Atoi(flags)
			seats, connected = seats+1, connected+n&1
		}
	}
	return live, seats, connected
}

// applied are the marks that the game made for ann, in order.
func (e *evening) applied() (ids []uint16) {
	for _, m := range e.bob.got {
		if m.Type == wire.TypeEvent && m.Event.Fields[0].Int != int64(e.bob.welcome.Player) {
			ids = append(ids, uint16(m.Event.Fields[1].Int))
		}
	}
	return ids
}

// end lets everything end: no seat may be left, and nothing confirmed be missing.
func (e *evening) end() {
	ids := e.applied()
	for _, id := range e.done {
		if !slices.Contains(ids, id) {
			e.fail("command %d was confirmed and not applied; %v were", id, ids)
		}
	}
	for _, p := range e.pending {
		p.a.Release()
	}
	for _, l := range e.links {
		l.s.Close(session.Lost)
	}
	e.bob.sleep(lobby.Defaults().Hold + time.Second)
	if e.seated() {
		e.fail("a ghost has ann's seat: %v", e.bob.members())
	}
}

// Random evenings: drops, duplicates, sockets that come out of order, old ones
// that close late, two tabs, tokens of older sessions.
func TestResumeSurvivesRandomEvenings(t *testing.T) {
	evenings := 120
	if testing.Short() {
		evenings = 30
	}
	for seed := range evenings {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		ops := make([]byte, 20+r.IntN(100))
		for i := range ops {
			ops[i] = byte(r.Uint32())
		}
		if fault := play(t, ops); fault != "" {
			t.Fatalf("evening %d: %s", seed, fault)
		}
	}
}

func FuzzResume(f *testing.F) {
	f.Add([]byte{0, 2, 4, 6, 10, 7, 0, 2, 10, 4, 15, 11, 4, 8, 11, 0, 2, 4, 4})
	f.Add([]byte{0, 2, 4, 128, 130, 132, 134, 0, 2, 12, 2, 13, 4, 0x4e, 0, 2, 4})
	// A command of one match comes again in the next.
	f.Add([]byte{0, 2, 4, 0x5f, 4, 11, 4, 4, 0x2e, 4, 0x2e, 4, 0x2e, 4, 0x2e, 4, 0x2e, 4, 0x2e, 4, 0x7f, 4, 13, 4})
	f.Fuzz(func(t *testing.T, ops []byte) {
		if len(ops) > 200 {
			return
		}
		if fault := play(t, ops); fault != "" {
			t.Fatal(fault)
		}
	})
}
