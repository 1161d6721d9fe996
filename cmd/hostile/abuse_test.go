package hostile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// push is an input of the game traps.
func push(seq, ack uint32, dx int64) []byte {
	w := []byte{0x96, byte(wire.TypeInput)}
	for _, v := range []uint32{seq, ack, 0} {
		w = binary.BigEndian.AppendUint32(append(w, 0xce), v)
	}
	return append(w, byte(dx), 0)
}

// spring is a command of it.
func spring(n uint32, what byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{0x94, byte(wire.TypeCommand), 0xce}, n), 0, what)
}

// watch applies states until f says it has seen enough, and gives the mirror. It
// acknowledges each.
func watch(t *testing.T, so *socket, f func(tick uint32, m *state.Mirror) bool) *state.Mirror {
	t.Helper()
	if so.mirror == nil {
		so.mirror = state.NewMirror(so.schema.Tables)
	}
	for {
		m, err := so.message(wire.TypeState)
		if err != nil {
			t.Fatalf("while watching: %v", err)
		}
		if so.tick += m.State.Tick; m.State.Keyframe {
			so.tick = m.State.Tick
		}
		if err := so.mirror.Apply(m.Body(), m.State.Keyframe); err != nil {
			t.Fatal(err)
		}
		_ = so.say(wire.AppendAck(nil, wire.Ack{Tick: so.tick}))
		if f(so.tick, so.mirror) {
			return so.mirror
		}
	}
}

// thing is a field of the only row of the game that so sees.
func thing(m *state.Mirror, field string) int64 {
	rows := m.Table("things")
	i, _, ok := rows.Field(field)
	if !ok || rows.Len() == 0 {
		return -1
	}
	return rows.Int(0, i)
}

func TestInputsAboveTheRate(t *testing.T) {
	t.Parallel()
	s := ordinary(t)
	so, _, _ := s.playing(t, "traps")
	dropped := s.metric(t, `sandlot_drops_total{queue="input_rate"}`)
	var first uint32
	x0 := int64(0)
	seq := uint32(0)
	last := watch(t, so, func(tick uint32, m *state.Mirror) bool {
		if first == 0 {
			first, x0 = tick, thing(m, "x")
		}
		for range 4 { // four inputs a tick
			seq++
			_ = so.say(push(seq, tick, 1))
		}
		return tick > first+60
	})
	moved := thing(last, "x") - x0
	holds(t, "abuse", "four inputs a tick for 60 ticks", "no further than speed × time: 61", fmt.Sprint(moved, " moved"), moved > 20 && moved <= 62)
	more := s.metric(t, `sandlot_drops_total{queue="input_rate"}`) - dropped
	holds(t, "abuse", "…the rest", "dropped and counted", fmt.Sprint(more, " dropped"), more > 60)
}

func TestReplaysAndFarTicks(t *testing.T) {
	t.Parallel()
	s := ordinary(t)
	so, _, _ := s.playing(t, "traps")
	sent := false
	var at uint32
	last := watch(t, so, func(tick uint32, m *state.Mirror) bool {
		if !sent {
			sent, at = true, tick
			_ = so.raw(
				frame(fin|opBinary, push(1, tick, 1)), frame(fin|opBinary, push(2, tick, 0)), // one step, then none
				frame(fin|opBinary, push(1, tick, 1)), frame(fin|opBinary, push(2, tick, 1)), frame(fin|opBinary, push(2, math.MaxUint32, 1)),
			)
		}
		return tick > at+20
	})
	check(t, "abuse", "inputs 1 and 2 again, with other content and acks of far ticks", "1 moved", fmt.Sprint(thing(last, "x"), " moved"))

	// A number from the far future takes the rest with it, but for this player alone.
	_ = so.say(push(math.MaxUint32, at, 1))
	_ = so.say(push(3, at, 1))
	for i := range uint32(3) {
		_ = so.say(spring(1+i/2, 0)) // command 1 twice, then 2
	}
	runs := int64(0)
	last = watch(t, so, func(tick uint32, m *state.Mirror) bool { runs = thing(m, "runs"); return tick > at+60 })
	check(t, "abuse", "command 1 twice and 2 once", "2 ran", fmt.Sprint(runs, " ran"))
	holds(t, "abuse", "input 2^32-1, then 3", "a step a tick at most", fmt.Sprint(thing(last, "x"), " moved in 40 ticks"), thing(last, "x") <= 1+62)
}

