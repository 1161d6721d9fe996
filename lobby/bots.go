package lobby

import (
	"encoding/binary"
	"math/rand/v2"
	"reflect"
	"slices"
	"time"

	crand "crypto/rand"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// bot plays one seat within the Loop. It knows what a client of that seat would
// know, through a Mirror, and acts through the same inputs and commands.
type bot struct {
	brain  game.Brain
	mirror *state.Mirror
	view   game.View
	input  any           // nil if the game has none
	blank  reflect.Value // what input points to
	values []state.Value
	seq    uint32
}

// botNames are short and plainly not people's.
var botNames = [...]string{
	"Bolt", "Cog", "Dynamo", "Ember", "Fuse", "Gizmo", "Hopper", "Ion", "Jolt", "Kilo", "Lumen", "Motor",
	"Nano", "Ohm", "Piston", "Quark", "Rivet", "Servo", "Turbo", "Volt", "Widget", "Zap",
}

func randomSeed() uint64 {
	var b [8]byte
	crand.Read(b[:])
	return binary.LittleEndian.Uint64(b[:])
}

// fill adds bots to what people leave free, and takes them away as people come.
// In a match it adds only where the game lets players in.
func (l *Loop) fill(now time.Time) {
	have := l.botSeats
	want := l.wantBots(now)
	for ; have > want; have-- {
		for _, s := range slices.Backward(l.seats) {
			if s.bot != nil {
				l.drop(now, s, wire.GoneLeft, session.Bye)
				break
			}
		}
	}
	if l.phase == wire.PhaseRunning && !l.def.LateJoin {
		return
	}
	for ; have < want; have++ {
		l.addBot()
	}
}

func (l *Loop) wantBots(now time.Time) int {
	if !l.bots || !l.def.HasBots() || l.phase == wire.PhaseClosed {
		return 0
	}
	people := l.count(person)
	if l.phase == wire.PhaseWaiting && (l.botsAt.IsZero() || now.Before(l.botsAt)) {
		return 0 // people first
	}
	if people == 0 && l.phase != wire.PhaseRunning {
		return 0
	}
	return max(0, min(l.fillTo, l.max)-people)
}

func (l *Loop) addBot() {
	if l.next == 1<<16-1 {
		return
	}
	l.next++
	b := &bot{brain: l.newBrain(), mirror: state.NewMirror(l.schema.Tables), input: l.def.NewInput()}
	if b.input != nil {
		b.blank = reflect.ValueOf(b.input).Elem()
	}
	s := &seat{player: l.next, role: RolePlayer, bot: b, ready: true, team: l.smallestTeam()}
	s.who.Name, s.colour = l.botName(), l.colourFor(0)
	b.view = game.View{Me: s.player, Mirror: b.mirror}
	l.seats = append(l.seats, s)
	l.botSeats++
	l.env.metrics.Seats(l.def.Name, 0, 1)
	l.sayMember(s)
	if l.phase == wire.PhaseRunning {
		l.enter(s)
	}
	l.changed = true
}

// maxLevel is the highest level of bots.
const maxLevel = 2

func (l *Loop) newBrain() game.Brain {
	b := l.def.NewBrain(randomSeed())
	if leveled, ok := b.(game.Leveled); ok {
		leveled.SetLevel(l.level)
	}
	return b
}

// botName picks one that nobody here has, as long as there are any.
func (l *Loop) botName() string {
	at := rand.IntN(len(botNames))
	for i := range botNames {
		name := botNames[(at+i)%len(botNames)]
		if !slices.ContainsFunc(l.seats, func(s *seat) bool { return s.bot != nil && s.who.Name == name }) {
			return name
		}
	}
	return botNames[at]
}

// think lets all bots in the match act on the newest state.
func (l *Loop) think() {
	if l.botSeats == 0 {
		return // no seat need be looked at
	}
	newest := l.runner.Ring().Newest()
	for _, s := range l.seats {
		if s.bot == nil || !s.in {
			continue
		}
		b := s.bot
		b.mirror.Fill(newest, l.runner.View(s.player), s.player)
		b.view.Tick = l.runner.Tick()
		if b.input != nil {
			b.blank.SetZero()
		}
		command := b.brain.Think(&b.view, b.input)
		if b.input != nil {
			l.botInput(s)
		}
		if command != nil {
			l.botCommand(s, command)
		}
	}
}

func (l *Loop) botInput(s *seat) {
	b := s.bot
	values, err := l.def.InputValues(b.values[:0], b.input)
	b.values = values
	if err != nil {
		l.botFault(s, err)
		return
	}
	b.seq++
	l.runner.Input(s.player, b.seq, b.view.Tick, values)
}

func (l *Loop) botCommand(s *seat, command any) {
	b := s.bot
	index, values, err := l.def.CommandValues(b.values[:0], command)
	b.values = values
	if err != nil {
		l.botFault(s, err)
		return
	}
	// A refusal by the game is its answer to a bot as to anyone.
	_ = l.runner.Command(s.player, index, values)
}

// botFault tells the game's developer, once a match, that a Brain went wrong.
func (l *Loop) botFault(s *seat, err error) {
	if l.botWarned {
		return
	}
	l.botWarned = true
	l.log.Warn("a bot acts out of range", "bot", s.who.Name, "err", err)
}
