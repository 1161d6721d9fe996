package lobby_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// marks is a game that repeats what it is commanded, so that who applied what and
// how often can be told.
type marks struct {
	Count uint32 `sync:""`
	Left  uint32 `sync:""`
}

type mark struct{ ID uint16 }

type marked struct {
	By game.Player
	ID uint16
}

func (g *marks) Start(*game.Tick) { g.Left = 400 }

func (g *marks) Step(t *game.Tick) {
	for _, e := range t.Events {
		if e.Kind == game.Commanded {
			g.Count++
			t.Broadcast(marked{By: e.Player, ID: e.Command.(*mark).ID})
		}
	}
	if g.Left--; g.Left == 0 {
		t.End(game.Result{})
	}
}

// tab is one of ann's two browser tabs: what it knows outlives its connections.
type tab struct {
	name    string
	link    *link // nil: offline
	resume  string
	player  state.Player
	events  uint64
	chats   []int // of bob's, since it last was told afresh
	running bool
	match   uint32
	last    uint32 // command number
	waiting []numbered
	sent    []numbered // at least once
	held    bool       // commands wait until the match is seen to go on
}

type numbered struct {
	n  uint32
	id uint16
}

// link is one connection of a tab, as far as the server goes.
type link struct {
	*client
	tab    *tab
	token  int  // index in evening.tokens of what its welcome gives
	opened bool // the tab has read that welcome
}

// waits is a claim that was admitted and whose socket is not attached yet.
type waits struct {
	tab   *tab
	a     session.Admission
	token int // index in evening.tokens it was shown with; -1: a pass
	seat  int // evening.seats when it was claimed
}

// evening is a lobby with bob, who stays, and ann, whose network does not.
type evening struct {
	t       *testing.T
	w       *world
	bob     *client
	said    int // by bob
	made    uint16
	done    []uint16 // marks that were confirmed to their tab
	tabs    [2]*tab
	links   []*link
	pending []waits
	tokens  []string // of ann's seat, in the order in which they were given
	proven  int      // index of the newest token that a frame proved
	seats   int      // that ann has had
	player  state.Player
	fault   string
}

func (e *evening) fail(format string, values ...any) {
	if e.fault == "" {
		e.fault = fmt.Sprintf(format, values...)
	}
}

// play runs one evening; each byte is something that happens. It returns the
// first fault.
func play(t *testing.T, ops []byte) (fault string) {
	synctest.Test(t, func(t *testing.T) {
		d, err := game.Define("marks", func() game.Game { return new(marks) },
			game.Rate(20), game.Players(1, 8), game.LateJoin(), game.Commands(mark{}), game.Events(marked{}))
		if err != nil {
			t.Fatal(err)
		}
		w := open(t, setup{
			config: func(c *lobby.Config) { c.ChatEvery, c.ChatBurst, c.Results = time.Millisecond, 1000, time.Second },
			deps: func(deps *lobby.Deps) {
				tag := deps.Games
				deps.Games = func(name string) (*game.Definition, bool) {
					if name == "marks" {
						return d, true
					}
					return tag(name)
				}
			},
		})
		defer w.stop()
		e := &evening{t: t, w: w, bob: w.create("bob", lobby.CreateOptions{Game: "marks"})}
		e.tabs = [2]*tab{{name: "first tab"}, {name: "second tab"}}
		for i, op := range ops {
			e.do(op)
			e.check()
			if e.fault != "" {
				e.fault = fmt.Sprintf("after %d of %d: %s", i+1, len(ops), e.fault)
				break
			}
		}
		e.end()
		fault = e.fault
	})
	return fault
}

