package state

import (
	"fmt"
	"reflect"
	"strings"
)

// Layout is a game's struct type, compiled once: where its tables and synced
// fields lie, and how its state is saved. It is immutable and safe for
// concurrent use by many games, each on its own goroutine.
//
// Methods that take a game take a pointer to the compiled struct type and
// panic on anything else.
type Layout struct {
	game   reflect.Type // pointer to the compiled type
	name   string
	tables []TableSchema
	synced []synced
	save   codec
	hash   uint64
}

// oneRow is the name of the table that top-level sync fields form.
const oneRow = "match"

// Compile compiles a game's struct type: every field of type Table becomes a
// table, in order, and top-level fields with a sync tag form the one-row table
// "match" after them. The error joins all faults; each names Type.Field and
// says what to do.
func Compile(t reflect.Type) (*Layout, error) {
	if t == nil || t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("compile %v: a game is a struct", t)
	}
	c := &compiler{rows: map[reflect.Type]bool{}}
	l := &Layout{game: reflect.PointerTo(t), name: t.Name()}
	if l.name == "" {
		l.name = "game"
	}
	all := members(t, l.name, 0)
	for _, m := range all {
		if isTable(m.Type) {
			l.addTable(c, m)
		}
	}
	if one, s := c.table(oneRow, l.name, true, all); len(one.Fields) > 0 {
		l.add(c, l.name, one, s)
	}
	if len(l.tables) > maxTables {
		c.fault(l.name, "%d tables; %d at most: put rows of one kind into one table", len(l.tables), maxTables)
	}
	words := 0
	for i := range l.tables {
		cols := newColumns(&l.tables[i])
		words += cols.words() * max(l.synced[i].max, 1)
	}
	if words > maxWords {
		c.fault(l.name, "its tables, full, take %d words of 8 bytes at a client; %d at most: lower max=N or shorten arrays", words, maxWords)
	}
	l.save = c.structure(t, l.name, true)
	if err := c.err(); err != nil {
		return nil, err
	}
	l.hash = l.save.hash()
	return l, nil
}

func (l *Layout) addTable(c *compiler, m member) {
	row := rowOf(m.Type)
	if row.Kind() != reflect.Struct {
		c.fault(m.where, "rows of a table are structs, not %s", row)
		return
	}
	c.rows[row] = true
	if m.PkgPath != "" {
		c.fault(m.where, "an unexported table is neither synced nor saved; export it")
	}
	if m.Tag.Get("sandlot") != "" {
		c.fault(m.where, "a table is always saved; drop sandlot:%q", m.Tag.Get("sandlot"))
	}
	tag, err := parseSync(m.Tag.Get("sync"))
	if err != nil {
		c.fault(m.where, "%w", err)
	}
	if (tag != syncTag{max: tag.max, rewind: tag.rewind}) {
		c.fault(m.where, "a table's sync tag has max=N and rewind only; put the rest on its rows' fields")
	}
	if tag.max == 0 {
		tag.max = DefaultMax
	}
	name := row.Name()
	if i := strings.LastIndexByte(name, '.'); i >= 0 || name == "" {
		name = "row of " + m.Name
	}
	schema, s := c.table(WireName(m.Name), name, false, members(row, name, 0))
	s.offset, s.max, s.stride = m.offset, tag.max, row.Size()
	l.add(c, m.where, schema, s)
}

func (l *Layout) add(c *compiler, where string, schema TableSchema, s synced) {
	for _, t := range l.tables {
		if t.Name == schema.Name {
			c.fault(where, "two tables are called %q on the wire; rename one", t.Name)
		}
	}
	if len(schema.Name) > maxName {
		c.fault(where, "the name %q is longer than %d bytes; shorten it", schema.Name, maxName)
	}
	l.tables = append(l.tables, schema)
	l.synced = append(l.synced, s)
}

// Tables is the schema of the tables, in wire order. It must not be changed.
func (l *Layout) Tables() []TableSchema { return l.tables }

// Placed reports whether the rows of a table say where they are: two of their
// fields are tagged pos.
func (l *Layout) Placed(table int) bool { return l.synced[table].placed }

// Bind gives the tables of a game their bounds, from the max=N of their tags.
// It is called once, before the first Add.
func (l *Layout) Bind(game any) {
	p := l.check(game)
	for i := range l.synced {
		if s := &l.synced[i]; !s.one {
			s.raw(p).max = s.max
		}
	}
}
