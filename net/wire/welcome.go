package wire

import (
	"math"

	"github.com/sandlot-server/sandlot/game/state"
)

// Flags on the wire that the schema's types do not have as such.
const (
	tableOne = 1 // a table's flags: one row

	welcomeHead = 12 // the elements before the schema
	tableHead   = 3  // name, flags, fields
	fieldSize   = 5
	mfieldSize  = 6
	messageHead = 2 // name, fields
	settingSize = 4

	maxName    = 255 // bytes of a name in a schema
	maxIDs     = 255 // bytes of an instance, a lobby, a game
	maxLen     = 4096
	maxFields  = 31 // bits of a mask
	maxRate    = 1000
	maxSlots   = 1024 // elements of one input, command or event
	maxAnyText = 1 << 16
)

// AppendWelcome appends a welcome with its schema.
func AppendWelcome(dst []byte, m *Welcome) []byte {
	w := open(dst, welcomeHead+schemaSize(m.Schema), TypeWelcome)
	w.Int(Version)
	w.Str(m.Instance)
	w.Str(m.Lobby)
	w.Str(m.Game)
	w.Int(int64(m.Player))
	w.Int(int64(m.Role))
	w.Str(m.Resume)
	w.Int(int64(m.HoldMS))
	w.Int(int64(m.ServerUS))
	w.Int(int64(m.Events))
	w.schema(m.Schema)
	return w.shut()
}

// schemaSize counts the elements that schema writes, but for the tick rate,
// which welcomeHead has.
func schemaSize(s *state.Schema) int {
	n := 1 + 1 + mfieldSize*len(s.Input.Fields) + 1 + 1 + 1 + settingSize*len(s.Settings)
	for i := range s.Tables {
		n += tableHead + 1 + fieldSize*(len(s.Tables[i].Fields)+len(s.Tables[i].Owner))
	}
	for i := range s.Commands {
		n += messageHead + mfieldSize*len(s.Commands[i].Fields)
	}
	for i := range s.Events {
		n += messageHead + mfieldSize*len(s.Events[i].Fields)
	}
	return n
}

func (w *Writer) schema(s *state.Schema) {
	w.Int(int64(s.TickRate))
	w.Int(int64(len(s.Tables)))
	for i := range s.Tables {
		t := &s.Tables[i]
		w.Str(t.Name)
		if t.One {
			w.Int(tableOne)
		} else {
			w.Int(0)
		}
		w.tableFields(t.Fields)
		w.tableFields(t.Owner)
	}
	w.shape(s.Input.Fields)
	for _, list := range [...][]state.Message{s.Commands, s.Events} {
		w.Int(int64(len(list)))
		for i := range list {
			w.Str(list[i].Name)
			w.shape(list[i].Fields)
		}
	}
	w.Int(int64(len(s.Settings)))
	for _, v := range s.Settings {
		w.Str(v.Name)
		w.Int(v.Min)
		w.Int(v.Max)
		w.Int(v.Default)
	}
}

func (w *Writer) tableFields(list []state.Field) {
	w.Int(int64(len(list)))
	for _, f := range list {
		w.Str(f.Name)
		w.Int(int64(f.Kind))
		w.Int(int64(f.Len))
		w.Int(f.Step)
		w.Int(int64(f.Flags))
	}
}

func (w *Writer) shape(list []state.MessageField) {
	w.Int(int64(len(list)))
	for _, f := range list {
		w.Str(f.Name)
		w.Int(int64(f.Kind))
		w.Int(int64(f.Len))
		w.Int(f.Min)
		w.Int(f.Max)
		w.Int(int64(f.Flags))
	}
}

func (m *Welcome) read(r *Reader) {
	r.Within(Version, Version)
	m.Instance = r.Str(maxIDs)
	m.Lobby = r.Str(maxIDs)
	m.Game = r.Str(maxIDs)
	m.Player = state.Player(r.Within(0, math.MaxUint16))
	m.Role = Role(r.Within(0, math.MaxUint8))
	m.Resume = r.Str(MaxCredential)
	m.HoldMS = uint32(r.Within(0, maxUint32))
	m.ServerUS = uint64(r.Within(0, MaxNumber))
	m.Events = uint64(r.Within(0, MaxNumber))
	m.Schema = r.schema()
}

func (r *Reader) schema() *state.Schema {
	s := &state.Schema{TickRate: int(r.Within(1, maxRate))}
	if n := r.count(tableHead + 1); n > 0 {
		s.Tables = make([]state.TableSchema, n)
	}
	for i := range s.Tables {
		t := &s.Tables[i]
		t.Name = r.Str(maxName)
		t.One = r.Within(0, math.MaxUint8)&tableOne != 0
		t.Fields = r.tableFields()
		t.Owner = r.tableFields()
	}
	if r.fault == nil {
		if err := state.CheckTables(s.Tables); err != nil { // before anyone sizes rows by it
			r.fail(CodeRange, "%v", err)
		}
	}
	s.Input = state.Message{Name: "input", Fields: r.shape()}
	s.Commands = r.messages()
	s.Events = r.messages()
	if n := r.count(settingSize); n > 0 {
		s.Settings = make([]state.Setting, n)
	}
	for i := range s.Settings {
		s.Settings[i] = state.Setting{Name: r.Str(maxName), Min: r.Int(), Max: r.Int(), Default: r.Int()}
	}
	return s
}

func (r *Reader) tableFields() []state.Field {
	n := r.count(fieldSize)
	if n > maxFields {
		r.fail(CodeRange, "%d fields in a table, more than %d", n, maxFields)
	}
	if n == 0 || r.fault != nil {
		return nil
	}
	list := make([]state.Field, n)
	for i := range list {
		f := &list[i]
		f.Name = r.Str(maxName)
		f.Kind = state.Kind(r.Within(int64(state.Int), int64(state.String)))
		f.Len = int(r.Within(0, maxLen))
		f.Step = r.Within(1, MaxNumber)
		f.Flags = state.Flags(r.Within(0, math.MaxUint8))
	}
	return list
}

func (r *Reader) messages() []state.Message {
	n := r.count(messageHead)
	if n == 0 {
		return nil
	}
	list := make([]state.Message, n)
	for i := range list {
		list[i].Name = r.Str(maxName)
		list[i].Fields = r.shape()
	}
	return list
}

func (r *Reader) shape() []state.MessageField {
	n := r.count(mfieldSize)
	if n == 0 {
		return nil
	}
	list := make([]state.MessageField, n)
	slots := 0
	for i := range list {
		f := &list[i]
		f.Name = r.Str(maxName)
		f.Kind = state.Kind(r.Within(int64(state.Int), int64(state.String)))
		f.Len = int(r.Within(0, maxSlots))
		f.Min = r.Int()
		f.Max = r.Int()
		f.Flags = state.Flags(r.Within(0, math.MaxUint8))
		slots += max(1, f.Len)
		if f.Kind == state.String && f.Len != 0 {
			r.fail(CodeRange, "field %q is an array of strings", f.Name)
		}
	}
	if slots > maxSlots {
		r.fail(CodeRange, "%d values in a message, more than %d", slots, maxSlots)
	}
	return list
}