func (e *evening) do(op byte) {
	tb := e.tabs[op>>7]
	which := int(op >> 4 & 7)
	switch op & 15 {
	case 0, 1: // come back with what it holds, or join where that is refused
		if tb.link == nil && (tb.resume == "" || !e.claim(tb, tb.resume)) {
			e.join(tb)
		}
	case 2, 3: // a socket that was on its way is there
		if len(e.pending) > 0 {
			e.attach(which % len(e.pending))
		}
	case 4, 5:
		e.read(tb)
	case 6:
		if tb.link != nil && tb.link.opened {
			e.speak(tb.link, wire.AppendPing(nil, wire.Ping{ClientTime: 1}))
		}
	case 7: // the network is gone, and the server has not noticed
		tb.link = nil
	case 8: // or has
		if tb.link != nil {
			tb.link.s.Close(session.Lost)
			tb.link = nil
		}
	case 9: // it notices late
		if len(e.links) > 0 {
			l := e.links[(which*5)%len(e.links)]
			if l.tab.link != l {
				l.s.Close(session.Lost)
			}
		}
	case 10:
		e.said++
		e.bob.chat(strconv.Itoa(e.said))
	case 11:
		e.command(e.tabs[0])
	case 12: // an old token, of any seat there was
		if len(tb.resume) > 0 && len(e.tokens) > 0 {
			e.claim(tb, e.tokens[which%len(e.tokens)])
		}
	case 13: // what was sent before the network went arrives now
		if len(e.links) > 0 {
			if l := e.links[len(e.links)-1-which%len(e.links)]; l.opened {
				e.speak(l, wire.AppendPing(nil, wire.Ping{ClientTime: 2}))
				e.resend(l)
				if n := len(tb.sent); n > 0 && l.tab == tb && tb.player == e.player { // twice
					e.send(l, tb.sent[n-1-which%n])
				}
			}
		}
	case 14:
		d := []time.Duration{100 * time.Millisecond, time.Second, 4 * time.Second, 11 * time.Second, 31 * time.Second}
		e.bob.sleep(d[which%len(d)])
	case 15:
		e.bob.sayAndSettle(wire.AppendStart(nil))
		e.bob.sleep(time.Duration(which) * time.Second)
	}
}

// claim shows a resume token. The server's answer must be what the rules say.
func (e *evening) claim(tb *tab, token string) bool {
	e.look()
	index := slices.Index(e.tokens, token)
	want := e.seated() && index >= e.proven && index >= 0
	a, err := e.w.Claim(e.t.Context(), session.Claim{Credential: token, Seen: uint32(tb.events), Resuming: true})
	switch {
	case err == nil && !want:
		e.fail("token %d of %d was taken although %d was proven (seated: %v)", index, len(e.tokens), e.proven, e.seated())
	case err != nil && want:
		e.fail("token %d of %d was refused: %v", index, len(e.tokens), err)
	}
	if err != nil {
		return false
	}
	e.pending = append(e.pending, waits{tb, a, index, e.seats})
	return true
}

func (e *evening) join(tb *tab) {
	j, err := e.w.Join(e.t.Context(), who("ann"), e.bob.lobby, lobby.RolePlayer)
	if err != nil {
		e.fail("join: %v", err)
		return
	}
	a, err := e.w.Claim(e.t.Context(), session.Claim{Credential: j.Pass, Lobby: e.bob.lobby})
	if err != nil {
		e.fail("claim with a fresh pass: %v", err)
		return
	}
	e.look()
	e.pending = append(e.pending, waits{tb, a, -1, e.seats})
}

// attach opens the socket of a claim, which may be late.
func (e *evening) attach(i int) {
	p := e.pending[i]
	e.pending = slices.Delete(e.pending, i, i+1)
	e.look()
	good := e.seated() && p.a.Identity().Player == e.player && (p.token < 0 || p.seat == e.seats && p.token >= e.proven)
	c := &client{t: e.t, conn: &conn{}, schema: p.a.Schema(), mirror: state.NewMirror(p.a.Schema().Tables), name: p.tab.name}
	c.s = session.New(c.conn, p.a.Identity(), p.a.Schema(), nil, time.Now())
	p.a.Attach(c.s)
	synctest.Wait()
	if reason, over := c.s.Ended(); over == good {
		e.fail("a socket with token %d of %d, %d proven, seat %v: ended %v with %v", p.token, len(e.tokens), e.proven, e.seated(), over, reason)
		return
	} else if over {
		return
	}
	var m wire.ServerMessage
	c.conn.mu.Lock() // it is not read: the tab may never see it
	first := c.conn.frames[0]
	c.conn.mu.Unlock()
	if err := wire.DecodeServer(first, c.schema, &m); err != nil || m.Type != wire.TypeWelcome {
		e.fail("the first frame is %v: %v", m.Type, err)
		return
	}
	e.tokens = append(e.tokens, m.Welcome.Resume)
	l := &link{client: c, tab: p.tab, token: len(e.tokens) - 1}
	e.links = append(e.links, l)
	p.tab.link = l
}

