package queue_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/match"
	"github.com/sandlot-server/sandlot/lobby/queue"
)

func TestTwoAreMatched(t *testing.T) {
	each(t, func(t *testing.T, open opener) {
		w := open(t, nil)
		defer w.stop()
		ann := w.ticket("ann", "duel")
		if ann.State != queue.Queued || ann.Version != 1 || !slices.Equal(ann.Names, []string{"ann"}) {
			t.Fatalf("got %+v", ann)
		}
		bob := w.ticket("bob", "duel")
		pass(time.Second)
		v := w.want("ann", ann.ID, queue.Matched, "")
		if v.Rating != 1500 || len(v.Seats) != 1 || v.Seats[0].Pass != "pass of ann" || v.Lobby != "lobby1" {
			t.Errorf("ann got %+v", v)
		}
		w.want("bob", bob.ID, queue.Matched, "")
		if got := w.host.matches(); !slices.Equal(got, []string{"duel[ann bob]"}) {
			t.Errorf("opened %v", got)
		}
		o := w.host.opened[0]
		if o.Bots || !o.Ranked || o.Max != 2 || o.Gather != queue.Defaults().Gather {
			t.Errorf("opened %+v", o)
		}
		// It is known for a while, and then forgotten; the next one is another.
		_, err := w.Get(t.Context(), who("eve"), ann.ID, 0)
		wantCode(t, err, lobby.CodeNoTicket)
		wantCode(t, w.Cancel(t.Context(), who("ann"), ann.ID), lobby.CodePhase)
		if again := w.ticket("ann", "duel"); again.ID == ann.ID {
			t.Error("the old ticket came again")
		}
		pass(3 * queue.Defaults().Keep)
		_, err = w.Get(t.Context(), who("bob"), bob.ID, 0)
		wantCode(t, err, lobby.CodeNoTicket)
	})
}

func TestKeysAndSecondTickets(t *testing.T) {
	each(t, func(t *testing.T, open opener) {
		w := open(t, nil)
		defer w.stop()
		ask := func(name, key string) (queue.View, error) {
			return w.Queue.Queue(t.Context(), who(name), queue.Request{Game: "tag", Mode: "duel", Key: key})
		}
		first, err := ask("ann", "k")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ask("ann", "k"); err != nil || again.ID != first.ID {
			t.Errorf("the same key got %v, %v", again, err)
		}
		_, err = ask("ann", "other")
		wantCode(t, err, lobby.CodeQueued)
		_, err = ask("ann", "")
		wantCode(t, err, lobby.CodeQueued)
		if other, err := ask("bob", "k"); err != nil || other.ID == first.ID {
			t.Errorf("another player's key got %v, %v", other, err)
		}
	})
}

func TestRequestsThatAreRefused(t *testing.T) {
	each(t, func(t *testing.T, open opener) {
		w := open(t, func(c *queue.Config) { c.Tickets = 2 })
		defer w.stop()
		long := string(make([]byte, 65))
		for _, test := range []struct {
			r    queue.Request
			code string
		}{
			{queue.Request{Game: "none"}, lobby.CodeNoGame},
			{queue.Request{Game: "tag", Mode: "none"}, lobby.CodeNoMode},
			{queue.Request{Game: "tag", Key: long}, lobby.CodeInvalid},
			{queue.Request{Game: "tag", Attributes: map[string]string{"a": long}}, lobby.CodeInvalid},
			{queue.Request{Game: "tag", Latencies: map[string]int{"eu": -1}}, lobby.CodeInvalid},
			{queue.Request{Game: "tag", Party: "NONE"}, lobby.CodeNoParty},
			{queue.Request{Game: "tag", Party: "NONE", With: []lobby.Who{who("bob")}}, lobby.CodeInvalid},
			{queue.Request{Game: "tag", With: []lobby.Who{who("ann")}}, lobby.CodeInvalid},
			{queue.Request{Game: "tag", Mode: "duel", With: []lobby.Who{who("b"), who("c")}}, lobby.CodePartySize},
		} {
			_, err := w.Queue.Queue(t.Context(), who("ann"), test.r)
			wantCode(t, err, test.code)
		}
		w.ticket("ann", "duel")
		w.ticket("bob", "teams")
		_, err := w.Queue.Queue(t.Context(), who("eve"), queue.Request{Game: "tag"})
		wantCode(t, err, lobby.CodeQueueFull)
	})
}

