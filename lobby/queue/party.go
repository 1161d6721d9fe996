package queue

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
)

// PartyView is a party as its members see it.
type PartyView struct {
	Code    string
	Version uint64
	Members []lobby.Who // the leader first, then as they came
	Most    int
	Ticket  string // the newest, of which each member may ask; "" if there was none
	Lobby   string // where the leader has taken seats for all; "" if nowhere
}

func errNoParty() *lobby.Error {
	return refuse(lobby.CodeNoParty, "there is no party by that code, or you are not in it")
}

// alphabet is Crockford's, as of lobby codes.
var alphabet = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// NewParty makes a party with who as its leader. Who leaves the one it was in.
func (q *Queue) NewParty(ctx context.Context, who lobby.Who) (PartyView, error) {
	var v PartyView
	left := ""
	err := q.inTurn(func() error {
		var b [5]byte
		rand.Read(b[:])
		p := &party{
			Code: alphabet.EncodeToString(b[:]), Version: 1, Members: []lobby.Who{who}, Until: time.Now().Add(q.cfg.PartyTTL),
		}
		all := []*party{p}
		old, err := q.partyOf(ctx, who.ID)
		if err != nil {
			return err
		}
		if left = ""; old != nil {
			left = old.Ticket
			all = append(all, old.without(who.ID, q.cfg.PartyTTL))
		}
		v = q.viewOf(p)
		return q.parties.put(ctx, 0, all...)
	})
	if err != nil {
		return PartyView{}, err
	}
	q.dissolve(ctx, left)
	return v, nil
}

// JoinParty brings who into a party. Its ticket, if one waits, is cancelled: it was
// not for so many.
func (q *Queue) JoinParty(ctx context.Context, who lobby.Who, code string) (PartyView, error) {
	var v PartyView
	var tickets []string
	err := q.inTurn(func() error {
		p, err := q.parties.get(ctx, normal(code))
		switch {
		case errors.Is(err, bus.ErrNone):
			return errNoParty()
		case err != nil:
			return err
		case p.has(who.ID):
			v, tickets = q.viewOf(p), nil
			return nil
		case len(p.Members) >= q.cfg.PartySize:
			return refuse(lobby.CodePartyFull, "the party is full")
		}
		next := p.next(q.cfg.PartyTTL)
		next.Members = append(next.Members, who)
		all := []*party{next}
		tickets = []string{p.Ticket}
		old, err := q.partyOf(ctx, who.ID)
		if err != nil {
			return err
		}
		if old != nil {
			all = append(all, old.without(who.ID, q.cfg.PartyTTL))
			tickets = append(tickets, old.Ticket)
		}
		v = q.viewOf(next)
		return q.parties.put(ctx, 0, all...)
	})
	if err != nil {
		return PartyView{}, err
	}
	q.dissolve(ctx, tickets...)
	return v, nil
}

// Party shows a party to a member. If it is still at version, it waits until it
// changes or ctx is done; 0 does not wait.
func (q *Queue) Party(ctx context.Context, who lobby.Who, code string, version uint64) (PartyView, error) {
	var last *party
	for {
		changed, done := q.parties.watch(normal(code))
		p, err := q.partyBy(context.WithoutCancel(ctx), who.ID, code)
		var again <-chan time.Time
		switch err = refused(err); {
		case err == nil:
			last = p
		case last == nil || !unavailable(err):
			done()
			return PartyView{}, err
		default: // who waits already goes on waiting
			changed, again = nil, time.After(lookAgain)
		}
		if version == 0 || last.Version != version || ctx.Err() != nil {
			done()
			return q.viewOf(q.touch(context.WithoutCancel(ctx), last)), nil
		}
		select {
		case <-changed:
		case <-again:
		case <-ctx.Done():
		}
		done()
	}
}

// touch lets a party that is asked for live on.
func (q *Queue) touch(ctx context.Context, p *party) *party {
	if time.Until(p.Until) > q.cfg.PartyTTL*3/4 {
		return p
	}
	next := p.next(q.cfg.PartyTTL)
	if q.parties.put(ctx, 0, next) != nil {
		return p // somebody else was faster, or next time
	}
	return next
}

