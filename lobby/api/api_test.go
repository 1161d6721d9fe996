package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/api"
)

// fake answers with what it was told to, and remembers what it was asked.
type fake struct {
	err     error
	who     lobby.Who
	created lobby.CreateOptions
	role    lobby.Role
	filter  lobby.Filter
	page    lobby.Page
	list    lobby.List
	queue   fakeQueue
	others  []lobby.Who
	action  lobby.Action
}

var joined = lobby.Joined{
	Lobby: lobby.Info{ID: "id", Code: "CODE", Game: "arena", Phase: "waiting"}, URL: "/v1/ws?lobby=id", Pass: "pass", Expires: time.Unix(1800000000, 0),
}

func (f *fake) Create(_ context.Context, who lobby.Who, o lobby.CreateOptions) (lobby.Joined, error) {
	f.who, f.created = who, o
	return joined, f.err
}
func (f *fake) Join(_ context.Context, who lobby.Who, _ string, r lobby.Role) (lobby.Joined, error) {
	f.who, f.role = who, r
	return joined, f.err
}
func (f *fake) JoinAll(_ context.Context, who lobby.Who, others []lobby.Who, _ string) (lobby.Joined, error) {
	f.who, f.others = who, others
	return joined, f.err
}
func (f *fake) Act(_ context.Context, who lobby.Who, _ string, a lobby.Action) error {
	f.who, f.action = who, a
	return f.err
}
func (f *fake) Leave(_ context.Context, who lobby.Who, _ string) error { f.who = who; return f.err }
func (f *fake) Get(_ context.Context, who lobby.Who, _ string) (lobby.Info, error) {
	f.who = who
	return joined.Lobby, f.err
}
func (f *fake) List(_ context.Context, fi lobby.Filter, p lobby.Page) (lobby.List, error) {
	f.filter, f.page = fi, p
	return f.list, f.err
}
func (f *fake) Watch(ctx context.Context, fi lobby.Filter, tell func(lobby.Changes) error) error {
	f.filter = fi
	for _, c := range []lobby.Changes{{Whole: true}, {Lobbies: []lobby.Info{joined.Lobby}, Gone: []string{"old"}}} {
		if err := tell(c); err != nil {
			return err
		}
	}
	return ctx.Err()
}
func (f *fake) QuickPlay(_ context.Context, who lobby.Who, _ lobby.QuickPlayOptions) (lobby.Joined, error) {
	f.who = who
	return joined, f.err
}

// keys takes "good" for ann and "load" for a load test.
type keys struct{}

func (keys) Guest(token, name string, colour uint8) (string, lobby.Who, error) {
	if name == "bad" {
		return "", lobby.Who{}, api.NewProblem(api.CodeBadName, "not a name", 0)
	}
	if token == "good" {
		return "better", lobby.Who{ID: "1", Name: name, Expires: time.Unix(1900000000, 0)}, nil
	}
	return "good", lobby.Who{ID: "1", Name: name, Colour: colour, Expires: time.Unix(1800000000, 0)}, nil
}

func (keys) Verify(_ context.Context, token string) (lobby.Who, error) {
	switch token {
	case "good":
		return lobby.Who{ID: "1", Name: "ann"}, nil
	case "load":
		return lobby.Who{ID: "2", Name: "bot", Load: true}, nil
	}
	return lobby.Who{}, errors.New("the token has expired")
}

func newAPI(f *fake, change func(*api.Config)) http.Handler {
	c := api.Config{
		Version: "test", Guests: true, BodyBytes: 1024, BodyTimeout: time.Second,
		Base:        func(r *http.Request) string { return "https://" + r.Host },
		Queue:       &f.queue,
		AllowOrigin: func(r *http.Request) bool { return r.Header.Get("Origin") == "https://friend.example" },
	}
	if change != nil {
		change(&c)
	}
	return api.New(c, f, keys{})
}

