package cmd_test

import (
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/cmd/cluster"
	"github.com/sandlot-server/sandlot/cmd/cmdtest"
	"github.com/sandlot-server/sandlot/net/client"
)

// behind starts instances behind nginx, with Redis, of this very test binary.
func behind(t *testing.T, instances int, advertise bool, flags ...string) *cluster.Cluster {
	t.Helper()
	c, err := cluster.Start(cluster.Options{
		Program: os.Args[0], Env: []string{asProgram + "=1"}, Instances: instances, Advertise: advertise, Listen: "127.0.0.1:0",
		Flags: append([]string{
			"--lobby-countdown", "50ms", "--lobby-countdown-alone", "50ms", "--lobby-bots-after", "50ms", "--lobby-results", "200ms",
			"--redis-beat", "300ms", "--redis-lease", "1200ms", "--redis-heartbeat", "100ms", "--redis-silent", "500ms", "--redis-timeout", "500ms",
		}, flags...),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			for _, i := range c.Instances {
				t.Logf("log of %s:\n%s", i.Name, i.Log())
			}
		}
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// homeAndOther is the instance that runs a lobby, and one that does not.
func homeAndOther(t *testing.T, c *cluster.Cluster, lobby *client.Joined) (home, other *cluster.Instance) {
	t.Helper()
	for _, i := range c.Instances {
		if i.Name == lobby.Lobby.Instance {
			home = i
		} else {
			other = i
		}
	}
	if home == nil || other == nil {
		t.Fatalf("the lobby's home is %q", lobby.Lobby.Instance)
	}
	return home, other
}

// playing is a client that plays from the socket of joined, at the instance given.
func playing(t *testing.T, c *cluster.Cluster, token string, joined *client.Joined, at *cluster.Instance) (p *client.Client, ticks <-chan uint32) {
	t.Helper()
	if at != nil {
		_, path, _ := strings.Cut(joined.URL, "/v1/ws")
		wrong := *joined
		wrong.URL = "ws" + strings.TrimPrefix(at.URL, "http") + "/v1/ws" + path
		joined = &wrong
	}
	seen := make(chan uint32, 1)
	p, err := client.Dial(t.Context(), client.Options{
		URL: c.URL, Token: token, Joined: joined, HTTP: cmdtest.HTTP(t), Backoff: client.Backoff{First: 50 * time.Millisecond, Most: 300 * time.Millisecond, Attempts: -1},
		OnState: func(c *client.Client) {
			select {
			case seen <- c.Tick():
			default:
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close(); <-p.Done() })
	return p, seen
}

func metric(t *testing.T, i *cluster.Instance, line string) bool {
	t.Helper()
	_, body := ask(t, http.MethodGet, i.AdminURL+"/metrics", nil, "")
	return strings.Contains(body, line)
}

// A player at the wrong instance, whose right one has no address for players, is
// passed through, plays, and keeps the seat when the one between stops.
func TestPassedThrough(t *testing.T) {
	t.Parallel()
	c := behind(t, 2, false)
	yes := true
	ann := cmdtest.Guest(t, c.URL, "ann")
	made, err := ann.Create(t.Context(), client.CreateOptions{Game: "arena", Bots: &yes, Settings: map[string]int64{"seconds": 900, "kills": 0}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(made.URL, "ws"+strings.TrimPrefix(c.URL, "http")+"/v1/ws") {
		t.Errorf("the socket is at %s", made.URL)
	}
	_, other := homeAndOther(t, c, made)
	p, ticks := playing(t, c, ann.Token, made, other)
	if err := p.Ready(true); err != nil {
		t.Fatal(err)
	}
	first := wait(t, "a match", ticks, func(n uint32) bool { return n > 0 })
	if !metric(t, other, "sandlot_tunnels 1") {
		t.Error("the other instance passes nothing through")
	}
	me := p.Me()
	other.Terminate()
	if err := other.Wait(); err != nil {
		t.Errorf("it did not stop in order: %v", err)
	}
	wait(t, "ticks after the one between has stopped", ticks, func(n uint32) bool { return n > first+40 })
	if s := p.Stats(); p.Me() != me || s.Reconnects == 0 {
		t.Errorf("player %d is now %d, after %d reconnects (%v)", me, p.Me(), s.Reconnects, s.LastError)
	}
	bad, err := http.NewRequest(http.MethodGet, c.URL+"/v1/ws?lobby="+made.Lobby.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	bad.Header.Set("Sandlot-Peer", ann.Token) // no instance's word
	resp, err := cmdtest.HTTP(t).Do(bad)
	if err != nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("a forged word gets %v, %v", resp, err)
	}
	if err == nil {
		_ = resp.Body.Close()
	}
}

// A player at the wrong instance is moved. When the home is killed, the player is
// told that the match is lost, and the next one is there at once.
func TestMovedThenLost(t *testing.T) {
	t.Parallel()
	c := behind(t, 2, true)
	ann := cmdtest.Guest(t, c.URL, "ann")
	joined, err := ann.QuickPlay(t.Context(), "arena")
	if err != nil {
		t.Fatal(err)
	}
	home, other := homeAndOther(t, c, joined)
	p, ticks := playing(t, c, ann.Token, joined, other)
	wait(t, "a match", ticks, func(n uint32) bool { return n > 0 })
	if metric(t, other, "sandlot_connections 1") {
		t.Error("the player was not moved")
	}
	home.Kill()
	select {
	case <-p.Done():
	case <-time.After(patience):
		t.Fatal("the player waits for a match that is lost")
	}
	if !errors.Is(p.Err(), client.ErrMatchLost) {
		t.Errorf("the player is told %v", p.Err())
	}
	var next *client.Joined
	until(t, "the next match is at the other", func() bool { // 503 while a busy machine does not answer in time
		next, err = ann.QuickPlay(t.Context(), "arena")
		return err == nil && next.Lobby.Instance == other.Name
	})
	_, ticks = playing(t, c, ann.Token, next, nil)
	wait(t, "the next match", ticks, func(n uint32) bool { return n > 0 })
}

// An instance that is asked to stop plays its matches to their end while others
// take the new ones.
func TestDrained(t *testing.T) {
	t.Parallel()
	c := behind(t, 2, false, "--limits-drain", "1m")
	ann := cmdtest.Guest(t, c.URL, "ann")
	joined, err := ann.QuickPlay(t.Context(), "arena")
	if err != nil {
		t.Fatal(err)
	}
	home, other := homeAndOther(t, c, joined)
	p, ticks := playing(t, c, ann.Token, joined, nil)
	first := wait(t, "a match", ticks, func(n uint32) bool { return n > 0 })
	home.Terminate()
	until(t, "it is draining", func() bool {
		resp, body := ask(t, "GET", home.AdminURL+"/readyz", nil, "")
		return resp.StatusCode == 503 && strings.Contains(body, "draining")
	})
	bob := &client.API{URL: home.URL, Token: cmdtest.Guest(t, home.URL, "bob").Token, HTTP: cmdtest.HTTP(t)}
	for range 2 {
		until(t, "a new match is made, and elsewhere", func() bool {
			next, err := bob.QuickPlay(t.Context(), "fours")
			if err == nil && next.Lobby.Instance != other.Name {
				t.Fatalf("a new match is at %q", next.Lobby.Instance)
			}
			return err == nil // 503 while a busy machine does not answer in time
		})
	}
	wait(t, "the match goes on", ticks, func(n uint32) bool { return n > first+40 })
	if err := p.Leave(); err != nil {
		t.Fatal(err)
	}
	if err := home.Wait(); err != nil {
		t.Errorf("it did not stop in order: %v", err)
	}
}
