package lobby

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/auth"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// seat is one member's right to a place. It outlives its connection by
// Config.Hold. Only the Loop touches it.
type seat struct {
	player state.Player // never given to another in this lobby
	who    Who
	role   Role // RolePlayer or RoleSpectator
	team   uint8
	colour uint8 // 1 to wire.Colours; whoever chose none has one all the same
	ready  bool
	bot    *bot // nil for people
	in     bool // in the running match
	news   bool // others are to be told of it
	late   bool // a spectator who sees everything later than players do
	met    bool // had a connection at least once

	sess     *session.Session // nil while away
	from     string           // the client that connected last, if it names itself
	tries    uint32           // its newest attempt that came here
	until    time.Time        // while away: when the seat is given up
	replay   *session.Replay
	tokens   tokens
	chat     *rate.Limiter
	commands answered
}

func (s *seat) here() bool  { return s.bot != nil || s.sess != nil }
func (s *seat) key() string { return strconv.Itoa(int(s.player)) }

// tokens says which of a seat's resume tokens are good. The token changes at
// each use. A client whose welcome was lost still holds an older one, so those
// stay good until a frame came over a connection that was given a newer one.
type tokens struct {
	newest uint32 // given last
	least  uint32 // the oldest that is still good
}

func (t *tokens) good(serial uint32) bool {
	return serial > 0 && serial >= t.least && serial <= t.newest
}

// give returns the serial of the next token.
func (t *tokens) give() uint32 {
	t.newest++
	t.least = max(t.least, 1)
	return t.newest
}

// prove notes that the client holds what it was given last.
func (t *tokens) prove() { t.least = t.newest }

// outrun says whether a later attempt of the same client has come before this one,
// which was on its way for longer: it must not take the later one's place.
func (s *seat) outrun(who session.Identity) bool {
	return who.From != "" && who.From == s.from && who.Attempt < s.tries
}

// proveIf proves what a connection of the seat was given, if a frame came over it.
func (s *seat) proveIf(sess *session.Session) {
	if sess != nil && sess.Spoke() {
		s.tokens.prove()
	}
}

// admits says why who gets no seat, if that is so.
func (l *Loop) admits(now time.Time, who Who, role Role) error {
	switch {
	case l.phase == wire.PhaseClosed:
		return fail(CodeClosed, "the lobby is closed")
	case l.barred(now, who.ID):
		return fail(CodeKicked, "the host removed you from this lobby")
	case l.next == math.MaxUint16:
		return fail(CodeFull, "the lobby has seen too many players")
	case role == RoleSpectator && l.count(spectator) >= l.env.cfg.MaxSpectators:
		return fail(CodeFull, "there is no place for another spectator")
	case role == RolePlayer && l.matched != nil && !l.matched.invites(who.ID):
		return fail(CodeTicketsOnly, "players come to this match by tickets")
	case role == RolePlayer && l.count(person) >= l.max:
		return fail(CodeFull, "the lobby is full")
	case role == RolePlayer && l.phase == wire.PhaseRunning && !l.takesLate():
		return fail(CodeRunning, "the match is running and takes nobody in")
	}
	if role == RolePlayer && l.matched == nil {
		return l.approve(now, who)
	}
	return nil
}

// add makes a seat for who, or says why not. Team 0 is the smallest.
func (l *Loop) add(now time.Time, who Who, role Role, team uint8) (*seat, error) {
	if err := l.admits(now, who, role); err != nil {
		return nil, err
	}
	l.next++
	s := &seat{
		player: l.next,
		who:    who,
		role:   role,
		until:  now.Add(l.env.cfg.Hold),
		replay: session.NewReplay(l.env.session.ReplayBytes),
		chat:   rate.NewLimiter(rate.Every(l.env.cfg.ChatEvery), l.env.cfg.ChatBurst),
	}
	if role == RolePlayer {
		if s.team = team; team == 0 {
			s.team = l.smallestTeam()
		}
	}
	s.colour = l.colourFor(who.Colour)
	l.seats = append(l.seats, s)
	l.env.metrics.Seats(l.def.Name, 1, 0)
	l.sayMember(s)
	l.fill(now)
	l.chooseHost()
	l.changed = true
	return s, nil
}

