package lobby_test

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// noise is a game with about 2 KB of news a second at 20 ticks a second.
type noise struct {
	Cells [256]int32 `sync:""`
}

func (g *noise) Step(t *game.Tick) {
	for range 20 {
		g.Cells[t.Rand.IntN(len(g.Cells))] += t.Rand.Int32N(4000) - 2000
	}
}

// socket is a session.Conn over a simulated one: the kernel takes so many bytes,
// and they reach the client at a rate.
type socket struct {
	mu      sync.Mutex
	kernel  int // bytes it takes ahead of the reader
	rate    int // bytes a second; 0: at once
	paused  bool
	at      time.Time // of the last drain
	part    float64   // of a byte
	sent    []byte    // with the kernel
	left    []byte    // of a short write: ours to keep
	since   time.Time
	arrived []byte
	most    int // bytes ever left
	reason  session.Reason
}

// drain moves what has moved by now. It is called with mu held.
func (s *socket) drain() {
	now := time.Now()
	n := len(s.sent)
	switch {
	case s.paused:
		n = 0
	case s.rate > 0:
		s.part += now.Sub(s.at).Seconds() * float64(s.rate)
		n = min(n, int(s.part))
		s.part -= float64(n)
		if n == len(s.sent) {
			s.part = 0 // an idle line saves nothing up
		}
	}
	s.at = now
	s.arrived = append(s.arrived, s.sent[:n]...)
	s.sent = s.sent[n:]
	room := min(s.kernel-len(s.sent), len(s.left))
	s.sent, s.left = append(s.sent, s.left[:room]...), s.left[room:]
	if len(s.left) == 0 {
		s.since = time.Time{}
	}
}

func (s *socket) Write(p []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drain()
	s.left = append(s.left, p...)
	s.drain()
	if len(s.left) > 0 && s.since.IsZero() {
		s.since = time.Now()
	}
	s.most = max(s.most, len(s.left))
	return nil
}

func (s *socket) Blocked() (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drain()
	return s.since, len(s.left) > 0
}

func (s *socket) Close(r session.Reason, _ string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reason = r
}

func (s *socket) RemoteAddr() string { return "192.0.2.7:1000" }

func (s *socket) pause(yes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drain()
	s.paused = yes
}

// frames are the whole messages that have arrived.
func (s *socket) frames() (all [][]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drain()
	for len(s.arrived) >= 2 {
		n, head := int(s.arrived[1]), 2
		if n == 126 {
			if len(s.arrived) < 4 {
				break
			}
			n, head = int(s.arrived[2])<<8|int(s.arrived[3]), 4
		}
		if len(s.arrived) < head+n {
			break
		}
		if s.arrived[0] == 0x82 {
			all = append(all, append([]byte(nil), s.arrived[head:head+n]...))
		}
		s.arrived = s.arrived[head+n:]
	}
	return all
}

// viewer reads and acks states over a socket.
type viewer struct {
	*socket
	t      *testing.T
	s      *session.Session
	schema *state.Schema
	mirror *state.Mirror
	mute   bool // sends nothing
	tick   uint32
	ticks  []uint32 // of the states, as they came
	keys   int
	ended  time.Time
}

func (v *viewer) read() {
	for _, frame := range v.frames() {
		var m wire.ServerMessage
		if err := wire.DecodeServer(frame, v.schema, &m); err != nil {
			v.t.Fatalf("a frame that cannot be read: %v", err)
		}
		if m.Type != wire.TypeState {
			continue
		}
		if m.State.Keyframe {
			v.tick, v.keys = 0, v.keys+1
		}
		v.tick += m.State.Tick
		v.ticks = append(v.ticks, v.tick)
		if err := v.mirror.Apply(m.Body(), m.State.Keyframe); err != nil {
			v.t.Fatalf("a state that does not apply: %v", err)
		}
		if !v.mute {
			v.s.Receive(wire.AppendAck(nil, wire.Ack{Tick: v.tick}), time.Now())
		}
	}
	if _, over := v.s.Ended(); over && v.ended.IsZero() {
		v.ended = time.Now()
	}
}

