package session_test

import (
	"reflect"
	"time"

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
