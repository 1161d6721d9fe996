package cmd_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sandlot-server/sandlot/cmd"
	"github.com/sandlot-server/sandlot/cmd/cmdtest"
	"github.com/sandlot-server/sandlot/net/client"
)

// ask makes one request and returns the answer with its body read.
func ask(t *testing.T, method, url string, header map[string]string, body string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	resp, err := cmdtest.HTTP(t).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

func TestRefusals_OverHTTP(t *testing.T) {
	s := cmdtest.Start(t, func(c *cmd.Config) { c.Limits.HeaderTimeout = 300 * time.Millisecond })
	token := s.Guest("ann").Token
	upgrade := func(extra map[string]string) map[string]string {
		h := map[string]string{
			"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
			"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": "sandlot.v1",
		}
		for k, v := range extra {
			h[k] = v
		}
		return h
	}
	signed := map[string]string{"Authorization": "Bearer " + token, "Content-Type": "application/json"}
	for name, tc := range map[string]struct {
		method, path string
		header       map[string]string
		body         string
		status       int
		code         string
	}{
		"socket without a token":        {"GET", "/v1/ws", upgrade(nil), "", 401, ""},
		"socket with rubbish":           {"GET", "/v1/ws?token=rubbish", upgrade(nil), "", 401, ""},
		"socket of a foreign page":      {"GET", "/v1/ws?token=" + token, upgrade(map[string]string{"Origin": "https://evil.example"}), "", 403, ""},
		"socket to no lobby":            {"GET", "/v1/ws?lobby=NOPE&token=" + token, upgrade(nil), "", 404, "lobby_not_found"},
		"create without a token":        {"POST", "/v1/lobbies", nil, `{"game":"arena"}`, 401, "unauthorized"},
		"create with a bad token":       {"POST", "/v1/lobbies", map[string]string{"Authorization": "Bearer x.y.z"}, `{"game":"arena"}`, 401, "unauthorized"},
		"create an unknown game":        {"POST", "/v1/lobbies", signed, `{"game":"chess"}`, 404, "game_not_found"},
		"a setting out of range":        {"POST", "/v1/lobbies", signed, `{"game":"arena","settings":{"kills":100000}}`, 422, "bad_setting"},
		"an unknown field":              {"POST", "/v1/lobbies", signed, `{"game":"arena","colour":1}`, 422, "bad_request"},
		"not JSON":                      {"POST", "/v1/lobbies", signed, `{"game"`, 400, "malformed"},
		"a foreign page's POST":         {"POST", "/v1/guests", map[string]string{"Origin": "https://evil.example"}, `{"name":"eve"}`, 403, "cross_site"},
		"a large body":                  {"POST", "/v1/guests", nil, `{"name":"` + strings.Repeat("x", 20<<10) + `"}`, 413, "body_too_large"},
		"an unknown lobby":              {"GET", "/v1/lobbies/NOPE", nil, "", 404, "lobby_not_found"},
		"join of an unknown lobby":      {"POST", "/v1/lobbies/NOPE/join", signed, "", 404, "lobby_not_found"},
		"an unknown route":              {"GET", "/v1/nothing", nil, "", 404, "not_found"},
		"a page too far":                {"GET", "/v1/lobbies?limit=101", nil, "", 422, "bad_request"},
		"metrics on the players' port":  {"GET", "/metrics", nil, "", 404, ""},
		"profiles on the players' port": {"GET", "/debug/pprof/", nil, "", 404, ""},
	} {
		t.Run(name, func(t *testing.T) {
			resp, body := ask(t, tc.method, s.URL+tc.path, tc.header, tc.body)
			if resp.StatusCode != tc.status {
				t.Fatalf("status %d, want %d: %s", resp.StatusCode, tc.status, body)
			}
			if resp.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("no nosniff: %v", resp.Header)
			}
			if tc.code == "" {
				return
			}
			var p struct {
				Code   string
				Status int
			}
			if err := json.Unmarshal([]byte(body), &p); err != nil || p.Code != tc.code || p.Status != tc.status {
				t.Errorf("got %s, want code %s", body, tc.code)
			}
			if ct := resp.Header.Get("Content-Type"); ct != "application/problem+json" {
				t.Errorf("content type %q", ct)
			}
		})
	}
	t.Run("headers of more than 8 KiB", func(t *testing.T) {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\n\r\n", strings.Repeat("x", 9<<10)); err != nil {
			t.Fatal(err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(patience))
		if line, err := bufio.NewReader(conn).ReadString('\n'); !strings.Contains(line, " 431 ") {
			t.Errorf("got %q, %v", line, err)
		}
	})
	t.Run("slow headers", func(t *testing.T) {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := conn.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\nX-A")); err != nil {
			t.Fatal(err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(patience))
		if _, err := io.ReadAll(conn); err != nil { // until the server closes
			t.Errorf("not closed by the server: %v", err)
		}
	})
	if strings.Contains(s.Log(), token) {
		t.Error("the log holds a token")
	}
}