// gallery is a running match with ann, whose network is good, and bob.
type gallery struct {
	*world
	ann, bob *viewer
}

func openGallery(t *testing.T, bob *socket) *gallery {
	d, err := game.Define("noise", func() game.Game { return new(noise) }, game.Rate(20), game.Players(1, 8), game.LateJoin())
	if err != nil {
		t.Fatal(err)
	}
	g := &gallery{world: open(t, setup{
		config: func(c *lobby.Config) { c.ChatEvery, c.ChatBurst = time.Millisecond, 1000 },
		deps: func(deps *lobby.Deps) {
			others := deps.Games
			deps.Games = func(name string) (*game.Definition, bool) {
				if name == "noise" {
					return d, true
				}
				return others(name)
			}
		},
	})}
	j, err := g.Create(t.Context(), who("ann"), lobby.CreateOptions{Game: "noise"})
	if err != nil {
		t.Fatal(err)
	}
	g.ann = g.view(t, &socket{kernel: 64 << 10}, j)
	if j, err = g.Join(t.Context(), who("bob"), j.Lobby.ID, lobby.RolePlayer); err != nil {
		t.Fatal(err)
	}
	g.bob = g.view(t, bob, j)
	g.ann.s.Receive(wire.AppendStart(nil), time.Now())
	g.pass(10 * time.Second)
	if len(g.ann.ticks) < 100 {
		t.Fatalf("after ten seconds ann has %d states", len(g.ann.ticks))
	}
	return g
}

func (g *gallery) view(t *testing.T, s *socket, j lobby.Joined) *viewer {
	a, err := g.Claim(t.Context(), session.Claim{Credential: j.Pass, Lobby: j.Lobby.ID})
	if err != nil {
		t.Fatal(err)
	}
	v := &viewer{socket: s, t: t, schema: a.Schema(), mirror: state.NewMirror(a.Schema().Tables)}
	v.s = session.New(s, a.Identity(), a.Schema(), nil, time.Now())
	a.Attach(v.s)
	return v
}

// pass lets time pass, and both read what reaches them.
func (g *gallery) pass(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		<-time.After(10 * time.Millisecond)
		synctest.Wait()
		g.ann.read()
		g.bob.read()
	}
}

// unharmed: ann has had the state of each tick, and none slipped.
func (g *gallery) unharmed(t *testing.T) {
	t.Helper()
	for i, tick := range g.ann.ticks[1:] {
		if tick != g.ann.ticks[i]+1 {
			t.Fatalf("ann got tick %d after %d", tick, g.ann.ticks[i])
		}
	}
	g.count.add(func() {
		if g.count.slipped > 0 {
			t.Errorf("%d ticks slipped", g.count.slipped)
		}
	})
}

// ended: bob's session ended as slow, that long after began, give or take a tick.
func (g *gallery) wantSlow(t *testing.T, began time.Time, least, most time.Duration) {
	t.Helper()
	r, over := g.bob.s.Ended()
	if d := g.bob.ended.Sub(began); !over || r != session.Slow || d < least || d > most {
		t.Errorf("ended: %v with %v, after %v; want slow after %v to %v", over, r, d, least, most)
	}
	g.unharmed(t)
}

// 1 KB a second for a match that says 2: fewer states, each new when it was sent,
// no backlog, for minutes.
func TestReaderOfAKilobyteASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := openGallery(t, &socket{kernel: 64 << 10, rate: 1 << 10})
		defer g.stop()
		oldest, waits := 0, 0
		for range 60 {
			g.pass(3 * time.Second)
			oldest = max(oldest, int(g.ann.tick-g.bob.tick))
			waits = max(waits, len(g.bob.sent)+len(g.bob.left))
		}
		if r, over := g.bob.s.Ended(); over {
			t.Fatalf("ended with %v", r)
		}
		states := len(g.bob.ticks)
		t.Logf("%d of %d states, at most %d ticks old, %d bytes on the way", states, len(g.ann.ticks), oldest, waits)
		if oldest > 4*20 || waits > 4<<10 || g.bob.most > 0 || states < len(g.ann.ticks)/10 || states > len(g.ann.ticks)*3/4 {
			t.Errorf("%d states of %d, up to %d ticks old, %d bytes on the way, %d left over", states, len(g.ann.ticks), oldest, waits, g.bob.most)
		}
		g.unharmed(t)
	})
}

