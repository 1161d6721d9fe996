package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
)

// Changes is what Watch tells: first the Whole list, then what came or changed,
// and the ids of what is gone from it.
type Changes struct {
	Whole   bool
	Lobbies []Lobby // newest first
	Gone    []string
}

// Watch tells of the public lobbies that o keeps, as they change, until ctx is done.
// A stream that ends is opened again, with Whole changes first; an error that waiting
// will not mend ends it. Limit and Cursor of o are not used. The API's HTTP client must
// be without a Timeout.
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
	return a.follow(ctx, "/v1/lobbies/events?"+q.Encode(), func(event string, data []byte) error {
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

// WatchTicket tells of a ticket, at first and at each change, until it is over or ctx
// is done. It comes back as Watch does.
func (a *API) WatchTicket(ctx context.Context, id string, tell func(*Ticket)) error {
	err := a.follow(ctx, "/v1/tickets/"+url.PathEscape(id)+"/events", func(event string, data []byte) error {
		t := new(Ticket)
		if event != "ticket" {
			return nil
		}
		if err := json.Unmarshal(data, t); err != nil {
			return fmt.Errorf("decode ticket: %w", err)
		}
		tell(t)
		if t.Over() {
			return errOver
		}
		return nil
	})
	if errors.Is(err, errOver) {
		return nil
	}
	return err
}

// WatchParty tells of a party, at first and at each change, until ctx is done or the
// asker is no longer in it, which is a *Problem. It comes back as Watch does.
func (a *API) WatchParty(ctx context.Context, code string, tell func(*Party)) error {
	return a.follow(ctx, "/v1/parties/"+url.PathEscape(code)+"/events", func(event string, data []byte) error {
		p := new(Party)
		if event != "party" {
			return nil
		}
		if err := json.Unmarshal(data, p); err != nil {
			return fmt.Errorf("decode party: %w", err)
		}
		tell(p)
		return nil
	})
}
