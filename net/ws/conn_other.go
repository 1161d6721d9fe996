//go:build !unix

package ws

// canTry says that a socket can be read and written without waiting. Here it
// cannot: writes go through the connection's goroutines, and reads wait.
const canTry = false

func tryWrite(int, []byte) (int, error) { return 0, nil }

func tryRead(int, []byte) (int, error) { return 0, errAgain }

func closeFD(int) {}

func shutFD(int) {}

func discard(int) {}
