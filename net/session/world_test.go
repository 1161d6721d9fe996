package session_test

import (
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// ship and world are a small game's state.
type ship struct {
	X, Y int32 `sync:""`
	Ammo uint8 `sync:"owner"`
}

type world struct {
	Ships state.Table[ship] `sync:"max=64"`
	Round uint32            `sync:""`
}

var layout, _ = state.Compile(reflect.TypeFor[world]())

var schema = &state.Schema{
	TickRate: 30,
	Tables:   layout.Tables(),
	Input: state.Message{Name: "input", Fields: []state.MessageField{
		{Name: "x", Min: -1, Max: 1}, {Name: "y", Min: -1, Max: 1},
	}},
	Commands: []state.Message{{Name: "drop", Fields: []state.MessageField{{Name: "column", Min: 0, Max: 6}}}},
	Settings: []state.Setting{{Name: "rounds", Min: 1, Max: 9, Default: 3}},
}

// handed is one input that reached the match.
type handed struct {
	player state.Player
	seq    uint32
	x      int64
}

// match is a session.Match over a world.
type match struct {
	world   *world
	ring    *state.Ring
	tick    uint32
	inputs  []handed
	applied map[state.Player]uint32
	keep    bool // record inputs
}

func newMatch() *match {
	m := &match{world: new(world), ring: state.NewRing(layout, 16), applied: map[state.Player]uint32{}, keep: true}
	layout.Bind(m.world)
	return m
}

func (m *match) step() {
	m.tick++
	m.ring.Capture(m.tick, m.world)
}

func (m *match) Tick() uint32                         { return m.tick }
func (m *match) Ring() *state.Ring                    { return m.ring }
func (m *match) Applied(p state.Player) (uint32, int) { return m.applied[p], 1 }
func (m *match) View(state.Player) *state.View        { return nil }
func (m *match) Input(p state.Player, seq, viewed uint32, v []state.Value) {
	if m.keep {
		m.inputs = append(m.inputs, handed{p, seq, v[0].Int})
	}
	m.applied[p] = max(m.applied[p], seq)
}

// conn is a session.Conn that records.
type conn struct {
	mu      sync.Mutex
	frames  [][]byte // payloads of binary frames
	control []byte   // opcodes of other frames
	writes  int
	blocked time.Time
	reasons []session.Reason
	details []string
	mute    bool // take writes without keeping them
	fail    error
}

func (c *conn) Write(p []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fail != nil {
		return c.fail
	}
	c.writes++
	if c.mute {
		return nil
	}
	for len(p) > 0 {
		op, n, head := p[0], int(p[1]), 2
		if n == 126 {
			n, head = int(p[2])<<8|int(p[3]), 4
		}
		if op == 0x82 {
			c.frames = append(c.frames, append([]byte(nil), p[head:head+n]...))
		} else {
			c.control = append(c.control, op)
		}
		p = p[head+n:]
	}
	return nil
}

func (c *conn) Blocked() (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.blocked, !c.blocked.IsZero()
}

func (c *conn) Close(r session.Reason, detail string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reasons = append(c.reasons, r)
	c.details = append(c.details, detail)
}

func (c *conn) RemoteAddr() string { return "192.0.2.1:5000" }

// take gives the frames that came since the last take.
func (c *conn) take() [][]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.frames
	c.frames = nil
	return f
}

// inbox records.
type inbox struct {
	mu   sync.Mutex
	in   []session.Incoming
	gone []session.Reason
	full bool
}

func (b *inbox) Post(in session.Incoming) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.full {
		return false
	}
	b.in = append(b.in, in)
	return true
}

func (b *inbox) Gone(_ *session.Session, r session.Reason) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gone = append(b.gone, r)
}

// metrics counts.
type metrics struct {
	session.NoMetrics
	mu      sync.Mutex
	opened  int
	ended   []session.Reason
	dropped map[session.Queue]int
	bodies  int
	keys    int
	states  int
}

func (m *metrics) Opened() { m.mu.Lock(); m.opened++; m.mu.Unlock() }

