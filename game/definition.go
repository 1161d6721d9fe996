package game

import (
	"fmt"
	"io/fs"
	"reflect"

	"github.com/sandlot-server/sandlot/game/state"
)

// Definition is a game as registered: what it is called, how it runs, and its
// compiled schema. It is immutable and safe for concurrent use.
type Definition struct {
	Name       string // lower case letters, digits and dashes, at most 32 bytes
	Title      string // for people
	Rate       int    // ticks a second
	MinPlayers int
	MaxPlayers int
	Teams      int // 0: none
	LateJoin   bool
	Budget     int    // bytes of a client's state message; 0: no bound
	Web        fs.FS  // the game's page, nil if it has none
	Modes      []Mode // ways to be matched by tickets, at least one

	newGame  func() Game
	newBrain func(seed uint64) Brain

	inputs, commandTypes, eventTypes []any // as given in options
	teamed, botted, webbed, budgeted bool  // that option was given

	goType   reflect.Type // the game's struct
	layout   *state.Layout
	schema   *state.Schema
	input    *message // nil: the game has none
	commands []*message
	events   []*message
	settings settings
	prints   uint64 // a hash of name and schema: a save is for the same
}

// Schema is all that a client needs to decode the game. It must not be changed.
func (d *Definition) Schema() *state.Schema { return d.schema }

// NewGame returns a game as the registered function makes it, before settings
// and Start. Matches are run by [NewRunner], not by this.
func (d *Definition) NewGame() Game { return d.newGame() }

// HasBots reports whether seats can be filled by bots.
func (d *Definition) HasBots() bool { return d.newBrain != nil }

// HasSight reports whether players see different rows.
func (d *Definition) HasSight() bool {
	return reflect.PointerTo(d.goType).Implements(reflect.TypeFor[Sight]())
}

// NewBrain returns a fresh bot, or nil if the game has none.
func (d *Definition) NewBrain(seed uint64) Brain {
	if d.newBrain == nil {
		return nil
	}
	return d.newBrain(seed)
}

// Print is a hash of the game's name and schema: builds with another one do not
// understand this one's states.
func (d *Definition) Print() uint64 { return d.prints }

// NewInput returns a pointer to a zeroed input, or nil if the game has none.
func (d *Definition) NewInput() any {
	if d.input == nil {
		return nil
	}
	return d.input.blank()
}

// InputValues appends the fields of in as they go on the wire, each brought into
// its range. In is a value of the game's input type or a pointer to one; the
// error says that it is not.
func (d *Definition) InputValues(dst []state.Value, in any) ([]state.Value, error) {
	if d.input == nil || find([]*message{d.input}, in) < 0 {
		return dst, refuse(CodeInvalid, fmt.Sprintf("%T is not the input of %s", in, d.Name))
	}
	return d.input.layout.Store(dst, in), nil
}

// CommandValues gives the index of a command's type and appends its fields as
// they go on the wire, each brought into its range. Command is a value of one of
// the game's command types or a pointer to one; the error says that it is not.
func (d *Definition) CommandValues(dst []state.Value, command any) (int, []state.Value, error) {
	index := find(d.commands, command)
	if index < 0 {
		return -1, dst, refuse(CodeInvalid, fmt.Sprintf("%T is not a command of %s", command, d.Name))
	}
	return index, d.commands[index].layout.Store(dst, command), nil
}

// NewEvent returns the event of that index with those values: a pointer to one
// of the game's event types. The error says what does not fit.
func (d *Definition) NewEvent(index int, values []state.Value) (any, error) {
	if index < 0 || index >= len(d.events) {
		return nil, refuse(CodeInvalid, fmt.Sprintf("%s has no event %d", d.Name, index))
	}
	return d.events[index].load(values)
}
