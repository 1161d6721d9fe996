package queue

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"slices"
	"strings"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
)

// party is players who want to play together. Under Queue.mu.
type party struct {
	code    string
	members []lobby.Who // the leader first
	ticket  string      // the newest; "" if there was none
	lobby   string      // where the leader went last; "" if nowhere
	version uint64
	touched time.Time
	changed chan struct{} // closed when it changes
}

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
	var b [5]byte
	rand.Read(b[:])
	now := time.Now()
	p := &party{code: alphabet.EncodeToString(b[:]), members: []lobby.Who{who}, version: 1, touched: now, changed: make(chan struct{})}
	q.mu.Lock()
	q.forgetParties(now)
	if len(q.parties) >= q.cfg.Tickets || q.parties[p.code] != nil {
		q.mu.Unlock()
		return PartyView{}, refused(ErrFull)
	}
	left := q.leave(who.ID)
	q.parties[p.code], q.partyOf[who.ID] = p, p
	v := q.viewOf(p)
	q.mu.Unlock()
	q.dissolve(ctx, left)
	return v, nil
}

// JoinParty brings who into a party. Its ticket, if one waits, is cancelled: it was
// not for so many.
func (q *Queue) JoinParty(ctx context.Context, who lobby.Who, code string) (PartyView, error) {
	q.mu.Lock()
	p := q.parties[normal(code)]
	switch {
	case p == nil:
		q.mu.Unlock()
		return PartyView{}, errNoParty()
	case slices.ContainsFunc(p.members, is(who.ID)):
		v := q.viewOf(p)
		q.mu.Unlock()
		return v, nil
	case len(p.members) >= q.cfg.PartySize:
		q.mu.Unlock()
		return PartyView{}, refuse(lobby.CodePartyFull, "the party is full")
	}
	left := q.leave(who.ID)
	p.members = append(p.members, who)
	q.partyOf[who.ID] = p
	tickets := []string{left, p.ticket}
	q.touch(p)
	v := q.viewOf(p)
	q.mu.Unlock()
	q.dissolve(ctx, tickets...)
	return v, nil
}

// Party shows a party to a member. If it is still at version, it waits until it
// changes or ctx is done; 0 does not wait.
func (q *Queue) Party(ctx context.Context, who lobby.Who, code string, version uint64) (PartyView, error) {
	for {
		q.mu.Lock()
		p := q.parties[normal(code)]
		if p == nil || !slices.ContainsFunc(p.members, is(who.ID)) {
			q.mu.Unlock()
			return PartyView{}, errNoParty()
		}
		p.touched = time.Now()
		v, changed := q.viewOf(p), p.changed
		q.mu.Unlock()
		if version == 0 || v.Version != version || ctx.Err() != nil {
			return v, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

// LeaveParty takes a player out: oneself, or, for the leader, anyone. The next in
// order leads when the leader leaves. It is no error if the player is not in it.
func (q *Queue) LeaveParty(ctx context.Context, who lobby.Who, code, player string) error {
	q.mu.Lock()
	p := q.parties[normal(code)]
	switch {
	case p == nil || !slices.ContainsFunc(p.members, is(who.ID)):
		q.mu.Unlock()
		return errNoParty()
	case player != "" && player != who.ID && p.members[0].ID != who.ID:
		q.mu.Unlock()
		return refuse(lobby.CodeNotLeader, "only the party's leader may remove others")
	}
	if player == "" {
		player = who.ID
	}
	left := ""
	if slices.ContainsFunc(p.members, is(player)) {
		left = q.leave(player)
	}
	q.mu.Unlock()
	q.dissolve(ctx, left)
	return nil
}

// leave takes a player out of the party it is in, and returns the party's ticket.
func (q *Queue) leave(player string) (ticket string) {
	p := q.partyOf[player]
	if p == nil {
		return ""
	}
	delete(q.partyOf, player)
	p.members = slices.DeleteFunc(p.members, is(player))
	if len(p.members) == 0 {
		delete(q.parties, p.code)
	}
	q.touch(p)
	return p.ticket
}

// dissolve cancels tickets of parties that have changed.
func (q *Queue) dissolve(ctx context.Context, tickets ...string) {
	for _, id := range tickets {
		rec, err := q.book.Get(ctx, id)
		for err == nil && !rec.Over() {
			if err = q.book.Change(ctx, q.end(rec, Cancelled, ByParty)); err != nil {
				rec, err = q.book.Get(ctx, id) // it was matched meanwhile, or changed
			}
		}
	}
}

// party is the players of a party whose leader asks.
func (q *Queue) party(who lobby.Who, code string) ([]Player, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	p := q.parties[normal(code)]
	switch {
	case p == nil || !slices.ContainsFunc(p.members, is(who.ID)):
		return nil, errNoParty()
	case p.members[0].ID != who.ID:
		return nil, refuse(lobby.CodeNotLeader, "only the party's leader may queue")
	}
	players := make([]Player, len(p.members))
	for i, m := range p.members {
		players[i] = Player{Who: m}
	}
	players[0].Who, players[0].Vouched = who, true
	return players, nil
}

// ticketOfParty tells the members which ticket to ask for.
func (q *Queue) ticketOfParty(r *Record) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if p := q.parties[normal(r.Party)]; p != nil && p.ticket != r.ID {
		p.ticket = r.ID
		q.touch(p)
	}
}

// Lead tells a party's members which lobby their leader has taken seats for them in.
func (q *Queue) Lead(who lobby.Who, code, lobby string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if p := q.parties[normal(code)]; p != nil && p.members[0].ID == who.ID {
		p.lobby = lobby
		q.touch(p)
	}
}

func (q *Queue) touch(p *party) {
	p.version++
	p.touched = time.Now()
	close(p.changed)
	p.changed = make(chan struct{})
}

func (q *Queue) forgetParties(now time.Time) {
	for code, p := range q.parties {
		if now.Sub(p.touched) < q.cfg.PartyTTL {
			continue
		}
		delete(q.parties, code)
		for _, m := range p.members {
			if q.partyOf[m.ID] == p {
				delete(q.partyOf, m.ID)
			}
		}
	}
}

func (q *Queue) viewOf(p *party) PartyView {
	return PartyView{Code: p.code, Version: p.version, Members: slices.Clone(p.members), Most: q.cfg.PartySize, Ticket: p.ticket, Lobby: p.lobby}
}

func is(id string) func(lobby.Who) bool { return func(w lobby.Who) bool { return w.ID == id } }

// normal undoes what people do to codes.
func normal(code string) string {
	return strings.NewReplacer(" ", "", "-", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(code))
}
