package session_test

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// watcher is a client of a crowd: what it was sent, in a mirror.
type watcher struct {
	me      state.Player
	s       *session.Session
	conn    *conn
	mirror  *state.Mirror
	tick    uint32
	fresh   bool // a state came since the last look
	largest int  // bytes of a delta
	msg     wire.ServerMessage
}

type fataler interface{ Fatalf(string, ...any) }

// read applies what came.
func (w *watcher) read(t fataler, schema *state.Schema) {
	w.fresh = false
	for _, f := range w.conn.take() {
		if err := wire.DecodeServer(f, schema, &w.msg); err != nil {
			t.Fatalf("player %d: decode %x: %v", w.me, f, err)
		}
		if w.msg.Type == wire.TypeMatch {
			w.mirror, w.tick, w.fresh = state.NewMirror(schema.Tables), 0, false
		}
		if w.msg.Type != wire.TypeState {
			continue
		}
		st, body := w.msg.State, w.msg.Body()
		err := w.mirror.Apply(body, st.Keyframe)
		if err == nil {
			err = body.Done()
		}
		if err != nil {
			t.Fatalf("player %d: apply %x: %v", w.me, f, err)
		}
		if w.fresh = true; st.Keyframe {
			w.tick = st.Tick
			continue
		}
		w.tick += st.Tick
		w.largest = max(w.largest, len(f))
	}
}

// meadow is one crowd with its watchers, played through Runner and Group.
type meadow struct {
	d        *game.Definition
	runner   *game.Runner
	schema   *state.Schema
	group    *session.Group
	watchers []*watcher
	now      time.Time
	cfg      *session.Config
}

func newMeadow(t fataler, side, reach int32, options ...game.Option) *meadow {
	c := crowd{Side: side, Reach: reach}
	fresh := func() game.Game { return &sighted{c} }
	if reach == 0 {
		fresh = func() game.Game { g := c; return &g }
	}
	return newMeadowOf(t, fresh, options...)
}

func newMeadowOf(t fataler, fresh func() game.Game, options ...game.Option) *meadow {
	d, err := game.Define("crowd", fresh, append([]game.Option{game.Players(1, 1000), game.Input(stick{}), game.LateJoin()}, options...)...)
	if err != nil {
		t.Fatalf("define: %v", err)
	}
	cfg := session.Config{}.Filled()
	f := &meadow{d: d, schema: d.Schema(), group: session.NewGroup(d.Schema(), cfg), now: time.Now(), cfg: cfg}
	f.start(t)
	return f
}

// start begins a match with those who are there.
func (f *meadow) start(t fataler) {
	r, err := game.NewRunner(f.d, 3, nil)
	if err != nil {
		t.Fatalf("start: %v", err)
	}
	f.runner = r
	for _, w := range f.watchers {
		if w.me == 0 {
			continue
		}
		if err := r.Join(w.me, "ann", false, 0); err != nil {
			t.Fatalf("join: %v", err)
		}
	}
	f.group.NewMatch(wire.AppendMatch(nil, wire.Match{Number: 1, TickRate: 20}))
}

// join seats a player, or a spectator if p is 0.
func (f *meadow) join(t fataler, p state.Player) *watcher {
	if p != 0 {
		if err := f.runner.Join(p, "ann", false, 0); err != nil {
			t.Fatalf("join: %v", err)
		}
	}
	w := &watcher{me: p, conn: &conn{}, mirror: state.NewMirror(f.schema.Tables)}
	who := session.Identity{ID: "p", Name: "P", Player: p}
	if p == 0 {
		who.Role = session.Spectator
	}
	w.s = session.New(w.conn, who, f.schema, f.cfg, f.now)
	f.group.Add(w.s)
	f.watchers = append(f.watchers, w)
	return w
}

func (f *meadow) leave(w *watcher) {
	f.group.Remove(w.s)
	f.runner.Leave(w.me)
	for i := range f.watchers {
		if f.watchers[i] == w {
			f.watchers = append(f.watchers[:i], f.watchers[i+1:]...)
			return
		}
	}
}

