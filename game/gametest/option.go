package gametest

import (
	"reflect"
	"slices"
	"testing"

	"github.com/sandlot-server/sandlot/game"
)

// Option changes how a match or a conformance run is made.
type Option func(*config)

type config struct {
	seed     uint64
	ticks    int
	settings map[string]int64
	with     []game.Option
	own      bool
}

// Seed sets what the match draws its chance from, and Conform its players'
// doings. Without it that is 1, so that a test is the same each time.
func Seed(seed uint64) Option { return func(c *config) { c.seed = seed } }

// Setting sets one of the game's settings, by its name on the wire.
func Setting(name string, value int64) Option {
	return func(c *config) { c.settings[name] = value }
}

// With defines the game with these options instead of looking for it among the
// registered ones.
func With(opts ...game.Option) Option {
	return func(c *config) { c.with, c.own = append(c.with, opts...), true }
}

// Ticks sets how long each match of a conformance run lasts, 300 ticks without
// it. A match that ends by itself is followed by the next.
func Ticks(n int) Option { return func(c *config) { c.ticks = n } }

func configure(t testing.TB, newGame func() game.Game, opts []Option) (*config, *game.Definition) {
	t.Helper()
	c := &config{seed: 1, ticks: 300, settings: map[string]int64{}}
	for _, o := range opts {
		o(c)
	}
	if c.ticks < 1 {
		t.Fatalf("gametest: %d ticks", c.ticks)
	}
	return c, definition(t, newGame, c)
}

// definition finds the game that newGame makes, or defines it.
func definition(t testing.TB, newGame func() game.Game, c *config) *game.Definition {
	t.Helper()
	if c.own {
		d, err := game.Define("under-test", newGame, c.with...)
		if err != nil {
			t.Fatalf("gametest: define the game:\n%v", err)
		}
		return d
	}
	want := reflect.TypeOf(newGame())
	all := game.All()
	i := slices.IndexFunc(all, func(d *game.Definition) bool { return reflect.TypeOf(d.NewGame()) == want })
	if i < 0 {
		t.Fatalf("gametest: no registered game is a %s: register it in an init, or state its options with gametest.With", want)
	}
	return all[i]
}

// values returns the settings in the schema's order.
func (c *config) values(t testing.TB, d *game.Definition) []int64 {
	t.Helper()
	var values []int64
	known := 0
	for _, s := range d.Schema().Settings {
		v, ok := c.settings[s.Name]
		if !ok {
			v = s.Default
		} else {
			known++
		}
		values = append(values, v)
	}
	if known != len(c.settings) {
		t.Fatalf("gametest: settings %v: the game has %v", c.settings, d.Schema().Settings)
	}
	return values
}
