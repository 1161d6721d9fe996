package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/api"
	"github.com/sandlot-server/sandlot/lobby/queue"
)

// fakeQueue answers with what it was told to, and remembers what it was asked.
// A look at the version that it is at waits for the next one.
type fakeQueue struct {
	err     error
	request queue.Request
	view    queue.View
	next    queue.View
	party   queue.PartyView
	answer  *bool
	gone    string
	removed string
	led     string
}

func (f *fakeQueue) Queue(_ context.Context, _ lobby.Who, r queue.Request) (queue.View, error) {
	f.request = r
	return f.view, f.err
}
func (f *fakeQueue) Get(ctx context.Context, who lobby.Who, id string, version uint64) (queue.View, error) {
	if who.Name != "ann" || id != "t" {
		return queue.View{}, errors.New("asked for " + id + " by " + who.Name)
	}
	if version == 0 || version != f.view.Version {
		return f.view, f.err
	}
	if f.next.Version == 0 {
		<-ctx.Done()
		return f.view, f.err
	}
	return f.next, f.err
}
func (f *fakeQueue) Cancel(_ context.Context, _ lobby.Who, id string) error {
	f.gone = id
	return f.err
}
func (f *fakeQueue) Answer(_ context.Context, _ lobby.Who, id string, accept bool) (queue.View, error) {
	if id != "t" {
		return queue.View{}, errors.New("answered " + id)
	}
	f.answer = &accept
	return f.view, f.err
}
func (f *fakeQueue) NewParty(context.Context, lobby.Who) (queue.PartyView, error) {
	return f.party, f.err
}
func (f *fakeQueue) JoinParty(context.Context, lobby.Who, string) (queue.PartyView, error) {
	return f.party, f.err
}
func (f *fakeQueue) Party(ctx context.Context, who lobby.Who, code string, version uint64) (queue.PartyView, error) {
	if who.Name != "ann" || code != "K7Q2M9XD" {
		return queue.PartyView{}, errors.New("asked for " + code + " by " + who.Name)
	}
	if version != 0 && version == f.party.Version {
		<-ctx.Done()
	}
	return f.party, f.err
}
func (f *fakeQueue) LeaveParty(_ context.Context, _ lobby.Who, _, player string) error {
	f.removed = player
	return f.err
}

func (f *fakeQueue) Lead(_ context.Context, _ lobby.Who, _, lobby string) { f.led = lobby }

var (
	waits = queue.View{ID: "t", Version: 1, State: queue.Queued, Game: "arena", Mode: "ranked", Names: []string{"ann"}}
	found = queue.View{ID: "t", Version: 2, State: queue.Matched, Game: "arena", Mode: "ranked", Names: []string{"ann"}, Lobby: "l",
		Seats: []queue.Seat{{Player: lobby.Who{ID: "1", Name: "ann"}, Team: 2, Joined: lobby.Joined{URL: "/v1/ws?lobby=l", Pass: "p"}}}}
)

