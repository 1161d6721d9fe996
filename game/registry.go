package game

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

var registry struct {
	sync.RWMutex
	games []*Definition // sorted by name
}

// Register adds a game to those that this program serves. Call it from an init
// function. It panics if anything about the game is wrong, naming every fault at
// once, or if the name is taken. NewGame returns a fresh match each time: a
// pointer to a struct, always of the same type.
func Register(name string, newGame func() Game, opts ...Option) {
	d, err := Define(name, newGame, opts...)
	registry.Lock()
	defer registry.Unlock()
	i, taken := slices.BinarySearchFunc(registry.games, name, byName)
	var f faults
	if taken {
		f.add("the name %q is taken by another game", name)
	}
	if err != nil {
		f.lines("", err)
	}
	if err := f.err(); err != nil {
		panic(fmt.Sprintf("game: register %q:\n%v", name, err))
	}
	registry.games = slices.Insert(registry.games, i, d)
}

// Lookup finds a registered game. It is safe for concurrent use.
func Lookup(name string) (*Definition, bool) {
	registry.RLock()
	defer registry.RUnlock()
	i, ok := slices.BinarySearchFunc(registry.games, name, byName)
	if !ok {
		return nil, false
	}
	return registry.games[i], true
}

// All returns the registered games, sorted by name. It is safe for concurrent
// use.
func All() []*Definition {
	registry.RLock()
	defer registry.RUnlock()
	return slices.Clone(registry.games)
}

func byName(d *Definition, name string) int { return strings.Compare(d.Name, name) }
