package hostile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/net/wire"
)

// attack lets n attackers do their worst until stop is called.
func (s *server) attack(n int) (stop func()) {
	over := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			chance := rand.New(rand.NewPCG(uint64(i), 7))
			for {
				select {
				case <-over:
					return
				case <-time.After(time.Duration(50+chance.IntN(200)) * time.Millisecond):
				}
				s.assault(chance, over)
			}
		})
	}
	return func() {
		close(over)
		all.Wait()
	}
}

// assault is one attack. Nothing in it fails a test: whatever the server answers
// to it is right.
func (s *server) assault(chance *rand.Rand, over <-chan struct{}) {
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		return
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	what := chance.IntN(10)
	switch what {
	case 0: // a handshake that never ends
		_, _ = io.WriteString(c, "GET /v1/ws HTTP/1.1\r\nHost: x\r\nX-")
		waitFor(over, 2*time.Second)
		return
	case 1: // no token
		_, _ = tryUpgrade(c, "?lobby=ABCDEFGH", bearer(strings.Repeat("x", 1+chance.IntN(3000))))
		return
	case 2: // no HTTP
		_, _ = c.Write(bytes.Repeat([]byte{byte(chance.Uint32())}, 1+chance.IntN(9000)))
		return
	}
	pass := s.passOf(chance)
	if pass == "" {
		return
	}
	so, err := tryUpgrade(c, "", bearer(pass))
	if err != nil || so.resp.StatusCode != http.StatusSwitchingProtocols {
		return
	}
	all := bombs()
	switch what {
	case 3, 4: // 10,000 messages a second
		burst := bytes.Repeat(frame(fin|opBinary, deed(chance, 1)), 100)
		for range 100 {
			if so.raw(burst) != nil {
				return
			}
			waitFor(over, 10*time.Millisecond)
		}
	case 5: // bombs
		for range 3 {
			_ = so.say(all[chance.IntN(len(all))].message)
		}
	case 6: // a frame that claims too much, or half of one
		_ = so.raw(claimed(fin|opBinary, chance.Uint64()>>chance.IntN(64), []byte("half")))
	case 7: // nothing is read
		_ = so.say(wire.AppendStart(nil))
		waitFor(over, 3*time.Second)
		return
	case 8: // gone without a word
		if t, ok := c.(*net.TCPConn); ok {
			_ = t.SetLinger(0)
		}
		return
	default: // deeds at random
		for n := range 30 {
			_ = so.say(deed(chance, uint32(n)))
			waitFor(over, 20*time.Millisecond)
		}
	}
	_, _ = io.CopyN(io.Discard, c, 64<<10)
}

func waitFor(over <-chan struct{}, d time.Duration) {
	select {
	case <-over:
	case <-time.After(d):
	}
}

// passOf makes a player and a lobby, or joins what quick play gives; "" where that
// is refused.
func (s *server) passOf(chance *rand.Rand) string {
	post := func(path, token string, body string) (got struct{ Token, Pass string }) {
		r, err := http.NewRequest("POST", "http://"+s.addr+path, strings.NewReader(body))
		if err != nil {
			return got
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+token)
		resp, err := httpClient.Do(r)
		if err != nil {
			return got
		}
		defer resp.Body.Close()
		_ = json.NewDecoder(resp.Body).Decode(&got)
		return got
	}
	token := post("/v1/guests", "", fmt.Sprintf(`{"name":"mallory %d"}`, chance.IntN(1000))).Token
	if chance.IntN(2) == 0 {
		return post("/v1/quickplay", token, `{"game":"arena"}`).Pass
	}
	return post("/v1/lobbies", token, `{"game":"traps","private":true}`).Pass
}
