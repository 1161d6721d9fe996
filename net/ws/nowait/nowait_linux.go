package nowait

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// Write sends what the socket takes of p and says how much that was.
func Write(fd int, p []byte) (int, error) {
	return call(unix.SYS_SENDTO, fd, p, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
}

// Read reads what has come, up to len(p) bytes; 0 is the end of the stream.
func Read(fd int, p []byte) (int, error) {
	return call(unix.SYS_RECVFROM, fd, p, unix.MSG_DONTWAIT)
}

func call(trap uintptr, fd int, p []byte, flags uintptr) (int, error) {
	n, _, errno := unix.RawSyscall6(trap, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), flags, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
