package state_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
	"pgregory.net/rapid"
)

func TestTableZeroValue(t *testing.T) {
	var table state.Table[int]
	if table.Len() != 0 || table.Max() != state.DefaultMax || table.Get(1) != nil || table.Remove(1) || table.Owner(0) != 0 {
		t.Fatal("the zero table is not empty")
	}
	id, ok := table.Add(7, 42)
	if !ok || id != 1 || *table.Get(1) != 42 || table.Owner(1) != 7 {
		t.Fatalf("first row: id %d, ok %v", id, ok)
	}
}

func TestTableBound(t *testing.T) {
	w := &world{}
	compile[world](t).Bind(w)
	for range w.Ships.Max() {
		if _, ok := w.Ships.Add(1, ship{}); !ok {
			t.Fatal("refused below its bound")
		}
	}
	if _, ok := w.Ships.Add(1, ship{}); ok || w.Ships.Len() != 12 {
		t.Fatalf("%d rows in a table of 12", w.Ships.Len())
	}
	w.Ships.Remove(3)
	if id, ok := w.Ships.Add(1, ship{}); !ok || id != 13 {
		t.Fatalf("after a removal: id %d, ok %v; want 13, as ids are never given again", id, ok)
	}
}

func TestTableRemoveWhileIterating(t *testing.T) {
	var table state.Table[int]
	for i := range 10 {
		table.Add(state.Player(i%2), i)
	}
	var visited []state.ID
	for id, row := range table.All() {
		visited = append(visited, id)
		table.Remove(id)
		table.Remove(id + 1) // before its turn
		if *row != int(id)-1 {
			t.Fatalf("row %d reads %d after its removal", id, *row)
		}
		if id == 3 {
			table.Add(9, 100) // not visited by this loop
		}
	}
	if want := []state.ID{1, 3, 5, 7, 9}; !slices.Equal(visited, want) || table.Len() != 1 {
		t.Fatalf("visited %v, want %v; %d rows are left", visited, want, table.Len())
	}
}

// TestTableModel compares a table with a map under arbitrary use.
func TestTableModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var table state.Table[int]
		model := map[state.ID]int{}
		last := state.ID(0)
		use := func() {
			id := state.ID(rapid.IntRange(0, int(last)+1).Draw(t, "id"))
			switch rapid.IntRange(0, 2).Draw(t, "use") {
			case 0:
				got, ok := table.Add(state.Player(len(model)%3), len(model))
				if !ok || got <= last {
					t.Fatalf("add after %d: %d, %v", last, got, ok)
				}
				last = got
				model[got] = len(model)
			case 1:
				_, had := model[id]
				if table.Remove(id) != had {
					t.Fatalf("remove %d: want %v", id, had)
				}
				delete(model, id)
			case 2:
				v, had := model[id]
				if p := table.Get(id); (p != nil) != had || had && *p != v {
					t.Fatalf("get %d: %v, want %d, %v", id, p, v, had)
				}
			}
		}
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			use()
			if rapid.IntRange(0, 9).Draw(t, "loop") == 0 {
				for range table.All() {
					use()
				}
				for id := range table.Owned(1) {
					if use(); table.Owner(id) > 1 {
						t.Fatalf("row %d is %d's", id, table.Owner(id))
					}
				}
			}
			var ids []state.ID
			owned := 0
			for id, v := range table.All() {
				ids = append(ids, id)
				if *v != model[id] {
					t.Fatalf("row %d is %d, want %d", id, *v, model[id])
				}
			}
			for p := range state.Player(3) {
				for id := range table.Owned(p) {
					if owned++; table.Owner(id) != p {
						t.Fatalf("row %d is %d's, found as %d's", id, table.Owner(id), p)
					}
				}
			}
			if want := slices.Sorted(maps.Keys(model)); !slices.Equal(ids, want) || table.Len() != len(want) || owned != len(want) {
				t.Fatalf("rows %v, want %v", ids, want)
			}
		}
	})
}

func TestTablePointersStay(t *testing.T) {
	var table state.Table[int]
	first, _ := table.Add(1, 1)
	p := table.Get(first)
	for i := range 500 {
		id, _ := table.Add(1, i)
		table.Remove(id)
	}
	for id, row := range table.All() {
		for range 40 {
			table.Add(2, 7)
		}
		table.Remove(id)
		table.Add(2, 8) // not in the place of the row that the loop still holds
		*row = 5
	}
	if *p != 5 {
		t.Fatal("the row moved")
	}
	for id, row := range table.All() {
		if *row != 7 && *row != 8 {
			t.Fatalf("row %d was overwritten with %d", id, *row)
		}
	}
}

// TestTableChurn sees that rows that come and go take no new memory.
func TestTableChurn(t *testing.T) {
	var table state.Table[[64]byte]
	for range 20 {
		table.Add(1, [64]byte{})
	}
	churn := func() {
		for id := range table.All() {
			table.Remove(id)
			break
		}
		table.Add(1, [64]byte{})
	}
	for range 1000 {
		churn()
	}
	if n := testing.AllocsPerRun(1000, churn); n != 0 {
		t.Fatalf("%v allocations a row", n)
	}
}
