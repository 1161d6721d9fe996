package lobby_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/auth"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// What dials a Redis that was away looks up once more within a second of Close.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/redis/go-redis/v9/internal/pool.(*ConnPool).tryDial"))
}

// tag is a small game: players walk on a line; the match ends after Length ticks.
type tag struct {
	Runners  game.Table[runner] `sync:"max=64"`
	Left     uint32             `sync:""`
	Settings struct {
		Length uint16 `range:"10..10000" default:"3000"`
	} `sandlot:"settings"`
}

type runner struct {
	X int32 `sync:""`
}

type walk struct {
	DX int8 `range:"-1..1"`
}

// do is the one command: what it does depends on What.
type do struct {
	What uint8 `range:"0..3"`
}

const (
	doShout = iota
	doStall // the step takes 500 ms
	doPanic
	doEnd
)

type shouted struct {
	By uint16
}

func (g *tag) Start(t *game.Tick) { g.Left = uint32(g.Settings.Length) }

func (g *tag) Step(t *game.Tick) {
	for _, e := range t.Events {
		switch e.Kind {
		case game.Joined:
			g.Runners.Add(e.Player, runner{})
		case game.Left:
			for id := range g.Runners.Owned(e.Player) {
				g.Runners.Remove(id)
			}
		case game.Commanded:
			switch e.Command.(*do).What {
			case doShout:
				t.Broadcast(shouted{By: uint16(e.Player)})
			case doStall:
				<-time.After(500 * time.Millisecond) // in a bubble: the clock goes on
			case doPanic:
				panic("the game has a fault")
			case doEnd:
				g.Left = 1
			}
		}
	}
	for p := range t.Players() {
		for id := range g.Runners.Owned(p) {
			g.Runners.Get(id).X += int32(t.Input(p).(*walk).DX)
		}
	}
	if g.Left--; g.Left == 0 {
		var r game.Result
		for p := range t.Players() {
			r.Places = append(r.Places, game.Place{Player: p, Rank: 1})
		}
		t.End(r)
	}
}

type brain struct{}

func (brain) Think(v *game.View, in any) any {
	in.(*walk).DX = 1
	return nil
}

