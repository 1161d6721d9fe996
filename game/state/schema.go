package state

// ID names a row within its table. Ids start at 1, rise by one for each Add
// and are never reused in a match.
type ID uint32

// Player numbers a player within one match, from 1; 0 is nobody. Numbers are
// never reused in a match.
type Player uint16

// Kind is what a field holds.
type Kind uint8

// The kinds of fields. Integers of every width are Int on the wire.
const (
	Int Kind = iota
	Bool
	String
)

// Flags say how clients treat a field.
type Flags uint8

// The flags of fields; their values are those on the wire.
const (
	Lerp    Flags = 1 << iota // interpolate linearly between snapshots
	Angle                     // interpolate along the shorter arc; a full turn is 256
	Predict                   // the owner predicts it
	Press                     // inputs: OR-ed when skipped, cleared when repeated
)

// Schema is all that a client needs to decode one game. It is immutable.
type Schema struct {
	TickRate int // ticks a second
	Tables   []TableSchema
	Input    Message
	Commands []Message
	Events   []Message
	Settings []Setting
}

// Field is one synced value of a row, or Len of them.
type Field struct {
	Name  string
	Kind  Kind
	Len   int   // 0: one value; else the elements of an array
	Step  int64 // true value = wire value × Step; at least 1
	Flags Flags
}

// Message is the shape of an input, a command or an event.
type Message struct {
	Name   string
	Fields []MessageField
}

// MessageField is one field of a message with its range, both ends included.
// For strings Max is the bound in bytes.
type MessageField struct {
	Name     string
	Kind     Kind
	Len      int
	Min, Max int64
	Flags    Flags
}

// Setting is one integer (or boolean, 0..1) that a lobby's host may change
// while the lobby waits.
type Setting struct {
	Name              string
	Min, Max, Default int64
}

// Value is one decoded field of a message: Str for strings, else Int.
type Value struct {
	Int int64
	Str string
}

// TableSchema is the shape of one table.
type TableSchema struct {
	Name   string
	One    bool    // its only row has id 1 and is always there
	Fields []Field // what everyone with the row in sight gets; at most 31
	Owner  []Field // what only the row's owner gets; at most 31
}
