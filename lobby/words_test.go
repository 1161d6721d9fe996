package lobby_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/feed"
	"github.com/sandlot-server/sandlot/net/wire"
)

// badWords are what no instance says to another.
func badWords() [][]byte {
	words := [][]byte{
		{}, {0xc0}, {0xdd, 0x07, 0xff, 0xff, 0xff}, {0xdf, 0xff, 0xff, 0xff, 0xff}, {0xc6, 0xff, 0xff, 0xff, 0xff}, {0xc9, 0xff, 0xff, 0xff, 0xff, 1},
		bytes.Repeat([]byte{0x91}, 14), {1}, {1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0}, bytes.Repeat([]byte{1, 0xff}, 7), {2, 0},
		bytes.Repeat([]byte("["), 20_000), append(bytes.Repeat([]byte(`{"kind":`), 3000), '1'), []byte("\x00\xff\xfe"),
	}
	for _, text := range []string{
		"null", "[]", "0", `""`, "{", "{}", `{"kind":null}`, `{"kind":7}`, `{"kind":"dance"}`, `{"kind":"chat"}`, `{"kind":"chat","chat":{}}`,
		`{"kind":"chat","chat":{"Epoch":-1}}`, `{"kind":"chat","chat":{"Epoch":1,"Offset":9,"Player":70000}}`, `{"kind":"chat","chat":[]}`,
		`{"kind":"chat","chat":{"Epoch":99999999999999999,"Offset":1,"Text":"` + strings.Repeat("x", 100_000) + `"}}`,
		`{"kind":"head","epoch":1,"offset":18446744073709551615,"first":18446744073709551615}`, `{"kind":"head","offset":1e400}`,
		`{"kind":"say"}`, `{"kind":"say","from":"x","n":0,"text":"x"}`, `{"kind":"say","from":"x","n":18446744073709551615,"oldest":7,"text":"x"}`,
		`{"kind":"say","from":"x","n":1,"player":"` + strings.Repeat("p", 5000) + `","text":"\u0000\u202e"}`,
		`{"kind":"sync","epoch":18446744073709551615,"offset":18446744073709551615}`, `{"kind":"leave"}`, `{"kind":"leave","player":"id-nobody"}`,
		`{"kind":"watch"}`, `{"kind":"watch","instance":"","viewers":9}`, `{"kind":"watch","instance":"c","viewers":-9223372036854775808,"talkers":-1}`,
		`{"kind":"watch","instance":"c","viewers":9223372036854775807}`, `{"kind":"watch","instance":"` + strings.Repeat("c", 5000) + `","viewers":1}`,
		`{"kind":"heard","from":"x","n":18446744073709551615}`, `{"kind":"barred"}`, `{"kind":"barred","barred":{"":-1,"id-nobody":9223372036854775807}}`,
		`{"kind":"muted"}`, `{"kind":"voice"}`, `{"kind":"whole","epoch":"x"}`,
		`{"player":"id-ann","lobby":"nowhere","stamp":9223372036854775807,"instance":"c"}`, `{"player":"","stamp":-9223372036854775808}`,
		`{"v":1,"name":"c"}`, `{"v":1,"boot":"x","games":null,"lobbies":-5,"load":-1e308,"region":"` + strings.Repeat("r", 5000) + `"}`,
		`{"v":1,"boot":"x","games":["tag"],"peer":"::::"}`, `{"v":-1,"info":{"id":"x","players":-1,"maxPlayers":-9}}`,
		`{"v":1,"home":"c","info":{"id":"x","game":"tag","phase":"dance","settings":{"length":-1},"createdAt":"9999-12-31T23:59:59Z"},"room":{"Free":[-1],"Since":"0000-01-01T00:00:00Z"}}`,
		`{"v":1,"home":"c","info":{"id":"x","game":"tag","createdAt":"today"}}`, `{"v":2}`,
	} {
		words = append(words, []byte(text))
	}
	return words
}

