package bot_test

import (
	"math"
	"testing"

	"github.com/sandlot-server/sandlot/game/bot"
)

// room is an empty room with the pilot in the middle and one foe.
func room() *bot.Scene {
	return &bot.Scene{
		Tick: 1, Width: 80, Height: 60, Radius: 1, ShotSpeed: 1.2, Range: 45,
		Alive: true, Me: bot.Ship{ID: 1, X: 40, Y: 30, Health: 1}, Ammo: 20,
		Foes: []bot.Ship{{ID: 2, X: 40, Y: 20, Health: 1}},
	}
}

// off is how far an aim is from the direction of a place, -128..128.
func off(s *bot.Scene, aim uint8, x, y float64) float64 {
	want := math.Atan2(y-s.Me.Y, x-s.Me.X) * 128 / math.Pi
	return math.Remainder(float64(aim)-want, 256)
}

func TestPilotAimsWithAnUnsteadyHand(t *testing.T) {
	steady, fired := 0, 0
	var sum float64
	s, p := room(), bot.NewPilot(1)
	for ; s.Tick < 600; s.Tick++ {
		a := p.Decide(s)
		if a.Fire {
			fired++
		}
		if s.Tick < 60 {
			continue
		}
		d := off(s, a.Aim, 40, 20)
		sum += math.Abs(d)
		if d == 0 {
			steady++
		}
	}
	if mean := sum / 540; mean > 6 || steady > 400 {
		t.Errorf("at a still target it aims %.1f off on average, %d of 540 ticks dead on", mean, steady)
	}
	if fired < 100 || fired > 500 {
		t.Errorf("it held the trigger for %d of 600 ticks: not in bursts", fired)
	}
}

// crossing lets a foe cross in front of a pilot, turn round at a tick, and says
// what the pilot did and how far ahead of the foe it aimed on average.
func crossing(seed uint64, turn uint32) (acts []bot.Act, ahead float64) {
	s, p := room(), bot.NewPilot(seed)
	foe, way := &s.Foes[0], 0.4
	foe.X = 25
	for ; s.Tick <= 60; s.Tick++ {
		if s.Tick == turn {
			way = -way
		}
		foe.X += way
		a := p.Decide(s)
		if acts = append(acts, a); s.Tick > 40 {
			ahead += off(s, a.Aim, foe.X, foe.Y) / 20
		}
	}
	return acts, ahead
}

func TestPilotLeadsItsTarget(t *testing.T) {
	for seed := range uint64(10) {
		if _, ahead := crossing(seed, 0); ahead < 4 {
			t.Errorf("seed %d: it aims %.1f ahead of a crossing target", seed, ahead)
		}
	}
}

func TestPilotSeesLate(t *testing.T) {
	for seed := range uint64(10) {
		went, _ := crossing(seed, 0)
		turned, _ := crossing(seed, 30)
		knew := 1
		for went[knew-1] == turned[knew-1] {
			knew++
		}
		if late := knew - 30; late < 4 || late > 12 {
			t.Errorf("seed %d: it noticed after %d ticks that its target had turned", seed, late)
		}
	}
}

func TestPilotHoldsFire(t *testing.T) {
	for name, change := range map[string]func(*bot.Scene){
		"a shielded foe":      func(s *bot.Scene) { s.Foes[0].Shield = true },
		"no ammunition":       func(s *bot.Scene) { s.Ammo = 0 },
		"a foe behind a wall": func(s *bot.Scene) { s.Walls = []bot.Rect{{X: 0, Y: 24, W: 80, H: 2}} },
		"a foe out of range":  func(s *bot.Scene) { s.Range = 5 },
		"nobody there":        func(s *bot.Scene) { s.Foes = nil },
	} {
		s, p := room(), bot.NewPilot(3)
		change(s)
		for ; s.Tick < 200; s.Tick++ {
			if p.Decide(s).Fire {
				t.Errorf("%s: it fires at tick %d", name, s.Tick)
				break
			}
		}
	}
}

