package game_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sandlot-server/sandlot/game"
)

type plain struct{}

func (*plain) Step(*game.Tick) {}

func newPlain() game.Game { return new(plain) }

type byValue struct{}

func (byValue) Step(*game.Tick) {}

type badFields struct {
	plain
	Seen  map[int]int
	Next  *int
	Table game.Table[struct {
		F float64 `sync:""`
	}]
}

type badPowers struct{ plain }

func (*badPowers) Start()                       {}
func (*badPowers) Admit(game.Player) error      { return nil }
func (*badPowers) See(game.Player, game.Viewer) {}

type badSettings struct {
	plain
	Rules struct {
		NoRange int
		Narrow  int8    `range:"0..200" default:"1"`
		Float   float64 `range:"0..1" default:"0"`
		hidden  int
	} `sandlot:"settings"`
	More struct{} `sandlot:"settings"`
}

type oddSettings struct {
	plain
	Rules struct {
		Text  string
		List  [3]int8
		Far   int  `range:"1..2" default:"3"`
		Maybe bool `default:"maybe"`
		Fine  int8 `range:"2..4"`
	} `sandlot:"settings"`
}

type (
	badInput struct {
		Range int8 `range:"2..1"`
		Ptr   *int
		Jump  uint8 `press:"" range:"0..5"`
	}
	Ping struct{ N int8 }
	ping struct{ N int8 }
)

func TestDefineNamesEveryFault(t *testing.T) {
	same := new(struct {
		plain
		N int
	})
	tests := []struct {
		what    string
		newGame func() game.Game
		opts    []game.Option
		want    []string // each in the error
	}{
		{"numbers", newPlain, []game.Option{game.Rate(0), game.Players(3, 2), game.Teams(1), game.Title("")},
			[]string{"rate of 0", "players 3 to 2", "1 teams", `title ""`}},
		{"high numbers", newPlain, []game.Option{game.Rate(121), game.Players(1, 1001), game.Teams(17), game.Title(strings.Repeat("x", 49))},
			[]string{"rate of 121", "players 1 to 1001", "17 teams", "title"}},
		{"nils", nil, []game.Option{nil, game.Bots(nil), game.Web(nil), game.Input(nil), game.Commands(nil), game.Events(nil)},
			[]string{"option 1 is nil", "makes a game is nil", "Bots was given nil", "Web was given nil", "Input: <nil>", "Commands: <nil>", "Events: <nil>"}},
		{"page", newPlain, []game.Option{game.Web(fstest.MapFS{"web/index.html": {}})}, []string{"index.html", "fs.Sub"}},
		{"nil game", func() game.Game { return nil }, nil, []string{"returned <nil>"}},
		{"nil pointer", func() game.Game { return (*plain)(nil) }, nil, []string{"want a pointer to a struct"}},
		{"value", func() game.Game { return byValue{} }, nil, []string{"want a pointer to a struct"}},
		{"same game", func() game.Game { return same }, nil, []string{"twice"}},
		{"fields", func() game.Game { return new(badFields) }, nil, []string{"badFields.Seen", "badFields.Next", ".F"}},
		{"powers", func() game.Game { return new(badPowers) }, nil, []string{
			"Start(*game.Tick) to be a game.Starter", "Admit(game.Join) error to be a game.Admitter", "See(game.Player, *game.Viewer) to be a game.Sight"}},
		{"settings", func() game.Game { return new(badSettings) }, nil, []string{
			"NoRange", "Narrow", "Float", "hidden", "More: the settings are in Rules already"}},
		{"setting values", func() game.Game { return new(oddSettings) }, nil, []string{
			"Text: a setting is an integer or a bool", "List: a setting is", `Far: the default "3" is not a number in 1..2`, `Maybe: the default "maybe"`}},
		{"input", newPlain, []game.Option{game.Input(badInput{}), game.Input(Ping{})},
			[]string{"Input was given 2 times", "Range", "Ptr", "Jump"}},
		{"not structs", newPlain, []game.Option{game.Input(3), game.Commands(&Ping{}), game.Events(struct{}{})},
			[]string{"Input: int", "Commands: *game_test.Ping", "Events: struct {}"}},
		{"modes", func() game.Game { return new(Lab) }, []game.Option{game.Players(2, 8), game.Teams(2), game.Modes(
			game.Mode{Name: "Big", Size: 9}, game.Mode{Name: "teams", Teams: 3, Size: 2}, game.Mode{Name: "teams", Size: 1},
			game.Mode{Name: "min", Size: 4, Min: 5, Settings: map[string]int64{"speed": 6, "none": 1}}),
		}, []string{`name "Big"`, "Big: 9 players", "teams: 3 teams", `"teams" is there twice`, "teams: 1 players",
			"min: a match of 5 people", "out of their ranges: none, speed"}},
		{"budget", newPlain, []game.Option{game.Budget(63)}, []string{"a budget of 63 bytes is outside 64..65536"}},
		{"same names", newPlain, []game.Option{game.Commands(Ping{}, ping{}), game.Events(Ping{}, Ping{})},
			[]string{`Commands: game_test.Ping and game_test.ping would both be called "ping"`, "Events: game_test.Ping and game_test.Ping"}},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			_, err := game.Define("Bad name", test.newGame, test.opts...)
			if err == nil {
				t.Fatal("defined")
			}
			for _, want := range append(test.want, `"Bad name"`) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no %q in:\n%v", want, err)
				}
			}
		})
	}
}

