package gametest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

// manner is how a crowd behaves.
type manner int

const (
	playing   manner = iota // everyone plays at random; now and then one comes or goes
	attacking               // everyone sends what a broken or evil client would
	storming                // everyone comes and goes
	watching                // bots play
)

// crowd is the players of a match. Equal crowds of equal matches do the same.
type crowd struct {
	chance  *rand.Rand
	d       *game.Definition
	manner  manner
	here    []*someone // ascending
	next    game.Player
	started bool
}

type someone struct {
	game.Player
	seq  uint32
	held []state.Value
	bot  game.Brain
	view game.View
}

func newCrowd(d *game.Definition, seed uint64, m manner) *crowd {
	return &crowd{chance: rand.New(rand.NewPCG(seed, uint64(m)+2)), d: d, manner: m, next: 1}
}

// leave forgets everyone: the match is over.
func (c *crowd) leave() { c.here, c.started, c.next = nil, false, 1 }

// odds is true once in n times.
func (c *crowd) odds(n uint32) bool { return c.chance.Uint32N(n) == 0 }

// act does what the crowd does before one step of r.
func (c *crowd) act(r *game.Runner) error {
	if !c.started {
		c.started = true
		for range c.d.MinPlayers + c.chance.IntN(c.d.MaxPlayers-c.d.MinPlayers+1) {
			if err := c.join(r); err != nil {
				return err
			}
		}
	}
	if err := c.move(r); err != nil {
		return err
	}
	for _, s := range c.here {
		switch {
		case c.manner == attacking:
			c.attack(r, s)
		case s.bot != nil:
			if err := c.think(r, s); err != nil {
				return err
			}
		default:
			c.play(r, s)
		}
	}
	return nil
}

// move lets players come and go.
func (c *crowd) move(r *game.Runner) error {
	switch c.manner {
	case watching:
	case storming:
		switch {
		case c.odds(20):
			for len(c.here) > 0 {
				c.drop(r, 0)
			}
		case c.odds(10):
			for len(c.here) < c.d.MaxPlayers && c.joins(r) {
				if err := c.join(r); err != nil {
					return err
				}
			}
		}
		for range c.chance.IntN(4) {
			if err := c.swap(r); err != nil {
				return err
			}
		}
	default:
		if c.odds(40) {
			return c.swap(r)
		}
	}
	return nil
}

// swap lets one player go, or come, or both.
func (c *crowd) swap(r *game.Runner) error {
	if len(c.here) > 0 && c.odds(2) {
		c.drop(r, c.chance.IntN(len(c.here)))
	}
	if len(c.here) < c.d.MaxPlayers && c.joins(r) && c.odds(2) {
		return c.join(r)
	}
	return nil
}

func (c *crowd) joins(r *game.Runner) bool { return r.Tick() == 0 || c.d.LateJoin }

// join lets one more in. The game may refuse it; anything else is a fault.
func (c *crowd) join(r *game.Runner) error {
	s := &someone{Player: c.next}
	c.next++
	if c.manner == watching {
		s.bot = c.d.NewBrain(c.chance.Uint64())
		s.view = game.View{Me: s.Player, Mirror: state.NewMirror(c.d.Schema().Tables)}
	}
	team := uint8(0)
	if c.d.Teams > 0 {
		team = uint8(int(s.Player)%c.d.Teams) + 1
	}
	name := []string{"", "ann", "ann", "<b>\u202e", "a name of quite some length, as some people have"}[c.chance.IntN(5)]
	err := r.Join(s.Player, name, s.bot != nil, team)
	if err == nil {
		c.here = append(c.here, s)
	} else if e := (*game.Error)(nil); !errors.As(err, &e) || e.Code != game.CodeRefused {
		return fmt.Errorf("player %d joins: %w", s.Player, err)
	}
	return nil
}

func (c *crowd) drop(r *game.Runner, i int) {
	r.Leave(c.here[i].Player)
	c.here = slices.Delete(c.here, i, i+1)
}

// play holds something down for a while and gives a command now and then.
func (c *crowd) play(r *game.Runner, s *someone) {
	if s.held == nil || c.odds(8) {
		s.held = valid(c.chance, c.d.Schema().Input)
	}
	if !c.odds(15) { // else it is late
		s.seq++
		r.Input(s.Player, s.seq, r.Tick(), s.held)
	}
	if commands := c.d.Schema().Commands; len(commands) > 0 && c.odds(8) {
		i := c.chance.IntN(len(commands))
		_ = r.Command(s.Player, i, valid(c.chance, commands[i])) // a refusal is an answer
	}
}

// attack does what the wire, or a broken part of the server, could let through.
func (c *crowd) attack(r *game.Runner, s *someone) {
	input, commands := c.d.Schema().Input, c.d.Schema().Commands
	for range c.chance.IntN(12) {
		s.seq += c.chance.Uint32N(3)
		r.Input(s.Player, s.seq, c.chance.Uint32(), valid(c.chance, input))
		r.Input(s.Player, s.seq+1, 0, invalid(c.chance, input))
		r.Input(s.Player+game.Player(c.chance.UintN(3)), c.chance.Uint32N(s.seq+1), 0, valid(c.chance, input))
	}
	for range c.chance.IntN(40) {
		i := c.chance.IntN(len(commands)+2) - 1
		if i < 0 || i == len(commands) {
			_ = r.Command(s.Player, i, nil)
			continue
		}
		_ = r.Command(s.Player, i, valid(c.chance, commands[i]))
		_ = r.Command(s.Player, i, invalid(c.chance, commands[i]))
		_ = r.Command(game.Player(c.chance.UintN(20)), i, valid(c.chance, commands[i]))
	}
}

// think lets a bot play by what its client would know.
func (c *crowd) think(r *game.Runner, s *someone) error {
	s.view.Tick = r.Tick()
	s.view.Mirror.Fill(r.Ring().Newest(), r.View(s.Player), s.Player)
	in := c.d.NewInput()
	command := s.bot.Think(&s.view, in)
	if in != nil {
		values, err := c.d.InputValues(nil, in)
		if err != nil {
			return fmt.Errorf("bot %d: %w", s.Player, err)
		}
		s.seq++
		r.Input(s.Player, s.seq, r.Tick(), values)
	}
	if command != nil {
		i, values, err := c.d.CommandValues(nil, command)
		if err != nil {
			return fmt.Errorf("bot %d: %w", s.Player, err)
		}
		_ = r.Command(s.Player, i, values) // it may be late, as a person may be
	}
	return nil
}
