package client

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Changes is what Watch tells: first the Whole list, then what came or changed,
// and the ids of what is gone from it.
type Changes struct {
	Whole   bool
	Lobbies []Lobby // newest first
	Gone    []string
}

// maxEvent bounds one event of a stream in bytes.
const maxEvent = 4 << 20

// Watch tells of the public lobbies that o keeps, as they change, until ctx is
// done or the stream ends, which it does now and then: call it again. Limit and
// Cursor of o are not used. The API's HTTP client must be without a Timeout.
func (a *API) Watch(ctx context.Context, o ListOptions, tell func(Changes)) error {
	q := url.Values{}
	for k, v := range map[string]string{"game": o.Game, "phase": o.Phase} {
		if v != "" {
			q.Set(k, v)
		}
	}
	if o.Open {
		q.Set("open", "true")
	}
	return a.stream(ctx, "/v1/lobbies/events?"+q.Encode(), func(event string, data []byte) error {
		var in struct {
			Lobbies []Lobby
			Lobby   Lobby
			ID      string
		}
		if err := json.Unmarshal(data, &in); err != nil {
			return fmt.Errorf("decode event %s: %w", event, err)
		}
		switch event {
		case "lobbies":
			tell(Changes{Whole: true, Lobbies: in.Lobbies})
		case "lobby":
			tell(Changes{Lobbies: []Lobby{in.Lobby}})
		case "gone":
			tell(Changes{Gone: []string{in.ID}})
		}
		return nil
	})
}

// stream reads server-sent events until they end, which is io.EOF.
func (a *API) stream(ctx context.Context, path string, each func(event string, data []byte) error) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(a.URL, "/")+path, nil)
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Accept", "text/event-stream")
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
	if resp.StatusCode >= http.StatusBadRequest {
		body, _ := io.ReadAll(io.LimitReader(resp.Body, maxBody)) // what was read of it is shown
		return fmt.Errorf("GET %s: %w", path, problem(resp, body))
	}
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, maxEvent)
	event := ""
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "event":
			event = value
		case "data":
			if err := each(event, []byte(value)); err != nil {
				return err
			}
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	return io.EOF
}
