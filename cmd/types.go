package cmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

type typesVerb struct {
	Game string `help:"Which game. Not needed where there is only one."`
}

// Run prints a game's types for TypeScript.
func (v *typesVerb) Run(p *program) error {
	d, err := oneGame(v.Game)
	if err != nil {
		return err
	}
	_, err = io.WriteString(p.out, typeScript(d))
	return err
}

// oneGame finds a registered game. Without a name it is the only one.
func oneGame(name string) (*game.Definition, error) {
	var names []string
	for _, d := range game.All() {
		names = append(names, d.Name)
	}
	if d, ok := game.Lookup(name); ok {
		return d, nil
	}
	switch {
	case len(names) == 0:
		return nil, fmt.Errorf("this program has no games")
	case name != "":
		return nil, fmt.Errorf("there is no game %q: there are %s", name, strings.Join(names, ", "))
	case len(names) > 1:
		return nil, fmt.Errorf("which game? --game is one of %s", strings.Join(names, ", "))
	}
	d, _ := game.Lookup(names[0])
	return d, nil
}

// typeScript says what a game syncs, takes and says in TypeScript, for the type
// parameters of the SDK. It says all that the schema does.
func typeScript(d *game.Definition) string {
	w := &typeWriter{}
	s, whole := d.Schema(), pascal(d.Name)
	switch whole {
	case "Input", "Settings", "Record", "MatchRow":
		whole += "Game"
	}
	w.line("// The types of the game %s, for the SDK: client.quickPlay<%s>('%s').", d.Name, whole, d.Name)
	w.line("// Printed by \"sandlot types --game %s\"; print them anew when the game changes.", d.Name)
	var tables, commands, events []string
	for i := range s.Tables {
		tables = append(tables, s.Tables[i].Name+": "+w.table(&s.Tables[i]))
	}
	w.message("What a player's hands do in one tick.", "Input", s.Input.Fields)
	for _, m := range s.Commands {
		commands = append(commands, m.Name+": "+w.message("The command "+m.Name+".", pascal(m.Name)+"Command", m.Fields))
	}
	for _, m := range s.Events {
		events = append(events, m.Name+": "+w.message("The event "+m.Name+".", pascal(m.Name)+"Event", m.Fields))
	}
	w.open("What a lobby's host may change.", "Settings", len(s.Settings))
	for _, f := range s.Settings {
		w.field(f.Name, "number", fmt.Sprintf("%d..%d, %d unless changed", f.Min, f.Max, f.Default))
	}
	w.close(len(s.Settings))

	w.line("\n/** All of it. */\nexport type %s = {", whole)
	w.group("tables", tables)
	w.line("  input: Input")
	w.group("commands", commands)
	w.group("events", events)
	w.line("  settings: Settings\n}")
	return w.String()
}

// nothing is the type of what has no fields.
const nothing = "Record<never, never>"

type typeWriter struct{ strings.Builder }

func (w *typeWriter) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

func (w *typeWriter) open(doc, name string, fields int) {
	w.line("\n/** %s */", doc)
	if fields == 0 {
		w.line("export type %s = %s", name, nothing)
		return
	}
	w.line("export type %s = {", name)
}

func (w *typeWriter) close(fields int) {
	if fields > 0 {
		w.line("}")
	}
}

func (w *typeWriter) field(name, typ string, notes ...string) {
	if len(notes) > 0 {
		w.line("  /** %s */", strings.Join(notes, "; "))
	}
	w.line("  %s: %s", name, typ)
}

func (w *typeWriter) group(name string, members []string) {
	if len(members) == 0 {
		w.line("  %s: %s", name, nothing)
		return
	}
	w.line("  %s: {", name)
	for _, m := range members {
		w.line("    %s", m)
	}
	w.line("  }")
}

// table writes the type of a table's rows and returns its name.
func (w *typeWriter) table(t *state.TableSchema) string {
	name, doc := pascal(t.Name)+"Row", "A row of "+t.Name+"."
	if t.One {
		doc = "The game's fields outside of tables."
	}
	w.open(doc, name, len(t.Fields)+len(t.Owner))
	public := map[string]bool{}
	for _, f := range t.Fields {
		public[f.Name] = true
		var notes []string
		if f.Flags&(state.Lerp|state.Angle) != 0 {
			notes = append(notes, "interpolated in views")
		}
		if f.Flags&state.Angle != 0 {
			notes = append(notes, "256 a turn")
		}
		if f.Step > 1 {
			notes = append(notes, fmt.Sprintf("in steps of %d", f.Step))
		}
		if f.Step > 1 && f.Flags&state.Predict != 0 {
			notes = append(notes, "exact for its owner")
		}
		w.field(f.Name, typeOf(f.Kind, f.Len), notes...)
	}
	for _, f := range t.Owner {
		if !public[f.Name] { // the rest of a public one is no field of its own
			w.field(f.Name, typeOf(f.Kind, f.Len), "known to its owner alone, else zero")
		}
	}
	w.close(len(t.Fields) + len(t.Owner))
	return name
}

// message writes the type of an input, a command or an event and returns its name.
func (w *typeWriter) message(doc, name string, fields []state.MessageField) string {
	w.open(doc, name, len(fields))
	for _, f := range fields {
		var notes []string
		switch f.Kind {
		case state.Int:
			notes = append(notes, fmt.Sprintf("%d..%d", f.Min, f.Max))
		case state.String:
			notes = append(notes, fmt.Sprintf("at most %d bytes", f.Max))
		}
		if f.Flags&state.Press != 0 {
			notes = append(notes, "counts once each time it is set")
		}
		w.field(f.Name, typeOf(f.Kind, f.Len), notes...)
	}
	w.close(len(fields))
	return name
}

func typeOf(kind state.Kind, length int) string {
	typ := "number"
	switch kind {
	case state.Bool:
		typ = "boolean"
	case state.String:
		typ = "string"
	}
	if length > 0 {
		typ = "readonly " + typ + "[]"
	}
	return typ
}

// pascal gives a wire name or a game's name the form of a type's: endsAt and
// ends-at become EndsAt.
func pascal(name string) string {
	var out strings.Builder
	for part := range strings.SplitSeq(name, "-") {
		if part != "" {
			out.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return out.String()
}
