package cmd

import (
	"errors"
	"net"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// sayAgain is how often a listener that cannot accept says so.
const sayAgain = 10 * time.Second

// accepting counts what a listener could not accept, which is when descriptors run
// out. The HTTP server above it waits longer from one try to the next, up to a
// second, and goes on by itself.
type accepting struct {
	net.Listener
	log    logger
	failed prometheus.Counter
	said   atomic.Int64 // Unix ns
}

// Accept implements net.Listener.
func (a *accepting) Accept() (net.Conn, error) {
	c, err := a.Listener.Accept()
	if err == nil || errors.Is(err, net.ErrClosed) {
		return c, err
	}
	a.failed.Inc()
	now, said := time.Now().UnixNano(), a.said.Load()
	if now-said > int64(sayAgain) && a.said.CompareAndSwap(said, now) {
		a.log.Error("connections cannot be accepted; trying again, ever more slowly", "err", err)
	}
	return c, err
}
