//go:build unix && !linux

package nowait

import "golang.org/x/sys/unix"

// Write sends what the socket takes of p and says how much that was.
func Write(fd int, p []byte) (int, error) { return unix.Write(fd, p) }

// Read reads what has come, up to len(p) bytes; 0 is the end of the stream.
func Read(fd int, p []byte) (int, error) { return unix.Read(fd, p) }
