package lobby_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
)

// listed says how many lobbies and other instances w knows of.
func (w *world) listed(game string) (lobbies, instances int) {
	w.t.Helper()
	list, err := w.List(w.t.Context(), lobby.Filter{Game: game}, lobby.Page{})
	if err != nil {
		w.t.Fatal(err)
	}
	return len(list.Lobbies), len(w.Instances()) - 1
}

func (w *world) wantListed(when string, lobbies, instances int) {
	w.t.Helper()
	if l, i := w.listed("tag"); l != lobbies || i != instances {
		w.t.Errorf("%s: %d lobbies and %d other instances are listed, want %d and %d", when, l, i, lobbies, instances)
	}
}

// Instances know of each other where they are, what they serve and how they are.
func TestInstancesKnowEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := airs(t)
		a := one.over(t, "a", setup{config: func(c *lobby.Config) { c.Region, c.Version, c.MaxLobbies = "eu", "1.2.3", 4 }})
		b := two.over(t, "b")
		ann := a.create("ann", lobby.CreateOptions{})
		ann.sleep(2 * beat)
		all := b.Instances()
		if len(all) != 2 || all[0].Name != "b" || all[1].Name != "a" {
			t.Fatalf("b knows %+v", all)
		}
		got := all[1]
		if got.URL != "https://a.example.com" || got.Region != "eu" || got.Version != "1.2.3" || got.Boot != a.Boot() ||
			got.Lobbies != 2 || got.People != 2 || got.Load < 0.5 || got.Load > 1 || !got.Takes("tag") || got.Takes("chess") {
			t.Errorf("b knows of a %+v", got)
		}
		a.create("bob", lobby.CreateOptions{})
		a.create("cat", lobby.CreateOptions{})
		ann.sleep(2 * beat)
		if got := b.Instances()[1]; !got.Full || got.Takes("tag") || !got.Serves("tag") {
			t.Errorf("a has no room, and b knows %+v", got)
		}
		a.Drain(true)
		ann.sleep(2 * beat)
		if got := b.Instances()[1]; !got.Draining {
			t.Errorf("a is draining, and b knows %+v", got)
		}
		a.stop()
		ann.sleep(2 * beat)
		if all := b.Instances(); len(all) != 1 {
			t.Errorf("a said farewell, and b knows %+v", all)
		}
	})
}

// An instance that says no more is believed for its lease and no longer, and what
// was not heard for a while by who lists counts no more either.
func TestDeadInstanceIsForgottenWithItsLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := airs(t)
		a, b := one.over(t, "a"), two.over(t, "b")
		ann := a.create("ann", lobby.CreateOptions{})
		ann.sleep(2 * beat)
		b.wantListed("at first", 1, 1)
		one.set(func(a *air) { a.cut = true })
		ann.sleep(lease - 2*beat)
		b.wantListed("before the lease ends", 1, 1)
		ann.sleep(2 * beat)
		b.wantListed("when it has ended", 0, 0)
		if l, i := a.listed("tag"); l != 1 || i != 0 {
			t.Errorf("cut off, a lists %d lobbies and %d other instances, want its own", l, i)
		}
		one.set(func(a *air) { a.cut = false })
		ann.sleep(2 * beat)
		b.wantListed("back again", 1, 1)
	})
}

// A store that comes back empty is whole within two beats, however often.
func TestEmptyStoreIsWholeWithinTwoBeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := airs(t)
		a, b := one.over(t, "a"), two.over(t, "b")
		ann := a.create("ann", lobby.CreateOptions{})
		b.create("bob", lobby.CreateOptions{})
		for range 3 {
			ann.sleep(beat + beat/3)
			empty := bus.NewMemory()
			for _, through := range []*air{one, two} {
				through.set(func(a *air) { a.with = empty })
			}
			ann.sleep(2 * beat)
			b.wantListed("b, two beats later", 2, 1)
			a.wantListed("a, two beats later", 2, 1)
		}
	})
}

