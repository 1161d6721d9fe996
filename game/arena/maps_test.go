package arena_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game/arena"
	"github.com/sandlot-server/sandlot/game/bot"
)

// Every spawn and every pad is free, and each can be reached from each.
func TestMapsAreWhole(t *testing.T) {
	for _, m := range arena.Maps {
		var walls []bot.Rect
		for _, w := range m.Walls {
			if w.W < arena.Unit || w.H < arena.Unit {
				t.Errorf("%s: wall %+v is too thin for a fast ship", m.Name, w)
			}
			walls = append(walls, bot.Rect{X: float64(w.X), Y: float64(w.Y), W: float64(w.W), H: float64(w.H)})
		}
		places := append([]arena.Point(nil), m.Spawns...)
		for _, p := range m.Pads {
			places = append(places, p.Point)
		}
		grid := bot.NewGrid(float64(m.Width), float64(m.Height), arena.Radius, walls)
		for _, p := range places {
			s := arena.Ship{X: p.X, Y: p.Y}
			if arena.Move(&s, &arena.Input{}, m); s.X != p.X || s.Y != p.Y || m.Solid(p.X, p.Y) {
				t.Errorf("%s: a ship does not fit at %+v", m.Name, p)
			}
			from := m.Spawns[0]
			way := grid.Way(float64(from.X), float64(from.Y), float64(p.X), float64(p.Y), make([][2]float64, 0, 8))
			if p != from && len(way) == 0 {
				t.Errorf("%s: no way from %+v to %+v", m.Name, from, p)
			}
		}
	}
}
