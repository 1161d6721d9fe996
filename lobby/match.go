package lobby

import (
	"errors"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// watched is the match as sessions see it: the Runner, but that members without
// a place in it see what spectators see.
type watched struct {
	*game.Runner
	l    *Loop
	open bool // the game hides nothing: everybody sees everything
}

var _ session.Match = (*watched)(nil)

// View implements session.Match.
func (w *watched) View(p state.Player) *state.View {
	if w.open {
		return nil
	}
	if s := w.l.seatAt(p); s == nil || !s.in {
		p = 0
	}
	return w.Runner.View(p)
}

// begin starts a match with everyone who is here.
func (l *Loop) begin(now time.Time) {
	runner, err := game.NewRunner(l.def, randomSeed(), l.settings)
	if err != nil {
		l.log.Error("no match", "err", err)
		l.wait()
		return
	}
	l.watched = &watched{Runner: runner, l: l, open: runner.View(0) == nil}
	l.runner, l.began, l.dropped, l.botWarned = runner, now, 0, false
	l.number++
	l.phase, l.deadline = wire.PhaseRunning, time.Time{}
	l.clock = startClock(now, l.def.Rate, l.part)
	message := l.matchMessage()
	l.group.NewMatch(message)
	l.restartShow(message)
	for _, s := range l.seats {
		s.in = false
		if s.bot != nil {
			s.bot.seq = 0
			s.bot.brain = l.newBrain()
			continue
		}
		if s.sess == nil && !s.late {
			s.replay.Append(message)
		}
	}
	for _, s := range l.seats {
		// Where nobody can come later, places are kept for those away.
		if s.role == RolePlayer && (s.here() || !l.takesLate()) {
			l.enter(s)
		}
	}
	l.sortOut()
	if l.matched != nil {
		l.matched.began(l)
	}
	l.changed = true
	l.env.metrics.MatchStarted(l.def.Name)
	l.log.Info("match begins", "match", l.number, "people", l.count(person), "bots", l.botSeats)
}

// enter puts s into the running match; whom the game turns away watches.
func (l *Loop) enter(s *seat) {
	if s.in || l.runner == nil {
		return
	}
	err := l.runner.Join(s.player, s.who.Name, s.bot != nil, s.team)
	if err == nil {
		s.in = true
		return
	}
	if s.sess == nil {
		return
	}
	e := fail(CodeRejected, err.Error())
	if own := new(game.Error); errors.As(err, &own) && own.Code != game.CodeRefused {
		e.Code = CodeRunning
	}
	l.refuse(s.sess, 0, e)
}

// tick runs what is due: read, think, step, send.
func (l *Loop) tick(now time.Time) {
	late := now.Sub(l.clock.deadline())
	run, slip := l.clock.take(now)
	if run == 0 {
		return
	}
	l.env.metrics.TickLate(l.def.Name, late)
	if slip > 0 {
		l.env.metrics.Slipped(l.def.Name, int(slip))
		l.buf = wire.AppendSlip(l.buf[:0], wire.Slip{Ticks: uint32(slip)})
		l.say(l.buf)
	}
	m := l.watched
	began := time.Now()
	l.runner.Prefetch()
	for range run {
		before := time.Now()
		l.group.Read(m)
		read := time.Now()
		l.hush(now)
		l.think()
		l.runner.Step()
		l.env.metrics.TickRead(l.def.Name, read.Sub(before))
		l.env.metrics.TickStep(l.def.Name, time.Since(read))
		l.sayEvents()
		if _, over := l.runner.Result(); over {
			break
		}
	}
	if dropped := l.runner.Dropped(); dropped > l.dropped {
		l.env.metrics.InputsDropped(l.def.Name, int(dropped-l.dropped))
		l.dropped = dropped
	}
	if l.changed { // goes out with this tick
		l.changed = false
		l.sayLobby()
		l.publishInfo()
	}
	if l.newsDue(now) {
		l.tellNews()
	}
	before := time.Now()
	l.group.Send(m, before)
	end := time.Now()
	l.env.metrics.TickSend(l.def.Name, end.Sub(before))
	l.env.metrics.Tick(l.def.Name, end.Sub(began))
	if result, over := l.runner.Result(); over {
		l.finish(now, result)
	}
}

// silence is how long nothing came from a player before its controls are let go.
const silence = time.Second

// hush lets go of the controls of those who cannot be heard, a few times a second.
func (l *Loop) hush(now time.Time) {
	if l.runner.Tick()%uint32(max(l.def.Rate/4, 1)) != 0 {
		return
	}
	for _, s := range l.seats {
		if s.in && s.sess != nil && s.sess.Silent(now) > silence {
			l.runner.Idle(s.player)
		}
	}
}

// sayEvents says what the game sent in the last step.
func (l *Loop) sayEvents() {
	for _, out := range l.runner.Events() {
		l.buf = wire.AppendEvent(l.buf[:0], &wire.Event{Index: out.Index, Fields: out.Values}, &l.schema.Events[out.Index])
		if out.To == 0 {
			l.tellViewers(l.buf)
		}
		for _, s := range l.seats {
			if (out.To == 0 || out.To == s.player) && !s.late {
				l.sayTo(s, l.buf)
			}
		}
	}
}

// finish shows how the match ended.
func (l *Loop) finish(now time.Time, r game.Result) {
	l.result = wire.Result{}
	for _, p := range r.Places {
		l.result.Places = append(l.result.Places, wire.Place{Player: p.Player, Rank: p.Rank, Score: p.Score})
	}
	l.say(l.resultMessage())
	l.group.Release() // nothing reads its members until the next match
	l.phase, l.deadline = wire.PhaseResults, now.Add(l.env.cfg.Results)
	l.pulseAt = now.Add(pulse)
	l.changed = true
	if l.matched != nil {
		l.matched.finished(l, r)
	}
	l.matchOver(now)
	l.log.Info("match ended", "match", l.number, "ticks", l.runner.Tick())
}

// matchOver counts that the match has ended, or was broken off with its lobby.
func (l *Loop) matchOver(now time.Time) {
	if l.began.IsZero() {
		return
	}
	l.env.metrics.MatchEnded(l.def.Name, now.Sub(l.began))
	l.began = time.Time{}
}

// resultMessage is valid until the next message is made.
func (l *Loop) resultMessage() []byte {
	l.buf = wire.AppendResult(l.buf[:0], &l.result)
	return l.buf
}
