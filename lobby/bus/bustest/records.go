package bustest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// recordTests are those of bus.Records.
var recordTests = map[string]func(t *testing.T, a, b Both){
	"RecordsVersions":   recordsVersions,
	"RecordsAllOrNone":  recordsAllOrNone,
	"RecordsNames":      recordsNames,
	"RecordsMoveNames":  recordsMoveNames,
	"RecordsRepeat":     recordsRepeat,
	"RecordsEnd":        recordsEnd,
	"RecordsBound":      recordsBound,
	"RecordsWritten":    recordsWritten,
	"RecordsMany":       recordsMany,
	"RecordsOneLeader":  recordsOneLeader,
	"RecordsFence":      recordsFence,
	"RecordsRace":       recordsRace,
	"RecordsCount":      recordsCount,
	"RecordsRenew":      recordsRenew,
	"RecordsKindsApart": recordsKindsApart,
}

// rec is a record of a minute: "id", its version, value and names.
func rec(id string, version uint64, value string, names ...string) bus.Record {
	return bus.Record{ID: id, Version: version, Value: []byte(value), Names: names, TTL: time.Minute}
}

func write(t testing.TB, r bus.Records, kind string, records ...bus.Record) error {
	return r.Write(ctx(t), kind, bus.Change{Most: 10_000, Records: records})
}

func wrote(t testing.TB, r bus.Records, kind string, records ...bus.Record) {
	t.Helper()
	if err := write(t, r, kind, records...); err != nil {
		t.Fatal(err)
	}
}

func wantRecords(t testing.TB, r bus.Records, kind string, ids []string, want ...string) {
	t.Helper()
	got, err := r.Read(ctx(t), kind, ids...)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, r := range got {
		all = append(all, fmt.Sprintf("%s@%d=%s", r.ID, r.Version, r.Value))
	}
	slices.Sort(all)
	if !slices.Equal(all, want) {
		t.Errorf("read %q, want %q", all, want)
	}
}

func wantErr(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
}

func recordsVersions(t *testing.T, a, b Both) {
	wrote(t, a, "k", rec("x", 1, "one"), rec("y", 1, "\x00\xff"))
	wantErr(t, write(t, b, "k", rec("x", 3, "three")), bus.ErrStale)
	wantErr(t, write(t, b, "k", rec("x", 1, "other")), bus.ErrStale)
	wantErr(t, write(t, b, "k", rec("z", 2, "two")), bus.ErrStale)
	wrote(t, b, "k", rec("x", 2, "two"))
	wantRecords(t, a, "k", []string{"x", "y", "none"}, "x@2=two", "y@1=\x00\xff")
	wantRecords(t, a, "k", nil)
}

func recordsAllOrNone(t *testing.T, a, b Both) {
	wrote(t, a, "k", rec("x", 1, "one"), rec("y", 1, "one"))
	wantErr(t, write(t, b, "k", rec("x", 2, "two"), rec("y", 3, "three"), rec("z", 1, "one")), bus.ErrStale)
	wantRecords(t, a, "k", []string{"x", "y", "z"}, "x@1=one", "y@1=one")
}

func recordsNames(t *testing.T, a, b Both) {
	wrote(t, a, "k", rec("x", 1, "one", "ann", "bob\x00\xff"))
	held := new(bus.Held)
	if err := write(t, b, "k", rec("y", 1, "one", "cat", "bob\x00\xff")); !errors.As(err, &held) || held.ID != "x" || held.Name != "bob\x00\xff" {
		t.Fatalf("a name that is held: %v", err)
	}
	if _, err := b.Named(ctx(t), "k", "cat"); !errors.Is(err, bus.ErrNone) {
		t.Errorf("a name of what was not written: %v", err)
	}
	if r, err := b.Named(ctx(t), "k", "ann"); err != nil || r.ID != "x" || string(r.Value) != "one" || r.Version != 1 {
		t.Errorf("ann is %+v, %v", r, err)
	}
	wrote(t, a, "k", rec("x", 2, "two", "ann")) // and lets go of bob
	wrote(t, b, "k", rec("y", 1, "one", "cat", "bob\x00\xff"))
	gone := rec("x", 3, "")
	gone.TTL = 0
	wrote(t, a, "k", gone)
	wantRecords(t, b, "k", []string{"x", "y"}, "y@1=one")
	wrote(t, b, "k", rec("z", 1, "one", "ann"))
}

func recordsMoveNames(t *testing.T, a, b Both) {
	wrote(t, a, "k", rec("x", 1, "", "ann", "bob"), rec("y", 1, "", "cat"))
	wrote(t, b, "k", rec("y", 2, "", "cat", "bob"), rec("x", 2, "", "ann"))
	wrote(t, a, "k", rec("x", 3, "", "cat", "bob"), rec("y", 3, "", "ann"))
	for name, id := range map[string]string{"ann": "y", "bob": "x", "cat": "x"} {
		if r, err := b.Named(ctx(t), "k", name); err != nil || r.ID != id {
			t.Errorf("%s is of %s, %v", name, r.ID, err)
		}
	}
}