func TestDefineFillsIn(t *testing.T) {
	d, err := game.Define("plain", newPlain)
	if err != nil {
		t.Fatal(err)
	}
	if d.Title != "plain" || d.Rate != 20 || d.MinPlayers != 1 || d.MaxPlayers != 8 || d.HasBots() || d.NewBrain(1) != nil || d.HasSight() || d.NewInput() != nil {
		t.Errorf("got %+v", d)
	}
	if s := d.Schema(); s.TickRate != 20 || len(s.Tables)+len(s.Commands)+len(s.Events)+len(s.Settings)+len(s.Input.Fields) != 0 {
		t.Errorf("schema %+v", s)
	}
	r := start(t, d)
	join(t, r)
	r.Step()
	if seq, margin := r.Applied(1); seq != 0 || margin != 0 {
		t.Errorf("applied %d, margin %d", seq, margin)
	}
}

func TestSchema(t *testing.T) {
	s := lab(t, nil).Definition().Schema()
	if s.TickRate != 10 || s.Tables[0].Name != "rows" || s.Commands[0].Name != "say" || s.Commands[1].Name != "take" || s.Events[0].Name != "heard" {
		t.Errorf("got %+v", s)
	}
	if got, want := fmt.Sprint(s.Settings), "[{speed -5 5 2} {fast 0 1 1}]"; got != want {
		t.Errorf("settings %s, want %s", got, want)
	}
}

func TestRegister(t *testing.T) {
	for _, name := range []string{"reg-b", "reg-a"} {
		if _, again := game.Lookup(name); !again { // the registry is the process's: tests may run more than once in it
			game.Register(name, newPlain)
		}
	}
	if d, ok := game.Lookup("reg-a"); !ok || d.Name != "reg-a" {
		t.Errorf("got %v, %v", d, ok)
	}
	if _, ok := game.Lookup("reg-c"); ok {
		t.Error("found what was never registered")
	}
	all := game.All()
	if !slices.IsSortedFunc(all, func(a, b *game.Definition) int { return strings.Compare(a.Name, b.Name) }) || len(all) != 2 {
		t.Errorf("got %d games", len(all))
	}
	got := panics(func() { game.Register("reg-a", newPlain, game.Rate(-1)) })
	for _, want := range []string{`register "reg-a"`, "taken", "rate of -1"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
}

// panics returns what f panics with, "" if it does not.
func panics(f func()) (what string) {
	defer func() {
		if p := recover(); p != nil {
			what = fmt.Sprint(p)
		}
	}()
	f()
	return ""
}

func TestModes(t *testing.T) {
	tests := []struct {
		what string
		opts []game.Option
		want game.Mode // the first
	}{
		{"none", nil, game.Mode{Name: "standard", Title: "Standard", Size: 8, Min: 1}},
		{"many players", []game.Option{game.Players(12, 40)}, game.Mode{Name: "standard", Title: "Standard", Size: 12, Min: 12}},
		{"teams", []game.Option{game.Players(2, 40), game.Teams(2)}, game.Mode{Name: "standard", Title: "Standard", Teams: 2, Size: 4, Min: 2}},
		{"large teams", []game.Option{game.Players(10, 12), game.Teams(3)}, game.Mode{Name: "standard", Title: "Standard", Teams: 3, Size: 4, Min: 10}},
		{"declared", []game.Option{game.Modes(game.Mode{Name: "duel", Size: 2, Ranked: true})}, game.Mode{Name: "duel", Title: "duel", Size: 2, Ranked: true}},
	}
	for _, test := range tests {
		d, err := game.Define("plain", newPlain, test.opts...)
		if err != nil {
			t.Errorf("%s: %v", test.what, err)
			continue
		}
		first, _ := d.Mode("")
		named, ok := d.Mode(test.want.Name)
		if _, other := d.Mode("other"); fmt.Sprint(first) != fmt.Sprint(test.want) || fmt.Sprint(named) != fmt.Sprint(first) || !ok || other {
			t.Errorf("%s: got %+v, want %+v", test.what, first, test.want)
		}
	}
}