// Four players in a game that hides each from the others: what is hidden is in no
// byte that is sent, whichever way an integer is written.
func TestHiddenRows(t *testing.T) {
	t.Parallel()
	s := ordinary(t)
	host := s.guest(t, "ann")
	j := s.lobby(t, host, "traps", nil)
	type member struct {
		*socket
		player uint32
	}
	var all []member
	for i := range 4 {
		pass := j.Pass
		if i > 0 {
			pass = s.join(t, s.guest(t, fmt.Sprint("bob", i)), j.Lobby.ID).Pass
		}
		so, w := s.enter(t, pass)
		all = append(all, member{so, uint32(w.Player)})
	}
	spectator, _ := s.enter(t, s.joined(t, s.call(t, "POST", "/v1/lobbies/"+j.Lobby.ID+"/join", s.guest(t, "eve"), map[string]any{"role": "spectator"})).Pass)
	all = append(all, member{spectator, 0})
	if err := all[0].say(wire.AppendStart(nil)); err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		asked := 0
		watch(t, m.socket, func(tick uint32, _ *state.Mirror) bool {
			_ = m.say(wire.AppendKeyframe(nil))
			asked++
			return asked > 5 && tick > 10
		})
	}
	leaks, seen := []string{}, 0
	scan := func(viewer member, what string, value uint32) bool {
		for _, b := range spellings(value) {
			if bytes.Contains(viewer.got, b) {
				leaks = append(leaks, fmt.Sprintf("%d sees %s as %x", viewer.player, what, b))
				return true
			}
		}
		return false
	}
	for _, viewer := range all {
		for _, of := range all[:4] {
			hand, face := 0x5EC2E700+of.player, 0x3ACEF000+of.player
			if viewer.player == of.player {
				if bytes.Contains(viewer.got, spellings(hand)[0]) && bytes.Contains(viewer.got, spellings(face)[0]) {
					seen++
				}
				continue
			}
			scan(viewer, fmt.Sprint("the face of ", of.player), face)
			scan(viewer, fmt.Sprint("the hand of ", of.player), hand)
		}
		scan(viewer, "what is never sent", 0x7D00DBAD)
	}
	check(t, "abuse", "hidden rows and owner-only fields, by 4 players and a spectator", "in no byte", map[bool]string{true: "in no byte", false: strings.Join(leaks, "; ")}[len(leaks) == 0])
	check(t, "abuse", "…while each owner's are in its own", "4 of 4", fmt.Sprint(seen, " of 4"))
}

// spellings are the ways in which a number can stand in a message.
func spellings(v uint32) [][]byte {
	be := binary.BigEndian
	return [][]byte{
		be.AppendUint32([]byte{0xce}, 2*v), // as it is sent: zigzag
		be.AppendUint32(nil, v), be.AppendUint32(nil, 2*v), be.AppendUint64(nil, 2*uint64(v)), be.AppendUint32(nil, 2*v-1),
		[]byte(fmt.Sprint(v)),
	}
}

// Nobody can name another player in what it sends, but for the host who kicks.
func TestActingForOthers(t *testing.T) {
	t.Parallel()
	s := ordinary(t)
	j := s.lobby(t, s.guest(t, "ann"), "traps", nil)
	host, _ := s.enter(t, j.Pass)
	malloryToken := s.guest(t, "mallory")
	mallory, w := s.enter(t, s.join(t, malloryToken, j.Lobby.ID).Pass)
	for _, tc := range []struct {
		input, want string
		message     []byte
	}{
		{"start by who is not the host", "not_host", wire.AppendStart(nil)},
		{"kick by who is not the host", "not_host", wire.AppendKick(nil, wire.Kick{Player: 1})},
		{"chat to a team without one", "not_a_member", wire.AppendChat(nil, wire.Chat{Channel: 1, Text: "x"})},
		{"a command without a match", "wrong_phase", spring(1, 0)},
		{"chat of nothing visible", "bad_request", wire.AppendChat(nil, wire.Chat{Text: "\u200b\u202e\n\x00"})},
	} {
		_ = mallory.say(tc.message)
		m, err := mallory.message(wire.TypeError)
		if err != nil {
			t.Fatal(err)
		}
		check(t, "abuse", tc.input, tc.want, m.Error.Code)
	}
	_ = host.say(wire.AppendKick(nil, wire.Kick{Player: w.Player}))
	check(t, "abuse", "kicked", "4501 kicked", mallory.end())
	check(t, "abuse", "kicked, then join over HTTP", 403, s.call(t, "POST", "/v1/lobbies/"+j.Lobby.ID+"/join", malloryToken, nil).status)
	check(t, "abuse", "kicked, then with the resume token", 401, upgrade(t, s.addr, "", bearer(w.Resume)).resp.StatusCode)
	check(t, "abuse", "kicked, then with the player's token", 403, upgrade(t, s.addr, "?lobby="+j.Lobby.ID, bearer(malloryToken)).resp.StatusCode)
	for _, role := range []string{"spectator", "chat"} {
		check(t, "abuse", "kicked, then as "+role, 403, s.call(t, "POST", "/v1/lobbies/"+j.Lobby.ID+"/join", malloryToken, map[string]any{"role": role}).status)
	}
}

