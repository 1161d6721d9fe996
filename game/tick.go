package game

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
)

// Tick is what a game is given for one step. It is valid during that call only:
// Input, Send, Broadcast and End panic on a Tick that was kept.
type Tick struct {
	N      uint32     // this tick's number: 1 for the first Step, 0 in Start
	Rand   *rand.Rand // the match's chance, seeded once and saved with the match
	Events []Event    // joins, leaves and commands since the last tick, as they arrived

	r    *Runner
	live bool
}

// Rate is the number of ticks a second.
func (t *Tick) Rate() int { return t.r.d.Rate }

// Players yields those in the match, in ascending order.
func (t *Tick) Players() iter.Seq[Player] {
	return func(yield func(Player) bool) {
		for _, s := range t.r.seats {
			if !yield(s.Player) {
				return
			}
		}
	}
}

// Count is the number of players in the match.
func (t *Tick) Count() int { return len(t.r.seats) }

// Has reports whether p is in the match.
func (t *Tick) Has(p Player) bool { return t.r.seat(p) != nil }

// Name is the player's name as shown to others, "" for one not in the match.
func (t *Tick) Name(p Player) string {
	if s := t.r.seat(p); s != nil {
		return s.Name
	}
	return ""
}

// Team is the player's team, 0 for none.
func (t *Tick) Team(p Player) uint8 {
	if s := t.r.seat(p); s != nil {
		return s.Team
	}
	return 0
}

// Bot reports whether a bot has the player's seat.
func (t *Tick) Bot(p Player) bool {
	s := t.r.seat(p)
	return s != nil && s.Bot
}

// Input returns the player's input of this tick: a pointer to the registered
// type, valid during the call. Before a player's first input, and for one not
// in the match, each field is what its range has nearest to zero. It is nil only
// if the game has no input.
func (t *Tick) Input(p Player) any {
	t.alive("Input")
	m := t.r.d.input
	if m == nil {
		return nil
	}
	if s := t.r.seat(p); s != nil {
		return s.inputs.current
	}
	m.layout.Load(m.rest, t.r.nobody)
	return t.r.nobody
}

// Viewed is the tick that the player was looking at when it made this tick's
// input, never above N; 0 if unknown.
func (t *Tick) Viewed(p Player) uint32 {
	if s := t.r.seat(p); s != nil {
		return s.inputs.viewed
	}
	return 0
}

// Send tells p something: a value of one of the game's event types, or a pointer
// to one. It reaches p's client reliably and in order, each field brought into
// its range. It does nothing if p is not in the match, and panics if the type was
// not given to [Events].
func (t *Tick) Send(p Player, event any) {
	t.alive("Send")
	if t.r.seat(p) != nil {
		t.r.send(p, event)
	}
}

// Broadcast is Send to everyone, spectators included.
func (t *Tick) Broadcast(event any) {
	t.alive("Broadcast")
	t.r.send(0, event)
}

// maxSafe is what browsers hold exactly: they have doubles.
const maxSafe = 1 << 53

// End ends the match after this step. The first End of a match counts. It panics
// if a rank is below 1, a score beyond ±2^53, or a player has two places.
func (t *Tick) End(result Result) {
	t.alive("End")
	if err := checkResult(result); err != nil {
		panic(fmt.Sprintf("game: End: %v", err))
	}
	if t.r.over {
		return
	}
	t.r.over = true
	t.r.result.Places = slices.Clone(result.Places)
	slices.SortStableFunc(t.r.result.Places, func(a, b Place) int { return a.Rank - b.Rank })
}

func checkResult(r Result) error {
	for i, p := range r.Places {
		if p.Rank < 1 || p.Score > maxSafe || p.Score < -maxSafe {
			return fmt.Errorf("player %d has rank %d and score %d", p.Player, p.Rank, p.Score)
		}
		if slices.ContainsFunc(r.Places[:i], func(o Place) bool { return o.Player == p.Player }) {
			return fmt.Errorf("player %d has two places", p.Player)
		}
	}
	return nil
}

func (t *Tick) alive(method string) {
	if !t.live {
		panic("game: Tick." + method + " outside of the step that the Tick was given to")
	}
}
