package cmd_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/cmd/cmdtest"
)

// Bots over a bad network come back by themselves, from cuts of their own and
// from one of all at once, and nothing of that is an error.
func TestBotsOverABadNetwork(t *testing.T) {
	s := cmdtest.Start(t, nil)
	code, out, errOut := run(t, "bots", "--url", s.URL, "--count", "6", "--duration", "4s", "--seed", "5",
		"--net", "40ms+-20ms,1%,cut=3s", "--drop", "1s", "--json")
	var r struct {
		Net        string
		Connected  int
		Reconnects int
		Errors     int
		States     int
		ComeBackMs struct {
			Count, MostIn100Ms int
			Per250Ms           []int
		}
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, errOut)
	}
	if code != 0 || r.Net != "40ms±20ms,1%,cut=3s" || r.Connected != 6 || r.Reconnects < 6 || r.Errors != 0 || r.States == 0 || r.ComeBackMs.Count < 6 || r.ComeBackMs.MostIn100Ms == 0 || sum(r.ComeBackMs.Per250Ms) != r.ComeBackMs.Count {
		t.Errorf("exit code %d\n%s\n%s", code, out, errOut)
	}
	if code, _, errOut := run(t, "bots", "--net", "150"); code != 2 || !strings.Contains(errOut, `--net: network "150": "150": not a time, as in 150ms or 2s`) {
		t.Errorf("a network that makes no sense: %d %s", code, errOut)
	}
}

func sum(all []int) (n int) {
	for _, v := range all {
		n += v
	}
	return n
}
