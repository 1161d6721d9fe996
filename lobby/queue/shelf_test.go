package queue

import (
	"log/slog"
	"testing"
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