// speak sends a frame, which proves the token if the session is alive.
func (e *evening) speak(l *link, frame []byte) {
	_, over := l.s.Ended()
	l.s.Receive(frame, time.Now())
	if !over {
		e.proven = max(e.proven, l.token)
	}
}

// read lets a tab read what has come.
func (e *evening) read(tb *tab) {
	l := tb.link
	if l == nil {
		return
	}
	synctest.Wait()
	keyframe := false
	for _, frame := range l.conn.take() {
		var m wire.ServerMessage
		if err := wire.DecodeServer(frame, l.schema, &m); err != nil {
			e.fail("a frame that cannot be read: %v", err)
			return
		}
		if m.Type.Counted() {
			tb.events++
		}
		switch m.Type {
		case wire.TypeWelcome:
			l.opened = true
			e.welcome(tb, &m.Welcome)
		case wire.TypeState:
			keyframe = keyframe || m.State.Keyframe
			e.speak(l, wire.AppendAck(nil, wire.Ack{Tick: m.State.Tick}))
		case wire.TypeLobby:
			if tb.running = m.Lobby.Phase == wire.PhaseRunning; !tb.running {
				tb.waiting, tb.held = nil, false
			}
		case wire.TypeMatch:
			if m.Match.Number != tb.match {
				tb.match, tb.waiting, tb.held = m.Match.Number, nil, false
			}
		case wire.TypeChatOut:
			e.heard(tb, m.Chat.Text)
		case wire.TypeDone:
			tb.last = max(tb.last, m.Done.N)
			if i := slices.IndexFunc(tb.waiting, func(w numbered) bool { return w.n == m.Done.N }); i >= 0 {
				if m.Done.Code == "" {
					e.done = append(e.done, tb.waiting[i].id)
				}
				tb.waiting = slices.Delete(tb.waiting, i, i+1)
			}
		}
	}
	if _, over := l.s.Ended(); over {
		tb.link = nil
		return
	}
	if keyframe && tb.held {
		tb.held = false
		e.resend(l)
	}
}

func (e *evening) welcome(tb *tab, w *wire.Welcome) {
	if w.Events != tb.events || w.Player != tb.player {
		tb.chats = nil
	}
	if w.Player != tb.player {
		tb.waiting, tb.sent, tb.last, tb.match = nil, nil, 0, 0
	}
	tb.events, tb.player, tb.resume = w.Events, w.Player, w.Resume
	tb.held = tb.running
}

// heard: what bob says comes in order, none twice, none missing.
func (e *evening) heard(tb *tab, text string) {
	n, err := strconv.Atoi(text)
	if err != nil || len(tb.chats) > 0 && n != tb.chats[len(tb.chats)-1]+1 {
		e.fail("the %s heard %q after %v", tb.name, text, tb.chats)
	}
	tb.chats = append(tb.chats, n)
}

// command makes a command, sends it if that is possible, and keeps it until done.
func (e *evening) command(tb *tab) {
	if !tb.running || len(tb.waiting) >= 16 {
		return
	}
	e.made++
	tb.last++
	tb.waiting = append(tb.waiting, numbered{tb.last, e.made})
	if l := tb.link; l != nil && l.opened && !tb.held {
		e.send(l, tb.waiting[len(tb.waiting)-1])
	}
}

func (e *evening) send(l *link, w numbered) {
	if t := l.tab; !slices.Contains(t.sent, w) {
		t.sent = append(t.sent, w)
	}
	e.speak(l, wire.AppendCommand(nil, &wire.Command{N: w.n, Fields: []state.Value{{Int: int64(w.id)}}}, &l.schema.Commands[0]))
}

func (e *evening) resend(l *link) {
	for _, w := range l.tab.waiting {
		if l.tab.player == e.player && !l.tab.held {
			e.send(l, w)
		}
	}
}
