// Package state holds what clients see of a match: the compiled schema, typed
// tables, snapshots of them, the difference between two snapshots, and the
// codec that saves and restores a whole match. It is pure: no I/O, no clock, no
// goroutines. Nothing in it is safe for concurrent use unless it says so.
//
// A game's struct type is compiled to a [Layout] once. Each tick a [Ring]
// captures the game's tables into a [Snapshot], a [Differ] writes what a viewer
// lacks to a [Sink] as net/wire's PROTOCOL.md has it, and at the client a
// [Mirror] reads that from a [Source]. [View] says which rows a viewer sees:
// of others, nothing is written. [Grid] finds the rows near a point. Where there
// is more than fits, [Differ.Within] writes what is most urgent, and [Held] notes
// what a client has.
//
// Bounds: a [Table] has at most max=N rows (1,024 by default, 65,536 at most)
// and a Ring the number of states it was made for. A Mirror and a Restore read
// bytes of any origin: what does not fit the schema or the 32 and 64 MiB they
// may take is an error, and what is claimed is not allocated before it arrives.
//
// It is the only package that uses unsafe: offsets are compiled once from the
// game's struct type, so that nothing on the tick uses reflection.
package state