func TestReaderThatStops(t *testing.T) {
	for name, kernel := range map[string]int{"with room in the kernel": 256 << 10, "without": 512} {
		synctest.Test(t, func(t *testing.T) {
			g := openGallery(t, &socket{kernel: kernel})
			defer g.stop()
			began := time.Now()
			g.bob.pause(true)
			g.pass(15 * time.Second)
			least, most := 10*time.Second, 10200*time.Millisecond // without acks
			if kernel == 512 {
				least, most = 5*time.Second, 5600*time.Millisecond // blocked
			}
			t.Log(name)
			g.wantSlow(t, began, least, most)
			if held := len(g.bob.sent) + g.bob.most; held > 8<<10 {
				t.Errorf("%d bytes were held for it", held)
			}
		})
	}
}

// Nothing goes either way and nobody is told.
func TestHalfOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := openGallery(t, &socket{kernel: 256 << 10})
		defer g.stop()
		began := time.Now()
		g.bob.mute = true
		g.bob.pause(true)
		g.pass(15 * time.Second)
		g.wantSlow(t, began, 10*time.Second, 10200*time.Millisecond)
	})
}

// After five seconds of nothing: what was on its way, then one state of now.
func TestStallOfFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := openGallery(t, &socket{kernel: 256 << 10})
		defer g.stop()
		from := g.ann.tick
		g.bob.pause(true)
		g.pass(5 * time.Second)
		held := len(g.bob.sent) + len(g.bob.left)
		to := g.ann.tick
		before := len(g.bob.ticks)
		g.bob.pause(false)
		g.pass(200 * time.Millisecond)
		if r, over := g.bob.s.Ended(); over {
			t.Fatalf("ended with %v", r)
		}
		var old, fresh []uint32
		for _, tick := range g.bob.ticks[before:] {
			if tick < to {
				old = append(old, tick)
			} else {
				fresh = append(fresh, tick)
			}
		}
		t.Logf("stalled at tick %d, back at %d with %d bytes on the way: %d states of before, then %v", from, to, held, len(old), fresh)
		if n := len(old); n > 8 || n > 0 && old[n-1] > from+8 || held > 4<<10 {
			t.Errorf("a backlog of %v after tick %d, %d bytes", old, from, held)
		}
		if len(fresh) == 0 || fresh[0] > to+2 || g.bob.tick != g.ann.tick {
			t.Errorf("of now it got %v; it is at %d, ann at %d", fresh, g.bob.tick, g.ann.tick)
		}
		g.pass(time.Second)
		cells := func(v *viewer) string {
			var b strings.Builder
			rows := v.mirror.Table("match")
			for i := range 256 {
				b.WriteString(string(rune(rows.Elem(0, 0, i) & 0xffff)))
			}
			return b.String()
		}
		if g.bob.tick == g.ann.tick && cells(g.bob) != cells(g.ann) {
			t.Error("bob holds another state than ann")
		}
		g.unharmed(t)
	})
}

// What must not be lost cannot wait for ever.
func TestEventsForAReaderThatStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := openGallery(t, &socket{kernel: 4 << 10})
		defer g.stop()
		g.bob.pause(true)
		text := strings.Repeat("x", 500)
		said := 0
		for ; said < 300; said++ {
			g.ann.s.Receive(wire.AppendChat(nil, wire.Chat{Text: text}), time.Now())
			g.pass(50 * time.Millisecond)
			if !g.bob.ended.IsZero() {
				break
			}
		}
		if r, over := g.bob.s.Ended(); !over || r != session.Slow {
			t.Errorf("ended: %v with %v, after %d lines", over, r, said)
		}
		if g.bob.most > 64<<10+1<<10 || said > 64<<10/500+20 {
			t.Errorf("%d bytes were held, %d lines said", g.bob.most, said)
		}
		g.unharmed(t)
	})
}
