package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
)

// kindParties is the kind of bus.Records that parties are.
const kindParties = "parties"

// party is players who want to play together. It is never changed, only replaced
// by the next version; one without members is no more.
type party struct {
	Code    string      `json:"code"`
	Version uint64      `json:"version"`
	Members []lobby.Who `json:"members"` // the leader first
	Ticket  string      `json:"ticket,omitempty"`
	Lobby   string      `json:"lobby,omitempty"` // where the leader went last
	Until   time.Time   `json:"until"`           // it is forgotten
}

func newParties(records bus.Records, b bus.Bus, most int, log *slog.Logger) *shelf[*party] {
	return newShelf(kindParties, records, b, most, readParty, log)
}

func readParty(r bus.Record) (*party, error) {
	p := new(party)
	if err := json.Unmarshal(r.Value, p); err != nil {
		return nil, fmt.Errorf("read party: %w", err)
	}
	if p.Code != r.ID || p.Version != r.Version || len(p.Members) == 0 {
		return nil, errors.New("read party: it is not what it says")
	}
	return p, nil
}

// record implements item. Nobody is in two parties.
func (p *party) record() (bus.Record, error) {
	if len(p.Members) == 0 {
		return bus.Record{ID: p.Code, Version: p.Version}, nil
	}
	value, err := json.Marshal(p)
	if err != nil {
		return bus.Record{}, fmt.Errorf("write party: %w", err)
	}
	r := bus.Record{ID: p.Code, Version: p.Version, Value: value, TTL: max(time.Until(p.Until), time.Second)}
	for _, m := range p.Members {
		r.Names = append(r.Names, memberName(m.ID))
	}
	return r, nil
}

func memberName(player string) string { return "member:" + player }

// id implements item.
func (p *party) id() string { return p.Code }

// version implements item.
func (p *party) version() uint64 { return p.Version }

// anew implements item.
func (p *party) anew(now time.Time) (*party, bool) {
	if len(p.Members) == 0 || !now.Before(p.Until) {
		return nil, false
	}
	c := *p
	c.Version = 1
	return &c, true
}

// instead implements item: whatever was written again first is as good.
func (p *party) instead(*party) (*party, bool) { return nil, false }

func (p *party) has(player string) bool { return slices.ContainsFunc(p.Members, is(player)) }

// next is a copy to change, of the next version.
func (p *party) next(ttl time.Duration) *party {
	c := *p
	c.Version++
	c.Members = slices.Clone(p.Members)
	c.Until = time.Now().Add(ttl)
	return &c
}

// without is the party when a player has left.
func (p *party) without(player string, ttl time.Duration) *party {
	c := p.next(ttl)
	c.Members = slices.DeleteFunc(c.Members, is(player))
	return c
}

// partyOf is the party that a player is in, nil if it is in none.
func (q *Queue) partyOf(ctx context.Context, player string) (*party, error) {
	p, err := q.parties.named(ctx, memberName(player))
	if errors.Is(err, bus.ErrNone) {
		return nil, nil
	}
	return p, err
}

// partyBy is the party of a code that a player is in.
func (q *Queue) partyBy(ctx context.Context, player, code string) (*party, error) {
	p, err := q.parties.get(ctx, normal(code))
	if errors.Is(err, bus.ErrNone) || err == nil && !p.has(player) {
		return nil, errNoParty()
	}
	return p, err
}

// maxTurns is how often a change of a party is tried while others are faster.
const maxTurns = 20

// inTurn does f, again if somebody else has changed a party meanwhile.
func (q *Queue) inTurn(f func() error) error {
	for range maxTurns {
		err := f()
		held := new(bus.Held)
		if !errors.Is(err, bus.ErrStale) && !errors.As(err, &held) {
			return refused(bookError(err))
		}
	}
	return refused(bus.ErrStale)
}
