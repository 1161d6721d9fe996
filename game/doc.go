// Package game is the contract between Sandlot and the rules of a game. You
// write one struct; Sandlot does the sockets, sign-in, lobbies, the tick, state
// sync, reconnects, bots and saving.
//
// # Writing a game
//
// A game is a pointer to a struct with a Step method. Its exported fields are
// its whole state; those of type [Table], and those with a sync tag, are what
// clients see.
//
//	type Snake struct {
//		Heads  game.Table[Head] `sync:"max=16"` // synced; its bound
//		EndsAt uint32           `sync:""`       // synced: top-level fields are the table "match" of one row
//		Grown  uint32                           // saved, never sent
//		Rules  Rules `sandlot:"settings"`       // what a lobby's host may change
//		paths  []int `sandlot:"scratch"`        // not saved: worth nothing from one Step to the next
//	}
//
//	func (s *Snake) Step(t *game.Tick) { … }
//
//	func init() {
//		game.Register("snake", func() game.Game { return new(Snake) },
//			game.Rate(20), game.Players(2, 16), game.Input(Turn{}), game.Events(Eaten{}))
//	}
//
// The example Coins, below, is a complete one. A program that imports your
// package beside Sandlot's cmd serves it. Register panics at start with
// everything that is wrong, so a mistake in a tag is found before a player is.
//
// The fields of a table's rows say how they are synced:
//
//	`sync:""`                to everyone
//	`sync:"step=64"`         to everyone, rounded to the nearest 64
//	`sync:"lerp"`            clients glide between ticks; lerp=angle along the shorter arc, 256 a turn
//	`sync:"owner"`           to the row's owner alone
//	`sync:"predict"`         to the owner alone, which predicts it
//	`sync:"step=64,predict"` to everyone rounded, to its owner exactly
//	`sync:"max=24"`          of strings: bytes
//	`sync:"pos"`             one of the two that say where the row is, for Viewer.Around
//	no tag                   to nobody
//
// A table's own tag has `sync:"max=16"`, its most rows, and `rewind`, with which
// its last 250 ms can be read as a player saw them: see Tick.Rewind.
//
// They are integers up to 32 bits, bools, short strings, or arrays of integers
// or bools: fractions are fixed-point. [state.Compile] has the whole grammar.
//
// # A whole game
//
// Rules, a bot, a test, a program and a page: run for the gems, who has five
// first wins. "sandlot new gems" writes these files and a go.mod; or put them
// by hand in your module.
//
// rules.go:
//
//	// Package gems is a game: run for the gems; who has five first wins.
//	package gems
//
//	import "github.com/sandlot-server/sandlot/game"
//
//	const size, speed, reach, goal = 6400, 120, 240, 5
//
//	// Match is the state of one match; clients see its tables.
//	type Match struct {
//		Runners game.Table[Runner] `sync:"max=8"`
//		Gems    game.Table[Gem]    `sync:"max=3"`
//	}
//
//	// Runner is a player on the field.
//	type Runner struct {
//		X, Y int32 `sync:"lerp"`
//		Got  uint8 `sync:""`
//	}
//
//	// Gem lies there until somebody comes.
//	type Gem struct {
//		X, Y int32 `sync:""`
//	}
//
//	// Input is what a player holds down.
//	type Input struct {
//		X, Y int8 `range:"-1..1"`
//	}
//
//	// New makes a match.
//	func New() game.Game { return new(Match) }
//
//	// Step is one tick: who comes and goes, new gems, then everybody runs.
//	func (m *Match) Step(t *game.Tick) {
//		for _, e := range t.Events {
//			if e.Kind == game.Joined {
//				m.Runners.Add(e.Player, Runner{X: t.Rand.Int32N(size), Y: t.Rand.Int32N(size)})
//			} else if e.Kind == game.Left {
//				for id := range m.Runners.Owned(e.Player) {
//					m.Runners.Remove(id)
//				}
//			}
//		}
//		for m.Gems.Len() < m.Gems.Max() {
//			m.Gems.Add(0, Gem{X: t.Rand.Int32N(size), Y: t.Rand.Int32N(size)})
//		}
//		for id, r := range m.Runners.All() {
//			in := t.Input(m.Runners.Owner(id)).(*Input)
//			r.X = min(max(r.X+speed*int32(in.X), 0), size)
//			r.Y = min(max(r.Y+speed*int32(in.Y), 0), size)
//			for gem, g := range m.Gems.All() {
//				if max(r.X-g.X, g.X-r.X, r.Y-g.Y, g.Y-r.Y) < reach {
//					m.Gems.Remove(gem)
//					r.Got++
//				}
//			}
//			if r.Got >= goal {
//				t.End(game.Result{Places: []game.Place{{Player: m.Runners.Owner(id), Rank: 1, Score: goal}}})
//			}
//		}
//	}
//
// bot.go:
//
//	package gems
//
//	import (
//		"embed"
//		"io/fs"
//
//		"github.com/sandlot-server/sandlot/game"
//		"github.com/sandlot-server/sandlot/game/bot"
//	)
//
//	//go:embed web
//	var web embed.FS
//
//	func init() {
//		page, _ := fs.Sub(web, "web")
//		game.Register("gems", New, game.Title("Gems"), game.Rate(20), game.Players(1, 8), game.LateJoin(), game.Input(Input{}),
//			game.Web(page), game.Bots(func(uint64) game.Brain { return Bot{} }))
//	}
//
//	// Bot runs for a gem of its choice. It sees what a client sees.
//	type Bot struct{}
//
//	// Think is called once a tick.
//	func (Bot) Think(v *game.View, in any) any {
//		runners, gems := bot.Open(v.Mirror, "runners", "x", "y"), bot.Open(v.Mirror, "gems", "x", "y")
//		for pos := range runners.Len() {
//			if runners.Owner(pos) == v.Me && gems.Len() > 0 {
//				gem := int(v.Me) % gems.Len()
//				in.(*Input).X = toward(gems.Int(gem, 0) - runners.Int(pos, 0))
//				in.(*Input).Y = toward(gems.Int(gem, 1) - runners.Int(pos, 1))
//			}
//		}
//		return nil // no command
//	}
//
//	func toward(gap int64) int8 { return int8(min(max(gap/speed, -1), 1)) }
//
// rules_test.go:
//
//	package gems_test
//
//	import (
//		"testing"
//
//		"example.com/gems"
//		"github.com/sandlot-server/sandlot/game/gametest"
//	)
//
//	func TestConforms(t *testing.T) { gametest.Conform(t, gems.New) }
//
// server/main.go:
//
//	package main
//
//	import (
//		_ "example.com/gems"
//		"github.com/sandlot-server/sandlot/cmd"
//	)
//
//	func main() { cmd.Main() }
//
// web/index.html:
//
//	<!doctype html>
//	<html lang="en">
//	<meta charset="utf-8">
//	<link rel="icon" href="/icon.svg">
//	<title>Gems</title>
//	<p>Looking for a match…</p><canvas width="640" height="640"></canvas>
//	<script type="module" src="play.js"></script>
//
// web/play.js:
//
//	import { connect } from '/sdk/sandlot.js'
//
//	const lobby = await (await connect({ name: 'Runner' })).quickPlay('gems')
//	const keys = { ArrowLeft: ['x', -1], ArrowRight: ['x', 1], ArrowUp: ['y', -1], ArrowDown: ['y', 1] }
//	for (const type of ['keydown', 'keyup']) {
//	  addEventListener(type, (ev) => {
//	    const [axis, way] = keys[ev.key] ?? []
//	    if (axis) lobby.setInput({ [axis]: type === 'keydown' ? way : 0 })
//	  })
//	}
//
//	const paint = document.querySelector('canvas').getContext('2d')
//	function dot(row, colour, text) {
//	  paint.fillStyle = colour
//	  paint.fillText(text, row.x / 11 + 20, row.y / 11 + 14)
//	  paint.fillRect(row.x / 11 + 20, row.y / 11 + 20, 20, 20)
//	}
//	function frame() {
//	  const winner = lobby.phase === 'results' && lobby.members.get(lobby.result?.[0].player)
//	  document.querySelector('p').textContent = winner ? `${winner.name} has won!` : 'Run with the arrow keys: who has five gems first wins.'
//	  paint.clearRect(0, 0, 640, 640)
//	  paint.strokeRect(0, 0, 640, 640)
//	  for (const gem of lobby.table('gems')) dot(gem, 'goldenrod', '')
//	  for (const r of lobby.table('runners').views()) dot(r, r.owner === lobby.me ? 'crimson' : 'steelblue', r.got)
//	  requestAnimationFrame(frame)
//	}
//	frame()
//
// # What players do
//
// An input is what a player holds: a stick, keys. Its client sends one for each
// tick, numbered. A Runner keeps at most 8 that wait, applies one each tick, and
// repeats the last when the next is late. A field tagged press is what happens
// once, as a jump does: it is let go of when an input is repeated. After a
// stall inputs come in a heap, and playing them one a tick would leave that
// player behind for good. So once a second went by in which at least two were
// left after each tick, the oldest is skipped each tick until there are fewer;
// what it pressed is pressed in the next. A client that holds the margin of one
// that Sandlot asks for is never skipped.
//
// Who cannot be heard for a second, or has no connection, holds nothing until its
// next input: see Runner.Idle.
//
// A command is something said once and delivered for certain, such as a move on
// a board; it is among Tick.Events. Use commands for turns, inputs for hands.
//
// Inputs, commands and the events that a game sends are structs of integers,
// bools, strings and arrays. Fields declare what they may hold
// (`range:"-1..1"`, `max:"24"`), and whatever is beyond that is turned away
// before the game sees it: an Input is always valid, though not always wise.
//
// # Optional powers
//
// A game may also be a [Starter], an [Admitter], a [Refuser] or have [Sight].
// State it in the file that implements it, so that the compiler checks it:
//
//	var _ game.Sight = (*Snake)(nil)
//
// Where players see what is near them alone, tag the two fields that say where
// a row is, and name the point and the radius:
//
//	type Head struct {
//		X, Y int32 `sync:"step=64,lerp,predict,pos"`
//	}
//
//	func (s *Snake) See(p game.Player, v *game.Viewer) {
//		for _, head := range s.Heads.Owned(p) {
//			v.Around(head.X, head.Y, 40*Unit)
//		}
//	}
//
// # Modes
//
// [Modes] says how players who queue are matched: how many, in which teams,
// whether it counts, and with which settings.
//
//	game.Modes(
//		game.Mode{Name: "open", Size: 8, Min: 2}, // bots and latecomers fill up
//		game.Mode{Name: "duel", Size: 2, Ranked: true, Accept: true},
//		game.Mode{Name: "teams", Teams: 2, Size: 4, Ranked: true},
//	)
//
// The result of a ranked match, Tick.End, is what ratings are made of: name
// everyone in it, the best rank first. Who has left is last by itself. Bots that
// are [Leveled] can be made easier by a lobby's host.
//
// # Testing
//
// [github.com/sandlot-server/sandlot/game/gametest] steps a match by hand and
// shows what each client would see. One line proves the contract:
//
//	func TestConforms(t *testing.T) { gametest.Conform(t, snake.New) }
//
// # Decisions worth arguing about
//
//   - Determinism is asked of every game, not only of those with replays. It is
//     what makes a bug report, a saved match and a predicted ship possible, and
//     it cannot be added later. The price is no clock, no goroutines, no map
//     order and no shared chance in rules; gametest finds them.
//   - Removed rows leave their ids unused for good. A client that is late
//     cannot take a new row for an old one, and a game may keep an ID in
//     another row without an owner's list to mend.
//   - Get gives a pointer that the next Add may leave behind. Copying rows in and
//     out would be safer and would cost every game its tick.
//   - A full table refuses Add instead of growing. Bounds are what keeps a
//     match's bytes and memory known; a game decides what gives way.
//   - Tick.Input returns an any that a game asserts to its one type. Making
//     Game generic over it would put that type into every signature from here to
//     the sockets.
//   - What a game sends out of range is brought into it; what a client sends out
//     of range is refused. The first is a flaw that must not end a match.
//   - A game that panics ends. Going on with half a step done would be a match
//     that no two machines agree on.
//   - See is asked again after each tick, for every player. It is simple and
//     right. Loops over all rows in it cost rows × players; Viewer.Around costs
//     what is near. Rows that are out of sight cost nothing further.
//   - Around remembers who was in sight, so that a row on the edge does not come
//     and go; a save does not. After Restore each edge is drawn afresh.
//
// # Goroutines and bounds
//
// Nothing here starts a goroutine or reads a clock. A Runner belongs to one
// goroutine; the registry and Definitions are safe for all. A Runner allocates
// nothing in a step besides what its game does, and room for tables that grow.
// Waiting for a step are at most 8 inputs a player (the oldest makes room), 32
// commands a player and 4,096 events in all (further ones are refused).
package game
