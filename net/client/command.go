package client

import (
	"errors"
	"fmt"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// maxCommands bounds the commands that are not yet done; more are refused. All of
// them may be sent at once after a reconnect: a server takes 40 messages at once and
// hands 32 commands of a player to one tick.
const maxCommands = 32

// ErrBusy is the error of a command while too many wait to be done.
var ErrBusy = errors.New("too many commands wait to be done")

// commands numbers commands and keeps each until the server has it, so that one
// made while offline, or sent into a dying connection, is sent on the next. The
// server takes each number once.
type commands struct {
	last    uint32 // newest number used, here or, as done messages tell, before
	waiting []waiting
	held    bool     // since the connection broke, until the match is seen to go on
	dropped []uint32 // of which the program is to be told
}

type waiting struct {
	n     uint32
	frame []byte
}

func (q *commands) done(n uint32) {
	q.last = max(q.last, n)
	for i := range q.waiting {
		if q.waiting[i].n == n {
			q.waiting = append(q.waiting[:i], q.waiting[i+1:]...)
			return
		}
	}
}

// drop forgets what was held: it was meant for a match, or a seat, that is over.
func (q *commands) drop() {
	if !q.held {
		return
	}
	for _, w := range q.waiting {
		q.dropped = append(q.dropped, w.n)
	}
	q.waiting, q.held = nil, false
}

// tellDropped calls OnDropped for what was dropped since. turn is held.
func (c *Client) tellDropped() {
	c.mu.Lock()
	dropped := c.commands.dropped
	c.commands.dropped = nil
	c.mu.Unlock()
	if c.o.OnDropped == nil {
		return
	}
	for _, n := range dropped {
		c.o.OnDropped(c, n)
	}
}

// Command sends a command by its index in the schema and returns its number,
// which a done message will carry once the game has it or has refused it. While
// offline in a match it is kept. What is not done when a connection breaks is
// sent again on the next one, once that has brought the state of the same match;
// if the match is over by then, or the seat is another, it is dropped: OnDropped.
// At most 32 wait: then it is ErrBusy.
func (c *Client) Command(index int, values []state.Value) (n uint32, err error) {
	c.out.Lock()
	defer c.out.Unlock()
	c.mu.Lock()
	s := c.socket
	if !c.welcomed {
		s = nil
	}
	frame, n, err := c.numberCommand(index, values, s != nil)
	if err != nil || s == nil || c.commands.held {
		c.mu.Unlock()
		return n, err
	}
	c.stats.wrote(len(frame))
	c.mu.Unlock()
	return n, s.Write(frame)
}

// numberCommand makes a command one that waits. It is called with mu held.
func (v *view) numberCommand(index int, values []state.Value, online bool) (frame []byte, n uint32, err error) {
	if v.welcome.Schema == nil || !online && v.lobby.Phase != wire.PhaseRunning {
		return nil, 0, ErrOffline
	}
	list := v.welcome.Schema.Commands
	if index < 0 || index >= len(list) {
		return nil, 0, fmt.Errorf("command %d: there are %d", index, len(list))
	}
	if err := wire.Check(&list[index], values, wire.TypeCommand); err != nil {
		return nil, 0, err
	}
	q := &v.commands
	if len(q.waiting) >= maxCommands {
		return nil, 0, ErrBusy
	}
	q.last++
	frame = wire.AppendCommand(nil, &wire.Command{N: q.last, Index: index, Fields: values}, &list[index])
	q.waiting = append(q.waiting, waiting{q.last, frame})
	return frame, q.last, nil
}

// CommandNamed is Command by the command's name.
func (c *Client) CommandNamed(name string, values []state.Value) (uint32, error) {
	if s := c.schema(); s != nil {
		for i := range s.Commands {
			if s.Commands[i].Name == name {
				return c.Command(i, values)
			}
		}
	}
	return 0, fmt.Errorf("no command %q", name)
}

// release sends what was held, now that the match is seen to go on.
func (c *Client) release() {
	c.out.Lock()
	defer c.out.Unlock()
	c.mu.Lock()
	s := c.socket
	if !c.commands.held || s == nil || !c.welcomed {
		c.mu.Unlock()
		return
	}
	c.commands.held = false
	frames := make([][]byte, 0, len(c.commands.waiting))
	for _, w := range c.commands.waiting {
		frames = append(frames, w.frame)
		c.stats.wrote(len(w.frame))
	}
	c.mu.Unlock()
	for _, f := range frames {
		if s.Write(f) != nil {
			return // Run notices
		}
	}
}
