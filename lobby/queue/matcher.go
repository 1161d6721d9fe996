package queue

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/match"
)

// maxTries is how often a match of a ticket's may fail to open.
const maxTries = 5

// Run matches until ctx is done, and returns nil.
func (q *Queue) Run(ctx context.Context) error {
	var under sync.WaitGroup
	defer under.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	under.Go(func() { _ = q.book.Run(ctx) })
	under.Go(func() { q.parties.run(ctx) })
	under.Go(func() { q.rateAll(ctx) })
	timer := time.NewTimer(q.cfg.Every)
	defer timer.Stop()
	sweep := time.NewTicker(q.cfg.Keep)
	defer sweep.Stop()
	for waiting := 0; ; {
		select {
		case <-ctx.Done():
			return nil
		case now := <-sweep.C:
			if err := q.book.Sweep(ctx, now); err != nil {
				q.log.Warn("old tickets are kept", "err", err)
			}
			continue
		case <-q.stir:
			if waiting > 0 {
				continue // the timer runs
			}
			waiting = 1
		case <-timer.C:
			began := time.Now()
			waiting = q.step(ctx, began)
			q.metrics.Paired(time.Since(began))
			q.metrics.Waiting(waiting)
		}
		if waiting > 0 || q.together {
			timer.Reset(q.cfg.Every)
		}
	}
}

// step is one interval's work. It returns how many tickets still wait.
func (q *Queue) step(ctx context.Context, now time.Time) (waiting int) {
	live, term, err := q.book.Live(ctx)
	if errors.Is(err, ErrFollows) {
		return 0
	}
	if err != nil {
		if !q.blind {
			q.log.Warn("tickets cannot be read", "err", err)
		}
		q.blind = true
		return 1
	}
	q.blind = false
	q.term = term
	queued, offers := map[[2]string][]*Record{}, map[string][]*Record{}
	queues := waitingIn{of: queued}
	for _, r := range live {
		switch {
		case r.State == Offered:
			offers[r.Offer.ID] = append(offers[r.Offer.ID], r)
		case !now.Before(r.Until):
			q.write(ctx, q.end(r, Expired, TooLong))
		default:
			waiting++
			queues.add(r)
		}
	}
	queues.close()
	for _, tickets := range offers {
		waiting += q.settle(ctx, now, tickets)
	}
	for _, tickets := range queued {
		waiting -= q.pair(ctx, now, tickets)
	}
	return max(waiting, 0)
}

// waitingIn sorts tickets by mode. Most are of the same one as the one before.
type waitingIn struct {
	of   map[[2]string][]*Record
	name [2]string
	list []*Record
}

func (w *waitingIn) add(r *Record) {
	if name := [2]string{r.Game, r.Mode}; name != w.name {
		w.close()
		w.name, w.list = name, w.of[name]
	}
	w.list = append(w.list, r)
}

func (w *waitingIn) close() {
	if w.list != nil {
		w.of[w.name] = w.list
	}
}

// write writes records down, and says whether it did. A ticket that was
// changed meanwhile is looked at again in the next interval.
func (q *Queue) write(ctx context.Context, next ...*Record) bool {
	if !q.book.Leads(q.term) {
		return false
	}
	err := q.book.Change(ctx, q.term, next...)
	if err != nil && !errors.Is(err, ErrStale) && !errors.Is(err, ErrFollows) {
		q.log.Warn("tickets cannot be written", "err", err)
	}
	if err == nil {
		q.count(next...)
	}
	return err == nil
}

// pair pairs the tickets of one mode, and returns how many no longer wait.
func (q *Queue) pair(ctx context.Context, now time.Time, tickets []*Record) (gone int) {
	k, ok := q.kindOf(tickets)
	if !ok {
		return 0
	}
	waiting := make([]match.Ticket, len(tickets))
	for i, r := range tickets {
		waiting[i] = r.waits()
	}
	rooms := q.rooms(k)
	plan := match.Pair(now, q.rule(k), waiting, rooms)
	for _, f := range plan.Fills {
		team := f.Team
		if k.Teams == 0 {
			team = lobby.AnyTeam
		}
		if q.fill(ctx, rooms[f.Room].ID, team, tickets[f.Ticket]) {
			gone++
		}
	}
	for _, m := range plan.Matches {
		teams := make([][]*Record, len(m.Teams))
		n := 0
		for i, team := range m.Teams {
			for _, t := range team {
				teams[i] = append(teams[i], tickets[t])
				n++
			}
		}
		made := false
		if k.Accept {
			made = q.offer(ctx, now, m.Region, teams)
		} else {
			made = q.open(ctx, k, m.Region, teams)
		}
		if made {
			gone += n
		}
	}
	return gone
}

// rooms are the running matches of a mode that take more players.
func (q *Queue) rooms(k kind) (out []match.Room) {
	for _, r := range q.host.Rooms() {
		if r.Game != k.Game || r.Mode != k.Name {
			continue
		}
		if k.Teams == 0 && len(r.Free) > 1 { // the mode does not care who is with whom
			sum := 0
			for _, f := range r.Free {
				sum += f
			}
			r.Free = []int{sum}
		}
		out = append(out, match.Room{ID: r.ID, Since: r.Since, Key: r.Key, Region: r.Region, Points: r.Points, Free: r.Free})
	}
	return out
}

