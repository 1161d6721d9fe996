package ws

import (
	"os"

	"golang.org/x/sys/unix"
)

// canGate says that connections can be taken off the runtime's poller and put
// back. This is the one place where that is chosen.
const canGate = true

// dup duplicates a descriptor.
func dup(fd int) (int, error) { return unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0) }

// enroll puts a descriptor on the runtime's poller; what it gives owns it.
func enroll(fd int) (waiting, error) {
	f := os.NewFile(uintptr(fd), "socket") // it does not block, so it is polled
	return f, f.SetDeadline(noDeadline)    // fails where it is not
}

// duplicate puts a duplicate of a descriptor on the poller.
func duplicate(fd int) (waiting, error) {
	other, err := dup(fd)
	if err != nil {
		return nil, err
	}
	w, err := enroll(other)
	if err != nil {
		_ = w.Close()
		return nil, err
	}
	return w, nil
}