func TestTickets(t *testing.T) {
	f := &fake{}
	f.queue.view = waits
	h := newAPI(f, nil)
	body := `{"game":"arena","mode":"ranked","attributes":{"map":"lake"},"latencies":{"eu":30},"players":["load"]}`
	w := call(h, "POST", "/v1/tickets", body, auth, good, "Idempotency-Key", "k")
	r := f.queue.request
	if w.Code != 201 || r.Game != "arena" || r.Mode != "ranked" || r.Key != "k" || r.Attributes["map"] != "lake" || r.Latencies["eu"] != 30 || len(r.With) != 1 || r.With[0].Name != "bot" {
		t.Errorf("%d %s %+v", w.Code, w.Body, r)
	}
	if w := call(h, "POST", "/v1/tickets", `{"game":"arena","players":["bad"]}`, auth, good); w.Code != 401 {
		t.Errorf("a bad token among players: %d %s", w.Code, w.Body)
	}
	if w := call(h, "POST", "/v1/tickets", `{"game":"arena"}`); w.Code != 401 {
		t.Errorf("not signed in: %d", w.Code)
	}
	if w := call(h, "GET", "/v1/tickets/t?wait=10ms", "", auth, good); w.Code != 200 || !strings.Contains(w.Body.String(), `"state":"queued"`) {
		t.Errorf("a look: %d %s", w.Code, w.Body)
	}
	if w := call(h, "GET", "/v1/tickets/t?wait=soon", "", auth, good); w.Code != 422 {
		t.Errorf("a bad wait: %d %s", w.Code, w.Body)
	}
	f.queue.next = found
	w = call(h, "GET", "/v1/tickets/t?wait=25s", "", auth, good)
	var got struct {
		State string
		Seats []struct {
			URL, Pass string
			Team      int
			Player    api.Player
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.State != "matched" || len(got.Seats) != 1 ||
		got.Seats[0].URL != "wss://example.com/v1/ws?lobby=l" || got.Seats[0].Team != 2 || got.Seats[0].Player.Name != "ann" {
		t.Errorf("a look that waits: %d %s", w.Code, w.Body)
	}
	if w := call(h, "POST", "/v1/tickets/t/accept", `{"accept":true}`, auth, good); w.Code != 200 || f.queue.answer == nil || !*f.queue.answer {
		t.Errorf("accept: %d %s", w.Code, w.Body)
	}
	if w := call(h, "DELETE", "/v1/tickets/t", "", auth, good); w.Code != 204 || f.queue.gone != "t" {
		t.Errorf("cancel: %d %s", w.Code, w.Body)
	}
	f.queue.err = &lobby.Error{Code: lobby.CodeQueueFull, Message: "full", RetryAfter: 5 * time.Second}
	if w := call(h, "POST", "/v1/tickets", `{"game":"arena"}`, auth, good); w.Code != 503 || w.Header().Get("Retry-After") != "5" {
		t.Errorf("a full queue: %d %s", w.Code, w.Body)
	}
}

func TestParties(t *testing.T) {
	f := &fake{}
	f.queue.party = queue.PartyView{Code: "K7Q2M9XD", Version: 1, Members: []lobby.Who{{ID: "1", Name: "ann"}}, Most: 16, Ticket: "t"}
	h := newAPI(f, nil)
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"POST", "/v1/parties", "", 201}, {"POST", "/v1/parties/K7Q2M9XD/join", "", 200}, {"GET", "/v1/parties/K7Q2M9XD", "", 200},
		{"GET", "/v1/parties/K7Q2M9XD?wait=10ms&version=1", "", 200}, {"POST", "/v1/parties/K7Q2M9XD/leave", "", 204},
	} {
		w := call(h, c.method, c.path, c.body, auth, good)
		if w.Code != c.status || c.status != 204 && !strings.Contains(w.Body.String(), `"leader":"1"`) {
			t.Errorf("%s %s: %d %s", c.method, c.path, w.Code, w.Body)
		}
	}
	if w := call(h, "POST", "/v1/parties/K7Q2M9XD/leave", `{"player":"2"}`, auth, good); w.Code != 204 || f.queue.removed != "2" {
		t.Errorf("remove: %d %s", w.Code, w.Body)
	}
}

// read reads n events of a stream.
func read(t *testing.T, h http.Handler, path string, n int) (out []string) {
	t.Helper()
	s := httptest.NewServer(h)
	defer s.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, _ := http.NewRequestWithContext(ctx, "GET", s.URL+path, nil)
	r.Header.Set(auth, good)
	resp, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%s: %d %v", path, resp.StatusCode, resp.Header)
	}
	lines := bufio.NewScanner(resp.Body)
	event := ""
	for len(out) < n && lines.Scan() {
		if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			event = name
		}
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			out = append(out, event+" "+data)
		}
	}
	return out
}

