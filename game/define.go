package game

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"reflect"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/sandlot-server/sandlot/game/state"
)

// Bounds on what a game may ask for.
const (
	maxRate     = 120
	maxPlayers  = 1000
	maxTeams    = 16
	maxTitle    = 48
	maxMessages = 64 // commands, and events
	minBudget   = 64
	maxBudget   = 65536
)

var gameName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// Define compiles a game without registering it; Register is built on it and
// tests use it. The error has every fault, one a line.
func Define(name string, newGame func() Game, opts ...Option) (*Definition, error) {
	d := &Definition{Name: name, Title: name, Rate: 20, MinPlayers: 1, MaxPlayers: 8, newGame: newGame}
	var f faults
	for i, o := range opts {
		if o == nil {
			f.add("option %d is nil", i+1)
			continue
		}
		o(d)
	}
	d.checkOptions(&f)
	d.compileGame(&f)
	d.compileMessages(&f)
	d.checkModes(&f)
	if len(f) > 0 {
		return nil, f.err()
	}
	d.schema = &state.Schema{TickRate: d.Rate, Tables: d.layout.Tables(), Settings: d.settings.schema,
		Commands: shapes(d.commands), Events: shapes(d.events)}
	if d.input != nil {
		d.schema.Input = d.input.shape
	}
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %+v", d.Name, *d.schema)
	d.prints = h.Sum64()
	return d, nil
}

func (d *Definition) checkOptions(f *faults) {
	if !gameName.MatchString(d.Name) {
		f.add("the name %q must be lower case letters, digits and dashes, a letter first, at most 32", d.Name)
	}
	if d.Title == "" || len(d.Title) > maxTitle || !utf8.ValidString(d.Title) {
		f.add("the title %q must be 1 to %d bytes of UTF-8", d.Title, maxTitle)
	}
	if d.Rate < 1 || d.Rate > maxRate {
		f.add("a rate of %d ticks a second is outside 1..%d", d.Rate, maxRate)
	}
	if d.MinPlayers < 1 || d.MaxPlayers < d.MinPlayers || d.MaxPlayers > maxPlayers {
		f.add("players %d to %d: want 1 <= min <= max <= %d", d.MinPlayers, d.MaxPlayers, maxPlayers)
	}
	if d.teamed && (d.Teams < 2 || d.Teams > maxTeams) {
		f.add("%d teams are outside 2..%d", d.Teams, maxTeams)
	}
	if d.budgeted && (d.Budget < minBudget || d.Budget > maxBudget) {
		f.add("a budget of %d bytes is outside %d..%d", d.Budget, minBudget, maxBudget)
	}
	if d.botted && d.newBrain == nil {
		f.add("Bots was given nil")
	}
	if d.webbed {
		checkWeb(d.Web, f)
	}
}

func checkWeb(files fs.FS, f *faults) {
	if files == nil {
		f.add("Web was given nil")
		return
	}
	if info, err := fs.Stat(files, "index.html"); err != nil || info.IsDir() {
		f.add("Web has no index.html at its root (an embedded folder needs fs.Sub)")
	}
}

// compileGame compiles the struct that newGame returns.
func (d *Definition) compileGame(f *faults) {
	if d.newGame == nil {
		f.add("the function that makes a game is nil")
		return
	}
	g := d.newGame()
	t := reflect.TypeOf(g)
	if t == nil || t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct || reflect.ValueOf(g).IsNil() {
		f.add("the function that makes a game returned %T: want a pointer to a struct", g)
		return
	}
	d.goType = t.Elem()
	if again := d.newGame(); d.goType.Size() > 0 && again == g {
		f.add("the function that makes a game returned the same %s twice: want a new one each time", t)
	}
	checkPowers(t, f)
	d.settings = compileSettings(d.goType, f)
	layout, err := state.Compile(d.goType)
	if err != nil {
		f.lines("", err)
		return
	}
	d.layout = layout
}

// checkPowers refuses methods that are named like an optional power and are not
// one: left alone, they would never be called.
func checkPowers(t reflect.Type, f *faults) {
	for _, power := range []reflect.Type{
		reflect.TypeFor[Starter](), reflect.TypeFor[Admitter](), reflect.TypeFor[Refuser](), reflect.TypeFor[Sight](),
	} {
		want := power.Method(0)
		if _, has := t.MethodByName(want.Name); has && !t.Implements(power) {
			f.add("%s.%s: rename it, or make it %s%s to be a game.%s", t, want.Name,
				want.Name, strings.NewReplacer("func", "", "state.", "game.").Replace(want.Type.String()), power.Name())
		}
	}
}

func (d *Definition) compileMessages(f *faults) {
	if len(d.inputs) > 1 {
		f.add("Input was given %d times", len(d.inputs))
	}
	for _, in := range compileAll("Input", d.inputs, f) {
		in.shape.Name = "input"
		d.input = in
	}
	d.commands = compileAll("Commands", d.commandTypes, f)
	d.events = compileAll("Events", d.eventTypes, f)
}

// compileAll compiles the types given to one option.
func compileAll(option string, zeros []any, f *faults) []*message {
	if len(zeros) > maxMessages {
		f.add("%s: %d types, at most %d", option, len(zeros), maxMessages)
	}
	var all []*message
	names := map[string]reflect.Type{}
	for _, zero := range zeros {
		t := reflect.TypeOf(zero)
		if t == nil || t.Kind() != reflect.Struct || t.Name() == "" {
			f.add("%s: %T: want a value of a named struct type", option, zero)
			continue
		}
		name := state.WireName(t.Name())
		if other, taken := names[name]; taken {
			f.add("%s: %s and %s would both be called %q", option, other, t, name)
			continue
		}
		names[name] = t
		m, err := compileMessage(name, t)
		if err != nil {
			f.lines(option+": ", err)
			continue
		}
		all = append(all, m)
	}
	return all
}

func shapes(all []*message) []state.Message {
	out := make([]state.Message, len(all))
	for i, m := range all {
		out[i] = m.shape
	}
	return out
}