func (f *meadow) tick(t fataler) {
	f.now = f.now.Add(50 * time.Millisecond)
	f.group.Read(f.runner)
	f.runner.Step()
	f.group.Send(f.runner, f.now)
	for _, w := range f.watchers {
		w.read(t, f.schema)
	}
}

func (w *watcher) steer(f *meadow, x, y int64) {
	in := wire.Input{Seq: f.runner.Tick() + 1, Ack: w.tick, Fields: []state.Value{{Int: x}, {Int: y}, {Int: x*y + 1}}}
	w.s.Receive(wire.AppendInput(nil, &in, &f.schema.Input), f.now)
}

// inSight fails if w holds a row that it does not see; with all, also if it does
// not hold each row it sees as it is.
func (f *meadow) inSight(t fataler, w *watcher, all bool) {
	snap, view := f.runner.Ring().Newest(), f.runner.View(w.me)
	got := w.mirror.Table("pawns")
	for pos := range got.Len() {
		if at := snap.Find(0, got.ID(pos)); w.fresh && (at < 0 || !view.Has(0, at)) {
			t.Fatalf("tick %d: player %d holds pawn %d, which is out of its sight", f.runner.Tick(), w.me, got.ID(pos))
		}
	}
	if !all {
		return
	}
	whole := state.NewMirror(f.schema.Tables)
	whole.Fill(snap, view, w.me)
	want := whole.Table("pawns")
	if got.Len() != want.Len() {
		t.Fatalf("tick %d: player %d holds %d pawns, and sees %d", f.runner.Tick(), w.me, got.Len(), want.Len())
	}
	for pos := range want.Len() {
		if a, b := pawnOf(got, pos), pawnOf(want, pos); !reflect.DeepEqual(a, b) {
			t.Fatalf("tick %d: player %d holds %v, and sees %v", f.runner.Tick(), w.me, a, b)
		}
	}
}

func pawnOf(r *state.Rows, pos int) []int64 {
	row := []int64{int64(r.ID(pos)), int64(r.Owner(pos))}
	for _, name := range []string{"x", "y", "aim", "hp", "vx", "vy", "ammo"} {
		field, _, _ := r.Field(name)
		row = append(row, r.Int(pos, field))
	}
	return row
}

// TestSightConverges plays a game with sight, with and without a budget, to
// clients that come, go, stall, ask for keyframes and are paced. What they hold
// is in their sight whenever they are sent to; it is all of that, as it is,
// without a budget at once, and with one soon after things come to rest.
func TestSightConverges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		budget := rapid.SampledFrom([]int{0, 64, 100, 300}).Draw(t, "budget")
		var options []game.Option
		if budget > 0 {
			options = append(options, game.Budget(budget))
		}
		f := newMeadow(t, 4000, rapid.SampledFrom([]int32{0, 800, 1500, 5000}).Draw(t, "reach"), options...)
		f.join(t, 0)
		next := state.Player(1)
		for range rapid.IntRange(1, 20).Draw(t, "players") {
			f.join(t, next)
			next++
		}
		for range rapid.IntRange(1, 60).Draw(t, "ticks") {
			switch rapid.IntRange(0, 11).Draw(t, "event") {
			case 0:
				f.join(t, next)
				next++
			case 1:
				f.leave(f.watchers[len(f.watchers)-1])
				if len(f.watchers) == 0 {
					f.join(t, 0)
				}
			case 2:
				w := rapid.SampledFrom(f.watchers).Draw(t, "who")
				w.conn.blocked = f.now
			case 3:
				rapid.SampledFrom(f.watchers).Draw(t, "who").s.Receive(wire.AppendKeyframe(nil), f.now)
			case 4:
				rapid.SampledFrom(f.watchers).Draw(t, "who").s.Pace(rapid.IntRange(0, 5).Draw(t, "pace"))
			case 5:
				if rapid.Bool().Draw(t, "again") {
					f.start(t)
				}
			case 6:
				for _, w := range f.watchers {
					w.conn.blocked = time.Time{}
				}
			}
			for _, w := range f.watchers {
				if w.me == 0 {
					w.s.Receive(wire.AppendAck(nil, wire.Ack{Tick: w.tick}), f.now)
				} else if rapid.IntRange(0, 3).Draw(t, "moves") > 0 {
					w.steer(f, int64(rapid.IntRange(-1, 1).Draw(t, "x")), int64(rapid.IntRange(-1, 1).Draw(t, "y")))
				}
			}
			f.tick(t)
			for _, w := range f.watchers {
				f.inSight(t, w, w.fresh && budget == 0)
			}
		}
		for _, w := range f.watchers {
			w.conn.blocked = time.Time{}
		}
		for range 100 {
			for _, w := range f.watchers {
				if w.me == 0 {
					w.s.Receive(wire.AppendAck(nil, wire.Ack{Tick: w.tick}), f.now)
				} else {
					w.steer(f, 0, 0)
				}
			}
			f.tick(t)
		}
		for _, w := range f.watchers {
			if _, ended := w.s.Ended(); !ended {
				f.inSight(t, w, true)
			}
		}
	})
}

