package client_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/wire"
	"github.com/sandlot-server/sandlot/net/ws/dial"
)

func expiring() []byte {
	return wire.AppendError(nil, &wire.Error{Code: "expiring", Message: "soon over", About: wire.TypeRenew})
}

// renewed runs a client that is told that its signed-in time ends, and gives what
// it sent for that and what it asked for.
func renewed(t *testing.T, w *world, change func(*client.Options)) (tokens []string, asked string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newSocket(welcome("r1", 0), expiring(), expiring())
		var out sent
		s.wrote = out.take(t, time.Now())
		w.dial = func(int, dial.Options) (client.Socket, error) { return s, nil }
		o := w.options()
		if change != nil {
			change(&o)
		}
		c := client.New(o)
		go func() { _ = c.Run(context.Background()) }()
		<-time.After(time.Minute)
		c.Close()
		<-c.Done()
		for _, m := range out.of(wire.TypeRenew) {
			tokens = append(tokens, m.Renew.Token)
		}
	})
	return tokens, w.notes()
}

func TestGuestsRenewThemselves(t *testing.T) {
	made := 0
	w := &world{http: func(path string, _ map[string]any) (int, any) {
		if path != "/v1/guests" {
			return http.StatusOK, nil
		}
		if made++; made == 2 || made == 3 {
			return http.StatusServiceUnavailable, map[string]string{"code": "unavailable"}
		}
		return http.StatusOK, client.Guest{Token: strings.Repeat("t", made)}
	}}
	tokens, asked := renewed(t, w, nil)
	if len(tokens) != 1 || tokens[0] != "tttt" || strings.Count(asked, "POST /v1/guests Bearer t") != 3 {
		t.Errorf("sent %q, after\n%s", tokens, asked)
	}
}

func TestProgramsRenew(t *testing.T) {
	calls := 0
	own := func(o *client.Options) {
		o.Token, o.Name = "first", ""
		o.Renew = func(context.Context) (string, error) {
			if calls++; calls == 1 {
				return "", errors.New("the issuer is busy")
			}
			return "second", nil
		}
	}
	if tokens, asked := renewed(t, &world{}, own); len(tokens) != 1 || tokens[0] != "second" || calls != 2 || strings.Contains(asked, "guests") {
		t.Errorf("sent %q after %d calls", tokens, calls)
	}
	none := func(o *client.Options) { o.Token, o.Name = "only", "" }
	if tokens, asked := renewed(t, &world{}, none); len(tokens) != 0 || strings.Contains(asked, "guests") {
		t.Errorf("without a way to another token: %q, %s", tokens, asked)
	}
	refused := &world{}
	refused.http = func(path string, _ map[string]any) (int, any) {
		if path == "/v1/guests" && strings.Contains(refused.notes(), "quickplay") {
			return http.StatusForbidden, map[string]string{"code": "guests_off"}
		}
		return http.StatusOK, nil
	}
	// It is told twice, and may have been refused already when it is told again.
	tokens, asked := renewed(t, refused, nil)
	if n := strings.Count(asked, "/v1/guests"); len(tokens) != 0 || n < 2 || n > 3 {
		t.Errorf("where it is refused: %q, %s", tokens, asked)
	}
}

// A token that was too old already when it was shown is followed by another, once.
func TestTooOldToJoin(t *testing.T) {
	w := &world{dial: func(int, dial.Options) (client.Socket, error) {
		return newSocket(welcome("r1", 0)).ends(1000, "bye"), nil
	}}
	w.http = func(path string, _ map[string]any) (int, any) {
		if path == "/v1/quickplay" && !strings.Contains(w.notes(), "quickplay Bearer new") {
			return http.StatusUnauthorized, map[string]string{"code": "unauthorized"}
		}
		return http.StatusOK, nil
	}
	own := func(o *client.Options) {
		o.Token, o.Name = "old", ""
		o.Renew = func(context.Context) (string, error) { return "new", nil }
	}
	if err := run(t, w, own); err != nil || w.dials != 1 {
		t.Errorf("%d dials, %v", w.dials, err)
	}
	var p *client.Problem
	never := &world{http: func(path string, _ map[string]any) (int, any) {
		return http.StatusUnauthorized, map[string]string{"code": "unauthorized"}
	}}
	if err := run(t, never, own); !errors.As(err, &p) || strings.Count(never.notes(), "quickplay") != 2 {
		t.Errorf("ended with %v after\n%s", err, never.notes())
	}
}