// LeaveParty takes a player out: oneself, or, for the leader, anyone. The next in
// order leads when the leader leaves. It is no error if the player is not in it.
func (q *Queue) LeaveParty(ctx context.Context, who lobby.Who, code, player string) error {
	if player == "" {
		player = who.ID
	}
	left := ""
	err := q.inTurn(func() error {
		p, err := q.partyBy(ctx, who.ID, code)
		left = ""
		switch {
		case err != nil:
			return err
		case player != who.ID && p.Members[0].ID != who.ID:
			return refuse(lobby.CodeNotLeader, "only the party's leader may remove others")
		case !p.has(player):
			return nil
		}
		left = p.Ticket
		return q.parties.put(ctx, 0, p.without(player, q.cfg.PartyTTL))
	})
	if err == nil {
		q.dissolve(ctx, left)
	}
	return err
}

// dissolve cancels tickets of parties that have changed.
func (q *Queue) dissolve(ctx context.Context, tickets ...string) {
	for _, id := range tickets {
		if id == "" {
			continue
		}
		rec, err := q.book.Get(ctx, id)
		for err == nil && !rec.Over() {
			next := q.end(rec, Cancelled, ByParty)
			if err = q.book.Change(ctx, 0, next); err == nil {
				q.count(next)
				break
			}
			if errors.Is(err, ErrStale) {
				rec, err = q.book.Get(ctx, id) // it was matched meanwhile, or changed
			}
		}
	}
}

// party is the players of a party whose leader asks.
func (q *Queue) party(ctx context.Context, who lobby.Who, code string) ([]Player, error) {
	p, err := q.partyBy(ctx, who.ID, code)
	switch {
	case err != nil:
		return nil, refused(err)
	case p.Members[0].ID != who.ID:
		return nil, refuse(lobby.CodeNotLeader, "only the party's leader may queue")
	}
	players := make([]Player, len(p.Members))
	for i, m := range p.Members {
		players[i] = Player{Who: m}
	}
	players[0].Who, players[0].Vouched = who, true
	return players, nil
}

// ticketOfParty tells the members which ticket to ask for. A party that is no
// longer the one that the ticket is for has none.
func (q *Queue) ticketOfParty(ctx context.Context, r *Record) {
	gone := false
	err := q.inTurn(func() error {
		p, err := q.partyBy(ctx, r.Players[0].ID, r.Party)
		if err != nil {
			return err
		}
		if gone = !slices.EqualFunc(p.Members, r.Players, func(m lobby.Who, of Player) bool { return m.ID == of.ID }); gone || p.Ticket == r.ID {
			return nil
		}
		next := p.next(q.cfg.PartyTTL)
		next.Ticket = r.ID
		return q.parties.put(ctx, 0, next)
	})
	if gone || err != nil {
		q.dissolve(ctx, r.ID)
	}
}

// Lead tells a party's members which lobby their leader has taken seats for them
// in. They may not hear of it when the shared records cannot be asked.
func (q *Queue) Lead(ctx context.Context, who lobby.Who, code, lobby string) {
	err := q.inTurn(func() error {
		p, err := q.partyBy(ctx, who.ID, code)
		if err != nil || p.Members[0].ID != who.ID {
			return err
		}
		next := p.next(q.cfg.PartyTTL)
		next.Lobby = lobby
		return q.parties.put(ctx, 0, next)
	})
	if err != nil {
		q.log.Debug("a party is not told of its lobby", "err", err)
	}
}

func (q *Queue) viewOf(p *party) PartyView {
	return PartyView{Code: p.Code, Version: p.Version, Members: slices.Clone(p.Members), Most: q.cfg.PartySize, Ticket: p.Ticket, Lobby: p.Lobby}
}

func is(id string) func(lobby.Who) bool { return func(w lobby.Who) bool { return w.ID == id } }

// normal undoes what people do to codes.
func normal(code string) string {
	return strings.NewReplacer(" ", "", "-", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(code))
}
