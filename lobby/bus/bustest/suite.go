package bustest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// Both is a Bus, a Store and Records that one instance uses.
type Both interface {
	bus.Bus
	bus.Store
	bus.Records
}

// Run holds an implementation to the guarantees of package bus. Open returns one
// more running instance each time it is called within a test; all instances of
// one test share what lies behind them, and no two tests do.
func Run(t *testing.T, setup func(t *testing.T) (open func() Both)) {
	tests := map[string]func(t *testing.T, a, b Both){
		"BusDelivers":       busDelivers,
		"BusOrder":          busOrder,
		"BusChannelsApart":  busChannelsApart,
		"BusClose":          busClose,
		"BusGapOnce":        busGapOnce,
		"BusManyChannels":   busManyChannels,
		"BusLarge":          busLarge,
		"LeasesLiveAndEnd":  leasesLiveAndEnd,
		"LeasesReplaced":    leasesReplaced,
		"LeasesKindsApart":  leasesKindsApart,
		"LeasesFirst":       leasesFirst,
		"LeasesMany":        leasesMany,
		"LeasesDrop":        leasesDrop,
		"HistoryNewest":     historyNewest,
		"HistoryBound":      historyBound,
		"HistoryEnds":       historyEnds,
		"ContextIsObserved": contextIsObserved,
	}
	maps.Copy(tests, recordTests)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			open := setup(t)
			a, b := open(), open()
			Well(t, a)
			Well(t, b)
			test(t, a, b)
		})
	}
}

const patience = 10 * time.Second // for what comes at once or not at all

func ctx(t testing.TB) context.Context {
	c, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return c
}

// Listener collects what a subscription is told.
type Listener struct {
	Got chan string
	Gap chan struct{}
	bus.Subscription
}

// Listen subscribes and waits until the subscription delivers.
func Listen(t testing.TB, b bus.Bus, channel string) *Listener {
	t.Helper()
	l := &Listener{Got: make(chan string, 10000), Gap: make(chan struct{}, 100)}
	l.Subscription = b.Subscribe(channel, bus.Handler{
		Message: func(p []byte) { l.Got <- string(p) },
		Gap:     func() { l.Gap <- struct{}{} },
	})
	t.Cleanup(l.Close)
	l.WantGap(t)
	return l
}

// WantGap waits for the next Gap.
func (l *Listener) WantGap(t testing.TB) {
	t.Helper()
	select {
	case <-l.Gap:
	case <-time.After(patience):
		t.Fatal("no Gap was called")
	}
}

// Want waits for the next message, which must be this one.
func (l *Listener) Want(t testing.TB, want string) {
	t.Helper()
	select {
	case got := <-l.Got:
		if got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	case <-time.After(patience):
		t.Fatalf("%q did not come", want)
	}
}

// Publish publishes or fails the test.
func Publish(t testing.TB, b bus.Bus, channel, payload string) {
	t.Helper()
	if err := b.Publish(ctx(t), channel, []byte(payload)); err != nil {
		t.Fatal(err)
	}
}

func busDelivers(t *testing.T, a, b Both) {
	if err := a.Reach("c"); err != nil {
		t.Errorf("all is well, and a channel is not reached: %v", err)
	}
	here, there, twice := Listen(t, a, "c"), Listen(t, b, "c"), Listen(t, b, "c")
	Publish(t, a, "c", "one")
	Publish(t, b, "c", "\x00\xff binary")
	for _, l := range []*Listener{here, there, twice} {
		// Two publishers: their order is not promised.
		got := []string{<-l.Got, <-l.Got}
		slices.Sort(got)
		if !slices.Equal(got, []string{"\x00\xff binary", "one"}) {
			t.Fatalf("got %q", got)
		}
	}
}

func busOrder(t *testing.T, a, b Both) {
	l := Listen(t, b, "c")
	for i := range 500 {
		Publish(t, a, "c", fmt.Sprint(i))
	}
	for i := range 500 {
		l.Want(t, fmt.Sprint(i))
	}
}

// Many channels, wherever each lives: all deliver, in order, and to the end.
func busManyChannels(t *testing.T, a, b Both) {
	const channels = 100
	all := make([]*Listener, channels)
	for i := range all {
		all[i] = Listen(t, b, fmt.Sprint("c", i))
	}
	for n := range 3 {
		for i := range all {
			Publish(t, a, fmt.Sprint("c", i), fmt.Sprint(n))
		}
	}
	for i, l := range all {
		for n := range 3 {
			l.Want(t, fmt.Sprint(n))
		}
		if len(l.Gap) > 0 {
			t.Errorf("channel %d had a gap", i)
		}
	}
}