// An answer that was lost is asked for again.
func recordsRepeat(t *testing.T, a, b Both) {
	for range 2 {
		wrote(t, a, "k", rec("x", 1, "one", "ann"), rec("y", 1, "one"))
	}
	for range 2 {
		wrote(t, b, "k", rec("x", 2, "two", "ann"), rec("y", 2, "two"))
	}
	wantRecords(t, a, "k", []string{"x", "y"}, "x@2=two", "y@2=two")
	gone := rec("y", 3, "")
	gone.TTL = 0
	for range 2 {
		wrote(t, a, "k", gone)
	}
}

func recordsEnd(t *testing.T, a, b Both) {
	short := rec("x", 1, "one", "ann")
	short.TTL = 30 * time.Millisecond
	wrote(t, a, "k", short, rec("y", 1, "one"))
	for {
		got, err := b.Read(ctx(t), "k", "x")
		if err != nil {
			t.Fatal(err)
		}
		if len(got) == 0 {
			break
		}
	}
	if _, err := b.Named(ctx(t), "k", "ann"); !errors.Is(err, bus.ErrNone) {
		t.Errorf("its name: %v", err)
	}
	wantErr(t, write(t, a, "k", rec("x", 2, "two")), bus.ErrStale)
	wrote(t, b, "k", rec("z", 1, "one", "ann"), rec("x", 1, "anew"))
	wantRecords(t, a, "k", []string{"x", "y", "z"}, "x@1=anew", "y@1=one", "z@1=one")
}

func recordsBound(t *testing.T, a, b Both) {
	small := func(r bus.Records, records ...bus.Record) error {
		return r.Write(ctx(t), "k", bus.Change{Most: 2, Records: records})
	}
	if err := small(a, rec("x", 1, ""), rec("y", 1, "")); err != nil {
		t.Fatal(err)
	}
	wantErr(t, small(b, rec("z", 1, "")), bus.ErrFull)
	if err := small(b, rec("x", 2, "more")); err != nil {
		t.Errorf("a change where nothing new fits: %v", err)
	}
}

func recordsWritten(t *testing.T, a, b Both) {
	follow := func(from uint64, most int, want ...string) bus.Feed {
		t.Helper()
		f, err := b.Written(ctx(t), "k", from, most)
		if err != nil || !slices.Equal(f.IDs, want) {
			t.Fatalf("after %d were written %q, %v; want %q", from, f.IDs, err, want)
		}
		return f
	}
	wrote(t, a, "k", rec("x", 1, ""), rec("y", 1, ""), rec("z", 1, ""))
	f := follow(0, 2, "x", "y")
	f = follow(f.Next, 2, "z")
	f = follow(f.Next, 2)
	wrote(t, b, "k", rec("y", 2, ""))
	wrote(t, a, "k", rec("x", 2, ""))
	next := follow(f.Next, 9, "y", "x")
	follow(0, 9, "z", "y", "x")
	if f.Epoch == 0 || f.Epoch != next.Epoch || next.Next <= f.Next {
		t.Errorf("from %+v to %+v", f, next)
	}
}

func recordsMany(t *testing.T, a, b Both) {
	var all []bus.Record
	var ids, want []string
	for i := range 1200 {
		id := fmt.Sprintf("%04d", i)
		all = append(all, rec(id, 1, "v", "n"+id))
		ids, want = append(ids, id), append(want, id+"@1=v")
	}
	for part := range slices.Chunk(all, 100) {
		wrote(t, a, "k", part...)
	}
	wantRecords(t, b, "k", ids, want...)
}

func recordsOneLeader(t *testing.T, a, b Both) {
	lead := func(r bus.Records, who string, ttl time.Duration) (uint64, error) {
		return r.Lead(ctx(t), "k", who, ttl)
	}
	first, err := lead(a, "a", time.Minute)
	if err != nil || first == 0 {
		t.Fatal(first, err)
	}
	_, err = lead(b, "b", time.Minute)
	wantErr(t, err, bus.ErrLed)
	if again, err := lead(a, "a", time.Minute); err != nil || again != first {
		t.Errorf("a leads on with %d, %v", again, err)
	}
	_, err = lead(b, "b", 0) // it has nothing to resign
	wantErr(t, err, bus.ErrLed)
	if _, err := lead(a, "a", 0); err != nil {
		t.Fatal(err)
	}
	second, err := lead(b, "b", 20*time.Millisecond)
	if err != nil || second <= first {
		t.Fatalf("b leads with %d after %d, %v", second, first, err)
	}
	for err = bus.ErrLed; errors.Is(err, bus.ErrLed); {
		first, err = lead(a, "a", time.Minute)
	}
	if err != nil || first <= second {
		t.Fatalf("a leads with %d after %d, %v", first, second, err)
	}
}

