package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
)

// partyShelf is a shelf of parties in records.
func partyShelf(records bus.Records, b bus.Bus) *shelf[*party] {
	return newParties(records, b, 100, slog.New(slog.DiscardHandler))
}

func partyFor(code string, version uint64) *party {
	return &party{Code: code, Version: version, Members: []lobby.Who{{ID: "of " + code}}, Until: time.Now().Add(time.Hour)}
}

// An answer that comes late takes nothing back.
func TestShelfKeepsWhatIsFurther(t *testing.T) {
	s := partyShelf(bus.NewMemory(), nil)
	for _, version := range []uint64{1, 2} {
		if err := s.put(t.Context(), 0, partyFor("A", version)); err != nil {
			t.Fatal(err)
		}
	}
	old, err := partyFor("A", 1).record()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.take(s.lastLoss(), old); err != nil {
		t.Fatal(err)
	}
	if v := s.known["A"].Version; v != 2 {
		t.Errorf("version %d is known, not 2", v)
	}
}

// refusing is Records that write so many times more.
type refusing struct {
	bus.Records
	writes int
}

func (r *refusing) Write(ctx context.Context, kind string, c bus.Change) error {
	if r.writes--; r.writes < 0 {
		return errors.New("refused")
	}
	return r.Records.Write(ctx, kind, c)
}

// What was lost is written again in however many polls that takes, and leaves what
// others have written meanwhile.
func TestRestoreGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 3*restorePage - 1
		s := newParties(bus.NewMemory(), nil, n+1, slog.New(slog.DiscardHandler))
		var ids []string
		for i := range n {
			p := partyFor(fmt.Sprint(i), 1)
			if err := s.put(t.Context(), 0, p); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, p.Code)
		}
		s.poll(t.Context())
		<-time.After(pollEvery)
		after := bus.NewMemory()
		other := partyShelf(after, nil)
		for _, version := range []uint64{1, 2} {
			if err := other.put(t.Context(), 0, partyFor("7", version)); err != nil {
				t.Fatal(err)
			}
		}
		if err := other.put(t.Context(), 0, &party{Code: "new", Version: 1, Members: partyFor("8", 1).Members, Until: time.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		records := &refusing{Records: after, writes: 1}
		s.records = records
		s.poll(t.Context())
		if left := len(s.lost); left == 0 || !s.heldByLoss(time.Now().Add(time.Minute)) {
			t.Fatalf("%d are left", left)
		}
		records.writes = 1 << 20
		s.poll(t.Context())
		if len(s.lost) != 0 || s.heldByLoss(time.Now().Add(restoreWait)) {
			t.Errorf("%d are left", len(s.lost))
		}
		all, err := after.Read(t.Context(), kindParties, ids...)
		if err != nil || len(all) != n-1 {
			t.Fatalf("%d of %d are there, %v", len(all), n-1, err)
		}
		for _, r := range all {
			if want := r.ID == "7"; (r.Version == 2) != want || r.ID == "8" {
				t.Errorf("%s is at version %d", r.ID, r.Version)
			}
		}
	})
}
