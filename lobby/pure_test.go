package lobby

import (
	"slices"
	"strings"
	"testing"

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
		if id := newID(); normalCode(id) != "" {
			t.Errorf("the id %q could be a code", id)
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
	s.begun = true
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