func TestStreams(t *testing.T) {
	f := &fake{}
	f.queue.view, f.queue.next = waits, found
	h := newAPI(f, nil)
	got := read(t, h, "/v1/tickets/t/events", 9)
	if len(got) != 2 || !strings.Contains(got[0], `"state":"queued"`) || !strings.Contains(got[1], `"state":"matched"`) {
		t.Errorf("a ticket's events: %q", got)
	}
	f.queue.party = queue.PartyView{Code: "K7Q2M9XD", Version: 1, Members: []lobby.Who{{ID: "1", Name: "ann"}}}
	if got := read(t, h, "/v1/parties/K7Q2M9XD/events", 1); len(got) != 1 || !strings.HasPrefix(got[0], `party {"code":"K7Q2M9XD"`) {
		t.Errorf("a party's events: %q", got)
	}
	got = read(t, h, "/v1/lobbies/events?game=arena&open=true", 9)
	if len(got) != 3 || got[0] != `lobbies {"lobbies":[],"next":""}` || !strings.HasPrefix(got[1], `lobby {"lobby":{"id":"id"`) || got[2] != `gone {"id":"old"}` {
		t.Errorf("the lobbies' events: %q", got)
	}
	if f.filter != (lobby.Filter{Game: "arena", Open: true}) {
		t.Errorf("asked for %+v", f.filter)
	}
	f.queue.err = &lobby.Error{Code: lobby.CodeNoTicket, Message: "none"}
	if w := call(h, "GET", "/v1/tickets/t/events", "", auth, good); w.Code != 404 || !strings.Contains(w.Body.String(), "ticket_not_found") {
		t.Errorf("no ticket: %d %s", w.Code, w.Body)
	}
}

// What waits ends with the server.
func TestWaitsEndWithTheServer(t *testing.T) {
	f := &fake{}
	f.queue.view = waits
	stopping := make(chan struct{})
	h := newAPI(f, func(c *api.Config) { c.Stopping = stopping })
	close(stopping)
	if w := call(h, "GET", "/v1/tickets/t?wait=25s", "", auth, good); w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// Codes cannot be tried one after another.
func TestGuessesAreLimited(t *testing.T) {
	f := &fake{err: &lobby.Error{Code: lobby.CodeNotFound, Message: "none"}}
	h := newAPI(f, func(c *api.Config) { c.Rate, c.Burst = 1, 3 })
	get := func(path string) int {
		r := httptest.NewRequest("GET", path, nil)
		r.RemoteAddr = "192.0.2.7:1"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	for range 3 {
		if got := get("/v1/lobbies/K7Q2M9XD"); got != 404 {
			t.Fatalf("within the burst: %d", got)
		}
	}
	f.err = nil
	if got := get("/v1/lobbies/K7Q2M9XE"); got != 429 {
		t.Errorf("a right code above the rate: %d", got)
	}
	if got := get("/v1/lobbies"); got != 200 {
		t.Errorf("the list: %d", got)
	}
}

func TestActions(t *testing.T) {
	f := &fake{}
	h := newAPI(f, nil)
	w := call(h, "POST", "/v1/lobbies/id/actions", `{"action":"team","player":3,"value":2}`, auth, good)
	if w.Code != 204 || f.action != (lobby.Action{Do: "team", Player: 3, Value: 2}) {
		t.Errorf("%d %s %+v", w.Code, w.Body, f.action)
	}
	if w := call(h, "POST", "/v1/lobbies/id/actions", `{"action":"dance"}`, auth, good); w.Code != 422 {
		t.Errorf("an unknown action: %d", w.Code)
	}
	// The document names the actions that there are.
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct{ Enum []string }
			}
		}
	}
	if err := json.Unmarshal(call(h, "GET", "/openapi.json", "").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if got := doc.Components.Schemas["ActionRequestBody"].Properties["action"].Enum; !slices.Equal(got, lobby.Actions()) {
		t.Errorf("the document has %v, the lobby %v", got, lobby.Actions())
	}
}

func TestPartiesTakeSeats(t *testing.T) {
	f := &fake{}
	f.queue.party = queue.PartyView{Code: "K7Q2M9XD", Version: 1, Members: []lobby.Who{{ID: "1", Name: "ann"}, {ID: "2", Name: "bob"}}}
	h := newAPI(f, nil)
	w := call(h, "POST", "/v1/lobbies/id/join", `{"party":"K7Q2M9XD"}`, auth, good)
	if w.Code != 200 || len(f.others) != 1 || f.others[0].Name != "bob" || f.queue.led != "id" {
		t.Errorf("%d %s %+v", w.Code, w.Body, f.others)
	}
	f.queue.party.Members[0].ID = "3"
	if w := call(h, "POST", "/v1/lobbies/id/join", `{"party":"K7Q2M9XD"}`, auth, good); w.Code != 403 || !strings.Contains(w.Body.String(), "not_leader") {
		t.Errorf("not the leader: %d %s", w.Code, w.Body)
	}
}
