//go:build !linux

package ws

import "net"

// tune sets a socket up for small, fresh messages. Failing is harmless.
func tune(_ int, c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetNoDelay(true)
		_ = t.SetWriteBuffer(16 << 10)
	}
}
