package lobby

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// kickFor is how long somebody who was kicked, or turned away, stays out.
const kickFor = time.Minute

// Action is something that a member does about the lobby or somebody in it, over
// HTTP; on the socket there is a message for each.
type Action struct {
	Do     string       // one of the keys of actions
	Player state.Player // whom it is about, or a knock's number
	Value  int64
	Name   string // of a setting
	Text   string // of network: the link
}

// actions is what a member may do. All but ready and
// the own team and colour are the host's.
var actions = map[string]func(l *Loop, now time.Time, s *seat, a Action) error{
	"ready": func(l *Loop, now time.Time, s *seat, a Action) error { return l.setReady(now, s, a.Value != 0) },
	"start": func(l *Loop, now time.Time, s *seat, _ Action) error { return l.startBy(now, s) },
	"kick":  func(l *Loop, now time.Time, s *seat, a Action) error { return l.remove(now, s, a.Player, kickFor) },
	"setting": func(l *Loop, _ time.Time, s *seat, a Action) error {
		index := slices.IndexFunc(l.schema.Settings, func(d state.Setting) bool { return d.Name == a.Name })
		return l.set(s, session.Incoming{Index: index, Value: a.Value})
	},
	"ban":      managed(wire.ActBan),
	"mute":     managed(wire.ActMute),
	"host":     managed(wire.ActHost),
	"team":     managed(wire.ActTeam),
	"admit":    managed(wire.ActAdmit),
	"refuse":   managed(wire.ActRefuse),
	"private":  managed(wire.ActPrivate),
	"approval": managed(wire.ActApproval),
	"players":  managed(wire.ActPlayers),
	"bots":     managed(wire.ActBots),
	"network":  func(l *Loop, _ time.Time, s *seat, a Action) error { return l.setNetwork(s, a.Text) },
	"level":    managed(wire.ActLevel),
	"colour":   managed(wire.ActColour),

	"muteSender":   managed(wire.ActMuteSender),
	"unmuteSender": managed(wire.ActUnmuteSender),
	"kickSender":   managed(wire.ActKickSender),
	"banSender":    managed(wire.ActBanSender),
	"delay":        managed(wire.ActDelay),
}