func (m *metrics) Ended(r session.Reason) { m.mu.Lock(); m.ended = append(m.ended, r); m.mu.Unlock() }

func (m *metrics) Dropped(q session.Queue) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dropped == nil {
		m.dropped = map[session.Queue]int{}
	}
	m.dropped[q]++
}

func (m *metrics) Encoded(_ time.Duration, bodies int) { m.mu.Lock(); m.bodies = bodies; m.mu.Unlock() }

func (m *metrics) Snapshot(_ int, keyframe bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.states++
	if keyframe {
		m.keys++
	}
}

// client is a session with what a real client would hold.
type client struct {
	t      testing.TB
	s      *session.Session
	conn   *conn
	inbox  *inbox
	mirror *state.Mirror
	tick   uint32
	seq    uint32
	kinds  []wire.Type
	msg    wire.ServerMessage
	errors []wire.Error
	margin int
	got    uint32 // applied
}

func newClient(t testing.TB, p state.Player, cfg *session.Config, now time.Time) *client {
	c := &client{t: t, conn: &conn{}, inbox: &inbox{}, mirror: state.NewMirror(schema.Tables)}
	c.s = session.New(c.conn, session.Identity{ID: "p", Name: "P", Player: p}, schema, cfg, now)
	c.s.Bind(c.inbox)
	return c
}

// read decodes what came.
func (c *client) read() {
	c.t.Helper()
	for _, f := range c.conn.take() {
		if err := wire.DecodeServer(f, schema, &c.msg); err != nil {
			c.t.Fatalf("decode %x: %v", f, err)
		}
		c.kinds = append(c.kinds, c.msg.Type)
		switch c.msg.Type {
		case wire.TypeError:
			c.errors = append(c.errors, c.msg.Error)
		case wire.TypeMatch:
			c.mirror, c.tick, c.seq = state.NewMirror(schema.Tables), 0, 0
		case wire.TypeState:
			c.state()
		}
	}
}

func (c *client) state() {
	c.t.Helper()
	st := c.msg.State
	body := c.msg.Body()
	if err := c.mirror.Apply(body, st.Keyframe); err != nil {
		c.t.Fatalf("apply: %v", err)
	}
	if err := body.Done(); err != nil {
		c.t.Fatalf("apply: %v", err)
	}
	c.margin = st.Margin
	if st.Keyframe {
		c.tick, c.got = st.Tick, st.Applied
		return
	}
	c.tick += st.Tick
	c.got += st.Applied
}

// input sends one, acking what the client has.
func (c *client) input(x int64, now time.Time) {
	c.seq++
	in := wire.Input{Seq: c.seq, Ack: c.tick, Fields: []state.Value{{Int: x}, {}}}
	c.s.Receive(wire.AppendInput(nil, &in, &schema.Input), now)
}

func (c *client) ack(now time.Time) {
	c.s.Receive(wire.AppendAck(nil, wire.Ack{Tick: c.tick}), now)
}

// holds checks that the client's state is the server's newest.
func (c *client) holds(m *match, p state.Player) {
	c.t.Helper()
	want := state.NewMirror(schema.Tables)
	want.Fill(m.ring.Newest(), nil, p)
	for _, table := range schema.Tables {
		a, b := want.Table(table.Name), c.mirror.Table(table.Name)
		if a.Len() != b.Len() {
			c.t.Fatalf("tick %d: %s has %d rows, want %d", m.tick, table.Name, b.Len(), a.Len())
		}
		for pos := range a.Len() {
			same := a.ID(pos) == b.ID(pos) && a.Owner(pos) == b.Owner(pos)
			for i := range table.Fields {
				same = same && a.Int(pos, i) == b.Int(pos, i)
			}
			if !same {
				c.t.Fatalf("tick %d: %s row %d differs", m.tick, table.Name, pos)
			}
			if ammo, _, ok := a.Field("ammo"); ok && a.Owner(pos) == p {
				if a.Int(pos, ammo) != b.Int(pos, ammo) {
					c.t.Fatalf("tick %d: owner's field of row %d differs", m.tick, pos)
				}
			}
		}
	}
}
