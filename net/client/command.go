package client

import (
	"errors"
	"fmt"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// maxCommands bounds the commands that are not yet done; more are refused.
const maxCommands = 64

// ErrBusy is the error of a command while too many wait to be done.
var ErrBusy = errors.New("too many commands wait to be done")

// commands numbers commands and keeps each until the server has it, so that one
// sent into a dying connection is sent again on the next. The server takes each
// number once.
type commands struct {
	last    uint32 // newest number used, here or, as done messages tell, before
	waiting []waiting
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

// Command sends a command by its index in the schema and returns its number,
// which a done message will carry once the game has it or has refused it. If the
// connection breaks before that, it is sent again on the next one, unless another
// match has begun.
func (c *Client) Command(index int, values []state.Value) (n uint32, err error) {
	err = c.send(func(v *view, dst []byte) ([]byte, error) {
		list := v.welcome.Schema.Commands
		if index < 0 || index >= len(list) {
			return nil, fmt.Errorf("command %d: there are %d", index, len(list))
		}
		if err := wire.Check(&list[index], values, wire.TypeCommand); err != nil {
			return nil, err
		}
		q := &v.commands
		if len(q.waiting) >= maxCommands {
			return nil, ErrBusy
		}
		q.last++
		n = q.last
		frame := wire.AppendCommand(nil, &wire.Command{N: n, Index: index, Fields: values}, &list[index])
		q.waiting = append(q.waiting, waiting{n, frame})
		return append(dst, frame...), nil
	})
	return n, err
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

// resend sends again what is not done, after a welcome.
func (c *Client) resend() {
	c.mu.Lock()
	frames := make([][]byte, 0, len(c.commands.waiting))
	for _, w := range c.commands.waiting {
		frames = append(frames, w.frame)
	}
	c.mu.Unlock()
	for _, f := range frames {
		_ = c.send(func(_ *view, dst []byte) ([]byte, error) { return append(dst, f...), nil }) // Run notices
	}
}
