package lobby_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/auth"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// resume comes back with a client's newest token and count of events.
func (w *world) resume(c *client) (*client, error) {
	next, err := w.dial(session.Claim{Credential: c.welcome.Resume, Lobby: c.lobby, Seen: uint32(c.events), Resuming: true})
	if err != nil {
		return nil, err
	}
	next.events, next.seq, next.commands = c.events, c.seq, c.commands
	next.settle()
	return next, nil
}

func TestPassesAreSpentOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		j, err := w.Create(t.Context(), who("ann"), lobby.CreateOptions{Game: "tag"})
		if err != nil {
			t.Fatal(err)
		}
		other := w.create("bob", lobby.CreateOptions{})
		if _, err := w.Claim(t.Context(), session.Claim{Credential: j.Pass, Lobby: other.lobby}); status(err) != http.StatusUnauthorized {
			t.Errorf("a pass for another lobby: %v", err)
		}
		var in atomic.Int32
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				a, err := w.Claim(t.Context(), session.Claim{Credential: j.Pass, Lobby: j.Lobby.ID})
				if err != nil {
					if code(err) != auth.ErrSpent.Code || status(err) != http.StatusUnauthorized {
						t.Errorf("a spent pass: %v", err)
					}
					return
				}
				in.Add(1)
				a.Release()
			})
		}
		all.Wait()
		if in.Load() != 1 {
			t.Errorf("%d of 20 came in with one pass", in.Load())
		}
	})
}

func TestClaimsThatAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		late, err := w.Join(t.Context(), who("bob"), ann.lobby, lobby.RolePlayer)
		if err != nil {
			t.Fatal(err)
		}
		token, _, err := w.keys.Guest("eve", 0)
		if err != nil {
			t.Fatal(err)
		}
		<-time.After(45 * time.Second) // the pass and the leeway of its clock are over
		for name, test := range map[string]struct {
			claim  session.Claim
			status int
		}{
			"nothing":         {session.Claim{}, http.StatusUnauthorized},
			"garbage":         {session.Claim{Credential: "a.b.c"}, http.StatusUnauthorized},
			"late pass":       {session.Claim{Credential: late.Pass, Lobby: ann.lobby}, http.StatusUnauthorized},
			"token, no lobby": {session.Claim{Credential: token}, http.StatusUnauthorized},
			"unknown lobby":   {session.Claim{Credential: token, Lobby: "nowhere"}, http.StatusNotFound},
		} {
			if _, err := w.Claim(t.Context(), test.claim); status(err) != test.status {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestTokenJoinsOnTheWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{Private: true})
		token, _, err := w.keys.Guest("eve", 0)
		if err != nil {
			t.Fatal(err)
		}
		m, _ := ann.last(wire.TypeLobby)
		eve, err := w.dial(session.Claim{Credential: token, Lobby: m.Lobby.Code})
		if err != nil {
			t.Fatal(err)
		}
		eve.settle()
		ann.settle()
		if got := ann.members(); !slices.Contains(got, "eve:1") {
			t.Errorf("ann sees %v", got)
		}

		// One whose upgrade fails leaves no seat behind.
		token, _, _ = w.keys.Guest("mal", 0)
		a, err := w.Claim(t.Context(), session.Claim{Credential: token, Lobby: m.Lobby.Code})
		if err != nil {
			t.Fatal(err)
		}
		a.Release()
		ann.settle()
		if got := ann.members(); len(got) != 2 {
			t.Errorf("ann sees %v", got)
		}
	})
}

