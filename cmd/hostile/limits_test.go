package hostile

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sandlot-server/sandlot/net/wire"
)

// behind is a server that believes what loopback says of addresses.
func behind(t *testing.T, env ...string) *server {
	return start(t, options{env: append([]string{"SANDLOT_TRUSTED_PROXIES=127.0.0.1"}, env...)})
}

func from(address string) string { return "X-Forwarded-For: " + address }

// storm asks for n sockets one after the other and counts the answers; those that
// opened stay open.
func storm(t *testing.T, s *server, n int, query string, header func(i int) []string) (got map[int]int, retry string) {
	t.Helper()
	got = map[int]int{}
	for i := range n {
		so := upgrade(t, s.addr, query, header(i)...)
		got[so.resp.StatusCode]++
		if after := so.resp.Header.Get("Retry-After"); after != "" {
			retry = after
		}
		if so.resp.StatusCode != 101 {
			so.Close()
		}
	}
	return got, retry
}

func TestHandshakesOfAnAddress(t *testing.T) {
	t.Parallel()
	// The rate is slow here, so that the test does not depend on its own speed.
	s := behind(t, "SANDLOT_LIMITS_HANDSHAKE_RATE=1", "SANDLOT_LIMITS_HANDSHAKE_BURST=20")
	refused := func(addresses ...string) func(int) []string {
		return func(i int) []string { return []string{bearer("rubbish"), from(addresses[i%len(addresses)])} }
	}
	count := func(input, want string, n int, header func(int) []string) {
		t.Helper()
		got, retry := storm(t, s, n, "", header)
		text := "all let in to be looked at"
		if got[429] > 0 {
			text = "429 after about 20, Retry-After " + retry
		}
		// Seconds may pass meanwhile, and bring a token each.
		ok := text == want && got[401] >= min(n, 20) && (got[429] == 0 || got[401] <= 25)
		holds(t, "address", input, want, fmt.Sprintf("%s: %v", text, got), ok)
	}
	const limited, free = "429 after about 20, Retry-After 1", "all let in to be looked at"
	count("60 handshakes from one address", limited, 60, refused("203.0.113.5"))
	forgedLeft, _ := storm(t, s, 40, "", func(i int) []string {
		return []string{bearer("rubbish"), from(fmt.Sprintf("198.51.100.%d, 203.0.113.5", i))}
	})
	holds(t, "address", "…40 more with a forged address to the left of it", "429", fmt.Sprint(forgedLeft), forgedLeft[429] >= 35)
	count("60 from addresses of one IPv6 /64", limited, 60, func(i int) []string {
		return []string{bearer("rubbish"), from(fmt.Sprintf("2001:db8::%x", i+1))}
	})
	count("20 from 20 addresses", free, 20, func(i int) []string { return []string{bearer("rubbish"), from(fmt.Sprint("192.0.2.", i))} })
	count("60 from loopback", free, 60, func(int) []string { return []string{bearer("rubbish")} })
	load := signed(t, jwt.SigningMethodHS256, nil, nil, claims(jwt.MapClaims{"load": true}))
	lobby := s.lobby(t, s.guest(t, "ann"), "traps", nil).Lobby.ID
	got, _ := storm(t, s, 60, "?lobby="+lobby, func(int) []string { return []string{bearer(load), from("203.0.113.5")} })
	check(t, "address", "60 with a signed load claim, from an address that is limited", "map[101:60]", fmt.Sprint(got))
	forged := signed(t, jwt.SigningMethodHS256, []byte(strings.Repeat("another ", 5)), nil, claims(jwt.MapClaims{"load": true}))
	got, _ = storm(t, s, 10, "?lobby="+lobby, func(int) []string { return []string{bearer(forged), from("203.0.113.5")} })
	holds(t, "address", "10 with a load claim that somebody else signed", "429", fmt.Sprint(got), got[429] >= 8)
	browser, _ := storm(t, s, 5, "", func(int) []string {
		return []string{bearer("rubbish"), from("203.0.113.5"), "Origin: http://" + s.addr}
	})
	holds(t, "address", "a browser, from an address that is limited", "429, no upgrade", fmt.Sprint(browser), browser[429] >= 4)
}

// Loopback with a forwarded address that is not believed is a proxy that nobody
// declared: it is not exempt.
func TestUndeclaredProxy(t *testing.T) {
	t.Parallel()
	s := start(t, options{env: []string{"SANDLOT_LIMITS_HANDSHAKE_RATE=1", "SANDLOT_LIMITS_HANDSHAKE_BURST=20"}})
	got, _ := storm(t, s, 60, "", func(i int) []string { return []string{bearer("rubbish"), from(fmt.Sprint("192.0.2.", i))} })
	holds(t, "address", "60 forged addresses, where no proxy is trusted", "429 after about 20", fmt.Sprint(got), got[429] >= 35)
	got, _ = storm(t, s, 60, "", func(int) []string { return []string{bearer("rubbish")} })
	check(t, "address", "60 from loopback itself, at the same time", "map[401:60]", fmt.Sprint(got))
}

