package lobby_test

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/feed"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// past is what a player saw, and when.
type past struct {
	mu   sync.Mutex
	at   []time.Time
	tick []uint32
	rows map[uint32][][2]int64
}

func (p *past) note(c *client) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at, p.tick = append(p.at, time.Now()), append(p.tick, c.tick)
	p.rows[c.tick] = c.rows()
}

// by is the newest tick that was seen by then.
func (p *past) by(then time.Time) uint32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	i, _ := slices.BinarySearchFunc(p.at, then, func(at, then time.Time) int { return at.Compare(then) })
	if i < len(p.at) && p.at[i].Equal(then) {
		i++
	}
	if i == 0 {
		return 0
	}
	return p.tick[i-1]
}

// Spectators of a lobby with a delay, at its home and elsewhere, see the match as
// it was, and nothing newer is within their reach: not by asking for the whole
// state, not by coming back, not by coming anew, and not on the bus.
func TestDelayedSpectators(t *testing.T) {
	const delay = 5 * time.Second
	synctest.Test(t, func(t *testing.T) {
		history := &past{rows: map[uint32][][2]int64{}}
		var tapped atomic.Int32
		published := uint32(0) // one lobby's frames come one at a time
		var schema *state.Schema
		tap := &severed{}
		a, b := pair(t, tap)
		ann := a.create("ann", lobby.CreateOptions{Delay: delay})
		schema = ann.schema
		tap.tap = func(channel string, payload []byte) {
			if !strings.HasSuffix(channel, ":feed") {
				return
			}
			f, err := feed.Decode(payload)
			var m wire.ServerMessage
			if err != nil || f.State == nil || wire.DecodeServer(f.State, schema, &m) != nil {
				return
			}
			if published += m.State.Tick; m.State.Keyframe {
				published = m.State.Tick
			}
			tapped.Add(1)
			// Ann is looked at every 50 ms, and may have had it so much before.
			if most := history.by(time.Now().Add(50*time.Millisecond - delay)); published > most {
				t.Errorf("tick %d is on the bus, and %v before it was %d", published, delay, most)
			}
		}
		bob := a.join("bob", ann.lobby, lobby.RolePlayer)
		cat := a.join("cat", ann.lobby, lobby.RoleSpectator)
		ann.sleep(time.Second)
		eve := b.join("eve", ann.lobby, lobby.RoleSpectator)
		cat.wantPhase("waiting") // between matches nothing is late
		if info, err := b.Get(t.Context(), who("dan"), ann.lobby); err != nil || info.Delay != 5 {
			t.Errorf("the delay is told as %d, %v", info.Delay, err)
		}
		ann.sayAndSettle(wire.AppendStart(nil))
		pass(time.Second, ann, bob, cat, eve)
		cat.wantPhase("countdown")
		eve.wantPhase("countdown")
		pass(2*time.Second-100*time.Millisecond, ann, bob, cat, eve)
		shouted := false
		for i := range 400 { // 20 s
			ann.walk(int64(i%3) - 1)
			bob.walk(1)
			pass(50*time.Millisecond, ann, bob, cat, eve)
			history.note(ann)
			switch i {
			case 130:
				ann.command(doShout)
				shouted = true
			case 150, 250:
				cat.say(wire.AppendKeyframe(nil))
				eve.say(wire.AppendKeyframe(nil))
			case 170: // comes back to the seat
				again, err := a.dial(session.Claim{Credential: cat.welcome.Resume, Lobby: ann.lobby, Resuming: true, Seen: uint32(cat.events)})
				if err != nil {
					t.Fatal(err)
				}
				again.events, again.got = cat.events, cat.got
				cat = again
			case 200: // comes anew
				cat = a.join("cat", ann.lobby, lobby.RoleSpectator)
				eve = b.join("eve", ann.lobby, lobby.RoleSpectator)
			}
			late := history.by(time.Now().Add(-delay))
			for _, c := range []*client{cat, eve} {
				if c.tick > late {
					t.Fatalf("%s sees tick %d after %v, and %v before it was %d", c.name, c.tick, time.Duration(i)*50*time.Millisecond, delay, late)
				}
				if c.tick > 0 && !same(c.rows(), history.rows[c.tick]) {
					t.Fatalf("%s sees %v of tick %d, which was %v", c.name, c.rows(), c.tick, history.rows[c.tick])
				}
				if i > 210 && c.tick+6 < late {
					t.Fatalf("%s sees tick %d, and %v before it was %d", c.name, c.tick, delay, late)
				}
				if _, heard := c.last(wire.TypeEvent); heard != (i > 231) && i > 200 && i != 231 {
					t.Fatalf("%s heard the shout: %v, after %d ticks; said: %v", c.name, heard, i, shouted)
				}
			}
		}
		if tapped.Load() < 200 {
			t.Errorf("%d states were on the bus", tapped.Load())
		}
		// What was said is not late: all players read it.
		ann.chat("good game")
		noted := func(steps int) {
			for range steps {
				pass(50*time.Millisecond, ann, bob, cat, eve)
				history.note(ann)
			}
		}
		noted(4)
		if len(cat.texts()) != 1 || len(eve.texts()) != 1 {
			t.Errorf("they read %q and %q", cat.texts(), eve.texts())
		}
		// The end is late, too.
		ann.command(doEnd)
		noted(80)
		ann.wantPhase("results")
		cat.wantPhase("running")
		eve.wantPhase("running")
		last := ann.tick
		pass(1500*time.Millisecond, ann, bob, cat, eve)
		for _, c := range []*client{cat, eve} {
			c.wantPhase("results")
			if m, ok := c.last(wire.TypeResult); !ok || len(m.Result.Places) != 2 || c.tick != last {
				t.Errorf("%s ends at tick %d of %d with %+v", c.name, c.tick, last, m.Result)
			}
		}
		pass(lobby.Defaults().Results, ann, bob, cat, eve)
		for _, c := range []*client{ann, cat, eve} {
			c.wantPhase("waiting")
		}
	})
}

