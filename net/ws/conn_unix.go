//go:build unix

package ws

import (
	"errors"
	"io"

	"golang.org/x/sys/unix"

	"github.com/sandlot-server/sandlot/net/ws/nowait"
)

// canTry says that a socket can be read and written without waiting.
const canTry = true

// tryWrite writes what the socket takes at once; for -1 that is nothing.
func tryWrite(fd int, p []byte) (int, error) {
	if fd < 0 {
		return 0, nil
	}
	for {
		n, err := nowait.Write(fd, p)
		switch {
		case err == nil:
			return n, nil
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EAGAIN):
			return 0, nil
		default:
			return 0, err
		}
	}
}

// tryRead reads what is there, or fails with errAgain.
func tryRead(fd int, p []byte) (int, error) {
	for {
		n, err := nowait.Read(fd, p)
		switch {
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EAGAIN):
			return 0, errAgain
		case err != nil:
			return 0, err
		case n == 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}

func closeFD(fd int) { _ = unix.Close(fd) }

// shutFD sends the end of the stream.
func shutFD(fd int) { _ = unix.Shutdown(fd, unix.SHUT_WR) }

// discard lets a close throw away what was not sent.
func discard(fd int) {
	if fd >= 0 {
		_ = unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
	}
}
