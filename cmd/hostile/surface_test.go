package hostile

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

func TestPublicSurface(t *testing.T) {
	t.Parallel()
	s := ordinary(t)
	token := s.guest(t, "mallory")
	evil := "Origin: https://evil.example"
	big := map[string]any{"name": strings.Repeat("x", 17<<10)}
	for _, tc := range []struct {
		input, method, path string
		body                any
		header              []string
		want                string
	}{
		{"metrics", "GET", "/metrics", nil, nil, "404"},
		{"profiles", "GET", "/debug/pprof/", nil, nil, "404"},
		{"readiness", "GET", "/readyz", nil, nil, "404"},
		{"revocations", "POST", "/v1/revocations", map[string]any{"player": "x"}, nil, "404"},
		{"cross-site POST by Origin", "POST", "/v1/guests", map[string]any{"name": "x"}, []string{evil}, "403"},
		{"cross-site POST by Sec-Fetch-Site", "POST", "/v1/guests", map[string]any{"name": "x"}, []string{"Sec-Fetch-Site: cross-site"}, "403"},
		{"cross-site POST that creates, by cookie", "POST", "/v1/lobbies", map[string]any{"game": "traps"}, []string{evil, "Cookie: sandlot_token=" + token}, "403"},
		{"preflight of a foreign page", "OPTIONS", "/v1/lobbies", nil, []string{evil, "Access-Control-Request-Method: POST"}, "204 without CORS"},
		{"a body of 17 KiB", "POST", "/v1/guests", big, nil, "413"},
		{"a body that is not JSON", "POST", "/v1/guests", "x", []string{"Content-Type: text/plain"}, "415"},
		{"a name that is an object", "POST", "/v1/guests", map[string]any{"name": map[string]any{}}, nil, "422"},
		{"settings of 2,000 keys", "POST", "/v1/lobbies", map[string]any{"game": "traps", "settings": keys(2000)}, []string{"Authorization: Bearer " + token}, "413"},
		{"DELETE", "DELETE", "/v1/lobbies", nil, nil, "405"},
		{"TRACE", "TRACE", "/", nil, nil, "405"},
		{"HEAD of a stream, which would have no end", "HEAD", "/v1/lobbies/events", nil, nil, "405"},
		{"a path that goes up", "GET", "/../../../../etc/passwd", nil, nil, "307 to /etc/passwd, which is 404"},
		{"the same, encoded", "GET", "/%2e%2e/%2e%2e/etc/passwd", nil, nil, "404"},
		{"the same, with slashes encoded", "GET", "/..%2f..%2f..%2fetc%2fpasswd", nil, nil, "404"},
		{"the same, with backslashes", "GET", `/..\..\config.toml`, nil, nil, "404"},
		{"the same, behind the SDK's folder", "GET", "/sdk/../../config.toml", nil, nil, "307 to /config.toml, which is 404"},
		{"a NUL in a path", "GET", "/index.html%00.js", nil, nil, "404"},
		{"a hidden file", "GET", "/.keep", nil, nil, "404"},
		{"a page far beyond the list", "GET", "/v1/lobbies?limit=1000000000", nil, nil, "422"},
		{"a cursor that is none", "GET", "/v1/lobbies?cursor=%27%3B--", nil, nil, "422"},
	} {
		a := rawCall(t, s.addr, tc.method, tc.path, tc.body, tc.header)
		got := fmt.Sprint(a.status)
		if a.header.Get("Access-Control-Allow-Origin") == "" && tc.method == "OPTIONS" {
			got += " without CORS"
		}
		if to := a.header.Get("Location"); to != "" {
			got += fmt.Sprint(" to ", to, ", which is ", rawCall(t, s.addr, "GET", to, nil, nil).status)
		}
		check(t, "surface", tc.input, tc.want, got)
		if a.header.Get("X-Content-Type-Options") != "nosniff" && tc.method != "TRACE" {
			t.Errorf("%s: no nosniff", tc.input)
		}
	}
	for _, path := range []string{"/", "/docs", "/v1/lobbies", "/openapi.json", "/no/such/page"} {
		h := s.call(t, "GET", path, "", nil).header
		csp := h.Get("Content-Security-Policy")
		script := csp
		if _, rest, ok := strings.Cut(csp, "script-src"); ok {
			script, _, _ = strings.Cut(rest, ";")
		}
		ok := csp != "" && !strings.Contains(script, "unsafe") && strings.Contains(csp, "frame-ancestors 'none'") &&
			h.Get("X-Content-Type-Options") == "nosniff" && h.Get("X-Frame-Options") == "DENY"
		holds(t, "surface", "headers of "+path, "CSP without inline script, nosniff, no frames", map[bool]string{true: "so", false: fmt.Sprint(h)}[ok], ok)
	}
	for _, tc := range []struct {
		input, path string
		header      []string
		want        int
	}{
		{"a page at the admin port", "/metrics", []string{"Origin: http://" + s.admin}, 403},
		{"a cross-site request at the admin port", "/readyz", []string{"Sec-Fetch-Site: cross-site"}, 403},
		{"metrics at the admin port", "/metrics", nil, 200},
		{"another name for the admin port (DNS rebinding)", "/metrics", []string{"Host: evil.example:7778"}, 403},
	} {
		check(t, "surface", tc.input, tc.want, rawCall(t, s.admin, "GET", tc.path, nil, tc.header).status)
	}
}

