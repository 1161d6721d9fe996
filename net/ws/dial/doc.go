// Package dial opens client connections to a Sandlot server. It is the only
// place on the client's side that knows the WebSocket library.
//
// It starts no goroutine that outlives Dial: a connection is read on the
// goroutine that calls Run. What is read is bounded by Options.MaxMessage, what
// is written goes out at once or fails within the write timeout.
package dial