// fly moves the pilot's ship as a plain game would: no inertia, walls stop it.
func fly(s *bot.Scene, a bot.Act, speed float64) {
	x, y := s.Me.X+speed*float64(a.MoveX)/127, s.Me.Y+speed*float64(a.MoveY)/127
	free := x > 1 && y > 1 && x < s.Width-1 && y < s.Height-1
	for _, w := range s.Walls {
		dx, dy := x-min(max(x, w.X), w.X+w.W), y-min(max(y, w.Y), w.Y+w.H)
		free = free && dx*dx+dy*dy > 0.9
	}
	if free {
		s.Me.X, s.Me.Y = x, y
	}
	s.Tick++
}

func TestPilotFetchesWhatItNeedsRoundWalls(t *testing.T) {
	for seed := range uint64(8) {
		s, p := room(), bot.NewPilot(seed)
		s.Foes, s.Walls = nil, []bot.Rect{{X: 50, Y: 0, W: 2, H: 50}}
		s.Goals = []bot.Goal{{X: 60, Y: 30, Worth: 1}}
		for s.Tick < 400 && math.Hypot(s.Me.X-60, s.Me.Y-30) > 1 {
			fly(s, p.Decide(s), 0.4)
		}
		if s.Tick == 400 {
			t.Errorf("seed %d: it ended at (%.0f, %.0f)", seed, s.Me.X, s.Me.Y)
		}
	}
}

func TestPilotKeepsItsDistance(t *testing.T) {
	for seed := range uint64(8) {
		s, p := room(), bot.NewPilot(seed)
		var near, sum float64 = 100, 0
		for s.Tick < 600 {
			fly(s, p.Decide(s), 0.4)
			if s.Tick > 200 {
				d := math.Hypot(s.Me.X-40, s.Me.Y-20)
				near, sum = min(near, d), sum+d/400
			}
		}
		if near < 3 || sum < 6 || sum > 20 {
			t.Errorf("seed %d: %.1f from its foe on average, %.1f at least", seed, sum, near)
		}
	}
}

func TestPilotDodges(t *testing.T) {
	dodged := 0
	for seed := range uint64(20) {
		s, p := room(), bot.NewPilot(seed)
		s.Foes = nil
		for range 20 {
			fly(s, p.Decide(s), 0)
		}
		s.Shots = []bot.Shot{{ID: uint32(seed) + 1, X: 40, Y: 30 - 14, VY: 1.2, Age: 12}}
		x := s.Me.X
		for range 12 {
			fly(s, p.Decide(s), 0.4)
			s.Shots[0].Y += 1.2
			s.Shots[0].Age++
		}
		if math.Abs(s.Me.X-x) > 1 {
			dodged++
		}
	}
	if dodged < 8 || dodged == 20 {
		t.Errorf("%d of 20 pilots got out of the way: some should, some not", dodged)
	}
}

func TestPilotFreesItself(t *testing.T) {
	s, p := room(), bot.NewPilot(2)
	s.Foes = nil
	s.Goals = []bot.Goal{{X: 60, Y: 30, Worth: 1}}
	seen := map[[2]int8]bool{}
	for range 200 {
		a := p.Decide(s)
		seen[[2]int8{a.MoveX, a.MoveY}] = true
		s.Tick++ // something that it cannot see holds it
	}
	if len(seen) < 3 {
		t.Errorf("held fast, it tried only %d ways", len(seen))
	}
}

func TestPilotIsItsSeed(t *testing.T) {
	play := func(seed uint64) (all []bot.Act) {
		s, p := room(), bot.NewPilot(seed)
		for range 300 {
			a := p.Decide(s)
			all = append(all, a)
			fly(s, a, 0.4)
		}
		return all
	}
	a, b, c := play(5), play(5), play(6)
	same := 0
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("tick %d: the same seed did %+v and %+v", i, a[i], b[i])
		}
		if a[i] == c[i] {
			same++
		}
	}
	if same > len(a)/2 {
		t.Errorf("two seeds did the same in %d of %d ticks", same, len(a))
	}
}

func TestPilotAllocatesNothing(t *testing.T) {
	s, p := room(), bot.NewPilot(1)
	s.Walls = []bot.Rect{{X: 30, Y: 24, W: 20, H: 2}}
	p.Decide(s)
	if n := testing.AllocsPerRun(300, func() { fly(s, p.Decide(s), 0.4) }); n != 0 {
		t.Errorf("a decision allocates %v times", n)
	}
}