// neighbours are two instances, and in a match at a ann and bob, with eve who talks
// and cat who watches at b.
type neighbours struct {
	a, b               *world
	ann, bob, eve, cat *client
	m                  *bus.Memory
}

func (n *neighbours) all() []*client { return []*client{n.ann, n.bob, n.eve, n.cat} }

// channels are those of their lobby, and those of all.
func (n *neighbours) channels() []string {
	own := "lobby:" + n.ann.lobby
	return []string{own + ":say", own + ":chat", own + ":feed", "logins"}
}

func meet(t *testing.T, tap func(channel string, payload []byte)) *neighbours {
	link := &severed{tap: tap}
	n := &neighbours{}
	n.a, n.b = pair(t, link)
	n.m = link.Bus.(*bus.Memory)
	n.ann = n.a.create("ann", lobby.CreateOptions{})
	n.bob = n.a.join("bob", n.ann.lobby, lobby.RolePlayer)
	pass(time.Second, n.ann, n.bob) // b knows of it
	n.eve, n.cat = n.b.join("eve", n.ann.lobby, lobby.RoleChat), n.b.join("cat", n.ann.lobby, lobby.RoleSpectator)
	n.ann.sayAndSettle(wire.AppendStart(nil))
	pass(lobby.Defaults().Countdown+500*time.Millisecond, n.all()...)
	return n
}

// question puts a word to a as another instance does.
func (n *neighbours) question(t *testing.T, what string, word []byte) {
	if _, err := n.a.Answer(t.Context(), what, word); err != nil && !errors.As(err, new(*lobby.Error)) {
		t.Errorf("%s %.80q: %v is no refusal", what, word, err)
	}
}

var questions = []string{"create", "quick", "join", "joinall", "act", "leave", "get", "open", "fill", "dance", ""}

// What is no word of an instance, on whatever channel, in the Store or as a question,
// is passed over: those who play, talk and watch notice nothing.
func TestBadWordsOfInstances(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var frame []byte
		var mu sync.Mutex
		n := meet(t, func(channel string, payload []byte) {
			if f, err := feed.Decode(payload); err == nil && f.State != nil && strings.HasSuffix(channel, ":feed") {
				mu.Lock()
				frame = slices.Clone(payload)
				mu.Unlock()
			}
		})
		words := badWords()
		mu.Lock()
		for i := range min(len(frame), 24) {
			words = append(words, frame[:i])
		}
		mu.Unlock()
		for _, channel := range n.channels() {
			for _, word := range words {
				if err := n.m.Publish(t.Context(), channel, word); err != nil {
					t.Fatal(err)
				}
				n.ann.settle()
			}
		}
		mu.Lock()
		f, err := feed.Decode(frame)
		mu.Unlock()
		if err != nil {
			t.Fatal(err)
		}
		// The next frame of the stream, with a state where none belongs that leads far ahead.
		f.Seq, f.Messages, f.State = f.Seq+1, [][]byte{{0x95, 0x41, 0xcd, 0x03, 0xe8, 0, 0, 0}}, nil
		if err := n.m.Publish(t.Context(), n.channels()[2], f.Append(nil)); err != nil {
			t.Fatal(err)
		}
		for i, kind := range []string{"lobby", "instance", "quick", "dance"} {
			for k, word := range words {
				id := fmt.Sprint("c", i, "-", k)
				if bytes.Contains(word, []byte(`"id":"x"`)) {
					id = "x" // a lobby's own lease
				}
				if err := n.m.Put(t.Context(), kind, []bus.Lease{{ID: id, Value: word}}, time.Second); err != nil {
					t.Fatal(err)
				}
				if id == "x" {
					pass(300*time.Millisecond, n.all()...)
				}
			}
		}
		for _, what := range questions {
			for _, word := range words {
				n.question(t, what, word)
			}
		}
		pass(3*time.Second, n.all()...)
		for _, c := range n.all() {
			if why, over := c.s.Ended(); over {
				t.Fatalf("%s's session ended: %v", c.name, why)
			}
		}
		n.ann.chat("still here")
		n.eve.chat("so am I")
		n.ann.walk(1)
		pass(time.Second, n.all()...)
		for _, c := range n.all() {
			if said := c.texts(); !slices.Contains(said, "ann: still here") || !slices.Contains(said, "eve: so am I") {
				t.Errorf("%s hears %.200q", c.name, said)
			}
		}
		if n.cat.tick+2 < n.ann.tick || n.cat.tick > n.ann.tick || !same(n.cat.rows(), n.ann.rows()) {
			t.Errorf("cat sees %v of tick %d, and ann %v of %d", n.cat.rows(), n.cat.tick, n.ann.rows(), n.ann.tick)
		}
		if list, err := n.b.List(t.Context(), lobby.Filter{Game: "tag", Open: true}, lobby.Page{}); err != nil || !slices.ContainsFunc(list.Lobbies, func(i lobby.Info) bool { return i.ID == n.ann.lobby }) {
			t.Errorf("b lists %+v, %v", list, err)
		}
		if n.a.count.panics+n.b.count.panics != 0 {
			t.Error("a game paid for it")
		}
	})
}