func TestWaitingForAChange(t *testing.T) {
	each(t, func(t *testing.T, open opener) {
		w := open(t, nil)
		defer w.stop()
		ann := w.ticket("ann", "duel")
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
		defer cancel()
		began := time.Now()
		if v, err := w.Get(ctx, who("ann"), ann.ID, ann.Version); err != nil || v.State != queue.Queued || time.Since(began) != 25*time.Second {
			t.Fatalf("after %v: %+v, %v", time.Since(began), v, err)
		}
		var all sync.WaitGroup
		all.Go(func() {
			if v, err := w.Get(t.Context(), who("ann"), ann.ID, ann.Version); err != nil || v.State != queue.Matched {
				t.Errorf("got %+v, %v", v, err)
			}
		})
		synctest.Wait()
		w.ticket("bob", "duel")
		all.Wait()
	})
}

func TestCancelAndExpire(t *testing.T) {
	each(t, func(t *testing.T, open opener) {
		w := open(t, nil)
		defer w.stop()
		ann := w.ticket("ann", "duel")
		for range 2 {
			if err := w.Cancel(t.Context(), who("ann"), ann.ID); err != nil {
				t.Fatal(err)
			}
		}
		w.want("ann", ann.ID, queue.Cancelled, queue.ByPlayer)
		bob := w.ticket("bob", "duel")
		pass(queue.Defaults().TTL + time.Second)
		w.want("bob", bob.ID, queue.Expired, queue.TooLong)
		if len(w.host.matches()) > 0 {
			t.Errorf("opened %v", w.host.matches())
		}
	})
}

func TestAccept(t *testing.T) {
	each(t, func(t *testing.T, open opener) {
		w := open(t, nil)
		defer w.stop()
		ann, bob := w.ticket("ann", "polite"), w.ticket("bob", "polite")
		_, err := w.Answer(t.Context(), who("ann"), ann.ID, true)
		wantCode(t, err, lobby.CodeNotOffered)
		pass(time.Second)
		if v := w.want("ann", ann.ID, queue.Offered, ""); v.Offer == nil || v.Offer.People != 2 || v.Offer.You {
			t.Fatalf("ann sees %+v", v.Offer)
		}
		for range 2 {
			if v, err := w.Answer(t.Context(), who("ann"), ann.ID, true); err != nil || !v.Offer.You {
				t.Fatalf("ann sees %+v, %v", v.Offer, err)
			}
		}
		if _, err := w.Answer(t.Context(), who("bob"), bob.ID, true); err != nil {
			t.Fatal(err)
		}
		pass(time.Second)
		w.want("ann", ann.ID, queue.Matched, "")
		w.want("bob", bob.ID, queue.Matched, "")
	})
}

func TestWhoDoesNotAcceptLosesTheTicket(t *testing.T) {
	for _, how := range []string{"declines", "sleeps", "cancels"} {
		t.Run(how, func(t *testing.T) {
			each(t, func(t *testing.T, open opener) {
				w := open(t, nil)
				defer w.stop()
				ann, bob := w.ticket("ann", "polite"), w.ticket("bob", "polite")
				pass(time.Second)
				if _, err := w.Answer(t.Context(), who("ann"), ann.ID, true); err != nil {
					t.Fatal(err)
				}
				reason := queue.ByPlayer
				switch how {
				case "declines":
					reason = queue.Declined
					if _, err := w.Answer(t.Context(), who("bob"), bob.ID, false); err != nil {
						t.Fatal(err)
					}
				case "sleeps":
					reason = queue.NotAccepted
					pass(queue.Defaults().Accept)
				case "cancels":
					if err := w.Cancel(t.Context(), who("bob"), bob.ID); err != nil {
						t.Fatal(err)
					}
				}
				pass(time.Second)
				w.want("bob", bob.ID, queue.Cancelled, reason)
				v := w.want("ann", ann.ID, queue.Queued, "")
				if !v.Since.Equal(ann.Since) {
					t.Errorf("ann waits since %v, not %v", v.Since, ann.Since)
				}
				// Ann is before others who came meanwhile.
				w.ticket("cat", "polite")
				pass(time.Second)
				w.want("ann", ann.ID, queue.Offered, "")
			})
		})
	}
}

