package session_test

import (
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// crowd is a game of many who walk about a square, one pawn each, with rules as
// cheap as rules can be.
type crowd struct {
	Pawns game.Table[pawn] `sync:"max=1000"`
	Side  int32            // of the square
	Reach int32            // how far players see; 0: everything
}

// pawn moves like an arena ship: about 5 units of 256 a second.
type pawn struct {
	X, Y   int32 `sync:"step=64,lerp,predict,pos"`
	VX, VY int32 `sync:"predict"`
	Aim    uint8 `sync:"lerp=angle"`
	HP     uint8 `sync:""`
	Ammo   uint8 `sync:"owner"`
}

// stick is what a player of crowd holds.
type stick struct {
	X, Y int8 `range:"-1..1"`
	Aim  uint8
}

func (c *crowd) Step(t *game.Tick) {
	for _, e := range t.Events {
		if e.Kind == game.Joined {
			c.Pawns.Add(e.Player, pawn{X: t.Rand.Int32N(c.Side), Y: t.Rand.Int32N(c.Side), HP: 100})
		}
	}
	for id, p := range c.Pawns.All() {
		in := t.Input(c.Pawns.Owner(id)).(*stick)
		speed := int32(20000 / t.Rate())
		p.VX, p.VY = p.VX/2+int32(in.X)*speed/2, p.VY/2+int32(in.Y)*speed/2
		p.X, p.Y = min(max(p.X+p.VX, 0), c.Side), min(max(p.Y+p.VY, 0), c.Side)
		p.Aim = in.Aim
	}
}

// sighted is a crowd whose players do not see all.
type sighted struct{ crowd }

func (c *sighted) See(p game.Player, v *game.Viewer) {
	for _, me := range c.Pawns.Owned(p) {
		v.Around(me.X, me.Y, c.Reach)
	}
}

// stage is a match of a crowd with a client for each player that takes all and acks all.
type stage struct {
	runner  *game.Runner
	group   *session.Group
	seats   []*session.Session
	conns   []*drain
	now     time.Time
	period  time.Duration
	metrics *metrics
	fields  [8]state.Value
	hands   func(tick, client int, fields []state.Value) // what everyone does
}

// drain is a connection that takes everything, and is read by the Loop.
type drain struct {
	bytes, writes int
	stage         *stage
	session       *session.Session
	input         []byte // sent and not yet read
}

func (d *drain) Read(time.Time) {
	if len(d.input) > 0 {
		d.session.Receive(d.input, d.stage.now)
		d.input = d.input[:0]
	}
}
func (d *drain) Prefetch() { state.Prefetch(d); state.PrefetchSlice(d.input) }
func (*drain) Release()    {}

func (d *drain) Write(p []byte) error       { d.bytes += len(p); d.writes++; return nil }
func (*drain) Blocked() (time.Time, bool)   { return time.Time{}, false }
func (*drain) Close(session.Reason, string) {}
func (*drain) RemoteAddr() string           { return "192.0.2.1:5000" }

func newStage(t testing.TB, rate, players int, side, reach int32, options ...game.Option) *stage {
	t.Helper()
	c := crowd{Side: side, Reach: reach}
	fresh := func() game.Game { g := c; return &g }
	if reach > 0 {
		fresh = func() game.Game { return &sighted{c} }
	}
	d, err := game.Define("crowd", fresh, append([]game.Option{game.Rate(rate), game.Players(1, 1000), game.Input(stick{})}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return stageOf(t, d, players, walk)
}

// stageOf starts a match of any game.
func stageOf(t testing.TB, d *game.Definition, players int, hands func(int, int, []state.Value)) *stage {
	t.Helper()
	m := &metrics{}
	return stageWith(t, d, players, hands, m, session.Config{Metrics: m}.Filled())
}

// stageWith is stageOf with a configuration that others may share.
func stageWith(t testing.TB, d *game.Definition, players int, hands func(int, int, []state.Value), m *metrics, cfg *session.Config) *stage {
	t.Helper()
	s := &stage{now: time.Now(), period: time.Second / time.Duration(d.Rate), metrics: m, hands: hands}
	s.group = session.NewGroup(d.Schema(), cfg)
	for i := range players {
		p := state.Player(i + 1)
		c := &drain{stage: s}
		seat := session.New(c, session.Identity{ID: "p", Name: "P", Player: p}, d.Schema(), cfg, s.now)
		s.conns, s.seats = append(s.conns, c), append(s.seats, seat)
		c.session = seat
		s.group.Add(seat)
	}
	s.start(t, d)
	return s
}

// start begins a match, the first or another.
func (s *stage) start(t testing.TB, d *game.Definition) {
	t.Helper()
	r, err := game.NewRunner(d, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.seats {
		if err := r.Join(state.Player(i+1), "ann", false, 0); err != nil {
			t.Fatal(err)
		}
	}
	s.runner = r
	s.group.NewMatch(wire.AppendMatch(nil, wire.Match{Number: 1, TickRate: d.Rate}))
}

// walk has a client of a crowd turn now and then, and walk on.
func walk(tick, client int, fields []state.Value) {
	turn := [9]int{0, 1, 2, 5, 8, 7, 6, 3}[(tick/20+client*7)%8] // round in a circle
	fields[0].Int, fields[1].Int = int64(turn%3-1), int64(turn/3-1)
	fields[2].Int = int64(uint8(client*31 + tick))
}

// say has each client send an input.
func (s *stage) say() {
	tick := s.runner.Tick()
	in := wire.Input{Seq: tick + 1, Ack: tick, Viewed: tick}
	shape := &s.runner.Definition().Schema().Input
	in.Fields = s.fields[:len(shape.Fields)]
	for i, c := range s.conns {
		s.hands(int(tick), i, in.Fields)
		c.input = wire.AppendInput(c.input[:0], &in, shape)
	}
}

// tick is what the Loop does for a tick.
func (s *stage) tick() {
	s.now = s.now.Add(s.period)
	s.runner.Prefetch()
	s.group.Read(s.runner)
	s.runner.Step()
	s.group.Send(s.runner, s.now)
}
