package arena_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/arena"
)

// duel is ann with rails, at rest, and bob, who crosses her line at 6 units a
// second and is in it as of the tick that duel returns.
func duel(t *testing.T) (m *match, ann, bob game.Player, inLine uint32) {
	m = round(t)
	ann, bob = m.join("ann"), m.join("bob")
	run[arena.Railed](m, arena.ShieldTicks+1, nil)
	m.put(ann, 21, 20).Rail = arena.RailCharges
	o := m.put(bob, 40, 16)
	o.HP = arena.MaxHP
	for range 40 { // bob is moved by hand: 80/256 of a unit a tick
		o.Y += 80
		o.VX, o.VY = 0, 0
		run[arena.Railed](m, 1, nil)
		if o.Y >= 20*arena.Unit {
			return m, ann, bob, m.Tick()
		}
	}
	t.Fatal("bob never crosses the line")
	return nil, 0, 0, 0
}

// ago lets bob fly on for some ticks, then ann fire at what she saw in the given
// tick, and says what bob lost.
func (m *match) ago(ann, bob game.Player, ticks int, viewed uint32) (lost uint8) {
	o := m.ship(bob)
	for range ticks {
		o.Y += 80
		o.VX, o.VY = 0, 0
		run[arena.Railed](m, 1, nil)
	}
	before := o.HP
	m.seq++
	v, err := m.d.InputValues(nil, &arena.Input{Fire: true})
	if err != nil {
		m.Fatal(err)
	}
	m.Input(ann, m.seq, viewed, v)
	m.Step()
	return before - o.HP
}

// What she aimed at is hit, though it has gone on since: without looking back
// this fails.
func TestRailHitsWhatTheShooterSaw(t *testing.T) {
	for _, late := range []int{0, 3, 6} { // up to 200 ms
		m, ann, bob, inLine := duel(t)
		if lost := m.ago(ann, bob, late, inLine); lost != arena.RailDamage {
			t.Errorf("%d ticks late: bob lost %d", late, lost)
		}
	}
}

// The present is not hit where the past was seen, nor what is longer ago than
// counts, nor what is claimed to be.
func TestRailMissesWhatTheShooterDidNotSee(t *testing.T) {
	m, ann, bob, inLine := duel(t)
	if lost := m.ago(ann, bob, 4, inLine+4); lost != 0 {
		t.Errorf("bob, who was seen to be past, lost %d", lost)
	}
	m, ann, bob, inLine = duel(t)
	if lost := m.ago(ann, bob, 15, inLine); lost != 0 {
		t.Errorf("bob, who was in line half a second ago, lost %d", lost)
	}
	m, ann, bob, _ = duel(t)
	if lost := m.ago(ann, bob, 6, 0); lost != 0 {
		t.Errorf("bob lost %d to who says nothing of what it saw", lost)
	}
}

func TestRailCharges(t *testing.T) {
	m, ann, bob, inLine := duel(t)
	s, o := m.ship(ann), m.ship(bob)
	o.Y = 20 * arena.Unit
	if lost := m.ago(ann, bob, 0, inLine); lost != arena.RailDamage || s.Rail != arena.RailCharges-1 || s.Ammo != arena.MaxAmmo {
		t.Fatalf("lost %d, %d rails and %d shots are left", lost, s.Rail, s.Ammo)
	}
	m.hold(ann, arena.Input{Fire: true})
	rails := run[arena.Railed](m, 3*arena.RailTicks, nil)
	if len(rails) != arena.RailCharges-1 || s.Rail != 0 {
		t.Errorf("%d more rails, %d are left", len(rails), s.Rail)
	}
	if m.score(ann).Kills != 1 {
		t.Errorf("%d kills by two rails", m.score(ann).Kills)
	}
	if s.Ammo == arena.MaxAmmo {
		t.Error("no shots follow the rails")
	}
	for _, r := range rails {
		if r.Shooter != ann || r.Y != s.Y || r.ToX <= r.X || r.ToX > 44*arena.Unit+64 {
			t.Errorf("a rail through a wall or another way: %+v", r)
		}
	}
}

func TestRailStopsAtWallsAndShields(t *testing.T) {
	m, ann, bob, _ := duel(t)
	m.put(bob, 50, 20) // behind the wall at 44
	run[arena.Railed](m, 1, nil)
	if lost := m.ago(ann, bob, 0, m.Tick()); lost != 0 {
		t.Errorf("bob lost %d behind a wall", lost)
	}
	m, ann, bob, inLine := duel(t)
	m.ship(bob).Shield, m.ship(bob).ShieldLeft = true, 9
	if lost := m.ago(ann, bob, 0, inLine); lost != 0 {
		t.Errorf("bob lost %d behind a shield", lost)
	}
}
