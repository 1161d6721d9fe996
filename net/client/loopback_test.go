package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/wire"
	"github.com/sandlot-server/sandlot/net/ws/dial"
	"github.com/sandlot-server/sandlot/net/ws/dial/dialtest"
)

// loopback is a server over real sockets that answers every input with a state
// and says goodbye to who leaves. The first connection breaks after a while.
func loopback(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	var s *httptest.Server
	answer := func(w http.ResponseWriter, v any) {
		if err := json.NewEncoder(w).Encode(v); err != nil {
			t.Error(err)
		}
	}
	mux.HandleFunc("POST /v1/guests", func(w http.ResponseWriter, r *http.Request) {
		answer(w, client.Guest{Token: "tok", Player: client.Player{ID: "p1", Name: "Ann"}})
	})
	mux.HandleFunc("GET /v1/games", func(w http.ResponseWriter, r *http.Request) {
		answer(w, map[string]any{"games": []client.Game{{Name: "arena", Rate: 30}}})
	})
	mux.HandleFunc("GET /v1/lobbies", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery != "game=arena&limit=5&open=true" {
			t.Errorf("asked for %q", r.URL.RawQuery)
		}
		answer(w, client.Page{Lobbies: []client.Lobby{{ID: "L", Players: 3}}, Next: "more"})
	})
	mux.HandleFunc("GET /v1/lobbies/{id}", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		answer(w, map[string]any{"code": "no_lobby", "detail": "no lobby " + r.PathValue("id")})
	})
	enter := func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer tok" {
			t.Errorf("not signed in: %q", r.Header)
		}
		answer(w, client.Joined{Lobby: client.Lobby{ID: "L"}, Pass: "pass", URL: "ws" + strings.TrimPrefix(s.URL, "http") + "/v1/ws?lobby=L"})
	}
	mux.HandleFunc("POST /v1/lobbies", enter)
	mux.HandleFunc("POST /v1/lobbies/{id}/join", enter)
	mux.HandleFunc("POST /v1/lobbies/{id}/leave", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("POST /v1/quickplay", enter)
	var once sync.Once
	var conns sync.WaitGroup
	mux.HandleFunc("GET /v1/ws", func(w http.ResponseWriter, r *http.Request) {
		conns.Add(1) // before the hijack, up to which Close waits for the handler
		defer conns.Done()
		p, err := dialtest.Upgrade(w, r, wire.Protocol)
		if err != nil {
			t.Error(err)
			return
		}
		defer p.Break()
		breaks := false
		once.Do(func() { breaks = true })
		play(t, p, breaks)
	})
	s = httptest.NewServer(mux)
	t.Cleanup(func() { s.Close(); conns.Wait() })
	return s
}

func play(t *testing.T, p *dialtest.Peer, breaks bool) {
	events := uint64(0)
	if !breaks {
		events = 1
		if p.Request.URL.Query().Get("seen") != "1" || p.Request.Header.Get("Authorization") != "Bearer resume" {
			t.Errorf("came back as %v", p.Request.URL)
		}
	}
	for _, f := range [][]byte{welcome("resume", events), running(), stateFrame(true, 1, 0, 1, 0)} {
		if p.Write(f) != nil {
			return
		}
	}
	for {
		b, err := p.Read()
		if err != nil {
			return
		}
		var m wire.ClientMessage
		if err := wire.Decode(b, schema(), &m); err != nil {
			t.Errorf("the client sent % x: %v", b, err)
		}
		switch m.Type {
		case wire.TypeInput:
			if breaks && m.Input.Seq >= 5 {
				return
			}
			_ = p.Write(stateFrame(false, 1, 1, 1, m.Input.Fields[0].Int))
		case wire.TypePing:
			now := uint64(time.Now().UnixMicro())
			_ = p.Write(wire.AppendPong(nil, wire.Pong{ClientTime: m.Ping.ClientTime, ReceivedUS: now, SentUS: now}))
		case wire.TypeLeave:
			p.Close(1000, "bye")
			return
		}
	}
}

func TestOverLoopback(t *testing.T) {
	s := loopback(t)
	httpClient := s.Client()
	defer httpClient.CloseIdleConnections()
	enough := make(chan struct{})
	var once sync.Once
	c, err := client.Dial(context.Background(), client.Options{
		URL: s.URL + "/", Name: "Ann", Game: "arena", HTTP: httpClient,
		Backoff: client.Backoff{First: time.Millisecond},
		OnTick:  func(c *client.Client) { _, _ = c.SendInput([]state.Value{{Int: 1}}) },
		OnState: func(c *client.Client) {
			if st := c.Stats(); st.Reconnects == 1 && st.Latency.Count() >= 10 {
				once.Do(func() { close(enough) })
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	<-enough
	if err := c.Leave(); err != nil {
		t.Error(err)
	}
	<-c.Done()
	st := c.Stats()
	if c.Err() != nil || st.Keyframes != 2 || st.BytesIn == 0 || st.BytesOut == 0 || st.RTT.Count() == 0 {
		t.Errorf("ended with %v, %+v", c.Err(), st)
	}
}

func TestAPI(t *testing.T) {
	s := loopback(t)
	ctx := context.Background()
	httpClient := s.Client()
	defer httpClient.CloseIdleConnections()
	api := client.API{URL: s.URL, HTTP: httpClient}
	g, err := api.Guest(ctx, "Ann")
	if err != nil || g.Player.Name != "Ann" {
		t.Fatal(g, err)
	}
	api.Token = g.Token
	if games, err := api.Games(ctx); err != nil || len(games) != 1 || games[0].Rate != 30 {
		t.Error(games, err)
	}
	if page, err := api.List(ctx, client.ListOptions{Game: "arena", Open: true, Limit: 5}); err != nil || page.Lobbies[0].Players != 3 || page.Next != "more" {
		t.Error(page, err)
	}
	var problem *client.Problem
	if _, err := api.Get(ctx, "a/b"); !errors.As(err, &problem) || problem.Code != "no_lobby" || problem.Detail != "no lobby a/b" {
		t.Error(err)
	}
	for _, call := range []func() (*client.Joined, error){
		func() (*client.Joined, error) { return api.Create(ctx, client.CreateOptions{Game: "arena"}) },
		func() (*client.Joined, error) { return api.Join(ctx, "L", "spectator") },
		func() (*client.Joined, error) { return api.QuickPlay(ctx, "arena") },
	} {
		if j, err := call(); err != nil || j.Pass != "pass" {
			t.Error(j, err)
		}
	}
	if err := api.Leave(ctx, "L"); err != nil {
		t.Error(err)
	}
}

func TestDialFails(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	httpClient := s.Client()
	defer httpClient.CloseIdleConnections()
	var problem *client.Problem
	if _, err := client.Dial(context.Background(), client.Options{URL: s.URL, Name: "Ann", Game: "g", HTTP: httpClient}); !errors.As(err, &problem) || problem.Status != 404 {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	o := client.Options{URL: s.URL, Joined: &client.Joined{URL: "ws://x"}}
	o.Dial = func(ctx context.Context, _ dial.Options) (client.Socket, error) {
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if _, err := client.Dial(ctx, o); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