// The host sets the delay while the lobby waits, within the server's bound.
func TestSetDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t, setup{config: func(c *lobby.Config) { c.MaxDelay, c.Delay = time.Minute, 2*time.Second }})
		defer w.stop()
		_, err := w.Create(t.Context(), who("ann"), lobby.CreateOptions{Game: "tag", Delay: 61 * time.Second})
		wantCode(t, err, lobby.CodeInvalid)
		ann := w.create("ann", lobby.CreateOptions{})
		told := func() int {
			t.Helper()
			info, err := w.Get(t.Context(), who("ann"), ann.lobby)
			if err != nil {
				t.Fatal(err)
			}
			return info.Delay
		}
		if told() != 2 {
			t.Errorf("the default is %d", told())
		}
		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		cat := w.join("cat", ann.lobby, lobby.RoleSpectator)
		bob.manage(wire.ActDelay, 0, 3)
		bob.wantError(lobby.CodeNotHost)
		ann.manage(wire.ActDelay, 0, 61)
		ann.wantError(lobby.CodeInvalid)
		ann.manage(wire.ActDelay, 0, 0)
		if told() != 0 {
			t.Errorf("then it is %d", told())
		}
		// Without a delay a lobby that had one shows all at once.
		ann.sayAndSettle(wire.AppendStart(nil))
		pass(lobby.Defaults().Countdown+time.Second, ann, bob, cat)
		if cat.tick == 0 || cat.tick != ann.tick || !same(cat.rows(), ann.rows()) {
			t.Errorf("she sees %v of tick %d, and ann %v of %d", cat.rows(), cat.tick, ann.rows(), ann.tick)
		}
		ann.manage(wire.ActDelay, 0, 3)
		pass(100*time.Millisecond, ann, bob, cat)
		ann.wantError(lobby.CodePhase)

		// A spectator who sits down as a player sees what players see.
		dan := w.join("cat", ann.lobby, lobby.RolePlayer)
		cat.wantClosed(session.Replaced)
		pass(time.Second, ann, bob, dan)
		if dan.tick != ann.tick || len(dan.rows()) != 3 {
			t.Errorf("as a player she sees %v of tick %d", dan.rows(), dan.tick)
		}
	})
}

// Where spectators see the match later, none of them gets around that by sitting down,
// nor does anybody else come in, also in a game that takes players late: they play in
// the next match.
func TestNobodySitsDownToSeeAllAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann, bob := w.begin(lobby.CreateOptions{Delay: 3 * time.Second})
		cat := w.join("cat", ann.lobby, lobby.RoleSpectator)
		pass(5*time.Second, ann, bob, cat)
		if info, err := w.Get(t.Context(), who("dan"), ann.lobby); err != nil || info.LateJoin || info.Open {
			t.Errorf("the lobby says %+v, %v", info, err)
		}
		for _, name := range []string{"cat", "dan"} {
			_, err := w.Join(t.Context(), who(name), ann.lobby, lobby.RolePlayer)
			wantCode(t, err, lobby.CodeRunning)
		}
		if why, over := cat.s.Ended(); over {
			t.Errorf("cat watches no longer: %v", why)
		}
		if j, err := w.QuickPlay(t.Context(), who("dan"), lobby.QuickPlayOptions{Game: "tag"}); err != nil || j.Lobby.ID == ann.lobby {
			t.Errorf("quick play is in %s, %v", j.Lobby.ID, err)
		}
		again, err := w.resume(bob) // whoever is in it comes back
		if err != nil {
			t.Fatal(err)
		}
		before := cat.tick
		pass(time.Second, ann, again, cat)
		if again.tick != ann.tick || cat.tick <= before || cat.tick+50 > ann.tick {
			t.Errorf("ann sees tick %d, bob %d, and cat first %d, then %d", ann.tick, again.tick, before, cat.tick)
		}
		ann.command(doEnd)
		pass(lobby.Defaults().Results+time.Second, ann, again, cat)
		cat = w.join("cat", ann.lobby, lobby.RolePlayer)
		ann.sayAndSettle(wire.AppendStart(nil))
		pass(lobby.Defaults().Countdown+2*time.Second, ann, again, cat)
		if cat.x() < 0 || cat.tick != ann.tick {
			t.Errorf("in the next match cat sees tick %d of %d and is at %d", cat.tick, ann.tick, cat.x())
		}
	})
}

