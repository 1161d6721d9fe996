//go:build !linux

package ws

import "errors"

// canGate says that connections can be taken off the runtime's poller and put
// back. Here they stay on it.
const canGate = false

func dup(int) (int, error) { return -1, errors.ErrUnsupported }

func enroll(int) (waiting, error) { return nil, errors.ErrUnsupported }

func duplicate(int) (waiting, error) { return nil, errors.ErrUnsupported }