// A match of teams that the game has not, and a place in such a team, are refused;
// the lobby goes on.
func TestTeamsOfAnotherBuild(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t, teamed(t))
		defer w.stop()
		placed := func(name string) []lobby.Placed { return []lobby.Placed{{Who: who(name)}} }
		o := lobby.MatchOptions{Game: "teams", Mode: "x", Max: 4, Gather: time.Minute, Teams: [][]lobby.Placed{placed("ann"), placed("bob"), placed("eve")}}
		if _, err := w.OpenMatch(t.Context(), o); code(err) != lobby.CodeInvalid {
			t.Errorf("three teams: %v", err)
		}
		o.Teams = o.Teams[:2]
		id, err := w.OpenMatch(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		for _, team := range []int{-2, 2, 254, 1 << 40} {
			if err := w.FillMatch(t.Context(), id, team, placed("eve")); code(err) != lobby.CodeInvalid {
				t.Errorf("team %d: %v", team, err)
			}
		}
		for i, team := range []int{1, lobby.AnyTeam} {
			if err := w.FillMatch(t.Context(), id, team, placed(fmt.Sprint("dan", i))); err != nil {
				t.Errorf("team %d: %v", team, err)
			}
		}
	})
}

// Whatever an instance hears, reads in the Store or is asked: nothing falls, and
// those here who are no part of it stay connected.
func FuzzWords(f *testing.F) {
	words := badWords()
	for i := 0; i < len(words); i += 6 { // each is an evening of its own, in every test run
		f.Add(byte(i), words[i])
	}
	f.Fuzz(func(t *testing.T, where byte, word []byte) {
		if len(word) > 4096 {
			return
		}
		synctest.Test(t, func(t *testing.T) {
			n := meet(t, nil)
			other := n.a.create("dan", lobby.CreateOptions{Private: true}) // no word is about it
			kinds := []string{"lobby", "instance", "quick"}
			channels := n.channels()
			switch at := int(where) % (len(channels) + len(kinds) + len(questions)); {
			case at < len(channels):
				_ = n.m.Publish(t.Context(), channels[at], word)
			case at < len(channels)+len(kinds):
				_ = n.m.Put(t.Context(), kinds[at-len(channels)], []bus.Lease{{ID: "x", Value: word}}, time.Second)
			default:
				n.question(t, questions[at-len(channels)-len(kinds)], word)
			}
			pass(500*time.Millisecond, append(n.all(), other)...)
			if _, err := n.b.Join(t.Context(), who("fay"), n.ann.lobby, lobby.RoleChat); err != nil && !errors.As(err, new(*lobby.Error)) {
				t.Errorf("joining at b: %v", err)
			}
			if why, over := other.s.Ended(); over {
				t.Errorf("dan's session ended: %v", why)
			}
			if n.a.count.panics+n.b.count.panics != 0 {
				t.Error("a game paid for it")
			}
		})
	})
}
