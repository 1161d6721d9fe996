package cmd

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/net/auth"
	"github.com/sandlot-server/sandlot/net/session"
)

// newRevocations are those of an instance that is alone, with a file in dir.
func newRevocations(t *testing.T, dir string) (v *revocations, said *bytes.Buffer) {
	t.Helper()
	keys, err := auth.New(auth.Config{Keys: []auth.Key{{Secret: []byte(strings.Repeat("k", auth.MinSecret))}}})
	if err != nil {
		t.Fatal(err)
	}
	said = &bytes.Buffer{}
	return &revocations{
		auth: keys, end: func(string, session.Reason, string) int { return 0 }, file: filepath.Join(dir, "data", "revocations.json"),
		log: slog.New(slog.NewTextHandler(said, &slog.HandlerOptions{Level: slog.LevelWarn})), all: map[string]revocation{},
	}, said
}

func forADay(player string, at time.Time) revocation {
	return revocation{Player: player, At: at, Until: at.Add(24 * time.Hour)}
}

// All that is revoked at the same time is in the file, also where the folder was not
// there before.
func TestRevocationsAreKept(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	v, _ := newRevocations(t, dir)
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			if out := v.add(t.Context(), forADay(fmt.Sprint("player ", i), now)); out.Warning != "" {
				t.Error(out.Warning)
			}
		})
	}
	all.Wait()
	again, _ := newRevocations(t, dir)
	if err := again.load(); err != nil || len(again.list()) != 40 {
		t.Errorf("%d of 40 are kept, %v", len(again.list()), err)
	}
}

// A disk that takes nothing is told to who revokes, and once to the log; what could
// not be kept is as soon as it can.
func TestRevocationsOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	v, said := newRevocations(t, dir)
	wall := v.file + ".new" // a folder: no file can be made there
	if err := os.MkdirAll(wall, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, player := range []string{"ann", "bob"} {
		if out := v.add(t.Context(), forADay(player, time.Now())); !strings.Contains(out.Warning, "not kept yet") || !strings.Contains(out.Warning, v.file) {
			t.Errorf("who revokes is told %q", out.Warning)
		}
		v.look(t.Context())
	}
	if n := strings.Count(said.String(), "a restart would forget"); n != 1 {
		t.Errorf("it is said %d times: %s", n, said)
	}
	if err := os.Remove(wall); err != nil {
		t.Fatal(err)
	}
	v.look(t.Context())
	again, _ := newRevocations(t, dir)
	if err := again.load(); err != nil || len(again.list()) != 2 {
		t.Errorf("%d of 2 are kept, %v", len(again.list()), err)
	}
}

func TestRevocationsThatCannotBeRead(t *testing.T) {
	v, _ := newRevocations(t, t.TempDir())
	if err := writeWhole(v.file, []byte(`[{"player"`)); err != nil {
		t.Fatal(err)
	}
	if err := v.load(); err == nil || !strings.Contains(err.Error(), v.file) || !strings.Contains(err.Error(), "remove it") {
		t.Errorf("%v names no fault and no mend", err)
	}
}

// What the operator says counts, though the clock was set back since the last word.
func TestRevocationAfterTheClockWasSetBack(t *testing.T) {
	v, _ := newRevocations(t, t.TempDir())
	now := time.Now()
	v.add(t.Context(), forADay("ann", now.Add(time.Hour)))
	v.add(t.Context(), revocation{Player: "ann", At: now, Until: now})
	if left := v.list(); len(left) != 0 {
		t.Errorf("lifted, and stands: %v", left)
	}
	v.add(t.Context(), forADay("ann", now))
	if left := v.list(); len(left) != 1 {
		t.Error("revoked anew, and does not stand")
	}
}
