//go:build unix

package cluster

import (
	"os/exec"
	"syscall"
)

// apart keeps a Ctrl-C from a program: who started all of them stops them in order.
func apart(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