func busLarge(t *testing.T, a, b Both) {
	l := Listen(t, b, "c")
	large := strings.Repeat("\x00\xff\r\n", 64<<10/4)
	for range 20 {
		Publish(t, a, "c", large)
	}
	for range 20 {
		select {
		case got := <-l.Got:
			if got != large {
				t.Fatal("64 KiB came changed")
			}
		case <-time.After(patience):
			t.Fatal("64 KiB did not come")
		}
	}
}

func busChannelsApart(t *testing.T, a, b Both) {
	one, two := Listen(t, b, "one"), Listen(t, b, "two")
	Publish(t, a, "one", "1")
	Publish(t, a, "two", "2")
	Publish(t, a, "none", "3")
	Publish(t, a, "one", "4")
	one.Want(t, "1")
	one.Want(t, "4")
	two.Want(t, "2")
}

func busClose(t *testing.T, a, b Both) {
	stays, leaves := Listen(t, b, "c"), Listen(t, b, "c")
	leaves.Close()
	leaves.Close()
	Publish(t, a, "c", "later")
	stays.Want(t, "later")
	Publish(t, a, "c", "again")
	stays.Want(t, "again")
	if len(leaves.Got) > 0 {
		t.Errorf("a closed subscription got %q", <-leaves.Got)
	}
	stays.Close()
	again := Listen(t, b, "c") // after the last of the channel has gone
	Publish(t, a, "c", "new")
	again.Want(t, "new")
}

func busGapOnce(t *testing.T, a, b Both) {
	l := Listen(t, b, "c")
	Publish(t, a, "c", "x")
	l.Want(t, "x")
	if len(l.Gap) > 0 {
		t.Error("a second Gap was called without a loss")
	}
}

// Well waits until b is healthy.
func Well(t testing.TB, b bus.Bus) {
	t.Helper()
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	for deadline := time.Now().Add(3 * patience); b.Healthy() != nil; <-again.C {
		if time.Now().After(deadline) {
			t.Fatalf("the bus is not well: %v", b.Healthy())
		}
	}
}

func put(t testing.TB, s bus.Store, kind string, ttl time.Duration, pairs ...string) {
	t.Helper()
	var leases []bus.Lease
	for pair := range slices.Chunk(pairs, 2) {
		leases = append(leases, bus.Lease{ID: pair[0], Value: []byte(pair[1])})
	}
	if err := s.Put(ctx(t), kind, leases, ttl); err != nil {
		t.Fatal(err)
	}
}

func list(t testing.TB, s bus.Store, kind string) []string {
	t.Helper()
	leases, err := s.List(ctx(t), kind)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, l := range leases {
		all = append(all, l.ID+"="+string(l.Value))
	}
	slices.Sort(all)
	return all
}

func wantList(t testing.TB, s bus.Store, kind string, want ...string) {
	t.Helper()
	if got := list(t, s, kind); !slices.Equal(got, want) {
		t.Errorf("list of %s is %q, want %q", kind, got, want)
	}
}

func leasesLiveAndEnd(t *testing.T, a, b Both) {
	wantList(t, a, "lobby")
	put(t, a, "lobby", time.Minute, "x", "1")
	put(t, a, "lobby", 30*time.Millisecond, "y", "2")
	for len(list(t, b, "lobby")) > 1 { // y ends by itself; the test's own time bounds this
		if t.Context().Err() != nil {
			t.Fatal("a lease did not end")
		}
	}
	wantList(t, b, "lobby", "x=1")
	if _, err := b.Get(ctx(t), "lobby", "y"); !errors.Is(err, bus.ErrNone) {
		t.Errorf("get of an ended lease: %v", err)
	}
	if v, err := b.Get(ctx(t), "lobby", "x"); err != nil || string(v) != "1" {
		t.Errorf("get of a live lease: %q, %v", v, err)
	}
}

func leasesReplaced(t *testing.T, a, b Both) {
	put(t, a, "lobby", 30*time.Millisecond, "x", "1")
	put(t, a, "lobby", time.Minute, "x", "2") // longer: what counts is the newest
	put(t, a, "lobby", 10*time.Millisecond, "z", "0")
	for len(list(t, b, "lobby")) > 1 {
		if t.Context().Err() != nil {
			t.Fatal("a lease did not end")
		}
	}
	wantList(t, b, "lobby", "x=2")
}

func leasesKindsApart(t *testing.T, a, b Both) {
	put(t, a, "lobby", time.Minute, "x", "1")
	put(t, b, "instance", time.Minute, "x", "2")
	wantList(t, b, "lobby", "x=1")
	wantList(t, a, "instance", "x=2")
}