func TestSocketsOfAnAddress(t *testing.T) {
	t.Parallel()
	s := behind(t, "SANDLOT_LIMITS_HANDSHAKE_RATE=1000", "SANDLOT_LIMITS_HANDSHAKE_BURST=1000", "SANDLOT_LOBBY_SPECTATORS=1000")
	lobby := s.lobby(t, s.guest(t, "ann"), "traps", nil).Lobby.ID
	var passes []string
	for i := range 103 {
		token := signed(t, jwt.SigningMethodHS256, nil, nil, claims(jwt.MapClaims{"sub": fmt.Sprint("eve-", i)}))
		a := s.call(t, "POST", "/v1/lobbies/"+lobby+"/join", token, map[string]any{"role": "spectator"})
		passes = append(passes, s.joined(t, a).Pass)
	}
	here := func(pass string) *socket { return upgrade(t, s.addr, "", bearer(pass), from("203.0.113.5")) }
	got := map[int]int{}
	var first *socket
	for _, p := range passes[:101] {
		so := here(p)
		if got[so.resp.StatusCode]++; first == nil {
			first = so
		}
	}
	check(t, "address", "101 sockets from one address", "map[101:100 429:1]", fmt.Sprint(got))
	_ = first.say(wire.AppendLeave(nil))
	first.end()
	first.Close()
	eventually(t, "a place is free again", func() bool { return here(passes[101]).resp.StatusCode == 101 })
	check(t, "address", "…another, when one was closed", 429, here(passes[102]).resp.StatusCode)
	check(t, "address", "…another address, meanwhile", 101, upgrade(t, s.addr, "", bearer(passes[102]), from("203.0.113.6")).resp.StatusCode)
}

func TestGlobalCaps(t *testing.T) {
	t.Parallel()
	s := behind(t, "SANDLOT_LIMITS_SOCKETS=3", "SANDLOT_LOBBY_MAX=4", "SANDLOT_LOBBY_CREATES=5", "SANDLOT_LOBBY_REAP=1m")
	token := s.guest(t, "ann")
	made := []answer{}
	for range 4 {
		made = append(made, s.call(t, "POST", "/v1/lobbies", token, map[string]any{"game": "traps"}))
	}
	check(t, "caps", "a fourth open lobby of one player", "429 too_many_lobbies, Retry-After", refusal(made[3]))
	open := 0
	for i := range 4 {
		pass := s.join(t, s.guest(t, fmt.Sprint("bob", i)), s.joined(t, made[0]).Lobby.ID).Pass
		so := upgrade(t, s.addr, "", bearer(pass))
		if so.resp.StatusCode == 101 {
			open++
			continue
		}
		check(t, "caps", "sockets above limits.sockets", "503, Retry-After 5", fmt.Sprintf("%d, Retry-After %s", so.resp.StatusCode, so.resp.Header.Get("Retry-After")))
	}
	check(t, "caps", "…up to it", 3, open)
	a := s.call(t, "POST", "/v1/lobbies", s.guest(t, "carol"), map[string]any{"game": "traps"})
	check(t, "caps", "lobbies up to lobby.max", 201, a.status)
	a = s.call(t, "POST", "/v1/lobbies", s.guest(t, "dan"), map[string]any{"game": "traps"})
	check(t, "caps", "lobbies above lobby.max", "503 at_capacity, Retry-After", refusal(a))
	got := map[string]int{}
	for i := range 8 {
		token := s.guest(t, fmt.Sprint("eve", i), from("203.0.113.9"))
		got[refusal(s.call(t, "POST", "/v1/lobbies", token, map[string]any{"game": "traps"}, from("203.0.113.9")))]++
	}
	check(t, "caps", "8 lobbies from one address in a minute, where 5 may be", "map[429 rate_limited, Retry-After:3 503 at_capacity, Retry-After:5]", fmt.Sprint(got))
}

// refusal is an answer's status, code, and whether it says when to come back.
func refusal(a answer) string {
	out := fmt.Sprint(a.status, " ", a.code())
	if a.header.Get("Retry-After") != "" {
		out += ", Retry-After"
	}
	return out
}

// Answers that go on as long as the client likes count as sockets do.
func TestStreamsOfAnAddress(t *testing.T) {
	t.Parallel()
	s := behind(t, "SANDLOT_LIMITS_SOCKETS_PER_ADDRESS=3")
	ask := func(path, address string) (net.Conn, string) {
		c := dial(t, s.addr)
		if _, err := fmt.Fprintf(c, "GET "+path+" HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: %s\r\n\r\n", address); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 12)
		if _, err := io.ReadFull(c, b); err != nil {
			t.Fatal(err)
		}
		return c, string(b[9:])
	}
	stream := func(address string) (net.Conn, string) { return ask("/v1/lobbies/events", address) }
	got := map[string]int{}
	var first net.Conn
	for range 5 {
		c, status := stream("203.0.113.40")
		if got[status]++; first == nil {
			first = c
		}
	}
	check(t, "address", "5 event streams where 3 sockets may be", "map[200:3 429:2]", fmt.Sprint(got))
	_, status := ask("/v1/tickets/any?wait=25s", "203.0.113.40")
	check(t, "address", "…and a long poll", "429", status)
	_, status = stream("203.0.113.41")
	check(t, "address", "…another address", "200", status)
	first.Close()
	eventually(t, "a place is free again", func() bool { _, status := stream("203.0.113.40"); return status == "200" })
}

