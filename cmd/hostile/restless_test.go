package hostile

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// restless does forty things at random as one player, and never waits for long.
func restless(s *server, token, lobby string, seed uint64) {
	chance := rand.New(rand.NewPCG(seed, 1))
	resume := ""
	for range 40 {
		c, err := net.Dial("tcp", s.addr)
		if err != nil {
			return
		}
		_ = c.SetDeadline(time.Now().Add(patience))
		query, credential := "?lobby="+lobby, token
		if resume != "" && chance.IntN(2) == 0 {
			query, credential = fmt.Sprint("?seen=", chance.IntN(5)), resume
		}
		so, err := tryUpgrade(c, query, bearer(credential))
		if err != nil || so.resp.StatusCode != http.StatusSwitchingProtocols {
			resume = ""
			c.Close()
			continue
		}
		if m, err := so.message(wire.TypeWelcome); err == nil {
			resume = m.Welcome.Resume
		}
		for n := range 1 + chance.IntN(5) {
			_ = so.say(deed(chance, uint32(n+1)))
		}
		if chance.IntN(3) == 0 {
			_, _ = so.next()
		}
		switch chance.IntN(3) {
		case 0: // a close frame
			_ = so.raw(frame(fin|opClose, []byte{3, 232}))
		case 1: // a reset
			if t, ok := c.(*net.TCPConn); ok {
				_ = t.SetLinger(0)
			}
		}
		c.Close()
	}
}

// deed is one message.
func deed(chance *rand.Rand, n uint32) []byte {
	switch chance.IntN(10) {
	case 0:
		return wire.AppendStart(nil)
	case 1:
		return wire.AppendReady(nil, wire.Ready{Ready: chance.IntN(2) == 0})
	case 2:
		if chance.IntN(8) == 0 {
			return wire.AppendKick(nil, wire.Kick{Player: state.Player(1 + chance.IntN(20))})
		}
		return wire.AppendChat(nil, wire.Chat{Text: "hello"})
	case 3:
		return wire.AppendLeave(nil)
	case 4:
		return wire.AppendKeyframe(nil)
	case 5:
		return spring(n, 0)
	case 6:
		return wire.AppendAck(nil, wire.Ack{Tick: chance.Uint32N(100)})
	default:
		return push(n, chance.Uint32N(100), 1)
	}
}

// exchange sends bytes and reads one answer; the zero answer if there is none.
func exchange(t *testing.T, addr, request string) answer {
	t.Helper()
	c := dial(t, addr)
	go func() { _, _ = io.WriteString(c, request) }() // it may be refused while we write
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return answer{header: http.Header{}}
	}
	defer resp.Body.Close()
	var b strings.Builder
	_, _ = io.Copy(&b, resp.Body)
	return answer{resp.StatusCode, resp.Header, b.String()}
}

func toJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
