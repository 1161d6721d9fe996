package cmd

import (
	"testing"

	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/wire"
)

// A command that was refused is not one that took effect, however late its answer.
func TestBotsKnowRefusedCommands(t *testing.T) {
	for _, tc := range []struct {
		done wire.Done
		want uint64
	}{{wire.Done{N: 3}, 1}, {wire.Done{N: 3, Code: "command_busy"}, 0}, {wire.Done{N: 2}, 0}} {
		b := &player{crowd: &crowd{}, pending: 3}
		b.onMessage(nil, &wire.ServerMessage{Type: wire.TypeDone, Done: tc.done})
		b.onState(nil)
		if got := b.answers.Count(); got != tc.want || (b.pending == 0) != (tc.done.N == 3) {
			t.Errorf("%+v: %d answers, pending %d", tc.done, got, b.pending)
		}
	}
}

// A drop may fall into the time in which bots still come, as with --queue; who comes
// for the first time after it does not come back.
func TestDropWhileBotsCome(t *testing.T) {
	c := &crowd{}
	come := make(chan struct{})
	go func() {
		defer close(come)
		for range 100 {
			c.mu.Lock()
			c.bots = append(c.bots, &player{crowd: c})
			c.mu.Unlock()
		}
	}()
	c.drop()
	<-come
	b := &player{crowd: c}
	status := b.onStatus(make(chan struct{}))
	for want, s := range []client.Status{client.Online, client.Online} {
		status(nil, s, nil)
		if r := c.dropped.report(); r.Count != want {
			t.Errorf("%d came back, not %d", r.Count, want)
		}
		status(nil, client.Waiting, nil)
	}
}