func call(h http.Handler, method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const auth, good = "Authorization", "Bearer good"

func TestGuest(t *testing.T) {
	h := newAPI(&fake{}, nil)
	w := call(h, "POST", "/v1/guests", `{"name":"ann","cookie":true}`)
	if w.Code != 201 || !strings.Contains(w.Body.String(), `"player":{"id":"1","name":"ann"}`) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	cookie := w.Header().Get("Set-Cookie")
	for _, want := range []string{"sandlot_token=good", "HttpOnly", "Secure", "SameSite=Strict"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %q lacks %s", cookie, want)
		}
	}
	if w := call(h, "POST", "/v1/guests", `{"name":"ann"}`); w.Header().Get("Set-Cookie") != "" {
		t.Errorf("a cookie that was not asked for: %v", w.Header())
	}
	if w := call(h, "POST", "/v1/guests", `{"name":"ann","colour":16}`); w.Code != 201 || !strings.Contains(w.Body.String(), `"colour":16`) {
		t.Errorf("a colour: %d %s", w.Code, w.Body)
	}
	if w := call(h, "POST", "/v1/guests", `{"name":"ann"}`, auth, good); w.Code != 201 || !strings.Contains(w.Body.String(), `"token":"better"`) {
		t.Errorf("a guest's next token: %d %s", w.Code, w.Body)
	}
	for body, status := range map[string]int{`{}`: 422, `{"name":"ann","colour":17}`: 422, `{"name":"ann","colour":-1}`: 422, `{"name":""}`: 422, `{"name":"bad"}`: 422, `{"name":7}`: 422, `[`: 400, ``: 400} {
		if w := call(h, "POST", "/v1/guests", body); w.Code != status {
			t.Errorf("%q: %d %s", body, w.Code, w.Body)
		}
	}
}

func TestWhatIsAskedArrives(t *testing.T) {
	f := &fake{}
	h := newAPI(f, nil)
	w := call(h, "POST", "/v1/lobbies", `{"game":"arena","title":"x","private":true,"bots":true,"fillTo":4,"maxPlayers":8,"settings":{"kills":3}}`, auth, good)
	if w.Code != 201 || f.who.Name != "ann" || f.created.FillTo != 4 || f.created.MaxPlayers != 8 || f.created.Settings["kills"] != 3 || !f.created.Private || !f.created.Bots {
		t.Errorf("create: %d %s %+v", w.Code, w.Body, f.created)
	}
	var body struct{ URL, Pass, ExpiresAt string }
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || body.URL != "wss://example.com/v1/ws?lobby=id" || body.Pass != "pass" || body.ExpiresAt == "" {
		t.Errorf("create answers %s", w.Body)
	}
	for role, want := range map[string]lobby.Role{`{"role":"spectator"}`: lobby.RoleSpectator, `{"role":"chat"}`: lobby.RoleChat, `{}`: lobby.RolePlayer, ``: lobby.RolePlayer} {
		if w := call(h, "POST", "/v1/lobbies/CODE/join", role, auth, good); w.Code != 200 || f.role != want {
			t.Errorf("join %q: %d %s, role %d", role, w.Code, w.Body, f.role)
		}
	}
	if w := call(h, "POST", "/v1/lobbies/CODE/join", `{"role":"king"}`, auth, good); w.Code != 422 {
		t.Errorf("join as king: %d", w.Code)
	}
	if w := call(h, "POST", "/v1/lobbies/id/leave", "", auth, good); w.Code != 204 || w.Body.Len() != 0 {
		t.Errorf("leave: %d %s", w.Code, w.Body)
	}
	if w := call(h, "POST", "/v1/quickplay", `{"game":"arena"}`, auth, "bearer good"); w.Code != 200 {
		t.Errorf("quick play: %d %s", w.Code, w.Body)
	}
	if w := call(h, "GET", "/v1/lobbies?game=arena&phase=running&open=true&limit=7&cursor=abc", ""); w.Code != 200 ||
		f.filter != (lobby.Filter{Game: "arena", Phase: "running", Open: true}) || f.page != (lobby.Page{Limit: 7, Cursor: "abc"}) {
		t.Errorf("list: %d %+v %+v", w.Code, f.filter, f.page)
	}
	if w := call(h, "GET", "/v1/lobbies", ""); strings.TrimSpace(w.Body.String()) != `{"lobbies":[],"next":""}` || f.page.Limit != 50 {
		t.Errorf("an empty list is %s, asked %+v", w.Body, f.page)
	}
	f.who = lobby.Who{}
	if w := call(h, "GET", "/v1/lobbies/CODE", "", "Cookie", "sandlot_token=good"); w.Code != 200 || f.who.Name != "ann" {
		t.Errorf("get by cookie: %d, %+v", w.Code, f.who)
	}
	if w := call(h, "GET", "/v1/lobbies/CODE", "", auth, "Bearer bad"); w.Code != 401 || w.Header().Get("WWW-Authenticate") == "" {
		t.Errorf("get with a bad token: %d", w.Code)
	}
}

// Each code of package lobby has its line in the one table.
func TestEveryCodeHasAStatus(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	codes := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Names) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Code") || len(spec.Values) != 1 {
			return true
		}
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		codes++
		p := api.NewProblem(code, "", 0)
		if p.Status == 500 && code != lobby.CodeInternal {
			t.Errorf("%s (%s) has no status", spec.Names[0].Name, code)
		}
		return true
	})
	if codes < 10 {
		t.Errorf("found %d codes", codes)
	}
}

