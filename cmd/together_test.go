package cmd_test

import (
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/cmd/cluster"
	"github.com/sandlot-server/sandlot/cmd/cmdtest"
	"github.com/sandlot-server/sandlot/net/client"
)

// duel queues two players, each at an instance, and returns the lobby that both
// are brought to.
func duel(t *testing.T, names [2]string, at [2]*cluster.Instance) string {
	t.Helper()
	type end struct {
		ticket *client.Ticket
		err    error
	}
	ends := make(chan end, 2)
	for i, name := range names {
		api := cmdtest.Guest(t, at[i].URL, name)
		go func() {
			k, err := api.Queue(t.Context(), client.QueueOptions{Game: "arena", Mode: "duel"})
			if err == nil {
				k, err = api.Await(t.Context(), k, nil)
			}
			ends <- end{k, err}
		}()
	}
	lobby := ""
	for range names {
		e := <-ends
		if e.err != nil {
			t.Fatal(e.err)
		}
		if lobby == "" {
			lobby = e.ticket.Lobby
		}
		if e.ticket.Lobby != lobby || len(e.ticket.Seats) != 1 || e.ticket.Seats[0].Pass == "" {
			t.Fatalf("matched as %+v", e.ticket)
		}
	}
	return lobby
}

// Players who queue at different instances meet, and still do when the one that
// matches is killed.
func TestTicketsTogether(t *testing.T) {
	t.Parallel()
	c := behind(t, 3, true)
	matches := func(i *cluster.Instance) bool { return strings.Contains(i.Log(), "this instance matches now") }
	until(t, "one of them matches", func() bool { return matches(c.Instances[0]) || matches(c.Instances[1]) || matches(c.Instances[2]) })
	duel(t, [2]string{"ann", "bob"}, [2]*cluster.Instance{c.Instances[0], c.Instances[1]})
	killed, left := false, []*cluster.Instance(nil)
	for _, i := range c.Instances {
		if matches(i) && !killed {
			killed = true
			i.Kill()
			continue
		}
		left = append(left, i)
	}
	duel(t, [2]string{"cat", "dan"}, [2]*cluster.Instance{left[0], left[1]})
}
