// Package client is a Sandlot client in Go, as bots, load tests and end-to-end
// tests use it: the HTTP calls (API) and a connection to one lobby (Client) that
// keeps the state from deltas, acks it, keeps a clock, and comes back by itself
// where the close reason allows that.
//
// A Client has one goroutine, the one that calls Run, and one more while
// Options.OnTick is set, and one while it gets a new token. It calls its callbacks one at a time. It holds one
// Mirror, 64 clock samples, the times of 64 inputs and up to 32 commands that are
// not done; nothing in it grows with time. What it writes goes out at once or
// fails after 5 s; there is no other queue.
package client
