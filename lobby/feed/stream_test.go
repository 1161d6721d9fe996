package feed_test

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sandlot-server/sandlot/game/state"
)

// Whatever is lost on the way, comes twice or out of order: once frames come
// through, and a whole one was asked for, spectators elsewhere see what those at
// home do, to the quantum.
func TestStreamHeals(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := newHome(t, 1)
		a := newAway(t, h)
		now := time.Unix(1000, 0)
		var late [][]byte // held back on the way
		step := func(faults bool) {
			now = now.Add(50 * time.Millisecond)
			h.runner.Step()
			frame, did := h.sender.Append(nil, h.runner, h, now, false)
			if !did {
				return
			}
			fault := 0
			if faults {
				fault = rapid.IntRange(0, 9).Draw(rt, "fault")
			}
			asks := a.asks
			switch fault {
			case 1: // lost
			case 2: // twice
				a.take(frame)
				a.take(frame)
			case 3: // late
				late = append(late, frame)
			default:
				a.take(frame)
				for _, old := range late {
					a.take(old)
				}
				late = nil
			}
			if a.asks > asks {
				h.sender.Ask()
			}
		}
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			switch rapid.IntRange(0, 12).Draw(rt, "what") {
			case 0:
				h.match(rapid.Uint64().Draw(rt, "seed"))
			case 1:
				h.comes(state.Player(rapid.IntRange(1, 5).Draw(rt, "player")), rapid.StringMatching("[a-z]{0,5}").Draw(rt, "name"))
			case 2:
				h.goes(state.Player(rapid.IntRange(1, 5).Draw(rt, "player")))
			}
			step(true)
		}
		for range 50 { // 2.5 s
			step(false)
		}
		for range 10 { // until there is something new
			if a.equals(h) {
				return
			}
			step(false)
		}
		rt.Fatalf("they see tick %d and %v, and it is %d and %v", a.gallery.Tick(), a.members, h.runner.Tick(), h.members)
	})
}

// Nothing that spectators do not see is in a frame.
func TestHiddenIsNotSent(t *testing.T) {
	h := newHome(t, 1)
	now := time.Unix(1000, 0)
	secret := []byte{0xcd, 4711 >> 8, 4711 & 0xff} // the field on the wire
	zigzag := []byte{0xcd, 4711 * 2 >> 8, 4711 * 2 & 0xff}
	for range 400 {
		now = now.Add(50 * time.Millisecond)
		h.runner.Step()
		frame, _ := h.sender.Append(nil, h.runner, h, now, false)
		if bytes.Contains(frame, secret) || bytes.Contains(frame, zigzag) {
			t.Fatal("an owner's field is in a frame")
		}
	}
	g := h.runner.Game().(*herd)
	asleep := 0
	for _, s := range g.Sheep.All() {
		if s.Asleep {
			asleep++
		}
	}
	a := newAway(t, h)
	h.sender.Ask()
	frame, _ := h.sender.Append(nil, h.runner, h, now.Add(time.Minute), false)
	a.take(frame)
	if n := a.gallery.Ring().Newest().Len(0); asleep == 0 || n != g.Sheep.Len()-asleep {
		t.Errorf("%d rows are seen of %d, of which %d are hidden", n, g.Sheep.Len(), asleep)
	}
}

// In the steady state a frame leads on from the one before, and is small; a whole
// one comes every 2 s, and sooner for who asks, but not for each who does.
func TestPaceOfFrames(t *testing.T) {
	h := newHome(t, 1)
	now := time.Unix(1000, 0)
	whole, frames := 0, 0
	run := func(d time.Duration, each func()) {
		whole, frames = 0, 0
		for end := now.Add(d); now.Before(end); {
			now = now.Add(50 * time.Millisecond)
			h.runner.Step()
			each()
			if frame, did := h.sender.Append(nil, h.runner, h, now, false); did {
				frames++
				a := newAway(t, h)
				if a.take(frame) {
					whole++
				}
			}
		}
	}
	run(10*time.Second, func() {})
	if whole < 5 || whole > 6 || frames < 100 || frames > 200 {
		t.Errorf("%d frames, %d of them whole", frames, whole)
	}
	run(10*time.Second, h.sender.Ask)
	if whole < 38 || whole > 42 {
		t.Errorf("%d whole frames for who asks at each tick", whole)
	}
}