func TestTextIsInert(t *testing.T) {
	t.Parallel()
	s := ordinary(t)
	nasty := "<script>alert(1)</script>\x00\x1b[2J\r\n\u202e\u2066\u200bx"
	token := s.guest(t, nasty)
	j := s.lobby(t, token, "traps", map[string]any{"title": nasty})
	so, _ := s.enter(t, j.Pass)
	_ = so.say(wire.AppendChat(nil, wire.Chat{Text: nasty}))
	m, err := so.message(wire.TypeChatOut)
	if err != nil {
		t.Fatal(err)
	}
	list := s.call(t, "GET", "/v1/lobbies/"+j.Lobby.ID, token, nil)
	for what, text := range map[string]string{"a name": m.Chat.Name, "chat": m.Chat.Text, "lists": list.body, "the log": s.log.String()} {
		bad := strings.ContainsAny(text, "\x00\x1b\r\u202e\u2066\u200b") || what != "the log" && what != "lists" && strings.Contains(text, "\n")
		check(t, "text", "control and direction characters in "+what, "gone", map[bool]string{true: fmt.Sprintf("%q", text), false: "gone"}[bad])
	}
	check(t, "text", "<script> in chat", "text as it was", map[bool]string{true: "text as it was"}[strings.Contains(m.Chat.Text, "<script>alert(1)</script>")])
	check(t, "text", "<script> in JSON", "application/json, nosniff", list.header.Get("Content-Type")+", "+list.header.Get("X-Content-Type-Options"))
}

func TestFloods(t *testing.T) {
	t.Parallel()
	s := ordinary(t)
	type flood struct {
		input, want string
		frame       []byte
	}
	for _, f := range []flood{
		{"100,000 pings of the protocol", "4009 rate", frame(fin|opBinary, wire.AppendPing(nil, wire.Ping{ClientTime: 1}))},
		{"100,000 WebSocket pings", "4009 rate", frame(fin|opPing, []byte("x"))},
		{"100,000 WebSocket pongs", "4009 rate", frame(fin|opPong, nil)},
		{"100,000 chat messages", "4009 rate", frame(fin|opBinary, wire.AppendChat(nil, wire.Chat{Text: "spam"}))},
		{"100,000 keyframe wishes", "4009 rate", frame(fin|opBinary, wire.AppendKeyframe(nil))},
		{"100,000 commands", "4009 rate", frame(fin|opBinary, spring(1, 0))},
		{"100,000 inputs", "4009 rate", frame(fin|opBinary, push(1, 0, 1))},
		{"100,000 acks", "4009 rate", frame(fin|opBinary, wire.AppendAck(nil, wire.Ack{Tick: 1}))},
		{"100,000 ready and not ready", "4009 rate", frame(fin|opBinary, wire.AppendReady(nil, wire.Ready{Ready: true}))},
	} {
		so, _, _ := s.playing(t, "traps")
		go func() { _ = so.raw(bytes.Repeat(f.frame, 100_000)) }()
		check(t, "flood", f.input, f.want, so.end())
	}
}

// What eight who flood a lobby at 10,000 messages a second each do to the ticks of
// another lobby, beside the same lobby without them.
func TestFloodBesideOthers(t *testing.T) {
	s := start(t, options{plain: true, env: []string{"SANDLOT_LOG_LEVEL=warn"}})
	honest := func() (gap time.Duration) {
		so, _, _ := s.playing(t, "traps")
		var first uint32
		var before time.Time
		var gaps []time.Duration
		watch(t, so, func(tick uint32, _ *state.Mirror) bool {
			if first == 0 {
				first = tick
			}
			_ = so.say(push(tick-first+1, tick, 1)) // something moves at each tick
			if now := time.Now(); before.IsZero() {
				before = now
			} else {
				gaps = append(gaps, now.Sub(before))
				before = now
			}
			return tick > first+40
		})
		_ = so.say(wire.AppendLeave(nil))
		so.end()
		return quantile(gaps, 0.95)
	}
	calm := honest()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	closed := make([]int, 8)
	for i := range closed {
		j := s.lobby(t, s.guest(t, "mallory"), "traps", nil)
		token := s.guest(t, "mallory")
		wg.Go(func() {
			rate := time.NewTicker(10 * time.Millisecond)
			defer rate.Stop()
			burst := bytes.Repeat(frame(fin|opBinary, wire.AppendChat(nil, wire.Chat{Text: "spam"})), 100)
			for { // comes back each time it is thrown out
				so, err := tryUpgrade(dialFor(s.addr), "?lobby="+j.Lobby.ID, bearer(token))
				if err != nil {
					return
				}
				for open := true; open; {
					select {
					case <-stop:
						so.Close()
						return
					case <-rate.C:
						open = so.raw(burst) == nil
					}
				}
				closed[i]++
				so.Close()
			}
		})
	}
	storm := honest()
	close(stop)
	wg.Wait()
	thrown := 0
	for _, n := range closed {
		thrown += n
	}
	table.note("flood", "8 floods of 10,000 messages a second: another lobby's 95th interval of states", "beside a control run", fmt.Sprintf("%.1f ms, without them %.1f ms; thrown out %d times",
		storm.Seconds()*1000, calm.Seconds()*1000, thrown))
	if thrown == 0 {
		t.Error("nobody was thrown out")
	}
}
