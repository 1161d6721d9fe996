package client

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// maxEvent bounds one event of a stream in bytes.
const maxEvent = 4 << 20

// silence is how long a stream may say nothing: the server beats every 15 s.
const silence = 40 * time.Second

var errOver = errors.New("what was followed is over")

// follow reads a stream, and reads it again when it ends. An error of each ends it.
func (a *API) follow(ctx context.Context, path string, each func(event string, data []byte) error) error {
	for attempt := 0; ; attempt++ {
		var fatal error
		err := a.stream(ctx, path, func(event string, data []byte) error {
			attempt = 0
			if event == "problem" {
				return problemIn(data)
			}
			fatal = each(event, data)
			return fatal
		})
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("follow %s: %w", path, ctx.Err())
		case fatal != nil || !passing(err):
			return err
		}
		if !sleep(ctx, Backoff{}.Wait(attempt, rand.Float64(), retryAfter(err))) {
			return fmt.Errorf("follow %s: %w", path, ctx.Err())
		}
	}
}

// problemIn reads the problem that a stream ends with.
func problemIn(data []byte) error {
	var in struct {
		Status, RetryAfter int
		Code, Detail       string
	}
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("decode problem: %w", err)
	}
	return &Problem{Status: in.Status, Code: in.Code, Detail: in.Detail, RetryAfter: time.Duration(in.RetryAfter) * time.Second}
}

// stream reads server-sent events until they end, which is io.EOF.
func (a *API) stream(ctx context.Context, path string, each func(event string, data []byte) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	quiet := time.AfterFunc(silence, cancel)
	defer quiet.Stop()
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
		quiet.Reset(silence)
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