// A dropped player comes back to the same seat, to every event it missed, once.
func TestResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		ann.sayAndSettle(wire.AppendStart(nil))
		bob.sleep(4 * time.Second)
		ann.settle()
		bob.walk(1)
		bob.sleep(100 * time.Millisecond)

		bob.s.Close(session.Lost)
		ann.sleep(100 * time.Millisecond)
		if got := ann.members(); got[len(got)-1] != "bob:0" {
			t.Errorf("ann sees %v", got)
		}
		for _, text := range []string{"one", "two", "three"} {
			ann.chat(text)
		}
		ann.command(doShout)
		ann.sleep(10 * time.Second)
		if got := ann.members(); len(got) != 2 {
			t.Errorf("the seat was not held: %v", got)
		}

		back, err := w.resume(bob)
		if err != nil {
			t.Fatal(err)
		}
		back.sleep(100 * time.Millisecond)
		if back.welcome.Player != bob.welcome.Player || back.tick == 0 || back.x() < 1 {
			t.Errorf("back as player %d at tick %d, x %d", back.welcome.Player, back.tick, back.x())
		}
		if got := back.texts(); !slices.Equal(got, []string{"ann: one", "ann: two", "ann: three"}) {
			t.Errorf("what was missed is %q", got)
		}
		if m, ok := back.last(wire.TypeEvent); !ok || m.Event.Fields[0].Int != int64(ann.welcome.Player) {
			t.Error("the game's event was missed")
		}
		if _, fresh := back.last(wire.TypeMatch); fresh {
			t.Error("a whole replay begins afresh")
		}

		// Away for longer than seats are held.
		back.s.Close(session.Lost)
		ann.sleep(lobby.Defaults().Hold + time.Second)
		if m, ok := ann.last(wire.TypeGone); !ok || m.Gone.Why != wire.GoneExpired {
			t.Errorf("ann is told %+v", m.Gone)
		}
		if _, err := w.resume(back); code(err) != lobby.CodeSeatLost {
			t.Errorf("coming back too late: %v", err)
		}
	})
}

// Tokens rotate: a lost welcome locks nobody out, a proven successor ends its
// predecessor, and the newest connection wins.
func TestResumeTokensRotate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		one, err := w.resume(ann) // its welcome shall be lost
		if err != nil {
			t.Fatal(err)
		}
		ann.wantClosed(session.Replaced)
		two, err := w.resume(ann) // so the first token is shown again
		if err != nil {
			t.Fatal("the first token was refused before its successor was proven:", err)
		}
		one.wantClosed(session.Replaced)
		two.sayAndSettle(wire.AppendReady(nil, wire.Ready{Ready: true})) // proof
		for name, old := range map[string]*client{"first": ann, "second": one} {
			if _, err := w.resume(old); code(err) != lobby.CodeSeatLost {
				t.Errorf("the %s token after the third was proven: %v", name, err)
			}
		}
		if _, err := w.resume(two); err != nil {
			t.Error("the newest token:", err)
		}
	})
}

// Who no longer waits for an answer reads nothing of one that comes later.
func TestAnswersThatComeTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{MaxPlayers: 2})
		w.join("cid", ann.lobby, lobby.RolePlayer)
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		for range 200 {
			_, err := w.Join(gone, who("bob"), ann.lobby, lobby.RolePlayer)
			info, _ := w.Get(gone, who("ann"), ann.lobby)
			chat, _ := w.Join(gone, who("bob"), ann.lobby, lobby.RoleChat)
			synctest.Wait()
			if err == nil || len(info.Members) > 2 || chat.Lobby.ID != "" && chat.Lobby.ID != ann.lobby {
				t.Fatal(err, info, chat)
			}
		}
	})
}

// An attempt that was on its way for longer than a later one of the same client does
// not close what the later one made, whatever it shows. One of another client does.
func TestLateAttemptsAreOutrun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		claim := func(credential, from string, attempt uint32) session.Admission {
			t.Helper()
			a, err := w.Claim(t.Context(), session.Claim{Credential: credential, Resuming: credential == ann.welcome.Resume, From: from, Attempt: attempt})
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		attach := func(a session.Admission) *session.Session {
			s := session.New(&conn{}, a.Identity(), a.Schema(), nil, time.Now())
			a.Attach(s)
			synctest.Wait()
			return s
		}
		open := func(s *session.Session, want bool) {
			t.Helper()
			if reason, over := s.Ended(); over == want || over && reason != session.Replaced {
				t.Errorf("ended %v with %v", over, reason)
			}
		}
		pass := func() string {
			j, err := w.Join(t.Context(), who("ann"), ann.lobby, lobby.RolePlayer)
			if err != nil {
				t.Fatal(err)
			}
			return j.Pass
		}
		token := ann.welcome.Resume
		first, second := claim(token, "me", 1), claim(token, "me", 2)
		byPass := claim(pass(), "me", 3)
		newest := attach(claim(token, "me", 4))
		for _, late := range []session.Admission{first, byPass, second} {
			open(attach(late), false)
			open(newest, true)
		}
		// It stays so when the newest is gone: what comes late is nobody's.
		newest.Close(session.Lost)
		synctest.Wait()
		open(attach(claim(pass(), "me", 3)), false)
		same := attach(claim(pass(), "me", 4)) // such as after a move
		open(same, true)
		other := attach(claim(pass(), "tab", 1))
		open(same, false)
		unnamed := attach(claim(pass(), "", 0))
		open(other, false)
		open(attach(claim(pass(), "me", 1)), true) // the seat was another's in between
		open(unnamed, false)
	})
}

func TestLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t, setup{config: func(c *lobby.Config) { c.MaxLobbies, c.MaxSpectators = 6, 1 }})
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{MaxPlayers: 2})
		w.create("ann", lobby.CreateOptions{})
		w.create("ann", lobby.CreateOptions{})
		if _, err := w.Create(t.Context(), who("ann"), lobby.CreateOptions{Game: "tag"}); code(err) != lobby.CodeLimit {
			t.Errorf("a fourth lobby: %v", err)
		}
		w.create("bob", lobby.CreateOptions{})
		w.create("cid", lobby.CreateOptions{})
		if _, err := w.Create(t.Context(), who("dan"), lobby.CreateOptions{Game: "tag"}); code(err) != lobby.CodeCapacity {
			t.Errorf("a lobby above the instance's bound: %v", err)
		}
		w.join("bob", ann.lobby, lobby.RolePlayer)
		if _, err := w.Join(t.Context(), who("cid"), ann.lobby, lobby.RolePlayer); code(err) != lobby.CodeFull {
			t.Errorf("a third player of two: %v", err)
		}
		w.join("cid", ann.lobby, lobby.RoleSpectator)
		if _, err := w.Join(t.Context(), who("dan"), ann.lobby, lobby.RoleSpectator); code(err) != lobby.CodeFull {
			t.Errorf("a second spectator of one: %v", err)
		}
		for name, o := range map[string]lobby.CreateOptions{
			lobby.CodeNoGame:  {Game: "chess"},
			lobby.CodeSetting: {Game: "tag", Settings: map[string]int64{"length": 1}},
			lobby.CodeInvalid: {Game: "tag", MaxPlayers: 99},
		} {
			if _, err := w.Create(t.Context(), who("dan"), o); code(err) != name {
				t.Errorf("create %+v: %v", o, err)
			}
		}
	})
}

func TestListPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t, setup{config: func(c *lobby.Config) { c.PerPlayer = 100 }})
		defer w.stop()
		var made []string
		for range 25 {
			made = append(made, w.create("ann", lobby.CreateOptions{}).lobby)
			<-time.After(time.Millisecond)
		}
		slices.Reverse(made)
		var got []string
		page := lobby.Page{Limit: 10}
		for {
			list, err := w.List(t.Context(), lobby.Filter{Game: "tag", Open: true}, page)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range list.Lobbies {
				got = append(got, i.ID)
			}
			if page.Cursor = list.Next; page.Cursor == "" {
				break
			}
		}
		if !slices.Equal(got, made) {
			t.Errorf("pages hold %v, want %v", got, made)
		}
		for _, bad := range []lobby.Page{{Cursor: "x"}, {Limit: -1}, {Limit: 101}} {
			if _, err := w.List(t.Context(), lobby.Filter{}, bad); code(err) != lobby.CodeInvalid {
				t.Errorf("page %+v: %v", bad, err)
			}
		}
		if list, _ := w.List(t.Context(), lobby.Filter{Phase: "running"}, lobby.Page{}); len(list.Lobbies) > 0 {
			t.Error("a filter by phase keeps all")
		}
	})
}

func TestShutdownTellsEveryone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		ann := w.create("ann", lobby.CreateOptions{})
		bob := w.enter(w.QuickPlay(t.Context(), who("bob"), lobby.QuickPlayOptions{Game: "tag"}))
		bob.sleep(time.Second)
		w.stop()
		ann.wantClosed(session.Restart)
		bob.wantClosed(session.Restart)
		if _, err := w.Create(t.Context(), who("cid"), lobby.CreateOptions{Game: "tag"}); code(err) != lobby.CodeStopping {
			t.Errorf("create while stopping: %v", err)
		}
	})
}

// url is where a refusal sends the client.
func url(err error) string {
	if r := new(session.Refusal); errors.As(err, &r) {
		return r.URL
	}
	return ""
}

func status(err error) int {
	if r := new(session.Refusal); errors.As(err, &r) {
		return r.Status
	}
	return 0
}
