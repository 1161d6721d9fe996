//go:build unix && !linux

package ws

import "golang.org/x/sys/unix"

func write(fd int, p []byte) (int, error) { return unix.Write(fd, p) }

func read(fd int, p []byte) (int, error) { return unix.Read(fd, p) }
