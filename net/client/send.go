package client

import (
	"errors"
	"fmt"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// ErrOffline is the error of sending without a welcome. But for commands in a
// match, what is sent while offline is not kept.
var ErrOffline = errors.New("not connected")

// SendInput sends an input, in the order of the schema's input fields, and
// returns its number. It carries the ack of the newest state. Values out of
// range are a *wire.Error and are not sent.
func (c *Client) SendInput(values []state.Value) (seq uint32, err error) {
	err = c.send(func(v *view, dst []byte) ([]byte, error) {
		shape := &v.welcome.Schema.Input
		if err := wire.Check(shape, values, wire.TypeInput); err != nil {
			return nil, err
		}
		now := time.Since(c.epoch)
		v.seq = max(v.seq, v.applied) + 1
		v.inputAt, seq = now, v.seq
		v.inputs.send(seq, now)
		in := wire.Input{Seq: seq, Ack: v.tick, Viewed: v.tick, Fields: values}
		return wire.AppendInput(dst, &in, shape), nil
	})
	return seq, err
}

// Chat says text (at most wire.MaxChat bytes) to the lobby, or to the own team.
func (c *Client) Chat(channel uint8, text string) error {
	if len(text) > wire.MaxChat {
		return fmt.Errorf("chat of %d bytes: at most %d", len(text), wire.MaxChat)
	}
	return c.send(func(_ *view, dst []byte) ([]byte, error) {
		return wire.AppendChat(dst, wire.Chat{Channel: channel, Text: text}), nil
	})
}

// Ready says whether this member is ready to start.
func (c *Client) Ready(ready bool) error {
	return c.send(func(_ *view, dst []byte) ([]byte, error) {
		return wire.AppendReady(dst, wire.Ready{Ready: ready}), nil
	})
}

// Start begins the match; the host's.
func (c *Client) Start() error {
	return c.send(func(_ *view, dst []byte) ([]byte, error) { return wire.AppendStart(dst), nil })
}

// Kick removes a player; the host's.
func (c *Client) Kick(p state.Player) error {
	return c.send(func(_ *view, dst []byte) ([]byte, error) {
		return wire.AppendKick(dst, wire.Kick{Player: p}), nil
	})
}

// Set changes a setting by its index in the schema; the host's.
func (c *Client) Set(index int, value int64) error {
	return c.send(func(_ *view, dst []byte) ([]byte, error) {
		return wire.AppendSetting(dst, wire.Setting{Index: index, Value: value}), nil
	})
}

// Manage asks for something about the lobby or somebody in it; all but the own
// team is the host's.
func (c *Client) Manage(m wire.Manage) error {
	return c.send(func(_ *view, dst []byte) ([]byte, error) { return wire.AppendManage(dst, m), nil })
}

// Network asks for a bad network, simulated for all members, as net/sim reads it;
// empty ends it. It is the host's, where the server is configured so.
func (c *Client) Network(link string) error {
	return c.send(func(_ *view, dst []byte) ([]byte, error) {
		return wire.AppendNetwork(dst, wire.Network{Link: link}), nil
	})
}

// Leave gives up the seat for good; the server then closes the connection.
func (c *Client) Leave() error {
	return c.send(func(_ *view, dst []byte) ([]byte, error) { return wire.AppendLeave(dst), nil })
}

// AskKeyframe asks for the whole state.
func (c *Client) AskKeyframe() error {
	return c.send(func(_ *view, dst []byte) ([]byte, error) { return wire.AppendKeyframe(dst), nil })
}

// Ping asks for the server's clock; the client does so by itself every 2 s.
func (c *Client) Ping() error {
	return c.send(func(_ *view, dst []byte) ([]byte, error) {
		return wire.AppendPing(dst, wire.Ping{ClientTime: uint64(time.Since(c.epoch).Microseconds())}), nil
	})
}

func (c *Client) ping() { _ = c.Ping() } // a broken connection is Run's to notice

// ackUnlessInput acks the newest state, where no inputs do.
func (c *Client) ackUnlessInput() {
	_ = c.send(func(v *view, dst []byte) ([]byte, error) { // a broken connection is Run's to notice
		if v.inputAt > 0 && time.Since(c.epoch)-v.inputAt < 2*v.period() {
			return nil, nil
		}
		return wire.AppendAck(dst, wire.Ack{Tick: v.tick}), nil
	})
}

// send encodes with mu held and writes without it; nil bytes are not sent.
func (c *Client) send(encode func(v *view, dst []byte) ([]byte, error)) error {
	c.out.Lock()
	defer c.out.Unlock()
	c.mu.Lock()
	s := c.socket
	if s == nil || !c.welcomed {
		c.mu.Unlock()
		return ErrOffline
	}
	p, err := encode(&c.view, c.buf[:0])
	if p != nil {
		c.buf = p
		c.stats.wrote(len(p))
	}
	c.mu.Unlock()
	if err != nil || p == nil {
		return err
	}
	return s.Write(p)
}
