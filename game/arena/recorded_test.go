package arena_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/arena"
	"github.com/sandlot-server/sandlot/game/gametest"
)

// The recorded match: four bots, of whom one leaves and comes back as another
// player. A line a tick: the hash of the state after it, then each player's
// input in hex. Replayed, every tick must reach the recorded state.
const (
	recording  = "testdata/match.golden"
	recorded   = 600
	leavesAt   = 200
	comesAt    = 260
	recordSeed = 11
)

func TestRecordedMatch(t *testing.T) {
	if f := flag.Lookup("gametest.update"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile(recording, record(t), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(recording)
	if err != nil {
		t.Fatalf("%v (run the test with -gametest.update to write it)", err)
	}
	m := gametest.New(t, arena.New, gametest.Seed(recordSeed), gametest.Setting("map", 1))
	lines := bufio.NewScanner(bytes.NewReader(data))
	for tick := 0; lines.Scan(); tick++ {
		comeAndGo(m, tick)
		words := strings.Fields(lines.Text())
		for i, word := range words[1:] {
			in, err := hex.DecodeString(word)
			if err != nil || len(in) != 4 {
				t.Fatalf("%s:%d: %q is no input", recording, tick+1, word)
			}
			if p := game.Player(i + 1); !gone(p, tick) {
				m.Input(p, unpack(in))
			}
		}
		m.Step(1)
		if got := fmt.Sprintf("%016x", m.Runner().Hash()); got != words[0] {
			t.Fatalf("tick %d is the first that differs: its state hashes to %s, recorded was %s", tick+1, got, words[0])
		}
	}
}

// record plays the match with bots and writes it down.
func record(t *testing.T) []byte {
	m := gametest.New(t, arena.New, gametest.Seed(recordSeed), gametest.Setting("map", 1))
	var out bytes.Buffer
	var brains []game.Brain
	for i := range uint64(5) {
		brains = append(brains, arena.NewBrain(i+1))
	}
	for tick := range recorded {
		players := comeAndGo(m, tick)
		var inputs []string
		for i := range players {
			p := game.Player(i + 1)
			var in arena.Input
			if !gone(p, tick) {
				if tick > 0 { // before the first there is nothing to look at
					brains[i].Think(&game.View{Tick: m.Tick(), Me: p, Mirror: m.Mirror(p)}, &in)
				}
				m.Input(p, in)
			}
			inputs = append(inputs, hex.EncodeToString(pack(in)))
		}
		m.Step(1)
		fmt.Fprintf(&out, "%016x %s\n", m.Runner().Hash(), strings.Join(inputs, " "))
	}
	return out.Bytes()
}

// comeAndGo lets players in and out before a tick and says how many ever came.
func comeAndGo(m *gametest.Match, tick int) int {
	switch tick {
	case 0:
		for range 4 {
			m.Join("bot")
		}
	case leavesAt:
		m.Leave(2)
	case comesAt:
		m.Join("bot")
	}
	if tick >= comesAt {
		return 5
	}
	return 4
}

func gone(p game.Player, tick int) bool { return p == 2 && tick >= leavesAt }

func pack(in arena.Input) []byte {
	var held byte
	if in.Fire {
		held |= 1
	}
	if in.Dash {
		held |= 2
	}
	return []byte{byte(in.MoveX), byte(in.MoveY), in.Aim, held}
}

func unpack(b []byte) arena.Input {
	return arena.Input{MoveX: int8(b[0]), MoveY: int8(b[1]), Aim: b[2], Fire: b[3]&1 != 0, Dash: b[3]&2 != 0}
}