func TestGuessingCodes(t *testing.T) {
	t.Parallel()
	s := behind(t, "SANDLOT_LOBBY_REAP=100ms")
	ann := s.guest(t, "ann")
	private := s.lobby(t, ann, "traps", map[string]any{"private": true}).Lobby
	closing, _, j := s.player(t, "traps")
	_ = closing.say(wire.AppendLeave(nil))
	closing.end()
	mallory := s.guest(t, "mallory")
	ask := func(name, address string) answer {
		return s.call(t, "GET", "/v1/lobbies/"+name, mallory, nil, from(address))
	}

	wrong := ask("ABCDEFGH", "203.0.113.20")
	check(t, "codes", "a wrong code", "404 lobby_not_found", refusal(wrong))
	check(t, "codes", "the id of a private lobby", wrong.body, ask(private.ID, "203.0.113.20").body)
	eventually(t, "the lobby is gone", func() bool { return ask(j.Lobby.Code, "203.0.113.21").status != 200 })
	check(t, "codes", "the code of a closed lobby", wrong.body, ask(j.Lobby.Code, "203.0.113.22").body)
	check(t, "codes", "the right code", 200, ask(private.Code, "203.0.113.20").status)

	got := map[string]int{}
	for i := range 15 {
		got[refusal(ask(fmt.Sprintf("ABCDEF%02d", i), "203.0.113.23"))]++
	}
	check(t, "codes", "15 wrong codes", "map[404 lobby_not_found:10 429 rate_limited, Retry-After:5]", fmt.Sprint(got))
	check(t, "codes", "…then a right one", "429 rate_limited, Retry-After", refusal(ask(private.Code, "203.0.113.23")))
	post := s.call(t, "POST", "/v1/lobbies/"+private.Code+"/join", mallory, nil, from("203.0.113.23"))
	check(t, "codes", "…to join by it", "429 rate_limited, Retry-After", refusal(post))
	so := upgrade(t, s.addr, "?lobby="+private.Code, bearer(mallory), from("203.0.113.23"))
	check(t, "codes", "…at the socket's door", 429, so.resp.StatusCode)
	check(t, "codes", "…and from another address", 200, ask(private.Code, "203.0.113.24").status)
	got = map[string]int{}
	for i := range 12 {
		got[refusal(ask(fmt.Sprintf("ABCD----EF%02d", i), "203.0.113.26"))]++
	}
	check(t, "codes", "12 wrong codes, padded to the length of an id", "map[404 lobby_not_found:10 429 rate_limited, Retry-After:2]", fmt.Sprint(got))
	padded := private.Code[:4] + "----" + private.Code[4:]
	check(t, "codes", "…then a right one", "429 rate_limited, Retry-After", refusal(ask(padded, "203.0.113.26")))
	check(t, "codes", "…and from another address", 200, ask(padded, "203.0.113.27").status)
	got = map[string]int{}
	for i := range 12 {
		so := upgrade(t, s.addr, fmt.Sprintf("?lobby=ABCDEF%02d", i), bearer(mallory), from("203.0.113.25"))
		got[fmt.Sprint(so.resp.StatusCode)]++
	}
	check(t, "codes", "12 wrong codes at the socket's door", "map[404:10 429:2]", fmt.Sprint(got))
}

// Thousands of handshakes that never end are closed in time, and others come in
// meanwhile.
func TestSlowHandshakes(t *testing.T) {
	t.Parallel()
	s := start(t, options{plain: true})
	const n = 5000
	began := time.Now()
	var wg sync.WaitGroup
	lives := make([]time.Duration, n)
	room := make(chan struct{}, 64)
	for i := range lives {
		room <- struct{}{}
		c := dial(t, s.addr)
		_, _ = c.Write([]byte("GET /v1/ws HTTP/1.1\r\nHost: x\r\nX-"))
		<-room
		opened := time.Now()
		wg.Go(func() {
			b := make([]byte, 512)
			for {
				if _, err := c.Read(b); err != nil {
					break
				}
			}
			lives[i] = time.Since(opened)
			c.Close()
		})
	}
	opening := time.Since(began)
	var honest []time.Duration
	for range 20 {
		at := time.Now()
		so, _, _ := s.player(t, "traps")
		honest = append(honest, time.Since(at))
		so.Close()
	}
	open := s.status(t, "FDSize")
	wg.Wait()
	worst := quantile(lives, 1)
	holds(t, "slow", "5,000 handshakes that never end", "each closed after 5 s", fmt.Sprintf("after %.1f s at most (opened in %.1f s)", worst.Seconds(), opening.Seconds()),
		worst < 10*time.Second)
	table.note("slow", "…20 others, who sign in, make a lobby and open a socket meanwhile", "as ever", fmt.Sprintf("all; median %.1f ms, longest %.1f ms, %d descriptors",
		quantile(honest, 0.5).Seconds()*1000, quantile(honest, 1).Seconds()*1000, open))
}