func keys(n int) map[string]any {
	m := map[string]any{}
	for i := range n {
		m[fmt.Sprint("key", i)] = i
	}
	return m
}

// rawCall sends a request as it is: its path is not cleaned.
func rawCall(t *testing.T, addr, method, path string, body any, header []string) answer {
	t.Helper()
	text := ""
	if s, ok := body.(string); ok {
		text = s
	} else if body != nil {
		text = toJSON(t, body)
	}
	lines := []string{method + " " + path + " HTTP/1.1"}
	host := "Host: " + addr
	for _, h := range header {
		if strings.HasPrefix(h, "Host: ") {
			host = h
			continue
		}
		lines = append(lines, h)
	}
	lines = append(lines, host, "Connection: close")
	if body != nil {
		if !strings.Contains(strings.Join(header, "\n"), "Content-Type") {
			lines = append(lines, "Content-Type: application/json")
		}
		lines = append(lines, fmt.Sprint("Content-Length: ", len(text)))
	}
	return exchange(t, addr, strings.Join(lines, "\r\n")+"\r\n\r\n"+text)
}

func TestSlowBodies(t *testing.T) {
	t.Parallel()
	s := start(t, options{env: []string{"SANDLOT_LIMITS_BODY_TIMEOUT=300ms", "SANDLOT_LIMITS_HEADER_TIMEOUT=300ms"}})
	for _, tc := range []struct{ input, request, want string }{
		{"a body that stops in the middle", "POST /v1/guests HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"name\"", "408 timeout"},
		{"chunks that stop in the middle", "POST /v1/guests HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"name\"\r\n", "408 timeout"},
		{"headers that stop in the middle", "GET / HTTP/1.1\r\nHost: x\r\nX-", "400 "},
		{"nothing at all", "", "closed"},
	} {
		a := exchange(t, s.addr, tc.request)
		got := "closed"
		if a.status != 0 {
			got = fmt.Sprint(a.status, " ", a.code())
		}
		check(t, "slow", tc.input, tc.want, got)
	}
	var many bytes.Buffer
	many.WriteString("POST /v1/guests HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
	for range 64 {
		many.WriteString("400\r\n" + strings.Repeat(" ", 0x400) + "\r\n")
	}
	many.WriteString("0\r\n\r\n")
	check(t, "surface", "64 KiB in chunks, without a length", 413, exchange(t, s.addr, many.String()).status)
}

func TestFirstMessage(t *testing.T) {
	t.Parallel()
	s := shared.get(t, "SANDLOT_LIMITS_FIRST_MESSAGE=true", "SANDLOT_LIMITS_HELLO_TIMEOUT=300ms")
	j := s.lobby(t, s.guest(t, "ann"), "traps", nil)
	hello := func(credential string) []byte {
		return frame(fin|opBinary, wire.AppendHello(nil, wire.Hello{Credential: credential}))
	}
	for _, tc := range []struct {
		input, want string
		sent        []byte
	}{
		{"nothing said", "1008 refused;hello_timeout", nil},
		{"pings and nothing else", "1008 refused;hello_timeout", frame(fin|opPing, nil)},
		{"another message", "1008 refused;hello_expected", frame(fin|opBinary, wire.AppendStart(nil))},
		{"a bomb", "1008 refused;hello_expected", frame(fin|opBinary, be32(0xdd, 1<<32-1))},
		{"a credential of 2,049 bytes", "1008 refused;hello_expected", hello(strings.Repeat("x", 2049))},
		{"a bad token", "1008 refused;malformed", hello("x")},
		{"4,097 bytes", "1009 toobig", frame(fin|opBinary, make([]byte, 4097))},
	} {
		so := upgrade(t, s.addr, "")
		_ = so.raw(tc.sent)
		check(t, "first message", tc.input, tc.want, so.end())
	}
	so := upgrade(t, s.addr, "")
	_ = so.raw(hello(j.Pass))
	_, err := so.message(wire.TypeWelcome)
	check(t, "first message", "a good pass", nil, err)
}

func TestStartsThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ input, env, want string }{
		{"admin off loopback without a token", "SANDLOT_ADMIN_LISTEN=0.0.0.0:0", "admin_token must be set"},
		{"admin on every address", "SANDLOT_ADMIN_LISTEN=:0", "admin_token must be set"},
		{"a short admin token", "SANDLOT_ADMIN_TOKEN=short", "at least 16"},
		{"a secret of 31 bytes", "SANDLOT_AUTH_SECRET=" + strings.Repeat("x", 31), "at least 32 bytes"},
		{"a previous secret of 5 bytes", "SANDLOT_AUTH_PREVIOUS_SECRETS=short", "at least 32 bytes"},
		{"Redis without a shared secret", "SANDLOT_REDIS_URL=redis://127.0.0.1:1 SANDLOT_AUTH_SECRET=", "must share the key"},
		{"a proxy list that is none", "SANDLOT_TRUSTED_PROXIES=everyone", "must hold addresses"},
		{"a limit out of its range", "SANDLOT_LIMITS_SOCKETS_PER_ADDRESS=0", "must be from 1"},
	} {
		c := exec.Command(programs.plain)
		c.Env = append(os.Environ(), "SANDLOT_LISTEN=127.0.0.1:0", "SANDLOT_ADMIN_LISTEN=127.0.0.1:0", "SANDLOT_DATA_DIR="+t.TempDir(), "SANDLOT_AUTH_SECRET="+secret)
		c.Env = append(c.Env, strings.Fields(tc.env)...)
		out, err := c.CombinedOutput()
		said := strings.Contains(string(out), tc.want)
		holds(t, "start", tc.input, "exit code 2: "+tc.want, fmt.Sprintf("%v, said so: %v", err, said), said && c.ProcessState.ExitCode() == 2)
		if strings.Contains(string(out), strings.Repeat("x", 31)) {
			t.Errorf("%s: the secret is shown", tc.input)
		}
	}
}

