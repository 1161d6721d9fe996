package lobby_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
)

// How many lobbies a player may have made counts on all instances, those on one that
// is gone no longer than their leases; without what instances share, each for itself.
func TestLobbiesMadeElsewhereCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at, _, airs := town(t, map[string]string{"a": "https://a.example.com"}, "a", "b")
		create := func(by, region string) (lobby.Joined, string) {
			t.Helper()
			j, err := at[by].Create(t.Context(), who("ann"), lobby.CreateOptions{Game: "tag", Region: region})
			if err == nil && "r-"+j.Lobby.Instance != region {
				t.Fatalf("a lobby for %s is at %s", region, j.Lobby.Instance)
			}
			return j, code(err)
		}
		for _, region := range []string{"r-a", "r-a", "r-b"} {
			if _, got := create("a", region); got != "" {
				t.Fatalf("refused with %s", got)
			}
		}
		<-time.After(2 * beat)
		for _, region := range []string{"r-a", "r-b"} {
			if _, got := create("b", region); got != lobby.CodeLimit {
				t.Errorf("a fourth lobby in %s: %q", region, got)
			}
		}
		airs[0].set(func(a *air) { a.cut = true })
		<-time.After(lease + beat)
		if _, got := create("b", "r-b"); got != "" {
			t.Errorf("a is gone for b, and a second lobby is refused with %s", got)
		}
		airs[1].set(func(a *air) { a.cut = true })
		<-time.After(2 * beat)
		if _, got := create("b", "r-b"); got != "" {
			t.Errorf("alone, a third lobby is refused with %s", got)
		}
		if _, got := create("b", "r-b"); got != lobby.CodeLimit {
			t.Errorf("alone, a fourth lobby: %q", got)
		}
	})
}