func TestGuestsCanBeTurnedOff(t *testing.T) {
	s := cmdtest.Start(t, func(c *cmd.Config) { c.Auth.Guests = false })
	resp, body := ask(t, "POST", s.URL+"/v1/guests", nil, `{"name":"ann"}`)
	if resp.StatusCode != 403 || !strings.Contains(body, "guests_off") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}

func TestTokensOfAnotherIssuer(t *testing.T) {
	shared := strings.Repeat("shared ", 6)
	s := cmdtest.Start(t, func(c *cmd.Config) {
		c.Auth.Guests = false
		c.Auth.External = cmd.ExternalConfig{Issuer: "https://login.example", Audience: "games", Secret: shared}
	})
	token := func(audience string) string {
		signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
			"iss": "https://login.example", "aud": audience, "sub": "user-7", "name": "Zoe",
			"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
		}).SignedString([]byte(shared))
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	api := &client.API{URL: s.URL, Token: token("games"), HTTP: cmdtest.HTTP(t)}
	if made, err := api.Create(t.Context(), client.CreateOptions{Game: "arena"}); err != nil || made.Lobby.Host.Name != "Zoe" {
		t.Errorf("their token: %+v, %v", made, err)
	}
	var p *client.Problem
	api.Token = token("banking")
	if _, err := api.Create(t.Context(), client.CreateOptions{Game: "arena"}); !errors.As(err, &p) || p.Status != 401 {
		t.Errorf("their token for something else: %v", err)
	}
}

