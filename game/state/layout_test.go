package state_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
)

func TestSchema(t *testing.T) {
	tables := compile[world](t).Tables()
	var names []string
	for _, table := range tables {
		names = append(names, table.Name)
	}
	if got := strings.Join(names, " "); got != "ships marks boards match" || !tables[3].One || tables[0].One {
		t.Fatalf("tables: %s", got)
	}
	ints, lerp, both := state.Int, state.Lerp, state.Lerp|state.Predict
	wantFields := []state.Field{
		{"x", ints, 0, 64, both}, {"y", ints, 0, 64, both}, {"aim", ints, 0, 1, state.Angle}, {"hp", ints, 0, 1, 0},
		{"armed", state.Bool, 0, 1, 0}, {"name", state.String, 0, 1, 0}, {"cargo", ints, 3, 4, state.Predict},
	}
	wantOwner := []state.Field{
		{"x", ints, 0, 1, state.Predict}, {"y", ints, 0, 1, state.Predict}, {"vx", ints, 0, 1, state.Predict}, {"vy", ints, 0, 1, state.Predict},
		{"cargo", ints, 3, 1, state.Predict}, {"ammo", ints, 0, 1, 0}, {"codes", ints, 4, 1, 0}, {"note", state.String, 0, 1, 0},
		{"ready", state.Bool, 0, 1, state.Predict},
	}
	if !reflect.DeepEqual(tables[0].Fields, wantFields) {
		t.Errorf("public fields of ships:\ngot  %v\nwant %v", tables[0].Fields, wantFields)
	}
	if !reflect.DeepEqual(tables[0].Owner, wantOwner) {
		t.Errorf("owner fields of ships:\ngot  %v\nwant %v", tables[0].Owner, wantOwner)
	}
	if w := tables[3].Fields[3]; w != (state.Field{Name: "wind", Kind: ints, Step: 10, Flags: lerp}) {
		t.Errorf("wind: %v", w)
	}
	if err := state.CheckTables(tables); err != nil {
		t.Errorf("check a schema that was compiled: %v", err)
	}
}

type recursive struct{ Kids []recursive }

type badRow struct {
	F     float32    `sync:""`
	Big   int64      `sync:""`
	Step  int32      `sync:"step=0"`
	Word  int32      `sync:"fast"`
	Text  string     `sync:"lerp"`
	Long  string     `sync:"max=300"`
	Own   int32      `sync:"owner,step=2"`
	List  []int32    `sync:""`
	Wide  [2000]int8 `sync:""`
	Words [2]string  `sync:""`
	HP    int8       `sync:""`
	Hp    int8       `sync:""`
	Two   int8       `sync:"lerp,lerp=angle"`
	Here  string     `sync:"pos"`
	There [2]int8    `sync:"pos"`
	Alone int8       `sync:"pos"`
	low   int8       `sync:""`
	Tmp   int8       `sync:"" sandlot:"scratch"`
	Max   int8       `sync:"max=3"`
}

type badGame struct {
	Rows   state.Table[badRow] `sync:"lerp"`
	Ints   state.Table[int]
	M      map[string]int
	P      *int
	I      any
	F      func()
	C      chan int
	U      uintptr
	Z      complex64
	hidden int
	Kids   []recursive
	Nested struct {
		T state.Table[ship]
		X int32   `sync:""`
		O options `sandlot:"settings"`
	}
	Mine  int32 `sync:"predict"`
	Where int32 `sync:"pos"`
	Empty []struct{}
	Odd   int `sandlot:"odd"`
	Match state.Table[mark]
	Score int32 `sync:""`
}

