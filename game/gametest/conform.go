package gametest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/game"
)

// Conform proves, as far as runs can, that a game keeps the contract of package
// game. Its subtests:
//
//   - source: nothing in the game's source makes two runs differ; see
//     [Deterministic].
//   - refusals: Register refuses the game under a taken or bad name and with
//     options that make no sense, naming all that is wrong.
//   - equal: two matches with one seed and the same players are equal after
//     every tick.
//   - restored: so are a match and one that is saved and restored at random
//     ticks. A field that matters and is tagged scratch shows here.
//   - hostile: values at and beyond their bounds, floods, old numbers, commands
//     in any state from anyone, do not make the game panic.
//   - storm: nor do players who come and go, all at once and within a tick.
//   - bots: its bots play whole matches, equally from equal seeds.
//   - private: what a player may not see, by owner or by [game.Sight], changes
//     nothing in what it is sent, and deltas lead it to what it may see.
//
// After every tick of all of these, tables are within their bounds and no id
// was used twice. Failures name the tick and the seed.
func Conform(t *testing.T, newGame func() game.Game, opts ...Option) {
	t.Helper()
	c, d := configure(t, newGame, opts)
	k := &kit{config: c, d: d, newGame: newGame, settings: c.values(t, d)}
	t.Run("source", func(t *testing.T) { deterministic(t, newGame()) })
	for _, check := range []struct {
		name string
		run  func() error
	}{
		{"refusals", k.refusals},
		{"equal", k.equal},
		{"restored", k.restored},
		{"hostile", k.hostile},
		{"storm", k.storm},
		{"bots", k.bots},
		{"private", k.private},
	} {
		t.Run(check.name, func(t *testing.T) {
			if err := check.run(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// kit is one game under test.
type kit struct {
	*config
	d        *game.Definition
	newGame  func() game.Game
	settings []int64
}

const seeds = 3 // matches of each kind

func (k *kit) refusals() (err error) {
	_, bad := game.Define("Not A Name", k.newGame, game.Rate(-1), game.Players(2, 1), game.Title(""))
	for _, want := range []string{`"Not A Name"`, "rate of -1", "players 2 to 1", `title ""`} {
		if bad == nil {
			return fmt.Errorf("a bad definition was not refused for %s", want)
		}
		if !strings.Contains(bad.Error(), want) {
			return fmt.Errorf("the refusal of a bad definition does not name %s: %w", want, bad)
		}
	}
	if _, registered := game.Lookup(k.d.Name); !registered {
		return nil
	}
	defer func() {
		if recover() == nil {
			err = fmt.Errorf("the name %q was registered twice", k.d.Name)
		}
	}()
	game.Register(k.d.Name, k.newGame, k.with...)
	return nil
}

// equal runs each seed twice, side by side.
func (k *kit) equal() error { return k.sideBySide(playing, nil) }

// restored saves and restores one of two at random ticks.
func (k *kit) restored() error {
	return k.sideBySide(playing, func(r *run) error {
		if r.chance.UintN(4) > 0 {
			return nil
		}
		return r.restore()
	})
}

func (k *kit) bots() error {
	if !k.d.HasBots() {
		return nil
	}
	return k.sideBySide(watching, nil)
}

func (k *kit) hostile() error { return k.alone(attacking) }

func (k *kit) storm() error { return k.alone(storming) }

// sideBySide runs two matches of each seed and compares them after every tick;
// before some, meddle does what must make no difference to the second.
func (k *kit) sideBySide(m manner, meddle func(*run) error) error {
	return k.each(m, func(one *run) error {
		two, err := k.start(one.seed, m)
		if err != nil {
			return err
		}
		for range k.ticks {
			if meddle != nil {
				if err := meddle(two); err != nil {
					return err
				}
			}
			if err := one.step(); err != nil {
				return err
			}
			if err := two.step(); err != nil {
				return fmt.Errorf("in the second of two equal runs alone: %w", err)
			}
			if one.r.Hash() != two.r.Hash() {
				return fmt.Errorf("the matches part at tick %d, %s", one.r.Tick(), difference(one.r, two.r))
			}
		}
		return nil
	})
}

// alone runs one match of each seed.
func (k *kit) alone(m manner) error {
	return k.each(m, func(r *run) error {
		for range k.ticks {
			if err := r.step(); err != nil {
				return err
			}
		}
		return nil
	})
}

// each starts a match for each seed.
func (k *kit) each(m manner, do func(*run) error) error {
	for seed := k.seed; seed < k.seed+seeds; seed++ {
		r, err := k.start(seed, m)
		if err == nil {
			err = do(r)
		}
		if err != nil {
			return fmt.Errorf("seed %d: %w", seed, err)
		}
	}
	return nil
}
