package arena_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/arena"
)

func TestShotsHitAndKill(t *testing.T) {
	m := round(t)
	ann, bob := m.join("ann"), m.join("bob")
	m.put(ann, 22, 20)
	bare(m.put(bob, 30, 20))
	m.hold(ann, arena.Input{Aim: 0, Fire: true})

	hits := run[arena.Hit](m, 12, nil)
	if len(hits) == 0 {
		t.Fatal("no shot arrived")
	}
	// Both are told: the shooter and the one hit.
	if h := hits[0]; h.Shooter != ann || h.Victim != bob || h.Damage != arena.Damage {
		t.Fatalf("the first hit is %+v", h)
	}
	kills := run[arena.Killed](m, 90, func() bool { return m.ship(bob) == nil })
	if len(kills) != 1 || kills[0].Killer != ann || kills[0].Victim != bob || kills[0].Points != arena.KillPoints {
		t.Fatalf("kills are %+v", kills)
	}
	if s := m.score(ann); s.Kills != 1 || s.Score != arena.KillPoints || s.Streak != 1 {
		t.Errorf("ann has %+v", *s)
	}
	if s := m.score(bob); s.Deaths != 1 || s.RespawnAt != m.Tick()+arena.RespawnTicks {
		t.Errorf("bob has %+v", *s)
	}
}

func TestShotTakesTimeAndStaysAsFired(t *testing.T) {
	m := round(t)
	ann := m.join("ann")
	m.put(ann, 22, 20)
	m.hold(ann, arena.Input{Aim: 0, Fire: true})
	run[arena.Hit](m, 1, nil)
	m.hold(ann, arena.Input{})
	var fired arena.Shot
	for _, s := range m.rules().Shots.All() {
		fired = *s
	}
	if fired.Born != m.Tick() || fired.X != 22*arena.Unit {
		t.Fatalf("the shot is %+v", fired)
	}
	run[arena.Hit](m, 10, nil)
	for _, s := range m.rules().Shots.All() {
		if *s != fired {
			t.Fatalf("in flight it changed from %+v to %+v", fired, *s)
		}
	}
	run[arena.Hit](m, arena.ShotTicks, nil)
	if n := m.rules().Shots.Len(); n != 0 {
		t.Fatalf("%d shots are left", n)
	}
}

func TestWallsStopShots(t *testing.T) {
	m := round(t)
	ann, bob := m.join("ann"), m.join("bob")
	m.put(ann, 14, 20) // the wall at 18..20 is between them
	bare(m.put(bob, 24, 20))
	m.hold(ann, arena.Input{Aim: 0, Fire: true})
	if hits := run[arena.Hit](m, 60, nil); len(hits) != 0 {
		t.Fatalf("a shot went through a wall: %+v", hits[0])
	}
}

func TestRespawnAfterADelayWithAShield(t *testing.T) {
	m := round(t)
	ann, bob := m.join("ann"), m.join("bob")
	m.put(ann, 22, 20)
	bare(m.put(bob, 26, 20)).HP = 1
	m.hold(ann, arena.Input{Fire: true})
	run[arena.Hit](m, 30, func() bool { return m.ship(bob) == nil })
	m.hold(ann, arena.Input{})
	died := m.Tick()
	back := run[arena.Respawned](m, 200, func() bool { return m.ship(bob) != nil })
	if m.Tick() != died+arena.RespawnTicks || len(back) != 1 || back[0].Player != bob {
		t.Fatalf("bob came back after %d ticks, told by %+v", m.Tick()-died, back)
	}
	s := m.ship(bob)
	if !s.Shield || s.HP != arena.MaxHP || m.score(bob).RespawnAt != 0 {
		t.Fatalf("bob came back as %+v", *s)
	}
	// The shield takes the shot and keeps the hit points.
	m.put(bob, 26, 20)
	m.put(ann, 22, 20)
	m.hold(ann, arena.Input{Fire: true})
	hits := run[arena.Hit](m, 10, nil)
	if len(hits) == 0 || hits[0].Damage != 0 || m.ship(bob).HP != arena.MaxHP {
		t.Fatalf("hits on a shield: %+v", hits)
	}
	// Firing gives it up.
	m.hold(bob, arena.Input{Aim: 64, Fire: true})
	run[arena.Hit](m, 1, nil)
	if m.ship(bob).Shield {
		t.Fatal("bob fires from behind a shield")
	}
}

