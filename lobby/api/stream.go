package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/danielgtaylor/huma/v2/queryparam"

	"github.com/sandlot-server/sandlot/lobby"
)

// Bounds of answers that take their time.
const (
	maxStreams  = 10_000           // event streams and long polls at once; more get 503
	beatEvery   = 15 * time.Second // a comment a stream, so that no proxy thinks it dead
	writeWithin = 10 * time.Second // a reader that is slower is cut off
	streamFor   = time.Hour        // then it ends and its reader comes back
	maxWait     = 30 * time.Second // of a long poll
)

// patient lets a handler take its time: it lifts the time limits of the
// connection, bounds how many do so, and ends with the server.
func (h *Handler) patient(ctx huma.Context, next func(huma.Context)) {
	if h.streams.Add(1) > maxStreams {
		h.streams.Add(-1)
		h.refuse(ctx, NewProblem(lobby.CodeUnavailable, "too many wait here", 5*time.Second))
		return
	}
	defer h.streams.Add(-1)
	_, w := humago.Unwrap(ctx)
	// A writer without deadlines, as in tests, is one without limits.
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(maxWait + writeWithin))
	own, cancel := context.WithCancelCause(ctx.Context())
	defer cancel(nil)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		select {
		case <-h.cfg.Stopping:
			cancel(errStopping)
		case <-stop:
		}
	}()
	next(huma.WithContext(ctx, own))
}

var errStopping = &lobby.Error{Code: lobby.CodeStopping, Message: "this instance is stopping", RetryAfter: 2 * time.Second}

// Lasts says whether the answer to r may go on as long as the client likes: an
// event stream, or a long poll.
func Lasts(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	return isStream(r) || queryparam.Get(r.URL.RawQuery, "wait") != "" // as the handlers read it
}

func isStream(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/events") }

// waitFor is a context that ends with a long poll.
func waitFor(ctx context.Context, wait string) (context.Context, context.CancelFunc, error) {
	d := time.Duration(0)
	if wait != "" {
		var err error
		if d, err = time.ParseDuration(wait); err != nil || d < 0 {
			return nil, nil, NewProblem(codeInvalid, `wait must be a time such as "25s"`, 0)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, min(d, maxWait))
	return ctx, cancel, nil
}

// stream writes server-sent events to one reader.
type stream struct {
	w   http.ResponseWriter
	ctl *http.ResponseController
	id  atomic.Uint64
}

// events answers with a stream that feed fills until it returns.
func events(feed func(ctx context.Context, s *stream)) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		_, w := humago.Unwrap(hctx)
		s := &stream{w: w, ctl: http.NewResponseController(w)}
		head := w.Header()
		head.Set("Content-Type", "text/event-stream")
		head.Set("Cache-Control", "no-store")
		head.Set("X-Accel-Buffering", "no") // nginx must not keep events back
		w.WriteHeader(http.StatusOK)
		ctx, cancel := context.WithTimeout(hctx.Context(), streamFor)
		defer cancel()
		if s.write("retry: 2000\n\n") == nil {
			feed(ctx, s)
		}
	}}
}

// send writes one event.
func (s *stream) send(event string, data any) error {
	body, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("encode event: %w", err)
	}
	return s.write(fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", s.id.Add(1), event, body))
}

// beat shows that the stream lives.
func (s *stream) beat() error { return s.write(": \n\n") }

func (s *stream) write(text string) error {
	_ = s.ctl.SetWriteDeadline(time.Now().Add(writeWithin))
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.ctl.Flush()
}

// follow sends what look returns, at first and whenever it has changed, until
// over says so. Look waits until what it shows is past version or ctx is done.
func follow[T any](ctx context.Context, s *stream, event string, look func(ctx context.Context, version uint64) (body T, at uint64, over bool, err error)) {
	version := uint64(0)
	for ctx.Err() == nil {
		beat, cancel := context.WithTimeout(ctx, beatEvery)
		body, at, over, err := look(beat, version)
		cancel()
		switch {
		case err != nil:
			_ = s.send("problem", problemOf(err)) // the reader may be gone as well
			return
		case at == version:
			if s.beat() != nil {
				return
			}
			continue
		}
		version = at
		if s.send(event, body) != nil || over {
			return
		}
	}
}

// streamed documents an operation as one that answers with events.
func streamed(op huma.Operation, example string) huma.Operation {
	op.Responses = map[string]*huma.Response{"200": {
		Description: "Server-sent events (text/event-stream). Each has a name, and JSON as its data; read it again when it ends.",
		Content:     map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}, Example: example}},
	}}
	return op
}