func leasesFirst(t *testing.T, a, b Both) {
	first := func(s bus.Store, id, value string, ttl time.Duration, not ...string) string {
		t.Helper()
		got, err := s.First(ctx(t), "quick", bus.Lease{ID: id, Value: []byte(value)}, ttl, not...)
		if err != nil {
			t.Fatal(err)
		}
		return string(got)
	}
	if one, two, other := first(a, "x", "1", time.Minute), first(b, "x", "2", time.Hour), first(b, "y", "3", 30*time.Millisecond); one != "1" || two != "1" || other != "3" {
		t.Errorf("x is %q, then %q, and y is %q", one, two, other)
	}
	for first(a, "y", "4", time.Minute) != "4" { // y ends by itself; the test's own time bounds this
		if t.Context().Err() != nil {
			t.Fatal("a lease did not end")
		}
	}
	wantList(t, b, "quick", "x=1", "y=4")
	put(t, b, "quick", time.Minute, "x", "5")
	if got := first(a, "x", "6", time.Minute); got != "5" {
		t.Errorf("x was put anew, and is %q", got)
	}
	if one, two, three := first(a, "x", "7", time.Minute, "4", "6"), first(a, "x", "8", time.Minute, "4", "5"), first(b, "x", "9", time.Minute, "5"); one != "5" || two != "8" || three != "8" {
		t.Errorf("5 gives way to none but 8: %q, %q, %q", one, two, three)
	}
	got := make(chan string, 16)
	for i := range cap(got) {
		go func() {
			v, err := []Both{a, b}[i%2].First(ctx(t), "quick", bus.Lease{ID: "z", Value: fmt.Append(nil, i)}, time.Minute)
			if err != nil {
				t.Error(err)
			}
			got <- string(v)
		}()
	}
	z := <-got
	for range cap(got) - 1 {
		if other := <-got; other != z {
			t.Errorf("of those who came at once one got %q and one %q", z, other)
		}
	}
}

func leasesMany(t *testing.T, a, b Both) {
	var pairs, want []string
	for i := range 1000 {
		id := fmt.Sprintf("%04d", i)
		pairs = append(pairs, id, "v")
		want = append(want, id+"=v")
	}
	put(t, a, "lobby", time.Minute, pairs...)
	wantList(t, b, "lobby", want...)
}

func leasesDrop(t *testing.T, a, b Both) {
	put(t, a, "lobby", time.Minute, "x", "1", "y", "2", "z", "3")
	if err := a.Drop(ctx(t), "lobby", "x", "z", "never"); err != nil {
		t.Fatal(err)
	}
	if err := a.Drop(ctx(t), "lobby"); err != nil {
		t.Fatal(err)
	}
	wantList(t, b, "lobby", "y=2")
}

func add(t testing.TB, s bus.Store, history, entry string, max int, ttl time.Duration) {
	t.Helper()
	if err := s.Append(ctx(t), history, []byte(entry), max, ttl); err != nil {
		t.Fatal(err)
	}
}

func entries(t testing.TB, s bus.Store, history string, n int) []string {
	t.Helper()
	got, err := s.Newest(ctx(t), history, n)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range got {
		all = append(all, string(e))
	}
	return all
}

func historyNewest(t *testing.T, a, b Both) {
	if got := entries(t, a, "h", 5); len(got) > 0 {
		t.Errorf("a new history has %q", got)
	}
	for _, e := range []string{"1", "\x00\xfe", "3"} {
		add(t, a, "h", e, 100, time.Minute)
	}
	add(t, a, "other", "4", 100, time.Minute)
	if got := entries(t, b, "h", 2); !slices.Equal(got, []string{"\x00\xfe", "3"}) {
		t.Errorf("the newest two are %q", got)
	}
	if got := entries(t, b, "h", 9); len(got) != 3 {
		t.Errorf("the newest nine of three are %q", got)
	}
}

func historyBound(t *testing.T, a, b Both) {
	for i := range 1000 {
		add(t, a, "h", fmt.Sprint(i), 100, time.Minute)
	}
	got := entries(t, b, "h", 2000)
	if len(got) < 100 || len(got) > 300 {
		t.Errorf("%d entries are kept, of about 100", len(got))
	}
	if got[len(got)-1] != "999" || got[len(got)-100] != "900" {
		t.Errorf("the newest are not those that were added last: %q", got)
	}
}

func historyEnds(t *testing.T, a, b Both) {
	add(t, a, "h", "1", 100, 20*time.Millisecond)
	for len(entries(t, b, "h", 1)) > 0 {
		if t.Context().Err() != nil {
			t.Fatal("a history did not end")
		}
	}
	add(t, a, "h", "2", 100, time.Minute)
	if got := entries(t, b, "h", 9); !slices.Equal(got, []string{"2"}) {
		t.Errorf("a history that ended begins with %q", got)
	}
}

func contextIsObserved(t *testing.T, a, _ Both) {
	done, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := a.List(done, "lobby"); err == nil {
		return // memory does not wait, so it has nothing to observe
	}
	if err := a.Publish(done, "c", nil); err == nil {
		t.Error("publish with a context that is done went well")
	}
}
