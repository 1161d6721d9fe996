//go:build !linux

package main

import (
	"fmt"
	"os"
)

// The generator reads its sockets through epoll, and processes are pinned and
// measured the Linux way.
func main() {
	fmt.Fprintln(os.Stderr, "bench: runs on Linux only")
	os.Exit(1)
}