func TestRefusalsOfLobbies(t *testing.T) {
	for _, tc := range []struct {
		err        error
		status     int
		code       string
		retryAfter string
	}{
		{&lobby.Error{Code: lobby.CodeFull, Message: "full"}, 409, "lobby_full", ""},
		{&lobby.Error{Code: lobby.CodeUnavailable, Message: "later", RetryAfter: 1500 * time.Millisecond}, 503, "cross_unavailable", "2"},
		{&lobby.Error{Code: lobby.CodeLimit, Message: "too many"}, 429, "too_many_lobbies", "2"},
		{&lobby.Error{Code: lobby.CodeInternal, Message: "dial tcp 10.0.0.1"}, 500, "internal", ""},
		{errors.New("dial tcp 10.0.0.1"), 500, "internal", ""},
	} {
		w := call(newAPI(&fake{err: tc.err}, nil), "POST", "/v1/quickplay", `{"game":"arena"}`, auth, good)
		var p api.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatalf("%v: %s", err, w.Body)
		}
		if w.Code != tc.status || p.Status != tc.status || p.Code != tc.code || w.Header().Get("Retry-After") != tc.retryAfter ||
			w.Header().Get("Content-Type") != "application/problem+json" || strings.Contains(w.Body.String(), "10.0.0.1") {
			t.Errorf("%v: %d %s %v", tc.err, w.Code, w.Body, w.Header())
		}
	}
}

func TestOtherSites(t *testing.T) {
	h := newAPI(&fake{}, nil)
	friend, foe := "https://friend.example", "https://foe.example"
	w := call(h, "OPTIONS", "/v1/lobbies", "", "Origin", friend, "Access-Control-Request-Method", "POST")
	if w.Code != 204 || w.Header().Get("Access-Control-Allow-Origin") != friend || !strings.Contains(w.Header().Get("Access-Control-Allow-Headers"), "Authorization") {
		t.Errorf("a friend's preflight: %d %v", w.Code, w.Header())
	}
	w = call(h, "OPTIONS", "/v1/lobbies", "", "Origin", foe, "Access-Control-Request-Method", "POST")
	if w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a foe's preflight: %v", w.Header())
	}
	if w := call(h, "POST", "/v1/guests", `{"name":"ann"}`, "Origin", friend); w.Code != 201 || w.Header().Get("Access-Control-Allow-Origin") != friend {
		t.Errorf("a friend's POST: %d %v", w.Code, w.Header())
	}
	if w := call(h, "POST", "/v1/guests", `{"name":"ann"}`, "Origin", foe); w.Code != 403 || !strings.Contains(w.Body.String(), "cross_site") {
		t.Errorf("a foe's POST: %d %s", w.Code, w.Body)
	}
	if w := call(h, "POST", "/v1/guests", `{"name":"ann"}`, "Sec-Fetch-Site", "cross-site"); w.Code != 403 {
		t.Errorf("a form of another site: %d", w.Code)
	}
	if w := call(h, "GET", "/v1/games", "", "Origin", foe); w.Code != 200 || w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a foe's GET: %d %v", w.Code, w.Header())
	}
}

