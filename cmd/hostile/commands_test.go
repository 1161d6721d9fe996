package hostile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// done is the answer to a command: its number, and the code of why not.
func done(so *socket) string {
	m, err := so.message(wire.TypeDone)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(fmt.Sprint(m.Done.N, " ", m.Done.Code))
}

func TestCommandNumbers(t *testing.T) {
	t.Parallel()
	s := ordinary(t)
	waiting, _, _ := s.player(t, "traps")
	_ = waiting.say(spring(7, 0))
	check(t, "command", "before a match runs", "7 wrong_phase", done(waiting))
	_ = waiting.say(spring(7, 1))
	check(t, "command", "…the same number again, and now another command", "7 wrong_phase", done(waiting))

	so, w, j := s.playing(t, "traps")
	for _, tc := range []struct {
		input string
		n     uint32
		want  string
	}{
		{"5, the first that comes", 5, "5"},
		{"…again", 5, "5"},
		{"3, which never was", 3, "3"},
		{"2^32-1", math.MaxUint32, "4294967295"},
		{"1 after that", 1, "1"},
	} {
		_ = so.say(spring(tc.n, 0))
		check(t, "command", "number "+tc.input, tc.want, done(so))
	}
	back := upgrade(t, s.addr, "", bearer(w.Resume)) // to states from a keyframe on
	check(t, "command", "…the newest, to one who lost count", "4294967295", done(back))
	var first uint32
	last := watch(t, back, func(tick uint32, _ *state.Mirror) bool {
		if first == 0 {
			first = tick
		}
		_ = back.say(push(tick, tick, 1)) // so that something changes
		return tick > first+5
	})
	check(t, "command", "…all five: how many the game got", 2, thing(last, "runs"))

	watcher, _ := s.enter(t, s.joined(t, s.call(t, "POST", "/v1/lobbies/"+j.Lobby.Code+"/join", s.guest(t, "eve"), map[string]any{"role": "spectator"})).Pass)
	_ = watcher.say(spring(1, 1)) // the trap that ends the match
	check(t, "command", "a spectator's", "1 wrong_phase", done(watcher))
	talker, _ := s.enter(t, s.joined(t, s.call(t, "POST", "/v1/lobbies/"+j.Lobby.Code+"/join", s.guest(t, "eve"), map[string]any{"role": "chat"})).Pass)
	_ = talker.say(spring(1, 1))
	m, err := talker.message(wire.TypeError)
	if err != nil {
		t.Fatal(err)
	}
	check(t, "command", "of one who only talks", "not_a_member", m.Error.Code)

	// In the packet of the request, before anybody is welcome: after the welcome.
	j = s.lobby(t, s.guest(t, "ann"), "traps", map[string]any{"private": true})
	early, err := tryUpgrade(&together{Conn: dial(t, s.addr), more: frame(fin|opBinary, spring(2, 1))}, "", bearer(j.Pass))
	if err != nil {
		t.Fatal(err)
	}
	check(t, "command", "in the packet of the handshake", "2 wrong_phase", done(early))
}

// together sends more in the packet of its first write.
type together struct {
	net.Conn
	more []byte
}

func (c *together) Write(p []byte) (int, error) {
	_, err := c.Conn.Write(slices.Concat(p, c.more))
	c.more = nil
	return len(p), err
}