// Actions are the words that Action.Do may have, sorted.
func Actions() []string {
	all := make([]string, 0, len(actions))
	for name := range actions {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func managed(what wire.Action) func(*Loop, time.Time, *seat, Action) error {
	return func(l *Loop, now time.Time, s *seat, a Action) error {
		return l.manage(now, s, what, a.Player, a.Value)
	}
}

// Act does something in a lobby that who has a seat in.
func (d *Directory) Act(ctx context.Context, who Who, id string, a Action) error {
	do := actions[a.Do]
	if do == nil {
		return fail(CodeInvalid, "no such action; there are "+strings.Join(Actions(), ", "))
	}
	l, other, err := d.resolve(ctx, who, id)
	if err != nil {
		return err
	}
	if other != nil {
		to, err := d.homeOf(other)
		if err == nil {
			_, err = ask[any](ctx, d, to, "act", lobbyAsk{Who: who, Lobby: other.key(), Action: a})
		}
		return err
	}
	asked := l.ask(ctx, func(now time.Time) {
		s := l.seatOf(who.ID)
		if s == nil {
			err = fail(CodeNotMember, "you have no seat in this lobby")
			return
		}
		err = do(l, now, s, a)
	})
	if asked != nil {
		return asked
	}
	return err
}

func (l *Loop) startBy(now time.Time, s *seat) error {
	if s.player != l.host {
		return errNotHost
	}
	return l.start(now)
}

// manage does what a manage message asks for.
func (l *Loop) manage(now time.Time, s *seat, what wire.Action, p state.Player, value int64) error {
	if what == wire.ActColour {
		if p != s.player && p != 0 {
			return fail(CodeInvalid, "everyone chooses a colour of their own")
		}
		return l.setColour(s, value)
	}
	if s.player != l.host && (what != wire.ActTeam || p != s.player) {
		return errNotHost
	}
	switch what {
	case wire.ActMuteSender, wire.ActUnmuteSender, wire.ActKickSender, wire.ActBanSender:
		return l.manageSender(now, s, what, value)
	case wire.ActBan:
		return l.remove(now, s, p, 0)
	case wire.ActMute:
		return l.mute(p, value != 0)
	case wire.ActHost:
		return l.handOver(p)
	case wire.ActTeam:
		return l.setTeam(p, value)
	case wire.ActAdmit, wire.ActRefuse:
		return l.answerKnock(now, uint16(p), what == wire.ActAdmit)
	default:
		return l.setOption(now, what, value)
	}
}

// remove takes somebody out for so long, 0 for good.
func (l *Loop) remove(now time.Time, s *seat, p state.Player, out time.Duration) error {
	if s.player != l.host {
		return errNotHost
	}
	target := l.seatAt(p)
	if target == nil || target == s {
		return fail(CodeInvalid, "no such member to remove")
	}
	if target.bot == nil {
		l.expel(now, target.who.ID, out)
		return nil
	}
	if l.fillTo > 0 {
		l.fillTo = max(l.count(playing)-1, 1) // else it would come back at once
	}
	l.drop(now, target, wire.GoneKicked, session.Kicked)
	return nil
}

// bar keeps a player out for so long, 0 for good.
func (l *Loop) bar(now time.Time, id string, out time.Duration) {
	until := time.Time{}
	if out > 0 {
		until = now.Add(out)
	}
	if was, barred := l.kicked[id]; barred && was.IsZero() {
		return // for good is for good
	}
	l.kicked[id] = until
	if l.far.sender != nil {
		l.far.sender.Ask() // it tells who may not watch
	}
}

// barred says whether a player may not come in.
func (l *Loop) barred(now time.Time, id string) bool { return keptOut(l.kicked, now, id) }

// keptOut says whether a player is among those who may not come in, and forgets one
// whose time, zero is for good, is over.
func keptOut(kicked map[string]time.Time, now time.Time, id string) bool {
	until, barred := kicked[id]
	if barred && !until.IsZero() && !now.Before(until) {
		delete(kicked, id)
		return false
	}
	return barred
}

func (l *Loop) mute(p state.Player, on bool) error {
	target := l.seatAt(p)
	if target == nil || target.bot != nil {
		return fail(CodeInvalid, "no such member to mute")
	}
	if on {
		l.muted[target.who.ID] = true
	} else {
		delete(l.muted, target.who.ID)
	}
	l.sayMember(target)
	return nil
}

func (l *Loop) handOver(p state.Player) error {
	target := l.seatAt(p)
	if target == nil || !person(target) {
		return fail(CodeInvalid, "no such player to be host")
	}
	l.host = p
	l.changed = true
	l.sayKnocks()
	return nil
}

func (l *Loop) setTeam(p state.Player, value int64) error {
	target := l.seatAt(p)
	if target == nil || target.role != RolePlayer || value < 1 || value > int64(l.def.Teams) {
		return fail(CodeInvalid, "no such player, or no such team")
	}
	if l.phase == wire.PhaseRunning || l.matched != nil {
		return fail(CodePhase, "teams stay as they are in a match")
	}
	if target.team == uint8(value) {
		return nil
	}
	in := 0
	for _, s := range l.seats {
		if s.role == RolePlayer && s.team == uint8(value) {
			in++
		}
	}
	if most := (l.max + l.def.Teams - 1) / l.def.Teams; in >= most {
		return fail(CodeFull, "that team is full")
	}
	target.team = uint8(value)
	l.sayMember(target)
	return nil
}

// setOption changes what lobbies were made with.
func (l *Loop) setOption(now time.Time, what wire.Action, value int64) error {
	bad := fail(CodeInvalid, "that is not for this lobby")
	if value < 0 { // of another instance: the wire and HTTP have none
		return bad
	}
	switch what {
	case wire.ActPrivate:
		if value > 1 {
			return bad
		}
		l.private = value == 1
	case wire.ActApproval:
		if value > 1 {
			return bad
		}
		l.approval = value == 1
	case wire.ActPlayers:
		if value < int64(max(l.def.MinPlayers, l.count(person))) || value > int64(l.def.MaxPlayers) {
			return bad
		}
		l.max = int(value)
	case wire.ActBots:
		if value > int64(l.max) || value > 0 && !l.def.HasBots() {
			return bad
		}
		l.bots, l.fillTo = value > 0, int(value)
		l.botsAt = now
	case wire.ActDelay:
		if value > int64(l.env.cfg.MaxDelay/time.Second) {
			return bad
		}
		if l.phase != wire.PhaseWaiting {
			return fail(CodePhase, "the delay of spectators changes only while the lobby waits")
		}
		l.setDelay(time.Duration(value) * time.Second)
	case wire.ActLevel:
		if value > maxLevel {
			return bad
		}
		l.level = int(value)
	}
	l.fill(now)
	l.changed = true
	return nil
}