// fill puts a ticket into a running match. The seats are made first: if the ticket
// then turns out to be cancelled they are given up when nobody comes.
func (q *Queue) fill(ctx context.Context, room string, team int, r *Record) bool {
	if !q.book.Leads(q.term) || q.host.FillMatch(ctx, room, team, placed(r)) != nil {
		return false // it is full or over: another one, next time
	}
	next := r.over(Matched, "", time.Now(), q.cfg.Keep)
	next.Lobby = room
	next.Players = slices.Clone(r.Players)
	for i := range next.Players {
		next.Players[i].Team = uint8(team + 1)
	}
	return q.write(ctx, next)
}

// open opens a match and writes down that its tickets are in it.
func (q *Queue) open(ctx context.Context, k kind, region string, teams [][]*Record) bool {
	o := lobby.MatchOptions{
		Game: k.Game, Mode: k.Name, Key: match.Attributes(teams[0][0].Attributes), Settings: k.Settings, Max: k.Full(),
		Bots: k.Bots && !k.Ranked, Ranked: k.Ranked, Gather: q.cfg.Gather, Region: region,
	}
	low, high := 1<<30, -1<<30
	var next []*Record
	for i, team := range teams {
		var players []lobby.Placed
		for _, r := range team {
			players = append(players, placed(r)...)
			n := r.over(Matched, "", time.Now(), q.cfg.Keep)
			n.Players = slices.Clone(r.Players)
			sum := 0
			for j := range n.Players {
				sum += n.Players[j].Points
				if len(teams) > 1 {
					n.Players[j].Team = uint8(i + 1)
				}
			}
			mean := sum / len(n.Players)
			low, high = min(low, mean), max(high, mean)
			next = append(next, n)
		}
		o.Teams = append(o.Teams, players)
	}
	if !q.book.Leads(q.term) {
		return false // another instance decides about them by now
	}
	id, err := q.host.OpenMatch(ctx, o)
	if err != nil {
		q.log.Warn("a match cannot be opened", "game", k.Game, "mode", k.Name, "err", err)
		if own := new(lobby.Error); !errors.As(err, &own) || own.RetryAfter == 0 {
			q.again(ctx, teams) // else there is no room now: they go on waiting
		}
		return false
	}
	for _, r := range next {
		r.Lobby, r.Spread = id, high-low
	}
	if !q.write(ctx, next...) {
		return false // the lobby is called off when nobody comes
	}
	q.metrics.Spread(k.Game, k.Name, high-low)
	return true
}

// again notes that a match did not open; too often is the end of its tickets.
func (q *Queue) again(ctx context.Context, teams [][]*Record) {
	for _, team := range teams {
		for _, r := range team {
			next := r.changed()
			if next.Tries++; next.Tries >= maxTries {
				next = q.end(r, Expired, Failed)
			}
			q.write(ctx, next)
		}
	}
}

func placed(r *Record) []lobby.Placed {
	out := make([]lobby.Placed, len(r.Players))
	for i, p := range r.Players {
		out[i] = lobby.Placed{Who: p.Who, Points: p.Points}
	}
	return out
}

// offer asks the players of tickets whether they want to play together.
func (q *Queue) offer(ctx context.Context, now time.Time, region string, teams [][]*Record) bool {
	id, err := uuid.NewV7()
	if err != nil {
		return false
	}
	o := Offer{ID: id.String(), Until: now.Add(q.cfg.Accept), Region: region}
	var next []*Record
	for _, team := range teams {
		var ids []string
		for _, r := range team {
			ids = append(ids, r.ID)
			o.People += len(r.Players)
			next = append(next, r.changed())
		}
		o.Teams = append(o.Teams, ids)
	}
	for _, r := range next {
		mine := o
		r.State, r.Offer = Offered, &mine
	}
	return q.write(ctx, next...)
}

// settle looks at what became of one offer: a match if all accepted; once
// somebody has declined or time is up, those who accepted go back to their
// place in the queue, and so do those who still could have, if others declined.
// It returns how many tickets still wait.
func (q *Queue) settle(ctx context.Context, now time.Time, tickets []*Record) int {
	o := tickets[0].Offer
	all, declined := true, false
	want, have := 0, len(tickets)
	for _, team := range o.Teams {
		want += len(team)
	}
	for _, r := range tickets {
		all = all && r.accepted()
		declined = declined || r.Offer.Declined
	}
	broken := declined || want != have // somebody cancelled
	if all && !broken {
		if !q.openOffer(ctx, o, tickets) {
			return have // next time
		}
		return 0
	}
	if !broken && now.Before(o.Until) {
		return have
	}
	waiting := 0
	var next []*Record
	for _, r := range tickets {
		switch {
		case r.Offer.Declined:
			next = append(next, q.end(r, Cancelled, Declined))
		case !broken && !r.accepted():
			next = append(next, q.end(r, Cancelled, NotAccepted))
		default:
			back := r.changed()
			back.State, back.Offer = Queued, nil
			back.Until = back.Since.Add(q.cfg.TTL)
			next = append(next, back)
			waiting++
		}
	}
	if !q.write(ctx, next...) { // all at once: what one of them loses the others keep
		return have
	}
	return waiting
}

func (q *Queue) openOffer(ctx context.Context, o *Offer, tickets []*Record) bool {
	k, ok := q.kindOf(tickets)
	if !ok {
		return false
	}
	teams := make([][]*Record, len(o.Teams))
	for i, team := range o.Teams {
		for _, id := range team {
			at := slices.IndexFunc(tickets, func(r *Record) bool { return r.ID == id })
			if at < 0 {
				return false
			}
			teams[i] = append(teams[i], tickets[at])
		}
	}
	return q.open(ctx, k, o.Region, teams)
}
