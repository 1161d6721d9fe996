package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// API makes the HTTP calls. URL is the server's base ("http://host:7777"); Token
// is the player's, and is needed for all but Guest, Games, List and Get. It is
// safe for concurrent use while its fields do not change.
type API struct {
	URL   string
	Token string
	HTTP  *http.Client // http.DefaultClient by default
}

// Problem is the error of a call that the server answered with one.
type Problem struct {
	Status     int
	Code       string        // stable, for programs; may be empty
	Title      string        // of the status or the code
	Detail     string        // for people; may be empty
	RetryAfter time.Duration // 0: unsaid
}

// Error implements error.
func (p *Problem) Error() string {
	text := fmt.Sprintf("status %d", p.Status)
	for _, s := range []string{p.Code, p.Detail} {
		if s != "" {
			text += ": " + s
		}
	}
	if p.Code == "" && p.Detail == "" && p.Title != "" {
		text += ": " + p.Title
	}
	return text
}

// maxBody bounds an answer in bytes.
const maxBody = 1 << 20

// Guest makes a guest with a name and returns its token; it does not set a's. Where
// a's token is a guest's and still good, the token is another one of the same player.
func (a *API) Guest(ctx context.Context, name string) (*Guest, error) {
	return a.ColouredGuest(ctx, name, 0)
}

// ColouredGuest is Guest with a colour of the palette, 1 to wire.Colours; 0 is none.
func (a *API) ColouredGuest(ctx context.Context, name string, colour int) (*Guest, error) {
	out := new(Guest)
	return out, a.call(ctx, http.MethodPost, "/v1/guests", map[string]any{"name": name, "colour": colour}, out)
}

// Games lists the server's games.
func (a *API) Games(ctx context.Context) ([]Game, error) {
	var out struct {
		Games []Game `json:"games"`
	}
	err := a.call(ctx, http.MethodGet, "/v1/games", nil, &out)
	return out.Games, err
}

// List lists public lobbies, a page.
func (a *API) List(ctx context.Context, o ListOptions) (*Page, error) {
	q := url.Values{}
	for k, v := range map[string]string{"game": o.Game, "phase": o.Phase, "cursor": o.Cursor} {
		if v != "" {
			q.Set(k, v)
		}
	}
	if o.Open {
		q.Set("open", "true")
	}
	if o.Limit > 0 {
		q.Set("limit", strconv.Itoa(o.Limit))
	}
	out := new(Page)
	return out, a.call(ctx, http.MethodGet, "/v1/lobbies?"+q.Encode(), nil, out)
}

// Get looks up one lobby by id or code.
func (a *API) Get(ctx context.Context, lobby string) (*Lobby, error) {
	var out struct {
		Lobby Lobby `json:"lobby"`
	}
	err := a.call(ctx, http.MethodGet, "/v1/lobbies/"+url.PathEscape(lobby), nil, &out)
	return &out.Lobby, err
}

// Create makes a lobby and takes a seat in it.
func (a *API) Create(ctx context.Context, o CreateOptions) (*Joined, error) {
	out := new(Joined)
	return out, a.call(ctx, http.MethodPost, "/v1/lobbies", o, out)
}

// Join takes a seat by id or code. The role is "player", "spectator" or "chat";
// empty means player.
func (a *API) Join(ctx context.Context, lobby, role string) (*Joined, error) {
	body := map[string]string{}
	if role != "" {
		body["role"] = role
	}
	out := new(Joined)
	return out, a.call(ctx, http.MethodPost, "/v1/lobbies/"+url.PathEscape(lobby)+"/join", body, out)
}

// JoinWith takes seats in a lobby for all of the party that the asker leads, or
// for none. The others see in the party where, and join.
func (a *API) JoinWith(ctx context.Context, lobby, party string) (*Joined, error) {
	out := new(Joined)
	return out, a.call(ctx, http.MethodPost, "/v1/lobbies/"+url.PathEscape(lobby)+"/join", map[string]string{"party": party}, out)
}

// Act does something in a lobby, as its messages on the socket do.
func (a *API) Act(ctx context.Context, lobby string, act Action) error {
	return a.call(ctx, http.MethodPost, "/v1/lobbies/"+url.PathEscape(lobby)+"/actions", act, nil)
}

// Leave gives up the seat in a lobby.
func (a *API) Leave(ctx context.Context, lobby string) error {
	return a.call(ctx, http.MethodPost, "/v1/lobbies/"+url.PathEscape(lobby)+"/leave", nil, nil)
}

// QuickPlay takes a seat in any open lobby of a game, or in a new one.
func (a *API) QuickPlay(ctx context.Context, game string) (*Joined, error) {
	out := new(Joined)
	return out, a.call(ctx, http.MethodPost, "/v1/quickplay", map[string]string{"game": game}, out)
}

func (a *API) call(ctx context.Context, method, path string, in, out any) error {
	return a.callWith(ctx, method, path, nil, in, out)
}

func (a *API) callWith(ctx context.Context, method, path string, header http.Header, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("encode request: %w", err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(a.URL, "/")+path, body)
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	if a.Token != "" {
		req.Header.Set("Authorization", "Bearer "+a.Token)
	}
	client := a.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("call server: %w", err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return fmt.Errorf("read answer to %s %s: %w", method, path, err)
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %w", method, path, problem(resp, answer))
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("decode answer to %s %s: %w", method, path, err)
	}
	return nil
}

func problem(resp *http.Response, body []byte) *Problem {
	p := &Problem{Status: resp.StatusCode}
	var in struct{ Code, Title, Detail string }
	if json.Unmarshal(body, &in) == nil {
		p.Code, p.Title, p.Detail = in.Code, in.Title, in.Detail
	}
	if p.Title == "" {
		p.Title = http.StatusText(resp.StatusCode)
	}
	if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && s > 0 && s < 1<<20 {
		p.RetryAfter = time.Duration(s) * time.Second
	}
	return p
}
