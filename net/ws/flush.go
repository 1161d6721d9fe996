package ws

import (
	"net"
	"time"
)

// flush writes what is left until nothing is, or the limit has passed. It is a
// goroutine of its own, for as long as that takes: it waits for room.
func (c *conn) flush() {
	c.mu.Lock()
	to, err := c.roomy()
	c.mu.Unlock()
	if err == nil {
		_ = to.SetWriteDeadline(time.Now().Add(writeLimit))
	}
	var batch []byte
	for {
		c.mu.Lock()
		if err != nil && c.err == nil {
			c.err = err
			c.giveUp()
		}
		batch, c.left = c.left, batch[:0]
		if len(batch) == 0 || c.err != nil {
			c.settle(to)
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		var n int
		n, err = to.Write(batch)
		c.metrics.Bytes(0, n)
	}
}

// roomy gives something to wait for room with: the connection, or, where a
// watcher has it, a duplicate that is closed afterwards; mu held.
func (c *conn) roomy() (waiting, error) {
	switch {
	case c.gone:
		return nil, net.ErrClosed
	case c.watcher == nil:
		return c.Conn, nil
	}
	w, err := duplicate(c.fd)
	if err == nil {
		c.spill = w
	}
	return w, err
}

// settle ends flushing; mu held.
func (c *conn) settle(to waiting) {
	switch {
	case c.spill != nil:
		_ = c.spill.Close()
		c.spill = nil
	case to != nil:
		_ = to.SetWriteDeadline(time.Time{})
	}
	c.left = nil
	c.flushing.Store(false)
	if c.finish && c.err == nil && !c.gone {
		c.shutWrite()
	}
}
