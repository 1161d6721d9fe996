package lobby

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		"hi":                            "hi",
		"  a \t\n b  ":                  "a b",
		"\x00\x1b[31mred\x7f":           "[31mred",
		"abc\u202egnp.exe":              "abcgnp.exe",
		"\u2066x\u2069\u200f\u061cy":    "xy",
		"zero\u200bwidth\ufeff":         "zerowidth",
		"bad\xff\xfeutf":                "badutf",
		"<script>alert(1)":              "<script>alert(1)", // text is inert: the page never makes HTML of it
		"日本語 ok":                        "日本語 ok",
		"\U0001f468\u200d\U0001f469":    "\U0001f468\u200d\U0001f469",
		strings.Repeat("x", 99):         strings.Repeat("x", 20),
		"exactly twenty chars and more": "exactly twenty chars",
	} {
		if got := clean(in, 20); got != want {
			t.Errorf("clean(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestNormalCode(t *testing.T) {
	for in, want := range map[string]string{
		"ABCD1234": "ABCD1234", "abcd-1234": "ABCD1234", " ab cd 12 34 ": "ABCD1234", "oOiIlL00": "00111100",
		"ABCD123": "", "ABCD12345": "", "ABCDU234": "", "ABCD123é": "", "": "",
	} {
		if got := normalCode(in); got != want {
			t.Errorf("normalCode(%q) is %q, want %q", in, got, want)
		}
	}
	for range 100 {
		if c := secret(codeLen); normalCode(c) != c {
			t.Errorf("the code %q is not its own normal form", c)
		}
		if id := newID(); normalCode(id) != "" || !IsID(id) {
			t.Errorf("the id %q could be a code", id)
		}
	}
	for _, padded := range []string{"ABCD----1234", "A-B-C-D-1234", "abcd    1234", "ABCD1234", "ABCD-1234", ""} {
		if IsID(padded) {
			t.Errorf("%q is taken for an id", padded)
		}
	}
}

// An old token stays good until its successor was proven.
func TestTokens(t *testing.T) {
	var k tokens
	if k.good(0) {
		t.Error("a token that was never given is good")
	}
	first := k.give()
	second := k.give() // came back with the first; the welcome may be lost
	third := k.give()
	for _, serial := range []uint32{first, second, third} {
		if !k.good(serial) {
			t.Errorf("token %d is not good before any proof", serial)
		}
	}
	k.prove()
	if k.good(first) || k.good(second) || !k.good(third) || k.good(third+1) {
		t.Error("after the proof exactly the newest is good")
	}
}

func chats(offsets ...uint64) (all []wire.ChatOut) {
	for _, o := range offsets {
		all = append(all, wire.ChatOut{Epoch: 1, Offset: o})
	}
	return all
}

func offsets(all []wire.ChatOut) (out []uint64) {
	for _, c := range all {
		out = append(out, c.Offset)
	}
	return out
}

func TestSequence(t *testing.T) {
	var s sequence
	give := func(force bool, want []uint64, offer ...uint64) {
		t.Helper()
		for _, c := range chats(offer...) {
			s.offer(c)
		}
		if got := offsets(s.take(force)); !slices.Equal(got, want) {
			t.Errorf("after offering %v: %v, want %v", offer, got, want)
		}
	}
	give(false, nil, 12, 11) // where the history begins is not known yet
	s.begins(2, 11)          // of another epoch: no word of ours
	give(false, nil)
	s.begins(1, 10)
	give(false, []uint64{10, 11, 12}, 10)      // now it is
	give(false, []uint64{13}, 13, 12, 11, 13)  // each once
	give(false, nil, 15, 17)                   // 14 is missing
	give(false, []uint64{14, 15}, 14)          // filled
	give(true, []uint64{17})                   // 16 never came: the jump shows
	give(false, nil, 16)                       // too late
	s.offer(wire.ChatOut{Epoch: 2, Offset: 1}) // the home forgot all
	if got := s.take(false); len(got) != 1 || !s.behind(2, 2) || s.behind(1, 99) {
		t.Errorf("a new epoch gives %v", got)
	}
	for o := range uint64(1000) {
		s.offer(wire.ChatOut{Epoch: 2, Offset: o + 10})
	}
	if len(s.held) > 2*chatKept {
		t.Errorf("%d messages are held", len(s.held))
	}
}

// What is said elsewhere is taken once and in order, whatever is lost, repeated
// or late, and goes on behind what was given up.
func TestSaying(t *testing.T) {
	var at time.Time
	w, h := newSaying(), hearing{}
	for range 4 {
		if !w.add(at, note{}, nil) {
			t.Fatal("refused below the bound")
		}
	}
	deliver := func(want bool, n, oldest uint64) {
		t.Helper()
		if got := h.takes(w.from, n, oldest); got != want {
			t.Errorf("number %d with %d the oldest: taken is %v", n, oldest, got)
		}
	}
	deliver(false, 2, 1) // 1 was lost: it waits for that
	deliver(true, 1, 1)
	deliver(false, 1, 1)
	deliver(true, 2, 1)
	w.heard(h[w.from])
	if again := w.again(at.Add(sayingAgain)); len(again) != 2 || again[0].n != 3 {
		t.Errorf("sent again: %v", again)
	}
	if again := w.again(at.Add(sayingAgain)); len(again) != 0 {
		t.Errorf("sent again at once: %v", again)
	}
	if lost := w.lost(at.Add(sayingUp)); len(lost) != 2 || w.oldest() != 5 || !w.due().IsZero() {
		t.Errorf("given up: %v", lost)
	}
	w.add(at, note{}, nil)
	deliver(true, 5, w.oldest())
	deliver(false, 3, 3)
	for n := range uint64(sayingMost + 1) {
		if w.add(at, note{}, nil) != (n < sayingMost-1) {
			t.Errorf("message %d beyond is let on its way or not", n)
		}
	}
	for i := range remotes {
		h.takes(strconv.Itoa(i), 1, 1)
	}
	if len(h) > remotes {
		t.Errorf("%d relays are remembered", len(h))
	}
}

func TestInboxIsBounded(t *testing.T) {
	refused := 0
	b := newInbox(3, func() { refused++ })
	for range inboxBound + 6 {
		if !b.Post(session.Incoming{}) {
			t.Fatal("refused below the bound")
		}
	}
	if b.Post(session.Incoming{}) || refused != 1 {
		t.Error("a full inbox took a post")
	}
	b.Gone(nil, session.Lost) // cannot be refused
	if got := b.take(); len(got) != inboxBound+7 {
		t.Errorf("%d items", len(got))
	}
	if !b.Post(session.Incoming{}) {
		t.Error("an emptied inbox refuses")
	}
	if rest := b.end(); len(rest) != 1 || b.Post(session.Incoming{}) {
		t.Error("an inbox that has ended takes posts")
	}
}
