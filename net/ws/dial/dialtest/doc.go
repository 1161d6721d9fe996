// Package dialtest is the other end of a dialled connection, for tests: a
// WebSocket over real loopback TCP that a test reads and writes by hand.
package dialtest