func TestGameThatPanics(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	other, _, _ := s.playing(t, "traps")
	so, _, _ := s.playing(t, "traps")
	_ = so.say(spring(1, 1))
	m, err := so.message(wire.TypeError)
	if err != nil {
		t.Fatal(err)
	}
	check(t, "game", "a game that panics: its members", "game_failed, then 4502 closed", m.Error.Code+", then "+so.end())
	eventually(t, "the log has the stack", func() bool { return strings.Contains(s.log.String(), "main.(*Traps).spring") })
	check(t, "game", "…its stack", "logged", map[bool]string{true: "logged"}[strings.Contains(s.log.String(), "sprung") && strings.Contains(s.log.String(), "main.(*Traps).spring")])
	check(t, "game", "…counted", 1.0, s.metric(t, `sandlot_panics_total{where="game"}`))
	var first uint32
	seq := uint32(0)
	watch(t, other, func(tick uint32, _ *state.Mirror) bool {
		if first == 0 {
			first = tick
		}
		seq++
		_ = other.say(push(seq, tick, 1))
		return tick > first+20
	})
	check(t, "game", "…another lobby", "plays on", "plays on")
	eventually(t, "the lobby is gone", func() bool { return s.metric(t, `sandlot_lobbies{game="traps"}`) == 1 })
}

