package client_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/sandlot-server/sandlot/net/client"
)

// Who waits for a match goes on waiting while the server cannot answer, and is
// told what it will never answer otherwise.
func TestAwaitIsPatient(t *testing.T) {
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.URL.Path != "/v1/tickets/known":
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"status":404,"code":"ticket_not_found"}`))
		case asked == 1:
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(`{"status":503,"code":"cross_unavailable","retryAfter":1}`))
		default:
			_, _ = w.Write([]byte(`{"id":"known","version":2,"state":"matched","lobby":"x"}`))
		}
	}))
	defer s.Close()
	api := &client.API{URL: s.URL, HTTP: s.Client()}
	k, err := api.Await(t.Context(), &client.Ticket{ID: "known", Version: 1, State: "queued"}, nil)
	if err != nil || k.Lobby != "x" || asked != 2 {
		t.Errorf("after %d questions: %+v, %v", asked, k, err)
	}
	var p *client.Problem
	if _, err := api.Await(t.Context(), &client.Ticket{ID: "gone", State: "queued"}, nil); !errors.As(err, &p) || p.Code != "ticket_not_found" {
		t.Errorf("a ticket that is not known: %v", err)
	}
}