// haunted is a crowd in which player 1 is seen by nobody else.
type haunted struct{ sighted }

func (h *haunted) See(p game.Player, v *game.Viewer) {
	h.sighted.See(p, v)
	if p != 1 {
		v.Hide(&h.Pawns, 1)
	}
}

// TestHiddenLeavesNoTrace plays two matches that differ in what player 1, who is
// hidden, does: all others are sent the same bytes.
func TestHiddenLeavesNoTrace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var options []game.Option
		if rapid.Bool().Draw(t, "budget") {
			options = append(options, game.Budget(rapid.IntRange(64, 200).Draw(t, "bytes")))
		}
		reach := rapid.Int32Range(0, 3000).Draw(t, "reach")
		fresh := func() game.Game { return &haunted{sighted{crowd{Side: 3000, Reach: reach}}} }
		a, b := newMeadowOf(t, fresh, options...), newMeadowOf(t, fresh, options...)
		for p := range state.Player(rapid.IntRange(2, 12).Draw(t, "players")) {
			a.join(t, p+1)
			b.join(t, p+1)
		}
		b.now = a.now
		a.join(t, 0)
		b.join(t, 0)
		for range rapid.IntRange(1, 40).Draw(t, "ticks") {
			for i, w := range a.watchers {
				x, y := int64(rapid.IntRange(-1, 1).Draw(t, "x")), int64(rapid.IntRange(-1, 1).Draw(t, "y"))
				if w.me == 0 || x*y == 1 {
					continue // says nothing
				}
				w.steer(a, x, y)
				if w.me == 1 {
					x, y = -x, 1-y*y
				}
				b.watchers[i].steer(b, x, y)
			}
			for _, f := range []*meadow{a, b} {
				f.now = f.now.Add(50 * time.Millisecond)
				f.group.Read(f.runner)
				f.runner.Step()
				f.group.Send(f.runner, f.now)
			}
			for i, w := range a.watchers {
				if sent, same := w.conn.frames, b.watchers[i].conn.frames; w.me != 1 && !reflect.DeepEqual(sent, same) {
					t.Fatalf("tick %d: player %d was sent %x, and %x", a.runner.Tick(), w.me, sent, same)
				}
				w.read(t, a.schema)
				b.watchers[i].read(t, b.schema)
			}
		}
	})
}

