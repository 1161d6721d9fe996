//go:build !unix

package ws

// canTry says that a socket can be written to without waiting. Here it cannot:
// all writes go through the connection's goroutine.
const canTry = false

func (a *attempt) write(uintptr) bool { return true }