func TestBotsAndFewer(t *testing.T) {
	each(t, func(t *testing.T, open opener) {
		w := open(t, nil)
		defer w.stop()
		ann := w.ticket("ann", "open")
		pass(queue.Defaults().BotsAfter - time.Second)
		w.want("ann", ann.ID, queue.Queued, "")
		pass(2 * time.Second)
		w.want("ann", ann.ID, queue.Matched, "")
		if o := w.host.opened[0]; !o.Bots || o.Max != 4 || o.Ranked {
			t.Errorf("opened %+v", o)
		}
	})
}

func TestRunningMatchesAreFilledFirst(t *testing.T) {
	each(t, func(t *testing.T, open opener) {
		w := open(t, nil)
		defer w.stop()
		w.host.rooms = []lobby.Room{
			{ID: "here", Game: "tag", Mode: "open", Points: 1500, Free: []int{1, 1}},
			{ID: "there", Game: "tag", Mode: "duel", Points: 1500, Free: []int{1, 1}},
		}
		ann := w.ticket("ann", "open")
		pass(time.Second)
		if v := w.want("ann", ann.ID, queue.Matched, ""); v.Lobby != "here" || v.Seats[0].Team != 0 || len(w.host.matches()) > 0 {
			t.Errorf("ann got %+v", v)
		}
		// What has filled up meanwhile costs nobody a ticket.
		w.host.mu.Lock()
		w.host.failing = errors.New("full")
		w.host.mu.Unlock()
		bob := w.ticket("bob", "open")
		pass(time.Second)
		w.want("bob", bob.ID, queue.Queued, "")
	})
}

func TestMatchesThatDoNotOpen(t *testing.T) {
	each(t, func(t *testing.T, open opener) {
		w := open(t, nil)
		defer w.stop()
		w.host.failing = &lobby.Error{Code: lobby.CodeCapacity, RetryAfter: time.Second}
		ann, bob := w.ticket("ann", "duel"), w.ticket("bob", "duel")
		pass(10 * time.Second)
		w.want("ann", ann.ID, queue.Queued, "")
		w.host.mu.Lock()
		w.host.failing = errors.New("a fault")
		w.host.mu.Unlock()
		pass(600 * time.Millisecond)
		w.want("ann", ann.ID, queue.Queued, "")
		pass(5 * time.Second)
		w.want("ann", ann.ID, queue.Expired, queue.Failed)
		w.want("bob", bob.ID, queue.Expired, queue.Failed)
	})
}

func TestResultsChangeRatings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host, ratings := &host{}, queue.NewRatings(10)
		q, stop := start(t, nil, queue.Deps{Host: host, Ratings: ratings})
		defer stop()
		ctx := t.Context()
		w := &world{Queue: q, t: t, host: host}
		for _, name := range []string{"ann", "bob", "cat", "dan"} {
			w.ticket(name, "teams")
		}
		pass(time.Second)
		end := lobby.MatchEnd{Lobby: "lobby1", Game: "tag", Mode: "teams", Ranked: true, Players: []lobby.Ranked{
			{ID: "id-ann", Team: 1, Rank: 1}, {ID: "id-bob", Team: 2, Rank: 3}, {ID: "id-cat", Team: 1, Rank: 2}, {ID: "id-dan", Team: 2, Rank: 4},
		}}
		q.Ended(end)
		end.Lobby, end.CalledOff = "lobby2", true
		q.Ended(end)
		end.CalledOff, end.Ranked = false, false
		q.Ended(end)
		synctest.Wait()
		fresh := match.NewRating()
		want := match.Rate([][]match.Rating{{fresh, fresh}, {fresh, fresh}}, []int{1, 3})
		got, _ := ratings.Get(ctx, "tag", "teams", "id-ann", "id-dan")
		if got[0] != want[0][0] || got[0].Points() <= 1500 || got[1] != want[1][1] {
			t.Errorf("ann and dan have %v, want %v", got, want)
		}
		if got, _ := ratings.Get(ctx, "tag", "duel", "id-ann"); got[0] != fresh {
			t.Errorf("another mode has %v", got)
		}
	})
}

func TestConfig(t *testing.T) {
	if err := (queue.Config{BotsAfter: -1}).Validate(); err == nil {
		t.Error("an empty config is good")
	}
	if _, err := queue.New(queue.Defaults(), queue.Deps{}); err == nil {
		t.Error("no host is good")
	}
}