// TestRefusals sees that all faults of a type come at once, each with the name
// of the field and what to do.
func TestRefusals(t *testing.T) {
	_, err := state.Compile(reflect.TypeFor[badGame]())
	if err == nil {
		t.Fatal("compiled")
	}
	for _, want := range []string{
		"badRow.F: float32 cannot be synced; use an int32",
		"badRow.Big: int64 cannot be synced",
		"badRow.Step: step=0 is not",
		`badRow.Word: sync tag has "fast"`,
		"badRow.Text: step and lerp are for integers",
		"badRow.Long: max=300 is too long",
		"badRow.Own: an owner field is sent exactly",
		"badRow.List: []int32 cannot be synced",
		"badRow.Wide: a synced array has 1 to 1024 elements, not 2000",
		"badRow.Words: [2]string cannot be synced",
		`badRow: two fields are called "hp"`,
		"badRow.Two: lerp and lerp=angle exclude",
		"badRow.Here: pos is for integers",
		"badRow.There: pos is for integers",
		"badRow: pos is for the two fields that say where a row is, x first, and not for 1",
		"badRow.low: an unexported field cannot be synced",
		"badRow.low: an unexported field is not saved",
		"badRow.Tmp: sandlot:\"scratch\" and sync exclude",
		"badRow.Max: max=N is for strings",
		"badGame.Rows: a table's sync tag has max=N and rewind only",
		"badGame.Ints: rows of a table are structs, not int",
		"badGame.M: a map cannot be saved",
		"badGame.P: a pointer cannot be saved",
		"badGame.I: an interface cannot be saved",
		"badGame.F: a func cannot be saved",
		"badGame.C: a chan cannot be saved",
		"badGame.U: uintptr cannot be saved",
		"badGame.Z: complex64 cannot be saved",
		`badGame.hidden: an unexported field is not saved; export it, or tag it sandlot:"scratch"`,
		"badGame.Kids[].Kids[]: state_test.recursive contains itself",
		"badGame.Nested.T: a table is a field of the game itself",
		"badGame.Nested.X: a sync tag within a nested struct has no effect",
		"badGame.Nested.O: settings are",
		"badGame.Mine: a top-level field has no owner",
		"badGame.Where: a top-level field is the match's, which is nowhere",
		"badGame.Empty: elements without content",
		`badGame.Odd: sandlot:"odd" is not known`,
		`badGame: two tables are called "match"`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no fault has %q", want)
		}
	}
	if t.Failed() {
		t.Log(err)
	}
}

func TestRefusesBigTables(t *testing.T) {
	type row struct {
		Cells [1024]uint8 `sync:""`
	}
	_, err := state.Compile(reflect.TypeFor[struct {
		Rows state.Table[row] `sync:"max=65536"`
	}]())
	if err == nil || !strings.Contains(err.Error(), "lower max=N") {
		t.Fatalf("got %v", err)
	}
	if _, err := state.Compile(reflect.TypeFor[*world]()); err == nil {
		t.Fatal("compiled a pointer")
	}
}

func TestCheckTables(t *testing.T) {
	fields := func(f ...state.Field) []state.TableSchema { return []state.TableSchema{{Name: "t", Fields: f}} }
	for name, tables := range map[string][]state.TableSchema{
		"tables": make([]state.TableSchema, 65),
		"fields": fields(make([]state.Field, 32)...),
		"length": fields(state.Field{Name: "f", Len: 1 << 40, Step: 1}),
		"step":   fields(state.Field{Name: "f"}),
		"kind":   fields(state.Field{Name: "f", Kind: 9, Step: 1}),
		"name":   fields(state.Field{Name: strings.Repeat("x", 65), Step: 1}),
	} {
		if err := state.CheckTables(tables); err == nil {
			t.Errorf("%s: passed", name)
		}
		m := state.NewMirror(tables)
		if err := m.Apply(tape(0).Source(), true); !errors.Is(err, state.ErrSchema) || m.Table("t") != nil {
			t.Errorf("%s: a mirror of it: %v", name, err)
		}
	}
}

func TestWireNames(t *testing.T) {
	type row struct {
		HP, EndsAt, VX, X, URLPath, Url, ID2, HPMax, Äpfel int8 `sync:""`
	}
	l := compile[struct{ Rows state.Table[row] }](t)
	var names []string
	for _, f := range l.Tables()[0].Fields {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "hp endsAt vx x urlPath url id2 hpMax äpfel" {
		t.Fatal(got)
	}
}
