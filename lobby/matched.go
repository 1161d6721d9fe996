package lobby

import (
	"context"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// MatchOptions say what match to open for players that were paired. They are
// data alone, so that another instance can be asked to open it.
type MatchOptions struct {
	Game, Mode string
	Key        string           // the attributes that all of them have, for those who come later
	Settings   map[string]int64 // of the mode
	Teams      [][]Placed       // one where there are no teams
	Max        int              // players
	Bots       bool             // bots fill what is free up to Max
	Ranked     bool             // nobody comes later, and the lobby closes after the result
	Gather     time.Duration    // players have so long to come
	Region     string           // where it is best played; "" anywhere
}

// Placed is a player who was paired.
type Placed struct {
	Who    Who
	Points int
}

// MatchEnd is how the first match of a lobby that OpenMatch made here ended.
type MatchEnd struct {
	Lobby      string
	Game, Mode string
	Ranked     bool
	CalledOff  bool // too few came; there are no ranks
	// Players are the people who were in it at its start or came later, in the
	// order of their seats. Whoever left before the end is last.
	Players []Ranked
}

// Ranked is one player's part in a MatchEnd.
type Ranked struct {
	ID   string
	Team uint8 // 0 where there are no teams
	Rank int   // 1 is best; equal ranks are a draw
}

// Room is a running match of a mode that takes more players.
type Room struct {
	ID, Game, Mode, Key string
	Region              string // of its home
	Since               time.Time
	Points              int   // the mean of its people
	Free                []int // places a team, those of bots among them; one number where there are no teams
}

// matched is what a lobby of paired players has beyond others. Only the Loop
// touches what is not set at the start.
type matched struct {
	mode, key string
	ranked    bool
	told      bool           // how it ended
	points    map[string]int // by player id: everyone who was ever invited
	roster    []rosterEntry  // everyone who was ever in the match, people only
}

type rosterEntry struct {
	player state.Player
	id     string
	team   uint8
}

func (m *matched) invites(id string) bool { _, ok := m.points[id]; return ok }

// OpenMatch makes a lobby for players that were paired, with a seat for each, on
// the instance that has least to do.
// They come in by Join, which gives each a pass, within Gather. Nobody else gets
// a player's seat; the match begins when all are here, or when Gather is over
// and enough are, and is called off if they are not.
func (d *Directory) OpenMatch(ctx context.Context, o MatchOptions) (id string, err error) {
	return placed(ctx, d, o.Game, o.Region,
		func() (string, error) { return d.openHere(ctx, o) },
		func(to Instance) (string, error) { return ask[string](ctx, d, to, "open", openAsk{o}) })
}

func (d *Directory) openHere(ctx context.Context, o MatchOptions) (id string, err error) {
	server := Who{Name: o.Mode, Load: true} // no player's limit counts it
	l, err := d.prepare(server, CreateOptions{
		Game: o.Game, Title: o.Mode, Settings: o.Settings, MaxPlayers: o.Max, Bots: o.Bots, FillTo: fillTo(o),
	})
	if err != nil {
		return "", err
	}
	if l.def.Teams > 0 && len(o.Teams) > l.def.Teams {
		return "", errNoTeam()
	}
	l.instant = true
	l.matched = &matched{mode: o.Mode, key: o.Key, ranked: o.Ranked, points: map[string]int{}}
	now := time.Now()
	l.deadline = now.Add(o.Gather)
	for i, team := range o.Teams {
		for _, p := range team {
			l.matched.points[p.Who.ID] = p.Points
			s, err := l.add(now, p.Who, RolePlayer, teamOf(l, len(o.Teams), i))
			if err != nil {
				return "", err
			}
			s.until = now.Add(max(l.env.cfg.Hold, o.Gather))
		}
	}
	l.publishInfo()
	if err := d.register(l, server); err != nil {
		for range l.seats { // it never ran, so it does not count them out
			l.env.metrics.Seats(l.def.Name, -1, 0)
		}
		return "", err
	}
	l.log.Info("match opened", "mode", o.Mode, "people", len(l.seats))
	d.assertNow(ctx, l)
	return l.id, nil
}

func fillTo(o MatchOptions) int {
	if o.Bots {
		return o.Max
	}
	return 0
}

// errNoTeam is for a team of another build of the game, or of nobody's.
func errNoTeam() *Error { return fail(CodeInvalid, "the game has not so many teams") }

// teamOf is the number of the i-th of n teams; 0, the smallest, where the game
// has teams and the mode has not.
func teamOf(l *Loop, n, i int) uint8 {
	if l.def.Teams == 0 || n < 2 {
		return 0
	}
	return uint8(i + 1)
}

// AnyTeam stands for the smallest team, and for none where there are none.
const AnyTeam = -1

// FillMatch gives players seats in a match that Rooms named, all of them or none: in the
// team of that index in Room.Free, or AnyTeam.
func (d *Directory) FillMatch(ctx context.Context, id string, team int, players []Placed) error {
	d.mu.Lock()
	l := d.lobbies[id]
	other := d.others.lobby(id)
	d.mu.Unlock()
	if l == nil && other != nil && !wasAsked(ctx) {
		to, err := d.homeOf(other)
		if err == nil {
			_, err = ask[any](ctx, d, to, "fill", fillAsk{id, team, players})
		}
		return err
	}
	if l == nil || l.matched == nil {
		return errNotFound()
	}
	if team < AnyTeam || l.def.Teams > 0 && team >= l.def.Teams {
		return errNoTeam()
	}
	var err error
	asked := l.ask(ctx, func(now time.Time) {
		all := make([]Who, len(players))
		for i, p := range players {
			l.matched.points[p.Who.ID] = p.Points
			all[i] = p.Who
		}
		err = l.seatAll(now, all, teamOf(l, max(l.def.Teams, 1), team))
	})
	if asked != nil {
		return asked
	}
	return err
}

// Rooms returns the matches of modes that take more players, here and where
// FillMatch can ask for a place. What is said of those elsewhere is at most a few
// beats old.
func (d *Directory) Rooms() []Room {
	leads := d.leads()
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []Room
	for _, l := range d.lobbies {
		if r := l.info.Load().Room; r != nil && !d.draining.Load() {
			all = append(all, *r)
		}
	}
	for _, l := range d.others.byID {
		if l.Room != nil && leads[l.Home] && d.others.instances[l.Home].Peer != "" && l.standing(now) != nil {
			all = append(all, *l.Room)
		}
	}
	return all
}

// room says where the match has places.
func (m *matched) room(l *Loop) *Room {
	open := l.phase == wire.PhaseRunning && l.takesLate() || l.phase == wire.PhaseWaiting && l.number == 0 || l.phase == wire.PhaseCountdown
	if m.ranked || !open || l.closing {
		return nil
	}
	r := &Room{ID: l.id, Game: l.def.Name, Mode: m.mode, Key: m.key, Region: l.env.cfg.Region, Since: l.created, Free: make([]int, max(l.def.Teams, 1))}
	for i := range r.Free {
		r.Free[i] = l.max / len(r.Free)
	}
	people, free := 0, l.max
	for _, s := range l.seats {
		if !person(s) {
			continue
		}
		r.Free[max(int(s.team), 1)-1]--
		r.Points += m.points[s.who.ID]
		people++
		free--
	}
	if people == 0 || free <= 0 {
		return nil
	}
	r.Points /= people
	return r
}

// gathering says whether the lobby waits for players who were paired and have
// not come yet.
func (l *Loop) gathering(now time.Time) bool {
	if l.matched == nil || l.number > 0 || !now.Before(l.deadline) {
		return false
	}
	for _, s := range l.seats {
		if person(s) && !s.met {
			return true
		}
	}
	return false
}

// gather calls the match off when those who came are too few.
func (l *Loop) gather(now time.Time) {
	if l.matched == nil || l.number > 0 || l.phase != wire.PhaseWaiting || l.gathering(now) || l.canStart() {
		return
	}
	l.log.Info("match called off: too few came", "mode", l.matched.mode)
	e := wire.Error{Code: "match_called_off", Message: "not everyone came; look for another match"}
	message := wire.AppendError(nil, &e)
	l.everySession(func(s *session.Session) { s.Control(message) })
	l.matched.tell(l, MatchEnd{CalledOff: true})
	l.close()
}

// tell tells once how the first match ended.
func (m *matched) tell(l *Loop, e MatchEnd) {
	if m.told {
		return
	}
	m.told = true
	e.Lobby, e.Game, e.Mode, e.Ranked = l.id, l.def.Name, m.mode, m.ranked
	l.env.ended(e)
}

// began notes who plays. From the second match on players say that they are ready.
func (m *matched) began(l *Loop) {
	l.instant = false
	for _, s := range l.seats {
		if s.in && person(s) {
			m.enlist(s)
		}
	}
}

func (m *matched) enlist(s *seat) {
	for _, r := range m.roster {
		if r.player == s.player {
			return
		}
	}
	m.roster = append(m.roster, rosterEntry{s.player, s.who.ID, s.team})
}

// finished tells how it ended.
func (m *matched) finished(l *Loop, r game.Result) {
	for _, s := range l.seats {
		if s.in && person(s) {
			m.enlist(s)
		}
	}
	last := 1
	rank := map[state.Player]int{}
	for _, p := range r.Places {
		rank[p.Player] = p.Rank
		last = max(last, p.Rank+1)
	}
	end := MatchEnd{}
	for _, e := range m.roster {
		place, ok := rank[e.player]
		if s := l.seatAt(e.player); !ok || s == nil {
			place = last
		}
		end.Players = append(end.Players, Ranked{ID: e.id, Team: e.team, Rank: place})
	}
	m.tell(l, end)
}