// Commands above the rate are answered as long as that lasts, then the connection
// ends; who sits in the same match notices nothing, and nothing is left behind.
func TestCommandFlood(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	other, _, j := s.playing(t, "traps")
	token := s.guest(t, "mallory")
	idle := s.metric(t, "go_goroutines")
	var flood []byte
	for n := range uint32(10_000) {
		flood = append(flood, frame(fin|opBinary, spring(n+1, 0))...)
	}
	resume, newest := "", uint64(0)
	for round := range 2 {
		query, credential := "?lobby="+j.Lobby.Code, token
		if resume != "" {
			query, credential = "?seen=0", resume
		}
		so := upgrade(t, s.addr, query, bearer(credential))
		m, err := so.message(wire.TypeWelcome)
		if err != nil {
			t.Fatal(err)
		}
		resume = m.Welcome.Resume
		go func() { _ = so.raw(flood) }() // it is closed meanwhile
		answered, end := map[string]int{}, ""
		for end == "" {
			if m, err = so.message(wire.TypeDone); err != nil {
				end = err.Error()
				continue
			}
			answered[m.Done.Code]++
			newest = max(newest, uint64(m.Done.N))
		}
		check(t, "command", fmt.Sprintf("10,000 at once, round %d", round+1), "4009 rate", end)
		sum := 0
		for _, n := range answered {
			sum += n
		}
		// 40 that go through and 40 that are refused, and what the clock adds meanwhile.
		holds(t, "command", "…answered", "about 80 at most", fmt.Sprint(answered), sum <= 90)
	}
	holds(t, "command", "…the newest number of both", "about 80: those above are no others", fmt.Sprint(newest), newest <= 90)
	var first uint32
	watch(t, other, func(tick uint32, _ *state.Mirror) bool {
		if first == 0 {
			first = tick
		}
		_ = other.say(push(tick, tick, 1))
		return tick > first+10
	})
	check(t, "command", "…who sits beside", "plays on", "plays on")
	eventually(t, "no goroutine is left", func() bool { return s.metric(t, "go_goroutines") <= idle+2 })
	check(t, "command", "…sessions that closed as slow", 0.0, s.metric(t, `sandlot_closes_total{reason="slow"}`))
}

// One token on many sockets at the same time, many of which are gone before they
// are answered: one of them has the seat in the end, and the rest left nothing.
func TestResumeStorm(t *testing.T) {
	t.Parallel()
	s := start(t, options{env: []string{"SANDLOT_LOBBY_HOLD=1s", "SANDLOT_LOBBY_REAP=100ms"}})
	so, w, _ := s.playing(t, "traps")
	_ = so.raw(frame(fin|opBinary, spring(1, 0)))
	done(so)
	playing := s.metric(t, "go_goroutines") // not before: the start may still be under way
	var all sync.WaitGroup
	ends := make([]string, 25)
	for i := range ends {
		all.Go(func() {
			c := dialFor(s.addr)
			one, err := tryUpgrade(c, "?seen=0", bearer(w.Resume))
			if err == nil && one.resp.StatusCode != http.StatusSwitchingProtocols {
				err = fmt.Errorf("%d", one.resp.StatusCode)
			}
			if err == nil {
				_, err = one.message(wire.TypeWelcome)
			}
			if err == nil && i%2 == 0 {
				_ = one.say(spring(1, 0)) // proves the token that came with the welcome
			}
			if err == nil {
				err = errors.New(one.end())
			}
			ends[i] = err.Error()
		})
		all.Go(func() {
			c := dialFor(s.addr)
			request := "GET /v1/ws?seen=0 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
				"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sandlot.v1\r\n" + bearer(w.Resume) + "\r\n\r\n"
			_, _ = c.Write([]byte(request[:len(request)-i%3]))
			if tcp, ok := c.(*net.TCPConn); ok && i%2 == 0 {
				_ = tcp.SetLinger(0) // a reset in place of an end
			}
			c.Close()
		})
	}
	check(t, "resume", "its token on 50 sockets at once: the first connection", "4500 replaced", so.end())
	eventually(t, "one is left", func() bool { return s.metric(t, "sandlot_sessions") <= 1 })
	// Whoever is left is told to go by an operator, so that all are counted.
	s.revoke(t, map[string]any{"player": subject(t, w.Resume)})
	all.Wait()
	kinds := map[string]int{}
	for _, end := range ends {
		kinds[end]++
	}
	unexpected := 0
	for end, n := range kinds {
		if end != "4500 replaced" && end != "1008 refused;revoked" && end != "401" && end != "403" {
			unexpected += n
		}
	}
	holds(t, "resume", "…those that waited", "4500, or 401 where another has the next token, or the last one", fmt.Sprint(kinds), unexpected == 0)
	eventually(t, "no session, connection and goroutine is left", func() bool {
		return s.metric(t, "sandlot_sessions") == 0 && s.metric(t, "sandlot_connections") == 0 && s.metric(t, "go_goroutines") <= playing+4
	})
}

// commandNumber is a command of the game traps whose number is any.
func commandNumber(n uint64) []byte {
	return append(binary.BigEndian.AppendUint64([]byte{0x94, byte(wire.TypeCommand), 0xcf}, n), 0, 0)
}