func TestStopTellsClients(t *testing.T) {
	s := cmdtest.Start(t, nil)
	gone := make(chan error, 16)
	c, err := client.Dial(t.Context(), client.Options{
		URL: s.URL, Name: "ann", Game: "arena", HTTP: cmdtest.HTTP(t),
		OnStatus: func(_ *client.Client, st client.Status, err error) {
			if st == client.Waiting {
				gone <- err
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { c.Close(); <-c.Done() }()
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	var end *client.Ending
	if err := <-gone; !errors.As(err, &end) || end.Code != 1001 || end.Word != "restart" {
		t.Errorf("the client was told %v, want 1001", err)
	}
	if got := s.Ready().Status; got != "stopping" {
		t.Errorf("readiness says %q", got)
	}
}

func TestStopByTheSignalsContextExitsWithZero(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(300*time.Millisecond, cancel)
	code, out, errOut := runWith(ctx, "serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--data-dir", t.TempDir(), "--config", write(t, ""))
	if code != 0 {
		t.Fatalf("exit code %d\n%s", code, errOut)
	}
	for _, want := range []string{"Play:    http://localhost:", "Invite:", "Admin:   http://localhost:", "Ctrl-C", "Secret:  made and kept in", "Stopped."} {
		if !strings.Contains(out, want) {
			t.Errorf("missing %q in\n%s", want, out)
		}
	}
}

// Who is asked to stop before it has begun neither waits nor says that it is ready.
func TestStopDuringTheStart(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := cmdtest.Config(t)
	c.Limits.Drain = time.Hour
	s, err := cmd.New(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(ctx); err != nil {
		t.Error(err)
	}
	until(t, "readiness says that it stops", func() bool { return s.Ready().Status == "stopping" })
}

func TestAdminPort(t *testing.T) {
	s := cmdtest.Start(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	played := make(chan bool, 1)
	c, err := client.Dial(ctx, client.Options{URL: s.URL, Name: "ann", Game: "arena", HTTP: cmdtest.HTTP(t), OnState: func(c *client.Client) {
		if c.Tick() > 20 {
			select {
			case played <- true:
			default:
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { c.Close(); <-c.Done() }()
	wait(t, "a tick", played, func(bool) bool { return true })

	if resp, body := ask(t, "GET", s.AdminURL+"/healthz", nil, ""); resp.StatusCode != 200 || body != "ok\n" {
		t.Errorf("healthz: %d %q", resp.StatusCode, body)
	}
	resp, body := ask(t, "GET", s.AdminURL+"/readyz", nil, "")
	if resp.StatusCode != 200 || !strings.Contains(body, `"status":"ready"`) || strings.Contains(body, "warnings") {
		t.Errorf("readyz: %d %s", resp.StatusCode, body)
	}
	if resp, _ := ask(t, "GET", s.AdminURL+"/debug/pprof/goroutine?debug=1", nil, ""); resp.StatusCode != 200 {
		t.Errorf("pprof: %d", resp.StatusCode)
	}
	if resp, _ := ask(t, "GET", s.AdminURL+"/metrics", map[string]string{"Origin": "https://evil.example"}, ""); resp.StatusCode != 403 {
		t.Errorf("metrics for a page: %d", resp.StatusCode)
	}
	_, text := ask(t, "GET", s.AdminURL+"/metrics", nil, "")
	for _, want := range []string{
		"sandlot_connections 1", "sandlot_sessions 1", "sandlot_sessions_opened_total 1",
		`sandlot_handshakes_total{result="ok"} 1`, `sandlot_lobbies{game="arena"} 1`, `sandlot_matches{game="arena"} 1`, `sandlot_public_lobbies{game="arena",phase="running"} 1`,
		`sandlot_seats{by="people",game="arena"} 1`, `sandlot_frames_total{direction="out",type="welcome"} 1`,
		`sandlot_slipped_ticks_total{game="arena"} 0`, `sandlot_panics_total{where="game"} 0`,
		`sandlot_drops_total{queue="input_rate"}`, `sandlot_tick_lateness_seconds_count{game="arena"}`,
		`sandlot_tick_step_seconds_count{game="arena"}`, `sandlot_tick_send_seconds_count{game="arena"}`, "sandlot_encode_seconds_count",
		`sandlot_snapshot_bytes_count{kind="delta"}`, "sandlot_chat_latency_seconds_count", "sandlot_http_rate_limited_total 0",
		`sandlot_http_requests_total{method="POST",status="201"} 1`, "go_goroutines", "process_resident_memory_bytes", "sandlot_build_info{",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("metrics lack %q", want)
		}
	}
	if strings.Contains(text, `sandlot_tick_step_seconds_count{game="arena"} 0`) {
		t.Error("no step was measured")
	}
}

func TestAdminToken(t *testing.T) {
	s := cmdtest.Start(t, func(c *cmd.Config) { c.AdminToken = "an operator's token" })
	for _, tc := range []struct {
		path, token string
		status      int
	}{
		{"/metrics", "", 401}, {"/metrics", "Bearer wrong", 401}, {"/metrics", "Bearer an operator's token", 200}, {"/healthz", "", 200}, {"/readyz", "", 401},
	} {
		h := map[string]string{}
		if tc.token != "" {
			h["Authorization"] = tc.token
		}
		if resp, _ := ask(t, "GET", s.AdminURL+tc.path, h, ""); resp.StatusCode != tc.status {
			t.Errorf("%s with %q: %d, want %d", tc.path, tc.token, resp.StatusCode, tc.status)
		}
	}
}

func TestPlainListenerWarns(t *testing.T) {
	open := cmdtest.Start(t, func(c *cmd.Config) { c.Listen = ":0" })
	if w := open.Ready().Warnings; len(w) != 1 || !strings.Contains(w[0], "without TLS") {
		t.Errorf("warnings %q", w)
	}
	behind := cmdtest.Start(t, func(c *cmd.Config) { c.Listen, c.BehindTLSProxy = ":0", true })
	if w := behind.Ready().Warnings; len(w) != 0 {
		t.Errorf("warnings %q", w)
	}
	made, err := behind.Guest("ann").Create(t.Context(), client.CreateOptions{Game: "arena"})
	if err != nil || !strings.HasPrefix(made.URL, "wss://127.0.0.1:") {
		t.Errorf("behind a TLS proxy the socket's address is %v, %v", made, err)
	}
}

// A proxy that is trusted makes the sockets' addresses wss by itself.
func TestTrustedProxyMakesSecureAddresses(t *testing.T) {
	trusting := cmdtest.Start(t, func(c *cmd.Config) { c.TrustedProxies = []string{"127.0.0.1", "::1"} })
	plain := cmdtest.Start(t, nil)
	for _, tc := range []struct {
		s     *cmdtest.Server
		proto string
		want  string
	}{{trusting, "https", "wss://play.example/v1/ws"}, {trusting, "http", "ws://play.example/v1/ws"}, {plain, "https", "ws://play.example/v1/ws"}} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, tc.s.URL+"/v1/quickplay", strings.NewReader(`{"game":"arena"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "play.example"
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+tc.s.Guest("ann").Token)
		r.Header.Set("X-Forwarded-Proto", tc.proto)
		r.Header.Set("X-Forwarded-For", "203.0.113.5")
		resp, err := cmdtest.HTTP(t).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var joined client.Joined
		err = json.NewDecoder(resp.Body).Decode(&joined)
		_ = resp.Body.Close()
		if err != nil || !strings.HasPrefix(joined.URL, tc.want) {
			t.Errorf("%s: %d, %q, %v", tc.proto, resp.StatusCode, joined.URL, err)
		}
	}
}

func TestPublicPages(t *testing.T) {
	s := cmdtest.Start(t, nil)
	for path, want := range map[string]string{
		"/": "<!doctype html>", "/docs": "/v1/quickplay", "/docs/style.css": "color-scheme", "/openapi.json": `"openapi": "3.1.0"`, "/openapi.yaml": "openapi: 3.1.0",
	} {
		resp, body := ask(t, "GET", s.URL+path, nil, "")
		if resp.StatusCode != 200 || !strings.Contains(strings.ToLower(body), strings.ToLower(want)) {
			t.Errorf("%s: %d, without %q", path, resp.StatusCode, want)
		}
		for _, h := range []string{"Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options"} {
			if resp.Header.Get(h) == "" {
				t.Errorf("%s lacks %s", path, h)
			}
		}
	}
}

func TestNewNamesTheListenerThatFails(t *testing.T) {
	s := cmdtest.Start(t, nil)
	c := cmdtest.Config(t)
	c.Listen = strings.TrimPrefix(s.URL, "http://")
	if _, err := cmd.New(c, nil); err == nil || !strings.Contains(err.Error(), "listen for players") {
		t.Errorf("a port that is taken: %v", err)
	}
}
