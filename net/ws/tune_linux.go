package ws

import (
	"net"

	"golang.org/x/sys/unix"
)

// notSent bounds what the kernel holds for a client that does not read, in
// bytes. Without it a stalled client swallows megabytes of states that are
// stale before the first write falls short.
const notSent = 16 << 10

// tune sets a socket up for small, fresh messages. Failing is harmless.
func tune(fd int, c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetNoDelay(true)
	}
	if fd >= 0 {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, notSent)
	}
}