// Records of other versions: what is added is ignored, what cannot be
// understood is not used, and neither disturbs the rest.
func TestRecordsOfOtherVersions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := airs(t)
		a, b := one.over(t, "a"), two.over(t, "b")
		ann := a.create("ann", lobby.CreateOptions{})
		const info = `"info":{"id":"x","code":"00000000","game":"tag","phase":"dreaming","createdAt":"2026-01-01T00:00:00Z","mood":{"is":1}}`
		put := func(kind string, records map[string]string) {
			for id, value := range records {
				if err := one.Put(context.Background(), kind, []bus.Lease{{ID: id, Value: []byte(value)}}, time.Hour); err != nil {
					t.Fatal(err)
				}
			}
		}
		put("lobby", map[string]string{
			"junk": "\x00\xff", "null": "null", "number": "7", "other": `{"v":1,` + info + `}`,
			"x":      `{"v":1,"home":"c","url":"https://c.example.com","later":[1,2],` + info + `}`,
			"future": `{"v":2,"home":"c","info":{"id":"future","code":"11111111","game":"tag","createdAt":"2026-01-01T00:00:00Z"}}`,
		})
		put("instance", map[string]string{
			"junk": "{", "null": "null", "c": `{"v":1,"boot":"B","url":"https://c.example.com","games":["tag"],"moons":2}`,
			"d": `{"v":2,"boot":"B","url":"https://d.example.com","games":["tag"]}`, "e": `{"v":1,"boot":"B","load":"heavy"}`,
		})
		ann.sleep(2 * beat)
		if l, _ := b.listed("tag"); l != 2 {
			t.Errorf("%d lobbies are listed, want a's and x", l)
		}
		var names []string
		for _, i := range b.Instances() {
			names = append(names, i.Name)
		}
		if !slices.Equal(names, []string{"b", "a", "c"}) {
			t.Errorf("b knows %q", names)
		}
		if got, err := b.Join(t.Context(), who("bob"), "x", lobby.RoleChat); err != nil || got.Lobby.ID != "x" {
			t.Errorf("joining what is understood: %v", err)
		}
		if _, err := b.Get(t.Context(), who("bob"), "11111111"); code(err) != lobby.CodeNotFound {
			t.Errorf("what is not understood: %v", err)
		}
	})
}

// Notes of other versions, and what is none, over a lobby's channels: what is not
// understood is ignored, by the home and by others, and all goes on.
func TestNotesOfOtherVersions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := airs(t)
		a, b := one.over(t, "a"), two.over(t, "b")
		ann := a.create("ann", lobby.CreateOptions{})
		ann.sleep(2 * beat)
		eve := b.join("eve", ann.lobby, lobby.RoleChat)
		ann.chat("one")
		for _, note := range []string{
			"", "\x00\xff", "null", "[]", "7", `"text"`, "{", `{"kind":"moon"}`, `{"kind":7}`, `{"kind":"chat"}`, `{"kind":"chat","chat":{"Offset":"x"}}`,
			`{"kind":"say","from":"x","n":18446744073709551615,"oldest":18446744073709551615}`, `{"kind":"say","text":7}`,
			`{"kind":"head","epoch":1,"offset":99}`, `{"kind":"sync","epoch":1,"offset":99}`, `{"kind":"heard","from":"x","n":9}`,
			`{"kind":"watch","viewers":-1}`, strings.Repeat("[", 10_000),
		} {
			for _, channel := range []string{"chat", "say"} {
				if err := one.Publish(t.Context(), "lobby:"+ann.lobby+":"+channel, []byte(note)); err != nil {
					t.Fatal(err)
				}
			}
		}
		note := `{"kind":"say","player":"id-far","name":"far","text":"of a later version","from":"f","n":1,"oldest":1,"mood":{"is":[1]}}`
		if err := one.Publish(t.Context(), "lobby:"+ann.lobby+":say", []byte(note)); err != nil {
			t.Fatal(err)
		}
		eve.sleep(time.Second)
		eve.chat("two")
		eve.sleep(3 * time.Second)
		ann.settle()
		want := []string{"ann: one", "far: of a later version", "eve: two"}
		if got := eve.texts(); !slices.Equal(got, want) {
			t.Errorf("eve reads %q", got)
		}
		if got := ann.texts(); !slices.Equal(got, want) {
			t.Errorf("ann reads %q", got)
		}
	})
}
