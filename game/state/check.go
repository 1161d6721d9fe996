package state

import (
	"errors"
	"fmt"
)

// ErrSchema is what the errors of CheckTables wrap.
var ErrSchema = errors.New("schema out of bounds")

// CheckTables reports whether a schema that came over the wire keeps to the
// bounds that Compile keeps to: at most 64 tables, 31 fields an audience, 1,024
// elements an array, names of 64 bytes, steps from 1 to 2^31-1.
func CheckTables(tables []TableSchema) error {
	if len(tables) > maxTables {
		return fmt.Errorf("%w: %d tables", ErrSchema, len(tables))
	}
	words := 0
	for i := range tables {
		t := &tables[i]
		if len(t.Name) > maxName || len(t.Fields) > maxFields || len(t.Owner) > maxFields {
			return fmt.Errorf("%w: table %.64q with %d and %d fields", ErrSchema, t.Name, len(t.Fields), len(t.Owner))
		}
		words++
		for _, l := range [][]Field{t.Fields, t.Owner} {
			for _, f := range l {
				if len(f.Name) > maxName || f.Kind > String || f.Len < 0 || f.Len > maxArray ||
					f.Kind == String && f.Len != 0 || f.Step < 1 || f.Step >= 1<<31 {
					return fmt.Errorf("%w: field %.64q of table %q", ErrSchema, f.Name, t.Name)
				}
				words += max(f.Len, 1)
				if f.Kind == String {
					words++
				}
			}
		}
	}
	if words > maxWords { // with one row in each table
		return fmt.Errorf("%w: rows of %d words", ErrSchema, words)
	}
	return nil
}
