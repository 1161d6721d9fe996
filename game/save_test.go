package game_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

// busy does random things to a match, all drawn from chance.
func busy(chance *rand.Rand, r *game.Runner) {
	p := game.Player(chance.UintN(6))
	switch chance.UintN(8) {
	case 0:
		_ = r.Join(p, "ann", chance.UintN(2) == 0, uint8(chance.UintN(3))) // refusals are a part of it
	case 1:
		r.Leave(p)
	case 2:
		_ = r.Command(p, int(chance.UintN(3)), []state.Value{{Str: "hi"}, {Int: 1}, {Int: 2}}[:1+2*chance.IntN(2)])
	default:
		seq, _ := r.Applied(p)
		for i := range uint32(chance.UintN(12)) {
			r.Input(p, seq+i+uint32(chance.UintN(3)), r.Tick(), stick(int64(chance.IntN(3)-1), 1, int64(chance.IntN(2)), int64(chance.IntN(8))))
		}
	}
}

func TestRestoredGoesOnEqually(t *testing.T) {
	r := lab(t, nil)
	d := r.Definition()
	one, two := rand.New(rand.NewPCG(1, 2)), rand.New(rand.NewPCG(1, 2))
	copied := r
	for tick := range 400 {
		if tick%7 == 0 {
			saved := copied.Save(nil)
			var err error
			if copied, err = game.Restore(d, saved); err != nil {
				t.Fatalf("tick %d: %v", tick, err)
			}
			if again := copied.Save(nil); !bytes.Equal(saved, again) {
				t.Fatalf("tick %d: a restored match saves differently", tick)
			}
			if copied.Ring().Newest().Tick != copied.Tick() {
				t.Fatalf("tick %d: no snapshot after a restore", tick)
			}
		}
		for range 3 {
			busy(one, r)
			busy(two, copied)
		}
		if tick%5 != 0 { // saved with events that wait, too
			r.Step()
			copied.Step()
		}
		if r.Hash() != copied.Hash() {
			t.Fatalf("tick %d: a restored match went another way", r.Tick())
		}
	}
	if r.Dropped() == 0 || r.Dropped() != copied.Dropped() {
		t.Errorf("dropped %d and %d", r.Dropped(), copied.Dropped())
	}
}

func TestResultIsSaved(t *testing.T) {
	r := lab(t, func(tick *game.Tick) { tick.End(game.Result{Places: []game.Place{{Player: 1, Rank: 1, Score: -5}}}) })
	r.Step()
	c, err := game.Restore(r.Definition(), r.Save(nil))
	if err != nil {
		t.Fatal(err)
	}
	if got, over := c.Result(); !over || len(got.Places) != 1 || got.Places[0].Score != -5 {
		t.Errorf("got %v, %v", got, over)
	}
}

func TestRestoreRefuses(t *testing.T) {
	r := lab(t, nil)
	join(t, r, 1, 2)
	r.Step()
	good := r.Save(nil)
	other, err := game.Define("other", newPlain)
	if err != nil {
		t.Fatal(err)
	}
	for want, try := range map[string]func() (*game.Runner, error){
		"another build or another game": func() (*game.Runner, error) { return game.Restore(other, good) },
		"version 0":                     func() (*game.Runner, error) { return game.Restore(r.Definition(), nil) },
		"version 9":                     func() (*game.Runner, error) { return game.Restore(r.Definition(), append([]byte{9}, good[1:]...)) },
		"damaged save": func() (*game.Runner, error) {
			return game.Restore(r.Definition(), append(good[:len(good):len(good)], 0))
		},
	} {
		if _, err := try(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	for n := range good {
		if _, err := game.Restore(r.Definition(), good[:n]); err == nil {
			t.Fatalf("the first %d of %d bytes were restored", n, len(good))
		}
	}
}

func FuzzRestore(f *testing.F) {
	r := lab(f, nil)
	chance := rand.New(rand.NewPCG(3, 4))
	for range 40 {
		busy(chance, r)
		if chance.IntN(4) == 0 {
			r.Step()
		}
		f.Add(r.Save(nil))
	}
	d := r.Definition()
	f.Fuzz(func(t *testing.T, src []byte) {
		r, err := game.Restore(d, src)
		if err != nil {
			return
		}
		for range 3 { // whatever was let in is safe to run
			r.Step()
		}
		if _, err := game.Restore(d, r.Save(nil)); err != nil {
			t.Fatalf("what was restored cannot be restored again: %v", err)
		}
	})
}
