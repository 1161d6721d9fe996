package client_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sandlot-server/sandlot/net/client"
)

func TestParseEnding(t *testing.T) {
	for text, want := range map[string]client.Ending{
		"":                                 {},
		"restart":                          {Word: "restart"},
		"restart;after=5":                  {Word: "restart", After: 5 * time.Second},
		"moved;url=wss://b/ws?a=1;b=2":     {Word: "moved", URL: "wss://b/ws?a=1;b=2"},
		"moved;after=2;url=wss://b/ws":     {Word: "moved", After: 2 * time.Second, URL: "wss://b/ws"},
		"slow;after=-1":                    {Word: "slow"},
		"slow;after=99999999999;later=yes": {Word: "slow"},
	} {
		want.Code = 4001
		if got := *client.ParseEnding(4001, text); got != want {
			t.Errorf("%q is %+v", text, got)
		}
	}
}

func TestComeBack(t *testing.T) {
	for code, want := range map[uint16]bool{
		1000: false, 1001: true, 1002: false, 1003: false, 1006: true, 1007: false, 1008: false, 1009: false,
		1011: true, 1012: true, 1013: true, 4001: true, 4008: true, 4009: true, 4010: true, 4499: true,
		4500: false, 4501: false, 4502: false, 4503: false, 4504: false, 4999: false, 3000: false,
	} {
		if client.ComeBack(code) != want {
			t.Errorf("%d: %v", code, !want)
		}
	}
}

func TestBackoffBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := client.Backoff{}
		n := rapid.IntRange(0, 1000).Draw(t, "n")
		after := time.Duration(rapid.IntRange(0, 60).Draw(t, "after")) * time.Second
		got := b.Wait(n, rapid.Float64Range(0, 0.999).Draw(t, "chance"), after)
		if most := min(500*time.Millisecond<<min(n, 10), 10*time.Second); got < after || got > after+most {
			t.Fatalf("attempt %d waits %v after %v, at most %v", n, got, after, most)
		}
	})
}

func TestClockBelievesTheLeastRoundTrip(t *testing.T) {
	var c client.Clock
	if _, _, ok := c.Best(); ok {
		t.Error("knows something from the start")
	}
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	c.Add(ms(100), ms(1150), ms(1151), ms(121)) // 20 ms, of which 1 at the server: 40 ahead of the middle
	c.Add(ms(200), ms(1206), ms(1206), ms(212))
	c.Add(ms(300), ms(1390), ms(1390), ms(400))
	if rtt, offset, ok := c.Best(); !ok || rtt != ms(12) || offset != ms(1000) {
		t.Errorf("round trip %v, offset %v", rtt, offset)
	}
	for i := range 64 { // the good one is forgotten
		c.Add(ms(1000*i), ms(1000*i+520), ms(1000*i+520), ms(1000*i+40))
	}
	if rtt, offset, _ := c.Best(); rtt != ms(40) || offset != ms(500) {
		t.Errorf("round trip %v, offset %v", rtt, offset)
	}
}

// A better sample moves the clock, which neither leaps nor goes back.
func TestClockSlews(t *testing.T) {
	var c client.Clock
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	if _, ok := c.Now(0); ok {
		t.Error("knows something from the start")
	}
	c.Add(ms(0), ms(1080), ms(1080), ms(100)) // 100 ms round: 1030 ahead
	if now, _ := c.Now(ms(100)); now != ms(1130) {
		t.Errorf("at first %v", now)
	}
	c.Add(ms(200), ms(1205), ms(1205), ms(210)) // 10 ms round: 1000 ahead
	last := ms(1130)
	for own := 100; own <= 700; own += 100 {
		now, _ := c.Now(ms(own))
		want := max(own+1000, own+1030-(own-100)/20)
		if now != ms(want) || now < last {
			t.Errorf("at %d ms: %v after %v", own, now, last)
		}
		last = now
	}
	c.Add(ms(800), ms(5801), ms(5801), ms(802)) // 2 ms round: the server's clock was set
	if now, _ := c.Now(ms(802)); now != ms(5802) {
		t.Errorf("after a leap %v", now)
	}
}

// With states that arrive up to twenty ticks late: 600 ms at 30 Hz.
func TestPaceHoldsTheMargin(t *testing.T) {
	period := 50 * time.Millisecond
	for name, c := range map[string]struct {
		buffered float64 // inputs in the buffer at first
		drift    float64 // of the client's clock
	}{"late": {-2, 0}, "early": {6, 0}, "slow clock": {1, 0.01}, "fast clock": {1, -0.01}} {
		for _, late := range []int{0, 1, 5, 10, 20} {
			var p client.Pace
			buffered, delay := c.buffered, make([]int, late+1)
			least, most := 99.0, -99.0
			for i := range 600 {
				delay = append(delay[1:], int(buffered))
				p.Observe(delay[0])
				buffered += float64(period)/(float64(p.Interval(period))*(1+c.drift)) - 1
				if i > 300 {
					least, most = min(least, buffered), max(most, buffered)
				}
			}
			if least < 0.5 || most > 2.5 {
				t.Errorf("%s, %d ticks late: from %.2f to %.2f inputs are waiting in the end", name, late, least, most)
			}
		}
	}
	var p client.Pace
	if p.Interval(period) != period {
		t.Error("not the period at first")
	}
	p.Observe(-100)
	if p.Interval(period) < period*9/10 {
		t.Error("more than a tenth faster")
	}
}

func TestHist(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h client.Hist
		d := time.Duration(rapid.Int64Range(0, 100_000_000).Draw(t, "us")) * time.Microsecond
		h.Add(d)
		if got := h.Quantile(0.5); got < d || float64(got) > float64(d)*1.032+1000 {
			t.Fatalf("%v is found as %v", d, got)
		}
	})
	var a, b client.Hist
	if a.Quantile(0.5) != 0 {
		t.Error("something in the empty one")
	}
	for i := range 1000 {
		a.Add(time.Duration(i) * time.Millisecond)
		b.Add(time.Hour)
	}
	if q := a.Quantile(0.99); q < 980*time.Millisecond || q > 1020*time.Millisecond {
		t.Errorf("p99 %v", q)
	}
	a.Merge(&b)
	if a.Count() != 2000 || a.Quantile(1) < time.Minute || a.Quantile(0.25) > 520*time.Millisecond {
		t.Errorf("merged: %d, %v, %v", a.Count(), a.Quantile(1), a.Quantile(0.25))
	}
}