// Whom the game turns away watches as spectators do, as late as they.
func TestTurnedAwayIsLateToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{Game: "picky", Delay: 3 * time.Second})
		bob, eve := w.join("bob", ann.lobby, lobby.RolePlayer), w.join("mallory", ann.lobby, lobby.RolePlayer)
		ann.sayAndSettle(wire.AppendStart(nil))
		pass(lobby.Defaults().Countdown+100*time.Millisecond, ann, bob, eve)
		eve.wantError(lobby.CodeRejected)
		history := &past{rows: map[uint32][][2]int64{}}
		for range 100 {
			ann.walk(1)
			pass(50*time.Millisecond, ann, bob, eve)
			history.note(ann)
			if late := history.by(time.Now().Add(-3 * time.Second)); eve.tick > max(late, 20) {
				t.Fatalf("she sees tick %d, and 3 s before it was %d", eve.tick, late)
			}
		}
		if eve.tick < 30 || !same(eve.rows(), history.rows[eve.tick]) {
			t.Errorf("she sees %v of tick %d", eve.rows(), eve.tick)
		}
		// In the next match's lobby she is told all at once again.
		ann.command(doEnd)
		pass(lobby.Defaults().Results+time.Second, ann, bob, eve)
		eve.wantPhase("waiting")
		eve.sayAndSettle(wire.AppendReady(nil, wire.Ready{Ready: true}))
		pass(100*time.Millisecond, ann, bob, eve)
		if got := strings.Join(eve.members(), " "); !strings.Contains(got, "mallory:3") {
			t.Errorf("the members are %s", got)
		}
	})
}

// A ranked lobby closes when its results were shown, and not before who watches
// late has seen the end.
func TestLateSpectatorsSeeTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t, setup{config: func(c *lobby.Config) { c.Delay, c.Results = 5*time.Second, time.Second }})
		defer w.stop()
		id := w.paired(lobby.MatchOptions{Settings: map[string]int64{"length": 20}, Ranked: true, Mode: "ranked"}, "ann", "bob")
		ann, bob := w.join("ann", id, lobby.RolePlayer), w.join("bob", id, lobby.RolePlayer)
		cat := w.join("cat", id, lobby.RoleSpectator)
		pass(lobby.Defaults().Countdown+2500*time.Millisecond, ann, bob, cat)
		ann.wantPhase("results")
		last := ann.tick
		pass(3*time.Second, ann, bob, cat)
		cat.wantPhase("running")
		if _, over := ann.s.Ended(); over {
			t.Error("it closed before its spectators saw the end")
		}
		pass(2*time.Second, ann, bob, cat)
		if _, ok := cat.last(wire.TypeResult); !ok || cat.tick != last {
			t.Errorf("she saw tick %d of %d and the result: %v", cat.tick, last, ok)
		}
		cat.wantClosed(session.Closed)
		ann.wantClosed(session.Closed)
	})
}

// Who only talks learns of the match no sooner than who watches, and reads what is
// said at once.
func TestTalkersAreToldAsLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{Delay: 3 * time.Second})
		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		eve := w.join("eve", ann.lobby, lobby.RoleChat)
		ann.sayAndSettle(wire.AppendStart(nil))
		pass(lobby.Defaults().Countdown+4*time.Second, ann, bob, eve)
		eve.wantPhase("running")
		before := strings.Join(eve.members(), " ")
		ann.command(doShout)
		ann.command(doEnd)
		pass(time.Second, ann, bob, eve)
		ann.wantPhase("results")
		bob.sayAndSettle(wire.AppendLeave(nil))
		ann.chat("good game")
		fay := w.join("fay", ann.lobby, lobby.RoleChat) // comes while the end is not to be known
		pass(time.Second, ann, eve, fay)
		for _, c := range []*client{eve, fay} {
			c.wantPhase("running")
			if _, told := c.last(wire.TypeResult); told {
				t.Errorf("%s was told the result at once", c.name)
			}
			if got := strings.Join(c.members(), " "); got != before {
				t.Errorf("%s knows the members as %s; they were %s", c.name, got, before)
			}
			if !slices.Equal(c.texts(), []string{"ann: good game"}) {
				t.Errorf("%s reads %q", c.name, c.texts())
			}
		}
		pass(1500*time.Millisecond, ann, eve, fay)
		for _, c := range []*client{eve, fay} {
			c.wantPhase("results")
			if m, told := c.last(wire.TypeResult); !told || len(m.Result.Places) != 2 {
				t.Errorf("%s was told %+v in the end", c.name, m.Result)
			}
			if got := strings.Join(c.members(), " "); strings.Contains(got, "bob") {
				t.Errorf("%s knows the members as %s: bob has left", c.name, got)
			}
			if _, heard := c.last(wire.TypeEvent); heard {
				t.Errorf("%s heard what the game says to who sees it", c.name)
			}
		}
	})
}
