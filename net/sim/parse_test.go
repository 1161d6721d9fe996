package sim_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sandlot-server/sandlot/net/sim"
)

func TestParse(t *testing.T) {
	const ms = time.Millisecond
	for text, want := range map[string]sim.Link{
		"":                    {},
		"0s":                  {},
		"150ms":               {Ping: 150 * ms},
		"150ms±30ms,1%":       {Ping: 150 * ms, Jitter: 30 * ms, Loss: 0.01},
		" 0.5% , 80ms+-10ms ": {Ping: 80 * ms, Jitter: 10 * ms, Loss: 0.005},
		"80ms+/-10ms":         {Ping: 80 * ms, Jitter: 10 * ms},
		"64KB/s":              {Rate: 64 << 10},
		"2Mbit/s":             {Rate: 250_000},
		"100kbit/s,cut=30s":   {Rate: 12_500, Cut: 30 * time.Second},
		"outage=5s/1m,hang=1m30s,300ms": {
			Outage: 5 * time.Second, OutageEvery: time.Minute, Hang: 90 * time.Second, Ping: 300 * ms,
		},
	} {
		if got, err := sim.Parse(text); err != nil || got != want {
			t.Errorf("%q is %+v, %v", text, got, err)
		}
	}
}

func TestParseNamesTheFault(t *testing.T) {
	for text, want := range map[string]string{
		"150":             `"150": not a time, as in 150ms or 2s`,
		"150ms±":          `"150ms±": not a time`,
		"-5ms":            `"-5ms": not a time`,
		"10ms±20ms":       "jitter of 20ms is more than the ping of 10ms",
		"2h":              "ping of 2h0m0s: from 0 to 1h0m0s",
		"51%":             "loss of 51%: from 0% to 50%",
		"NaN%":            "loss of NaN%",
		"x%":              "not a percentage, as in 1% or 0.5%",
		"-1%":             "loss of -1%",
		"fast/s":          "not a rate, as in 64KB/s or 2Mbit/s",
		"1B/s":            "out of bounds: from 64 B/s to 1024 MB/s",
		"1e30MB/s":        "out of bounds",
		"10ms,,1%":        "nothing between two commas",
		"10ms,20ms":       `"20ms": a second ping`,
		"outage=5s":       "how long and how often are wanted, as in outage=5s/1m",
		"outage=0s/5s":    "both or none",
		"outage=40s/1m":   "at most half of the time",
		"drop=5s":         `there is no "drop"; there are cut, hang and outage`,
		"cut=soon":        `"cut=soon": not a time`,
		"hang=1s,hang=2s": "a second hang",
	} {
		if _, err := sim.Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestTextReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := func(name string, least, most int64) time.Duration {
			return time.Duration(rapid.Int64Range(least, most).Draw(t, name)) * time.Microsecond
		}
		l := sim.Link{Ping: d("ping", 0, 1e6), Cut: d("cut", 0, 1e6), Hang: d("hang", 0, 1e6)}
		l.Jitter = d("jitter", 0, l.Ping.Microseconds())
		l.Loss = float64(rapid.IntRange(0, 500).Draw(t, "loss")) / 1000
		l.Rate = rapid.SampledFrom([]int{0, 64, 99, 1 << 10, 1 << 20, 125_000, 12_500, 1 << 30}).Draw(t, "rate")
		if l.Outage = d("outage", 0, 1e6); l.Outage > 0 {
			l.OutageEvery = 3 * l.Outage
		}
		text, err := l.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var got sim.Link
		if err := got.UnmarshalText(text); err != nil || (got.Loss-l.Loss)*(got.Loss-l.Loss) > 1e-24 {
			t.Fatalf("%s is read as %+v: %v", text, got, err)
		}
		if got.Loss = l.Loss; got != l {
			t.Fatalf("%s is read as %+v", text, got)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"150ms±30ms,1%", "64KB/s,cut=30s", "outage=5s/1m,hang=1h", "", ",", "1e400%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := sim.Parse(text)
		if err != nil {
			return
		}
		if err := l.Validate(); err != nil {
			t.Fatalf("%q was taken: %v", text, err)
		}
		if again, err := sim.Parse(l.String()); err != nil {
			t.Fatalf("%q became %q and then %+v, %v", text, l, again, err)
		}
	})
}
