package lobby_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

func refused(t *testing.T, what string, err error, want string) {
	t.Helper()
	if got := code(err); got != want {
		t.Errorf("%s: %q (%v), want %q", what, got, err, want)
	}
}

// New lobbies go where least is to do, wherever they are asked for; one that
// cannot be asked is passed over, and who asks is the last resort.
func TestNewLobbiesArePlaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at, wires, _ := town(t, map[string]string{"a": "https://a.example.com"}, "a", "b", "c")
		a := at["a"]
		<-time.After(5 * time.Second) // what was made to see that they run is reaped
		homes := map[string]int{}
		make := func(name string, o lobby.CreateOptions) lobby.Joined {
			t.Helper()
			o.Game = "tag"
			j, err := a.Create(t.Context(), who(name), o)
			if err != nil {
				t.Fatal(err)
			}
			homes[j.Lobby.Instance]++
			return j
		}
		for i := range 9 {
			make(string(rune('p'+i)), lobby.CreateOptions{})
		}
		if homes["a"] != 3 || homes["b"] != 3 || homes["c"] != 3 {
			t.Errorf("nine lobbies are at %v", homes)
		}
		if j := make("eve", lobby.CreateOptions{Region: "r-c"}); j.Lobby.Instance != "c" {
			t.Errorf("a lobby for r-c is at %s", j.Lobby.Instance)
		}
		at["b"].Drain(true)
		wires.sever("c", true)
		<-time.After(2 * beat)
		if j := make("fay", lobby.CreateOptions{}); j.Lobby.Instance != "a" {
			t.Errorf("with b draining and c cut a lobby is at %s", j.Lobby.Instance)
		}
		a.Drain(true)
		_, err := a.Create(t.Context(), who("gus"), lobby.CreateOptions{Game: "tag"})
		e := new(lobby.Error)
		if !errors.As(err, &e) || e.Code != lobby.CodeUnavailable || e.RetryAfter == 0 {
			t.Errorf("nowhere to make a lobby: %v", err)
		}
		wires.sever("c", false)
		<-time.After(2 * beat)
		j, err := a.QuickPlay(t.Context(), who("gus"), lobby.QuickPlayOptions{Game: "tag"})
		if err != nil || j.Lobby.Instance != "c" {
			t.Errorf("quick play is at %q, %v", j.Lobby.Instance, err)
		}
		id, err := a.OpenMatch(t.Context(), lobby.MatchOptions{
			Game: "tag", Mode: "m", Teams: [][]lobby.Placed{{{Who: who("han")}, {Who: who("ida")}}}, Max: 8, Gather: time.Minute,
		})
		if err != nil {
			t.Fatal(err)
		}
		if j, err := at["b"].Join(t.Context(), who("han"), id, lobby.RolePlayer); err != nil || j.Lobby.Instance != "c" {
			t.Errorf("a matched player joins by b at %q, %v", j.Lobby.Instance, err)
		}
	})
}

// Any instance answers for the lobbies of all, private ones among them, as their
// homes would.
func TestAnyInstanceAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at, wires, _ := town(t, map[string]string{"a": "https://a.example.com"}, "a", "b")
		a, b := at["a"], at["b"]
		ann := a.create("ann", lobby.CreateOptions{Private: true, MaxPlayers: 3, Region: "r-a"})
		ann.sleep(2 * beat)
		ctx, id := t.Context(), ann.lobby

		_, err := b.Get(ctx, who("bob"), id)
		refused(t, "a private lobby of another's by its id", err, lobby.CodeNotFound)
		_, err = b.Join(ctx, who("bob"), id, lobby.RolePlayer)
		refused(t, "and to join it", err, lobby.CodeNotFound)
		seen, err := b.Get(ctx, who("ann"), id)
		if err != nil || len(seen.Members) != 1 || seen.Code == "" {
			t.Fatalf("her own: %+v, %v", seen, err)
		}
		bob, err := b.Join(ctx, who("bob"), seen.Code, lobby.RolePlayer)
		if err != nil || bob.URL != "wss://a.example.com/v1/ws?lobby="+id {
			t.Fatalf("bob is sent to %q, %v", bob.URL, err)
		}
		if _, err = b.JoinAll(ctx, who("cat"), []lobby.Who{who("dan")}, seen.Code); code(err) != lobby.CodeFull {
			t.Errorf("two for one place: %v", err)
		}
		refused(t, "bob would be host", b.Act(ctx, who("bob"), id, lobby.Action{Do: "kick", Player: 1}), lobby.CodeNotHost)
		refused(t, "bob is ready", b.Act(ctx, who("bob"), id, lobby.Action{Do: "ready", Value: 1}), "")
		refused(t, "ann kicks bob", b.Act(ctx, who("ann"), id, lobby.Action{Do: "kick", Player: 2}), "")
		_, err = b.Join(ctx, who("bob"), seen.Code, lobby.RolePlayer)
		refused(t, "bob again", err, lobby.CodeKicked)
		if _, err := b.JoinAll(ctx, who("cat"), []lobby.Who{who("dan")}, seen.Code); err != nil {
			t.Errorf("a party of two: %v", err)
		}
		refused(t, "cat leaves", b.Leave(ctx, who("cat"), id), "")
		ann.settle() // it goes by the bus
		if seen, err = b.Get(ctx, who("ann"), id); err != nil || seen.Players != 2 {
			t.Errorf("then there are %d, %v", seen.Players, err)
		}
		wires.sever("a", true)
		err = b.Act(ctx, who("ann"), id, lobby.Action{Do: "start"})
		e := new(lobby.Error)
		if !errors.As(err, &e) || e.Code != lobby.CodeUnavailable || e.RetryAfter == 0 {
			t.Errorf("its home cannot be asked: %v", err)
		}
		for range 10 { // refused at once: it is not asked again for a while
			refused(t, "once more", b.Leave(ctx, who("ann"), "no"+id[2:]), lobby.CodeNotFound)
			_, err := b.Join(ctx, who("dan"), seen.Code, lobby.RolePlayer)
			refused(t, "its home is silent", err, lobby.CodeUnavailable)
		}
		if wires.cuts != 1 {
			t.Errorf("it was asked %d times", wires.cuts)
		}
	})
}

