// Package wire turns messages into frames and frames into messages, as
// PROTOCOL.md beside it has them. It is pure: no I/O, no clock, no goroutines,
// no state between calls but pooled scratch space.
//
// Everything that comes from the network is checked before it is used: the
// lengths against the bytes that are there, before anything is allocated; the
// kinds, the ranges and the number of elements against the schema. What Decode
// returned without an error, a game may use as it is. Encoding and decoding of
// state and inputs does not allocate.
//
// A frame here is the payload of one WebSocket message; AppendFrame and its
// like put the WebSocket header before it.
package wire
