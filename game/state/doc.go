// Package state holds what clients see of a match: the compiled schema, typed
// tables, snapshots of them, the difference between two snapshots, and the
// codec that saves and restores a whole match. It is pure: no I/O, no clock, no
// goroutines. Nothing in it is safe for concurrent use unless it says so.
//
// It is the only package that uses unsafe: offsets are compiled once from the
// game's struct type, so that nothing on the tick uses reflection.
package state
