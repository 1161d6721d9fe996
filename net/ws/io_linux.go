package ws

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// write and read are one system call each on a socket, which never waits: so the
// runtime is not told of it, and does not prepare for a thread that might.

func write(fd int, p []byte) (int, error) {
	return call(unix.SYS_SENDTO, fd, p, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
}

func read(fd int, p []byte) (int, error) {
	return call(unix.SYS_RECVFROM, fd, p, unix.MSG_DONTWAIT)
}

func call(trap uintptr, fd int, p []byte, flags uintptr) (int, error) {
	n, _, errno := unix.RawSyscall6(trap, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), flags, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
