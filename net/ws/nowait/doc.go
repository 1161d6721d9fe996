// Package nowait reads and writes sockets by their descriptors without ever
// waiting: what cannot be done at once fails with EAGAIN. For sockets that do not
// block, on systems of the Unix family; on others there is nothing in it.
//
// On Linux that is one raw system call: the Go runtime is not told of it and does
// not prepare for a thread that might block, which beside small messages is no
// small cost. Errors are those of the system.
package nowait
