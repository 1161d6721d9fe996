//go:build unix

package ws

import "golang.org/x/sys/unix"

// canTry says that a socket can be written to without waiting.
const canTry = true

// write makes the attempt on a descriptor. It returns true: whatever happened,
// the runtime is not to wait for room.
func (a *attempt) write(fd uintptr) bool {
	for {
		n, err := unix.Write(int(fd), a.p)
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.EAGAIN:
			return true
		case err != nil:
			a.err = err
		default:
			a.n = n
		}
		return true
	}
}