func TestRates(t *testing.T) {
	limited := 0
	h := newAPI(&fake{}, func(c *api.Config) {
		c.Rate, c.Burst, c.Limited = 0.5, 2, func() { limited++ }
	})
	from := func(addr string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "/v1/guests", strings.NewReader(`{"name":"ann"}`))
		r.RemoteAddr = addr
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for range 2 {
		if w := from("192.0.2.1:1"); w.Code != 201 {
			t.Fatalf("within the burst: %d", w.Code)
		}
	}
	if w := from("192.0.2.1:2"); w.Code != 429 || w.Header().Get("Retry-After") != "2" || !strings.Contains(w.Body.String(), "rate_limited") {
		t.Errorf("above: %d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := from("192.0.2.1:2", auth, "Bearer load"); w.Code != 201 {
		t.Errorf("a load test: %d", w.Code)
	}
	if w := from("192.0.2.2:1"); w.Code != 201 {
		t.Errorf("another address: %d", w.Code)
	}
	for i, addr := range []string{"[2001:db8::1]:1", "[2001:db8::2]:1", "[2001:db8::3]:1"} {
		if w := from(addr); (w.Code == 429) != (i == 2) {
			t.Errorf("%s, of one /64: %d", addr, w.Code)
		}
	}
	for range 10 {
		if w := from("127.0.0.1:1"); w.Code != 201 {
			t.Fatalf("loopback: %d", w.Code)
		}
	}
	if limited != 2 {
		t.Errorf("%d were counted, want 2", limited)
	}
}

func TestBodies(t *testing.T) {
	h := newAPI(&fake{}, nil)
	long := `{"name":"` + strings.Repeat("x", 2000) + `"}`
	if w := call(h, "POST", "/v1/guests", long); w.Code != 413 || !strings.Contains(w.Body.String(), "body_too_large") {
		t.Errorf("announced: %d %s", w.Code, w.Body)
	}
	r := httptest.NewRequest("POST", "/v1/guests", io.MultiReader(strings.NewReader(long)))
	r.ContentLength = -1
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != 413 || !strings.Contains(w.Body.String(), "body_too_large") {
		t.Errorf("not announced: %d %s", w.Code, w.Body)
	}
	exact := `{"name":"x"` + strings.Repeat(" ", 1024-len(`{"name":"x"}`)) + `}`
	if w := call(h, "POST", "/v1/guests", exact); w.Code != 201 {
		t.Errorf("1024 bytes: %d %s", w.Code, w.Body)
	}
}

func TestLists304(t *testing.T) {
	f := &fake{list: lobby.List{Lobbies: []lobby.Info{{ID: "a"}}}}
	h := newAPI(f, nil)
	tag := call(h, "GET", "/v1/lobbies", "").Header().Get("ETag")
	if tag == "" {
		t.Fatal("no ETag")
	}
	if w := call(h, "GET", "/v1/lobbies", "", "If-None-Match", tag); w.Code != 304 || w.Body.Len() != 0 {
		t.Errorf("unchanged: %d %s", w.Code, w.Body)
	}
	f.list.Lobbies[0].Players++
	if w := call(h, "GET", "/v1/lobbies", "", "If-None-Match", tag); w.Code != 200 {
		t.Errorf("changed: %d", w.Code)
	}
}

func TestDocuments(t *testing.T) {
	h := newAPI(&fake{}, nil)
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			OperationID string
			Summary     string
			RequestBody struct {
				Content map[string]struct{ Example any }
			}
			Responses map[string]struct {
				Content map[string]struct{ Example any }
			}
		}
	}
	w := call(h, "GET", "/openapi.json", "")
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || doc.OpenAPI != "3.1.0" {
		t.Fatalf("%v %.100s", err, w.Body)
	}
	page := call(h, "GET", "/docs", "")
	text := page.Body.String()
	if strings.Contains(text, "<script") || strings.Contains(text, "style=") || strings.Contains(text, "http://") || strings.Contains(text, "https://") && strings.Contains(text, `src="https://`) {
		t.Error("the page holds script, style or another host")
	}
	operations := 0
	for path, item := range doc.Paths {
		for method, op := range item {
			operations++
			if !strings.Contains(text, `id="`+op.OperationID+`"`) {
				t.Errorf("the page lacks %s", op.OperationID)
			}
			for kind, c := range op.RequestBody.Content {
				if c.Example == nil {
					t.Errorf("%s %s has no example of its body as %s", method, path, kind)
				}
			}
			for status, r := range op.Responses {
				for kind, c := range r.Content {
					if c.Example == nil {
						t.Errorf("%s %s has no example of %s as %s", method, path, status, kind)
					}
				}
			}
		}
	}
	if operations != 20 {
		t.Errorf("%d operations, want 20", operations)
	}
	if w := call(h, "GET", "/docs/style.css", ""); w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") {
		t.Errorf("the style: %d", w.Code)
	}
	for _, path := range []string{"/v1/nothing", "/docs/nothing"} {
		if w := call(h, "GET", path, ""); w.Code != 404 || !strings.Contains(w.Body.String(), "not_found") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	w = call(h, "PUT", "/v1/lobbies", "{}")
	if w.Code != 405 || w.Header().Get("Allow") != "GET, POST" || !strings.Contains(w.Body.String(), `"code":"method"`) || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("another method: %d %v %s", w.Code, w.Header(), w.Body)
	}
	for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options"} {
		if page.Header().Get(name) == "" {
			t.Errorf("no %s", name)
		}
	}
}

func FuzzBodies(f *testing.F) {
	for _, seed := range []string{`{"game":"arena"}`, `{"name":"ann"}`, `{"role":"chat"}`, `{"action":"kick","player":2}`, `{"accept":true}`, `{"game":"arena","players":["good"],"latencies":{"eu":1e9}}`, `[[[[`, `{"settings":{"a":1e400}}`, "\xff", `null`} {
		f.Add([]byte(seed))
	}
	h := newAPI(&fake{}, nil)
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, path := range []string{"/v1/guests", "/v1/lobbies", "/v1/lobbies/x/join", "/v1/lobbies/x/actions", "/v1/quickplay", "/v1/tickets", "/v1/tickets/t/accept", "/v1/parties/x/leave"} {
			w := call(h, "POST", path, string(body), auth, good)
			if w.Code >= 500 {
				t.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
			if w.Code >= 400 && w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: %d as %s", path, w.Code, w.Header().Get("Content-Type"))
			}
		}
	})
}
