package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/net/client"
)

// streams is a server whose streams end like that, one after the other.
func streams(t *testing.T, bodies ...string) *client.API {
	t.Helper()
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		if asked > len(bodies) {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"code":"not_found"}`)
			return
		}
		if bodies[asked-1] == "" {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		fmt.Fprint(w, "retry: 2000\n\n"+bodies[asked-1])
	}))
	t.Cleanup(s.Close)
	c := s.Client()
	t.Cleanup(c.CloseIdleConnections)
	return &client.API{URL: s.URL, HTTP: c}
}

const (
	party1 = "id: 1\nevent: party\ndata: {\"code\":\"A\",\"version\":1}\n\n"
	party2 = "event: party\ndata: {\"code\":\"A\",\"version\":2}\n\n: \n\n"
)

func TestStreamsComeBack(t *testing.T) {
	api := streams(t, party1, "", party2+"event: problem\ndata: {\"status\":503,\"code\":\"stopping\"}\n\n", party2)
	var versions []uint64
	err := api.WatchParty(t.Context(), "A", func(p *client.Party) { versions = append(versions, p.Version) })
	var p *client.Problem
	if !errors.As(err, &p) || p.Status != http.StatusNotFound || !slices.Equal(versions, []uint64{1, 2, 2}) {
		t.Errorf("%v, ended with %v", versions, err)
	}
	api = streams(t, party1+"event: problem\ndata: {\"status\":404,\"code\":\"party_not_found\"}\n\n")
	if err := api.WatchParty(t.Context(), "A", func(*client.Party) {}); !errors.As(err, &p) || p.Code != "party_not_found" {
		t.Errorf("ended with %v", err)
	}
	api = streams(t, "event: ticket\ndata: {\"state\":\"queued\"}\n\n", "event: ticket\ndata: {\"state\":\"expired\"}\n\n", "event: ticket\ndata: never\n\n")
	var states []string
	if err := api.WatchTicket(t.Context(), "A", func(k *client.Ticket) { states = append(states, k.State) }); err != nil || !slices.Equal(states, []string{"queued", "expired"}) {
		t.Errorf("%v, ended with %v", states, err)
	}
	api = streams(t, "event: ticket\ndata: rubbish\n\n")
	if err := api.WatchTicket(t.Context(), "A", func(*client.Ticket) {}); err == nil {
		t.Error("rubbish is a ticket")
	}
}

func TestKnocksUntilAnswered(t *testing.T) {
	answers := []string{"approval_pending", "approval_pending", "rate_limited", "kicked"}
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		code := answers[min(asked, len(answers)-1)]
		asked++
		w.WriteHeader(map[string]int{"approval_pending": 409, "rate_limited": 429, "kicked": 403}[code])
		fmt.Fprintf(w, `{"code":%q}`, code)
	}))
	defer s.Close()
	c := s.Client()
	defer c.CloseIdleConnections()
	api := client.API{URL: s.URL, HTTP: c}
	pending := 0
	var p *client.Problem
	if _, err := api.Knock(t.Context(), "A", "", func(time.Duration) { pending++ }); !errors.As(err, &p) || p.Code != "kicked" || pending != 2 || asked != 4 {
		t.Errorf("asked %d times, waited %d, ended with %v", asked, pending, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	asked = 0
	if _, err := api.Knock(ctx, "A", "", func(time.Duration) { cancel() }); !errors.Is(err, context.Canceled) || asked != 1 {
		t.Errorf("given up: %d, %v", asked, err)
	}
}