// drop takes a seat away for good and tells the others why.
func (l *Loop) drop(now time.Time, s *seat, why wire.Why, r session.Reason) {
	i := slices.Index(l.seats, s)
	if i < 0 {
		return
	}
	l.seats = slices.Delete(l.seats, i, i+1)
	s.news = false
	if s.in && l.runner != nil {
		l.runner.Leave(s.player)
	}
	if s.bot != nil {
		l.botSeats--
		l.env.metrics.Seats(l.def.Name, 0, -1)
	} else {
		l.env.metrics.Seats(l.def.Name, -1, 0)
	}
	if s.sess != nil {
		l.groupOf(s).Remove(s.sess)
		delete(l.bySession, s.sess)
		s.sess.Close(r)
		s.sess = nil
	}
	l.buf = wire.AppendGone(l.buf[:0], wire.Gone{Player: s.player, Why: why})
	l.say(l.buf)
	l.changed = true
	if s.bot == nil {
		l.fill(now)
		l.chooseHost()
	}
}

// kinds of seats to count.
func person(s *seat) bool    { return s.role == RolePlayer && s.bot == nil }
func present(s *seat) bool   { return s.role == RolePlayer && s.bot == nil && s.sess != nil }
func playing(s *seat) bool   { return s.role == RolePlayer && s.here() }
func spectator(s *seat) bool { return s.role == RoleSpectator }
func anybody(s *seat) bool   { return s.bot == nil }

func (l *Loop) count(which func(*seat) bool) (n int) {
	for _, s := range l.seats {
		if which(s) {
			n++
		}
	}
	return n
}

func (l *Loop) seatOf(id string) *seat {
	for _, s := range l.seats {
		if s.bot == nil && s.who.ID == id {
			return s
		}
	}
	return nil
}

func (l *Loop) seatAt(p state.Player) *seat {
	i, ok := slices.BinarySearchFunc(l.seats, p, func(s *seat, p state.Player) int { return cmp.Compare(s.player, p) })
	if !ok {
		return nil
	}
	return l.seats[i]
}

func (l *Loop) smallestTeam() uint8 {
	if l.def.Teams == 0 {
		return 0
	}
	size := make([]int, l.def.Teams+1)
	size[0] = math.MaxInt
	for _, s := range l.seats {
		if s.team > 0 {
			size[s.team]++
		}
	}
	return uint8(slices.Index(size, slices.Min(size)))
}

// chooseHost finds a successor when there is no host: whoever of those here came
// first, else whoever of those away.
func (l *Loop) chooseHost() {
	if l.matched != nil {
		return // nobody decides for strangers
	}
	if h := l.seatAt(l.host); h != nil {
		return
	}
	l.host = 0
	for _, s := range l.seats {
		if !person(s) {
			continue
		}
		if l.host == 0 || s.sess != nil {
			l.host = s.player
		}
		if s.sess != nil {
			break
		}
	}
	l.changed = true
	l.sayKnocks()
}

// resumeToken issues the next right to come back to s; empty if it could not.
func (l *Loop) resumeToken(s *seat) string {
	token, err := l.env.keys.IssueResume(auth.Resume{
		Player: s.who.ID, Name: s.who.Name, Lobby: l.id, Home: l.env.cfg.Instance, Boot: l.env.boot,
		Seat: s.key(), Serial: s.tokens.give(), Role: uint8(s.role), Load: s.who.Load, Until: s.who.Expires,
	})
	if err != nil {
		l.log.Warn("no resume token", "player", s.who.ID, "err", err)
		return ""
	}
	return token
}