func TestPickups(t *testing.T) {
	m := round(t)
	ann := m.join("ann")
	lying := m.rules().Pickups.Len()

	s := m.put(ann, 32, 6) // a health pad, and nothing to heal
	if picked := run[arena.Picked](m, 1, nil); len(picked) != 0 {
		t.Fatalf("a whole ship took %+v", picked)
	}
	s.HP = 30
	picked := run[arena.Picked](m, 1, nil)
	if len(picked) != 1 || picked[0].Kind != arena.Health || s.HP != 30+arena.HealthGain {
		t.Fatalf("took %+v and has %d", picked, s.HP)
	}
	if n := m.rules().Pickups.Len(); n != lying-1 {
		t.Fatalf("%d pickups lie about, want %d", n, lying-1)
	}
	m.put(ann, 4, 4)
	run[arena.Picked](m, arena.HealthTicks, nil)
	if n := m.rules().Pickups.Len(); n != lying {
		t.Fatalf("the pad did not give again: %d pickups, want %d", n, lying)
	}

	m.put(ann, 32, 20) // the middle
	m.hold(ann, arena.Input{Aim: 64, Fire: true})
	run[arena.Picked](m, 30, nil)
	if s := m.ship(ann); !s.Rapid || s.Ammo != arena.MaxAmmo {
		t.Fatalf("with rapid fire the ship is %+v", *s)
	}
	run[arena.Picked](m, arena.RapidTicks, nil)
	if s := m.ship(ann); s.Rapid || s.Ammo == arena.MaxAmmo {
		t.Fatalf("rapid fire did not end: %+v", *s)
	}
}

func TestAmmoRunsOutAndLoads(t *testing.T) {
	m := round(t)
	ann := m.join("ann")
	m.put(ann, 4, 30)
	m.hold(ann, arena.Input{Aim: 128, Fire: true})
	run[arena.Hit](m, arena.MaxAmmo*arena.FireTicks+1, nil)
	if s := m.ship(ann); s.Ammo != 0 {
		t.Fatalf("%d shots are left", s.Ammo)
	}
	m.hold(ann, arena.Input{})
	run[arena.Hit](m, 10*arena.LoadTicks, nil)
	if s := m.ship(ann); s.Ammo < 9 || s.Ammo > 10 {
		t.Fatalf("%d shots were loaded, want 10", s.Ammo)
	}
}

func TestShipsDoNotStack(t *testing.T) {
	m := round(t)
	ann, bob := m.join("ann"), m.join("bob")
	m.put(ann, 22, 20)
	m.put(bob, 22, 20)
	run[arena.Hit](m, 45, nil)
	a, b := m.ship(ann), m.ship(bob)
	if dx, dy := a.X-b.X, a.Y-b.Y; dx*dx+dy*dy < 3*arena.Radius*arena.Radius {
		t.Fatalf("they still overlap: %+v and %+v", *a, *b)
	}
}

func TestLeavingTakesAllAway(t *testing.T) {
	m := round(t)
	ann, bob := m.join("ann"), m.join("bob")
	m.put(ann, 22, 20)
	bare(m.put(bob, 34, 20)).HP = 1
	m.hold(ann, arena.Input{Fire: true})
	run[arena.Hit](m, 2, nil)
	m.Leave(ann)
	delete(m.held, ann)
	kills := run[arena.Killed](m, 60, nil)
	if m.ship(ann) != nil || m.score(ann) != nil {
		t.Fatal("ann left and is still there")
	}
	// Her last shot still flies, and is nobody's.
	if len(kills) != 1 || kills[0].Killer != 0 || m.score(bob).Deaths != 1 {
		t.Fatalf("kills are %+v", kills)
	}
}

func TestRoundEndsByTime(t *testing.T) {
	m := start(t, 1, arena.Settings{Seconds: 30, Kills: 20, Map: 2})
	ann, bob, cat := m.join("ann"), m.join("bob"), m.join("cat")
	m.score(bob).Score = 20
	run[arena.Hit](m, 31*30, func() bool { _, over := m.Result(); return over })
	r, over := m.Result()
	if !over || m.Tick() != 900 {
		t.Fatalf("over: %v at tick %d", over, m.Tick())
	}
	want := []game.Place{{Player: bob, Rank: 1, Score: 20}, {Player: ann, Rank: 2}, {Player: cat, Rank: 2}}
	if len(r.Places) != 3 || r.Places[0] != want[0] || r.Places[1] != want[1] || r.Places[2] != want[2] {
		t.Fatalf("places are %+v, want %+v", r.Places, want)
	}
}

func TestRoundEndsByKills(t *testing.T) {
	m := start(t, 1, arena.Settings{Seconds: 900, Kills: 2, Map: 1})
	ann, bob := m.join("ann"), m.join("bob")
	m.score(ann).Kills = 1
	m.put(ann, 22, 20)
	bare(m.put(bob, 26, 20)).HP = 1
	m.hold(ann, arena.Input{Fire: true})
	run[arena.Hit](m, 30, func() bool { _, over := m.Result(); return over })
	if r, over := m.Result(); !over || r.Places[0].Player != ann || r.Places[1].Rank != 2 {
		t.Fatalf("result %+v, over: %v", r, over)
	}
}

func TestSixteenFitAndTheNextDoesNot(t *testing.T) {
	m := round(t)
	for range 16 {
		m.join("someone")
	}
	if n := m.rules().Ships.Len(); n != 16 {
		t.Fatalf("%d ships for 16 players", n)
	}
	if err := m.Join(17, "late", false, 0); err == nil {
		t.Fatal("a seventeenth got in")
	}
}
