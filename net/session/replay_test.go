package session_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// said makes a message that can be told from others.
func said(i int) []byte {
	return wire.AppendChatOut(nil, &wire.ChatOut{Epoch: 1, Offset: uint64(i), Text: fmt.Sprint(i)})
}

// Whatever is said and whenever a seat's connections come and go, the client
// ends up with every message once and in order, or is told that it cannot.
func TestReplayOrderNoneTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bound := rapid.IntRange(20, 400).Draw(t, "bound")
		log := session.NewReplay(bound)
		var has []int // what the client has
		var lost bool // it was told that something is gone
		count := uint32(0)
		said1 := 0
		var now *session.Session
		var wireEnd *conn

		read := func() {
			var m wire.ServerMessage
			for _, f := range wireEnd.take() {
				if err := wire.DecodeServer(f, schema, &m); err != nil {
					t.Fatal(err)
				}
				switch m.Type {
				case wire.TypeWelcome:
					if uint32(m.Welcome.Events) != count {
						lost, has = true, nil
					}
					count = uint32(m.Welcome.Events)
				case wire.TypeChatOut:
					has = append(has, int(m.Chat.Offset))
					count++
				}
			}
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0: // come (back)
				if now != nil {
					break
				}
				wireEnd = &conn{}
				now = session.New(wireEnd, session.Identity{Player: 1}, schema, nil, time.Now())
				from, whole := log.From(count)
				if whole != (from == count) {
					t.Fatalf("from %d and whole %v for %d seen", from, whole, count)
				}
				now.Open(wire.AppendWelcome(nil, &wire.Welcome{Schema: schema, Events: uint64(from)}), log, from)
				read()
			case 1: // drop; what was on its way is lost
				if now != nil {
					if rapid.Bool().Draw(t, "flushed") {
						now.Flush()
						read()
					}
					now.Close(session.Lost)
					now = nil
				}
			default:
				m := said(said1)
				said1++
				if now != nil {
					now.Event(m)
				} else {
					log.Append(m)
				}
			}
			if now != nil && rapid.Bool().Draw(t, "flush") {
				now.Flush()
				read()
			}
		}
		for i := 1; i < len(has); i++ {
			if has[i] != has[i-1]+1 {
				t.Fatalf("got %v", has)
			}
		}
		if !lost && len(has) > 0 && has[0] != 0 {
			t.Fatalf("began at %d without being told", has[0])
		}
		if uint32(said1) != log.Count() {
			t.Fatalf("count %d, said %d", log.Count(), said1)
		}
	})
}

// What is said between the end of a session and the lobby's noticing is kept;
// a replaced session logs no more.
func TestReplayAfterEnd(t *testing.T) {
	log := session.NewReplay(0)
	old, newer := newClient(t, 1, nil, time.Now()), newClient(t, 1, nil, time.Now())
	welcome := wire.AppendWelcome(nil, &wire.Welcome{Schema: schema})
	old.s.Open(welcome, log, 0)
	old.s.Event(said(0))
	old.s.Close(session.Lost)
	old.s.Event(said(1))
	newer.s.Open(welcome, log, 0)
	old.s.Event(said(2))
	newer.read()
	want := []wire.Type{wire.TypeWelcome, wire.TypeChatOut, wire.TypeChatOut}
	if !slices.Equal(newer.kinds, want) || log.Count() != 2 {
		t.Fatalf("got %v and count %d, want %v and 2", newer.kinds, log.Count(), want)
	}
}