// Who led writes nothing once another leads, however late it is.
func recordsFence(t *testing.T, a, b Both) {
	old, err := a.Lead(ctx(t), "k", "a", time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	wrote(t, a, "k", rec("x", 1, "one"))
	young := uint64(0)
	for err = bus.ErrLed; errors.Is(err, bus.ErrLed); {
		young, err = b.Lead(ctx(t), "k", "b", time.Minute)
	}
	if err != nil {
		t.Fatal(err)
	}
	as := func(r bus.Records, term uint64, version uint64, value string) error {
		return r.Write(ctx(t), "k", bus.Change{Term: term, Most: 9, Records: []bus.Record{rec("x", version, value)}})
	}
	wantErr(t, as(a, old, 2, "late"), bus.ErrDeposed)
	if err := as(b, young, 2, "two"); err != nil {
		t.Fatal(err)
	}
	wantErr(t, as(a, old, 3, "late"), bus.ErrDeposed)
	if err := as(a, 0, 3, "anyone"); err != nil {
		t.Fatal(err)
	}
}

// Of many who write at once exactly one is first.
func recordsRace(t *testing.T, a, b Both) {
	wrote(t, a, "k", rec("x", 1, ""))
	for version := uint64(2); version < 20; version++ {
		var wins, losses int
		var mu sync.Mutex
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				err := write(t, []Both{a, b}[i%2], "k", rec("x", version, fmt.Sprint(i)), rec(fmt.Sprint(version), 1, fmt.Sprint(i)))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					wins++
				case errors.Is(err, bus.ErrStale):
					losses++
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if wins != 1 || losses != 7 {
			t.Fatalf("%d won and %d lost", wins, losses)
		}
	}
}

func recordsCount(t *testing.T, a, b Both) {
	last := uint64(0)
	grows := func(what string, want bool) {
		t.Helper()
		f, err := b.Written(ctx(t), "k", 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		if f.Count < last || f.Count > last != want {
			t.Errorf("%s: from %d to %d", what, last, f.Count)
		}
		last = f.Count
	}
	grows("nothing", false)
	wrote(t, a, "k", rec("x", 1, "one"))
	grows("a record", true)
	wrote(t, a, "k", rec("x", 1, "one"))
	grows("the same again", false)
	wantErr(t, write(t, a, "k", rec("x", 1, "other")), bus.ErrStale)
	grows("one that is refused", false)
	for range 2 {
		if _, err := a.Lead(ctx(t), "k", "a", time.Minute); err != nil {
			t.Fatal(err)
		}
		grows("the leader's word", true)
	}
}

// All is forgotten by whoever has seen more than what is kept, and by nobody else;
// those who see less of what comes then have not seen it go back.
func recordsRenew(t *testing.T, a, b Both) {
	wrote(t, a, "k", rec("x", 1, "one", "ann"))
	old, err := a.Lead(ctx(t), "k", "a", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	now := func() bus.Feed {
		t.Helper()
		f, err := b.Written(ctx(t), "k", 0, 9)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	renew := func(epoch, count uint64) bus.Feed {
		t.Helper()
		if err := b.Renew(ctx(t), "k", epoch, count); err != nil {
			t.Fatal(err)
		}
		return now()
	}
	was := now()
	for _, not := range []bus.Feed{renew(was.Epoch, was.Count), renew(was.Epoch-1, was.Count+1)} {
		if not.Epoch != was.Epoch || len(not.IDs) != 1 {
			t.Errorf("from %+v to %+v", was, not)
		}
	}
	fresh := renew(was.Epoch, was.Count+1)
	if fresh.Epoch <= was.Epoch || len(fresh.IDs) != 0 || fresh.Count >= was.Count {
		t.Errorf("from %+v to %+v", was, fresh)
	}
	if again := renew(was.Epoch, was.Count+9); again.Epoch != fresh.Epoch {
		t.Errorf("somebody who had seen more begins another epoch: %+v after %+v", again, fresh)
	}
	wantErr(t, a.Write(ctx(t), "k", bus.Change{Term: old, Most: 9, Records: []bus.Record{rec("y", 1, "")}}), bus.ErrDeposed)
	if term, err := b.Lead(ctx(t), "k", "b", time.Minute); err != nil || term <= old {
		t.Errorf("b leads with %d after %d, %v", term, old, err)
	}
	wrote(t, b, "k", rec("z", 1, "one", "ann"))
	wantRecords(t, a, "k", []string{"x", "y", "z"}, "z@1=one")
}

func recordsKindsApart(t *testing.T, a, b Both) {
	wrote(t, a, "one", rec("x", 1, "1", "ann"))
	wrote(t, b, "two", rec("x", 1, "2", "ann"))
	wantRecords(t, b, "one", []string{"x"}, "x@1=1")
	if _, err := a.Lead(ctx(t), "one", "a", time.Minute); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Lead(ctx(t), "two", "b", time.Minute); err != nil {
		t.Fatal(err)
	}
}
