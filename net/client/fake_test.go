package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/wire"
	"github.com/sandlot-server/sandlot/net/ws/dial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// schema is a game of one table, one input and one command.
func schema() *state.Schema {
	return &state.Schema{
		TickRate: 20,
		Tables:   []state.TableSchema{{Name: "ships", Fields: []state.Field{{Name: "x", Step: 4}}}},
		Input:    state.Message{Name: "input", Fields: []state.MessageField{{Name: "move", Min: -1, Max: 1}}},
		Commands: []state.Message{{Name: "drop", Fields: []state.MessageField{{Name: "column", Max: 6}}}},
		Settings: []state.Setting{{Name: "minutes", Min: 1, Max: 9, Default: 3}},
	}
}

func welcome(resume string, events uint64) []byte {
	return wire.AppendWelcome(nil, &wire.Welcome{
		Instance: "a", Lobby: "L", Game: "g", Player: 1, Resume: resume, HoldMS: 30000, Events: events, Schema: schema(),
	})
}

func running() []byte { return wire.AppendLobby(nil, &wire.Lobby{Phase: wire.PhaseRunning}) }

// stateFrame is a keyframe with a ship at x, or a delta that moves it by x.
func stateFrame(keyframe bool, tick, applied uint32, margin int, x int64) []byte {
	zz := x<<1 ^ x>>63
	body := []int64{8, 1, 2, 1, 1, zz, 0} // added: id 1 of player 1, mask 1
	if !keyframe {
		body = []int64{2, 1, 0, zz, 0}
	}
	w := wire.NewWriter(wire.AppendStateHead(nil, keyframe, tick, applied, margin, len(body)))
	for _, v := range body {
		w.Int(v)
	}
	return w.Bytes()
}

// named is what each attempt adds to the URL.
var named = regexp.MustCompile(`[?&]from=[0-9a-z]{1,16}\.[0-9]+`)

// world is a server in memory: HTTP calls and dials, with a log of both. Its
// dial function decides what each attempt gets.
type world struct {
	mu    sync.Mutex
	log   []string
	began time.Time
	dial  func(n int, o dial.Options) (client.Socket, error)
	http  func(path string, body map[string]any) (status int, answer any)
	dials int
}

func (w *world) note(s string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = append(w.log, s)
}

func (w *world) notes() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.log, "\n")
}

func (w *world) Dial(_ context.Context, o dial.Options) (client.Socket, error) {
	w.mu.Lock()
	n := w.dials
	w.dials++
	where := named.ReplaceAllString(o.URL, "")
	if where == o.URL {
		w.log = append(w.log, "an attempt without a name and a number")
	}
	w.log = append(w.log, time.Since(w.began).String()+" "+where+" "+strings.TrimPrefix(o.Header.Get("Authorization"), "Bearer "))
	w.mu.Unlock()
	return w.dial(n, o)
}

func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	body := map[string]any{}
	if r.Body != nil {
		_ = json.NewDecoder(r.Body).Decode(&body)
	}
	w.note(r.Method + " " + r.URL.Path + " " + r.Header.Get("Authorization"))
	status, answer := http.StatusOK, any(nil)
	if w.http != nil {
		status, answer = w.http(r.URL.Path, body)
	}
	switch {
	case answer != nil:
	case strings.HasSuffix(r.URL.Path, "/guests"):
		answer = client.Guest{Token: "token"}
	default:
		answer = joined()
	}
	b, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Retry-After": {"3"}}, Body: io.NopCloser(strings.NewReader(string(b))),
	}, nil
}

func joined() client.Joined {
	return client.Joined{Lobby: client.Lobby{ID: "L"}, URL: "ws://home/v1/ws?lobby=L", Pass: "pass"}
}

func (w *world) options() client.Options {
	w.began = time.Now()
	return client.Options{
		URL: "http://home", Name: "Ann", Game: "g", Dial: w.Dial, HTTP: &http.Client{Transport: w},
		Chance: func() float64 { return 1 },
	}
}

// socket is one in memory: what comes from the server is in its channel.
type socket struct {
	in      chan []byte
	end     chan dial.Closing // how the server ends it
	closing sync.Once
	wrote   func(p []byte)
}

func newSocket(frames ...[]byte) *socket {
	s := &socket{in: make(chan []byte, 64), end: make(chan dial.Closing, 2)}
	for _, f := range frames {
		s.in <- f
	}
	return s
}

// ends makes the socket end like that once what is in it was read.
func (s *socket) ends(code uint16, reason string) *socket {
	s.end <- dial.Closing{Code: code, Reason: reason}
	return s
}

func (s *socket) Run(message func([]byte)) dial.Closing {
	for {
		select {
		case p := <-s.in:
			message(p)
			continue
		default:
		}
		select {
		case p := <-s.in:
			message(p)
		case e := <-s.end:
			return e
		}
	}
}

func (s *socket) Write(p []byte) error {
	if s.wrote != nil {
		s.wrote(append([]byte(nil), p...))
	}
	return nil
}

func (s *socket) Close(code uint16, reason string) {
	s.closing.Do(func() { s.end <- dial.Closing{Code: code, Reason: reason} })
}

var errNetwork = errors.New("no route")