// A pass or a resume token at the wrong instance is not spent: it leads on, by a
// URL or through, and is good once at home, also without what instances share.
func TestMovedUnspent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at, _, airs := town(t, map[string]string{"a": "https://a.example.com"}, "a", "b")
		a, b := at["a"], at["b"]
		show := func(w *world, credential string) *session.Refusal {
			t.Helper()
			_, err := w.Claim(t.Context(), session.Claim{Credential: credential})
			r := new(session.Refusal)
			if !errors.As(err, &r) {
				t.Fatalf("%v is no refusal", err)
			}
			return r
		}
		ann, err := b.Create(t.Context(), who("ann"), lobby.CreateOptions{Game: "tag", Region: "r-a"})
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if r := show(b, ann.Pass); r.Reason != session.Moved || r.URL != ann.URL {
				t.Fatalf("b says %+v", r)
			}
		}
		bob, err := a.Create(t.Context(), who("bob"), lobby.CreateOptions{Game: "tag", Region: "r-b"})
		if err != nil || bob.URL != "/v1/ws?lobby="+bob.Lobby.ID {
			t.Fatalf("%+v, %v", bob, err)
		}
		through := session.Home{Name: "b", Boot: b.Boot(), URL: "http://b.inside"}
		if r := show(a, bob.Pass); r.Home != through {
			t.Fatalf("a says %+v", r)
		}
		for _, air := range airs {
			air.set(func(a *breath) { a.cut = true })
		}
		<-time.After(2 * lease)
		first := b.enter(bob, nil)
		if r := show(b, bob.Pass); r.Code != "spent" {
			t.Errorf("a pass twice, cut off from all: %+v", r)
		}
		if r := show(a, first.welcome.Resume); r.Status != 503 || r.RetryAfter == 0 {
			t.Errorf("nobody knows where b is, and a says %+v", r)
		}
		for _, air := range airs {
			air.set(func(a *breath) { a.cut = false })
		}
		<-time.After(2 * lease)
		if r := show(a, first.welcome.Resume); r.Home != through {
			t.Errorf("a resume token: %+v", r)
		}
		if _, err := b.dial(session.Claim{Credential: first.welcome.Resume, Resuming: true}); err != nil {
			t.Errorf("it is good at home: %v", err)
		}
		synctest.Wait()
	})
}

type breath = air

// Players of an instance that is gone are told so when that is sure, and not
// because what instances share was emptied.
func TestMatchLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at, _, airs := town(t, nil, "a", "b")
		a, b := at["a"], at["b"]
		ann := a.create("ann", lobby.CreateOptions{Region: "r-a"})
		ann.sleep(2 * lease)
		back := func() string {
			_, err := b.Claim(t.Context(), session.Claim{Credential: ann.welcome.Resume, Resuming: true})
			return code(err)
		}
		fresh := memory(t)
		for _, air := range airs { // another, empty one
			air.set(func(a *breath) { a.with = fresh })
		}
		for range 20 {
			if got := back(); got == lobby.CodeMatchLost {
				t.Fatal("an emptied store is taken for the end of an instance")
			}
			<-time.After(beat / 4)
		}
		airs[0].set(func(a *breath) { a.cut = true }) // a is frozen, as b sees it
		for range 3 {
			if got := back(); got == lobby.CodeMatchLost {
				t.Error("its lease stands still")
			}
		}
		<-time.After(2 * lease)
		if got := back(); got != lobby.CodeMatchLost {
			t.Errorf("it is gone for long, and b says %q", got)
		}
	})
}

// An instance that is about to stop tells its waiting lobbies at once and running
// ones after their match, with how long to wait.
func TestDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t, setup{config: func(c *lobby.Config) { c.Results = time.Second }})
		defer w.stop()
		plays := w.create("ann", lobby.CreateOptions{Bots: true})
		plays.sayAndSettle(wire.AppendStart(nil))
		plays.sleep(10 * time.Second)
		plays.wantPhase("running")
		waits := w.create("bob", lobby.CreateOptions{})
		w.Drain(true)
		waits.settle()
		waits.wantClosed(session.Restart)
		_, err := w.Create(t.Context(), who("cat"), lobby.CreateOptions{Game: "tag"})
		refused(t, "a new lobby", err, lobby.CodeStopping)
		plays.sleep(2 * time.Second)
		if plays.wantPhase("running"); w.Playing() != 1 {
			t.Errorf("%d play", w.Playing())
		}
		plays.command(doEnd)
		plays.sleep(3 * time.Second)
		plays.wantClosed(session.Restart)
		if w.Playing() != 0 {
			t.Errorf("%d play", w.Playing())
		}
	})
}