func TestGameThatLoops(t *testing.T) {
	t.Parallel()
	s, err := launch(t.TempDir(), options{env: []string{"SANDLOT_LIMITS_STUCK_AFTER=500ms"}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.crash() // it cannot end in good order: that is the point
	other, _, _ := s.playing(t, "traps")
	// A public lobby, so that quick play would like it.
	j := s.lobby(t, s.guest(t, "mallory"), "traps", nil)
	so, _ := s.enter(t, j.Pass)
	_ = so.say(wire.AppendStart(nil))
	if _, err := so.message(wire.TypeMatch); err != nil {
		t.Fatal(err)
	}
	ready := func() answer { return call(t, "GET", "http://"+s.admin+"/readyz", "", nil) }
	check(t, "game", "readiness before", 200, ready().status)
	_ = so.say(spring(1, 2))
	eventually(t, "readiness fails", func() bool { return ready().status == 503 })
	r := ready()
	check(t, "game", "a game that loops: readiness", "503, names the lobby", fmt.Sprint(r.status, map[bool]string{true: ", names the lobby", false: r.body}[strings.Contains(r.body, j.Lobby.ID)]))
	eventually(t, "the log names it", func() bool { return strings.Contains(s.log.String(), "does not come back") })
	check(t, "game", "…the log", "names the lobby", map[bool]string{true: "names the lobby"}[strings.Contains(s.log.String(), "lobby="+j.Lobby.ID+" game=traps for=")])

	var first uint32
	seq := uint32(0)
	watch(t, other, func(tick uint32, _ *state.Mirror) bool {
		if first == 0 {
			first = tick
		}
		seq++
		_ = other.say(push(seq, tick, 1))
		return tick > first+20
	})
	check(t, "game", "…another lobby", "plays on", "plays on")
	began := time.Now()
	quick := s.call(t, "POST", "/v1/quickplay", s.guest(t, "bob"), map[string]any{"game": "traps"})
	elsewhere := quick.status == 200 && !strings.Contains(quick.body, j.Lobby.ID)
	holds(t, "game", "…quick play", "into another lobby", fmt.Sprintf("%d after %.1f s", quick.status, time.Since(began).Seconds()), elsewhere)
	began = time.Now()
	a := s.call(t, "POST", "/v1/lobbies/"+j.Lobby.ID+"/join", s.guest(t, "carol"), nil)
	holds(t, "game", "…a join of it", "503 within seconds", fmt.Sprintf("%d after %.1f s", a.status, time.Since(began).Seconds()), a.status == 503 && time.Since(began) < 10*time.Second)
}

func TestDescriptorsRunOut(t *testing.T) {
	t.Parallel()
	s := start(t, options{plain: true, limit: "-n 64", env: []string{"SANDLOT_LOG_LEVEL=warn"}})
	before := s.cpu(t)
	var held []interface{ Close() error }
	for range 200 { // the kernel takes them, the server cannot
		held = append(held, dial(t, s.addr))
	}
	began := time.Now()
	eventually(t, "the log says that it has no descriptors", func() bool { return strings.Contains(s.log.String(), "too many open files") })
	pause := time.NewTimer(2 * time.Second)
	defer pause.Stop()
	<-pause.C
	over := time.Since(began)
	for _, c := range held {
		c.Close()
	}
	eventually(t, "others come in again", func() bool {
		a, err := http.Get("http://" + s.addr + "/v1/games")
		if err == nil {
			a.Body.Close()
		}
		return err == nil && a.StatusCode == 200
	})
	used := s.cpu(t) - before
	holds(t, "surface", "200 connections where 64 descriptors are", "accept backs off", fmt.Sprintf("%.0f ms of processor in %.1f s, then all is well", used.Seconds()*1000, over.Seconds()), used < over/4)
	lines := strings.Count(s.log.String(), "too many open files")
	holds(t, "surface", "…and the log", "a few lines", fmt.Sprint(lines), lines < 10)
}

func TestMemoryPressure(t *testing.T) {
	t.Parallel()
	s := start(t, options{plain: true, env: []string{"GOMEMLIMIT=64MiB"}})
	so, _, _ := s.playing(t, "traps")
	_ = so.say(spring(1, 3)) // eats 48 MiB
	mallory := s.guest(t, "ann")
	var a answer
	eventually(t, "lobbies are refused", func() bool {
		j := map[string]any{"game": "traps"}
		if a = s.call(t, "POST", "/v1/lobbies", mallory, j); a.status == 201 {
			id := s.joined(t, a).Lobby.ID
			s.call(t, "POST", "/v1/lobbies/"+id+"/leave", mallory, nil)
		}
		return a.status == 503
	})
	check(t, "surface", "a new lobby when 48 of 64 MiB are taken", "503 at_capacity, Retry-After", refusal(a))
	r := call(t, "GET", "http://"+s.admin+"/readyz", "", nil)
	check(t, "surface", "…readiness", "200 degraded: short of memory", fmt.Sprint(r.status, map[bool]string{true: " degraded: short of memory", false: r.body}[strings.Contains(r.body, "degraded") && strings.Contains(r.body, "short of memory")]))
	var first uint32
	seq := uint32(0)
	watch(t, so, func(tick uint32, _ *state.Mirror) bool {
		if first == 0 {
			first = tick
		}
		seq++
		_ = so.say(push(seq, tick, 1))
		return tick > first+20
	})
	check(t, "surface", "…the match that runs", "plays on", "plays on")
}

// Players who come, leave, resume, kick, start and talk at random, all at once.
func TestComingsAndGoings(t *testing.T) {
	t.Parallel()
	s := shared.get(t, "SANDLOT_LOBBY_HOLD=200ms", "SANDLOT_LOBBY_RESULTS=50ms", "SANDLOT_LOBBY_REAP=5s")
	for range 2 {
		host := s.guest(t, "host")
		lobby := s.lobby(t, host, "traps", nil).Lobby.ID
		var tokens []string
		for i := range 12 {
			tokens = append(tokens, s.guest(t, fmt.Sprint("p", i)))
		}
		tokens = append(tokens, host, host) // the host from two places
		var wg sync.WaitGroup
		for i, token := range tokens {
			wg.Go(func() { restless(s, token, lobby, uint64(i)) })
		}
		wg.Wait()
	}
	eventually(t, "every session is gone", func() bool { return s.metric(t, "sandlot_sessions") == 0 })
	check(t, "races", "14 at once who join, leave, resume, kick, start and talk at random, 40 times each", "0 panics, 0 sessions left",
		fmt.Sprintf("%v panics, %v sessions left", s.metric(t, "sandlot_panics_total"), s.metric(t, "sandlot_sessions")))
}
