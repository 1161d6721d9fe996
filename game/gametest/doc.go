// Package gametest tests games made for Sandlot: anyone's, not just ours.
//
// [New] runs a match one tick at a time, with players that see of it what their
// clients would:
//
//	m := gametest.New(t, snake.New, gametest.Seed(1))
//	ann, bob := m.Join("ann"), m.Join("bob")
//	m.Input(ann, snake.Input{Turn: 1})
//	m.Step(30)
//	m.Golden(bob, "testdata/after_30.golden")
//
// [Conform] proves what the contract of package game asks for: equal runs reach
// equal states, a restored match goes on like the one saved, hostile players and
// storms of joins break nothing, nobody is sent what they must not see.
// [Deterministic], a part of it, reads a game's source for what would make two
// runs differ.
//
// The factory that these take is the one given to game.Register. A game that
// registers itself in its init needs nothing more; [With] states the options of
// one that does not.
//
// # Goroutines and bounds
//
// Everything runs on the test's goroutine. Conform runs some thousand ticks
// of the game ([Ticks] sets how many) and starts the go command once, to read
// the game's source.
package gametest
