// Package bus is what instances share: Bus carries messages between them,
// Store keeps leases and chat history, and Records what several of them change,
// each change whole and once. Each has a memory implementation here
// and one over Redis in redisbus; bustest holds both to the same guarantees.
//
// Goroutines: one for each Memory that runs. Bounds: a Memory queues 4096
// messages; what finds the queue full is lost and its channel is told of a gap.
package bus