// TestBudgetHolds has more in sight than fits: no delta is above the budget, all
// are near it, everyone's own pawn comes each tick, and no pawn is forgotten.
func TestBudgetHolds(t *testing.T) {
	const players, budget = 120, 200
	f := newMeadow(t, 1<<18, 0, game.Budget(budget))
	for p := range state.Player(players) {
		f.join(t, p+1)
	}
	stale := map[game.ID]int{} // ticks since player 7 was sent a pawn
	own, sent := 0, 0
	for tick := range 200 {
		for i, w := range f.watchers {
			turn := (tick/10 + i) % 4
			w.steer(f, int64(turn%2*2-1), int64(turn/2*2-1))
		}
		w := f.watchers[6]
		before := map[game.ID][]int64{}
		held := w.mirror.Table("pawns")
		for pos := range held.Len() {
			before[held.ID(pos)] = pawnOf(held, pos)
		}
		f.tick(t)
		for pos := range held.Len() {
			id := held.ID(pos)
			if stale[id]++; !reflect.DeepEqual(before[id], pawnOf(held, pos)) {
				stale[id] = 0
				sent++
				if held.Owner(pos) == 7 {
					own++
				}
			}
			if stale[id] > 30 {
				t.Fatalf("tick %d: pawn %d was forgotten", tick, id)
			}
		}
	}
	for _, w := range f.watchers {
		if w.largest > budget || w.largest < budget*8/10 {
			t.Fatalf("player %d was sent %d bytes at once, of %d", w.me, w.largest, budget)
		}
	}
	if own < 180 || sent < 200*25 {
		t.Fatalf("%d times its own pawn, %d pawns in 200 ticks", own, sent)
	}
	t.Logf("%.1f of %d pawns a tick in %d bytes", float64(sent)/200, players, budget)
}

// TestManyAllocateNothing: steps, sights, bodies and budgets of a crowd cost no
// garbage in the steady state.
func TestManyAllocateNothing(t *testing.T) {
	for _, test := range []struct {
		name    string
		reach   int32
		options []game.Option
	}{
		{"all", 0, nil},
		{"sight", 30000, nil},
		{"sight and budget", 30000, []game.Option{game.Budget(120)}},
	} {
		s := newStage(t, 20, 60, 100000, test.reach, test.options...)
		step := func() {
			s.say()
			s.tick()
		}
		ticks := 2000 // sizes differ from tick to tick: until all have been as large as they get
		if racing {
			ticks = 50
		}
		for range ticks {
			step()
		}
		if n := testing.AllocsPerRun(200, step); n > 0 && !racing {
			t.Errorf("%s: %v allocations a tick", test.name, n)
		}
	}
}

// narrow is a match with a budget and one sight.
type narrow struct {
	*match
	view   state.View
	hidden func(id state.ID) bool
}

func (n *narrow) Budget() int                   { return 64 }
func (n *narrow) View(state.Player) *state.View { return &n.view }
func (n *narrow) step() {
	n.match.step()
	snap := n.ring.Newest()
	n.view.Reset(snap)
	n.view.ShowAll(0, snap)
	for pos := range snap.Len(0) {
		if n.hidden(snap.ID(0, pos)) {
			n.view.Hide(0, pos)
		}
	}
}

// TestCatchingUp: rows that were too many to be sent leave sight before they
// are; what follows must not take them for sent.
func TestCatchingUp(t *testing.T) {
	n := &narrow{match: newMatch(), hidden: func(state.ID) bool { return false }}
	now := time.Now()
	c := newClient(t, 1, nil, now)
	g := session.NewGroup(schema, nil)
	g.Add(c.s)
	tick := func(want int) {
		t.Helper()
		n.step()
		now = now.Add(period)
		g.Send(n, now)
		c.read()
		c.ack(now)
		ships := c.mirror.Table("ships")
		if ships.Len() != want {
			t.Fatalf("tick %d: %d ships, want %d", n.tick, ships.Len(), want)
		}
		for pos := range ships.Len() {
			if x, _, _ := ships.Field("x"); ships.Int(pos, x) != int64(n.world.Ships.Get(ships.ID(pos)).X) {
				t.Fatalf("tick %d: ship %d is at %d", n.tick, ships.ID(pos), ships.Int(pos, x))
			}
		}
	}
	first, _ := n.world.Ships.Add(2, ship{X: 5})
	tick(1) // a keyframe
	for range 9 {
		n.world.Ships.Add(2, ship{X: 1 << 30, Y: -1 << 30})
	}
	tick(3)
	n.hidden = func(id state.ID) bool { return id > 3 }
	tick(3)
	n.world.Ships.Get(first).X++
	tick(3)
	n.hidden = func(state.ID) bool { return false }
	tick(5)
	tick(7)
	tick(9)
	tick(10)
	if got, want := c.tick, n.tick; got != want {
		t.Fatalf("at tick %d of %d", got, want)
	}
}
