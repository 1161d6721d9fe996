package feed_test

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sandlot-server/sandlot/lobby/feed"
)

// A Line gives out all that it took, in order, and nothing before its time.
func TestLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l feed.Line
		start := time.Unix(1000, 0)
		now, in, out := start, 0, 0
		var due []time.Time
		for range rapid.IntRange(1, 300).Draw(t, "rounds") {
			now = now.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "ms")) * time.Millisecond)
			for range rapid.IntRange(0, 3).Draw(t, "put") {
				at := now.Add(time.Duration(rapid.IntRange(0, 2).Draw(t, "s")) * time.Second)
				if !l.Put([]byte{byte(in)}, at) {
					t.Fatal("it is full")
				}
				due = append(due, at)
				in++
			}
			for m, ok := l.Take(now); ok; m, ok = l.Take(now) {
				if m[0] != byte(out) || now.Before(due[out]) {
					t.Fatalf("message %d came as %d, %v too early", m[0], out, due[out].Sub(now))
				}
				out++
			}
		}
		for _, ok := l.Take(now.Add(time.Hour)); ok; _, ok = l.Take(now.Add(time.Hour)) {
			out++
		}
		if _, waits := l.Due(); out != in || waits {
			t.Fatalf("%d of %d came out", out, in)
		}
	})
}

// Its memory is bounded: first states are left out, then messages are lost.
func TestLineIsBounded(t *testing.T) {
	var l feed.Line
	kilo := bytes.Repeat([]byte{1}, 1000)
	due := time.Unix(1000, 0)
	n := 0
	for !l.Crowded() {
		if !l.Put(kilo, due) {
			t.Fatal("it is full before it is crowded")
		}
		n++
	}
	for l.Put(kilo, due) {
		n++
	}
	if n < 4900 || n > 5300 {
		t.Errorf("it holds %d KB", n)
	}
	if _, ok := l.Take(due); !ok || !l.Put(kilo, due) {
		t.Error("there is no room again")
	}
}