func define(t testing.TB, name string, opts ...game.Option) *game.Definition {
	d, err := game.Define(name, func() game.Game { return new(tag) }, append([]game.Option{
		game.Rate(20), game.Players(2, 8), game.Input(walk{}), game.Commands(do{}), game.Events(shouted{}),
		game.Bots(func(uint64) game.Brain { return brain{} }),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// picky is tag without mallory, and with a fault that a ghost finds.
type picky struct{ tag }

func (*picky) Admit(j game.Join) error {
	switch j.Name {
	case "mallory":
		return errors.New("not you")
	case "ghost":
		panic("no ghosts")
	}
	return nil
}

func definePicky(t testing.TB) *game.Definition {
	d, err := game.Define("picky", func() game.Game { return new(picky) }, game.Rate(20), game.Players(2, 8), game.LateJoin(),
		game.Input(walk{}), game.Commands(do{}), game.Events(shouted{}))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// world is one instance under test.
type world struct {
	*lobby.Directory
	t     testing.TB
	keys  *auth.Auth
	count *counts
	ends  []lobby.MatchEnd
	stop  func() // ends Run and waits for it

	sessions *session.Config // of those that dial; nil: as it is by itself
}

type setup struct {
	config func(*lobby.Config)
	deps   func(*lobby.Deps)
}

func open(t testing.TB, with ...setup) *world {
	keys, err := auth.New(auth.Config{Keys: []auth.Key{{Secret: []byte("a secret that only these tests use 0123")}}, Guests: true})
	if err != nil {
		t.Fatal(err)
	}
	games := map[string]*game.Definition{
		"tag": define(t, "tag", game.LateJoin()), "duel": define(t, "duel", game.Players(2, 2)), "picky": definePicky(t),
	}
	w := &world{t: t, keys: keys, count: &counts{}}
	cfg, deps := lobby.Defaults(), lobby.Deps{
		Keys: keys, Metrics: w.count, Ended: func(e lobby.MatchEnd) { w.ends = append(w.ends, e) },
		Games: func(name string) (*game.Definition, bool) { d, ok := games[name]; return d, ok },
	}
	for _, s := range with {
		if s.config != nil {
			s.config(&cfg)
		}
		if s.deps != nil {
			s.deps(&deps)
		}
	}
	if w.Directory, err = lobby.New(cfg, deps); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	up := make(chan struct{})
	run.Go(func() { close(up); _ = w.Run(ctx) })
	<-up
	for { // Run has begun when something can be made
		if _, err := w.Create(t.Context(), who("nobody"), lobby.CreateOptions{Game: "tag", Private: true}); err == nil {
			break
		}
	}
	w.stop = sync.OnceFunc(func() { cancel(); run.Wait() })
	t.Cleanup(w.stop)
	return w
}

func who(name string) lobby.Who {
	return lobby.Who{ID: "id-" + name, Name: name, Expires: time.Now().Add(time.Hour).Truncate(time.Second)}
}

// client is one player's connection: a session over a connection that records.
type client struct {
	t      testing.TB
	name   string
	lobby  string
	s      *session.Session
	conn   *conn
	schema *state.Schema

	welcome  wire.Welcome
	mirror   *state.Mirror
	tick     uint32
	events   uint64
	got      []wire.ServerMessage // all but states, in order
	commands uint32
	seq      uint32
}

// dial opens a socket with a credential.
func (w *world) dial(c session.Claim) (*client, error) {
	a, err := w.Claim(w.t.Context(), c)
	if err != nil {
		return nil, err
	}
	cl := &client{t: w.t, conn: &conn{}, schema: a.Schema(), mirror: state.NewMirror(a.Schema().Tables), name: a.Identity().Name}
	cl.s = session.New(cl.conn, a.Identity(), a.Schema(), w.sessions, time.Now())
	cl.lobby = a.Identity().Lobby
	a.Attach(cl.s)
	return cl, nil
}

// enter opens a socket with what Join and its like answered.
func (w *world) enter(j lobby.Joined, err error) *client {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	c, err := w.dial(session.Claim{Credential: j.Pass, Lobby: j.Lobby.ID})
	if err != nil {
		w.t.Fatal(err)
	}
	c.settle()
	return c
}

func (w *world) join(name, lobbyID string, role lobby.Role) *client {
	w.t.Helper()
	return w.enter(w.Join(w.t.Context(), who(name), lobbyID, role))
}

func (w *world) create(name string, o lobby.CreateOptions) *client {
	w.t.Helper()
	if o.Game == "" {
		o.Game = "tag"
	}
	return w.enter(w.Create(w.t.Context(), who(name), o))
}

// settle lets everything that is due now happen, then reads what came.
func (c *client) settle() {
	c.t.Helper()
	synctest.Wait()
	c.read()
}

func (c *client) read() {
	c.t.Helper()
	for _, frame := range c.conn.take() {
		var m wire.ServerMessage
		if err := wire.DecodeServer(frame, c.schema, &m); err != nil {
			c.t.Fatalf("%s got a frame that cannot be read: %v", c.name, err)
		}
		switch m.Type {
		case wire.TypeWelcome:
			c.welcome, c.events = m.Welcome, m.Welcome.Events
		case wire.TypeState:
			if m.State.Keyframe {
				c.tick = m.State.Tick
			} else {
				c.tick += m.State.Tick
			}
			if err := c.mirror.Apply(m.Body(), m.State.Keyframe); err != nil {
				c.t.Fatalf("%s got a state that does not apply: %v", c.name, err)
			}
			c.say(wire.AppendAck(nil, wire.Ack{Tick: c.tick}))
			continue
		case wire.TypeError, wire.TypePong:
		default:
			c.events++
		}
		c.got = append(c.got, m)
	}
}

func (c *client) say(frame []byte) { c.s.Receive(frame, time.Now()) }

func (c *client) sayAndSettle(frame []byte) {
	c.t.Helper()
	c.say(frame)
	c.settle()
}

func (c *client) command(what uint8) uint32 {
	c.commands++
	c.say(wire.AppendCommand(nil, &wire.Command{N: c.commands, Fields: []state.Value{{Int: int64(what)}}}, &c.schema.Commands[0]))
	return c.commands
}

func (c *client) walk(dx int64) {
	c.seq++
	c.say(wire.AppendInput(nil, &wire.Input{Seq: c.seq, Ack: c.tick, Fields: []state.Value{{Int: dx}}}, &c.schema.Input))
}

func (c *client) chat(text string) {
	c.t.Helper()
	c.sayAndSettle(wire.AppendChat(nil, wire.Chat{Text: text}))
}

// sleep lets time pass while the client goes on reading and acking.
func (c *client) sleep(d time.Duration) {
	c.t.Helper()
	for end := time.Now().Add(d); ; {
		c.settle()
		left := time.Until(end)
		if left <= 0 {
			return
		}
		<-time.After(min(left, 50*time.Millisecond))
	}
}

// last is the newest message of a type; ok is whether there is one.
func (c *client) last(of wire.Type) (m wire.ServerMessage, ok bool) {
	for _, m := range c.got {
		if m.Type == of {
			ok = true
		}
	}
	for i := len(c.got) - 1; i >= 0; i-- {
		if c.got[i].Type == of {
			return c.got[i], true
		}
	}
	return m, ok
}

func (c *client) phase() string {
	m, _ := c.last(wire.TypeLobby)
	return m.Lobby.Phase.String()
}

func (c *client) wantPhase(want string) {
	c.t.Helper()
	if got := c.phase(); got != want {
		c.t.Fatalf("%s sees the phase %s, want %s", c.name, got, want)
	}
}

func (c *client) wantError(code string) {
	c.t.Helper()
	m, ok := c.last(wire.TypeError)
	if !ok || m.Error.Code != code {
		c.t.Fatalf("%s got the error %+v, want %s", c.name, m.Error, code)
	}
	c.got = c.got[:0]
}

func (c *client) wantClosed(want session.Reason) {
	c.t.Helper()
	if got, over := c.s.Ended(); !over || got != want {
		c.t.Fatalf("%s's session ended: %v with %v, want %v", c.name, over, got, want)
	}
}

// members are those that the client knows of, "name:flags", in order.
func (c *client) members() (all []string) {
	byPlayer := map[state.Player]wire.Member{}
	for _, m := range c.got {
		switch m.Type {
		case wire.TypeMember:
			for _, p := range m.Members {
				byPlayer[p.Player] = p
			}
		case wire.TypeGone:
			delete(byPlayer, m.Gone.Player)
		}
	}
	for p := state.Player(0); p < 1000; p++ {
		if m, ok := byPlayer[p]; ok {
			all = append(all, fmt.Sprintf("%s:%d", m.Name, m.Flags))
		}
	}
	return all
}

// member is how p is, by the newest that the client was told.
func (c *client) member(p state.Player) (got wire.Member, ok bool) {
	for _, m := range c.got {
		if m.Type != wire.TypeMember {
			continue
		}
		for _, other := range m.Members {
			if other.Player == p {
				got, ok = other, true
			}
		}
	}
	return got, ok
}

func (c *client) texts() (all []string) {
	for _, m := range c.got {
		if m.Type == wire.TypeChatOut {
			all = append(all, m.Chat.Name+": "+m.Chat.Text)
		}
	}
	return all
}

// x is where the client sees its own runner.
func (c *client) x() int64 {
	rows := c.mirror.Table("runners")
	index, _, _ := rows.Field("x")
	for pos := range rows.Len() {
		if rows.Owner(pos) == c.welcome.Player {
			return rows.Int(pos, index)
		}
	}
	return -1
}
