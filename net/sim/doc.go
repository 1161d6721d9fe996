// Package sim makes a good network behave like a bad one: it wraps a connection
// so that what passes through it is delayed, jittered, held up as lost packets
// hold TCP up, slowed to a rate, cut off for a while or for good, in both
// directions, and the same again for the same seed.
//
// A Link says what the network is like; Parse reads one from text such as
// "150ms±30ms,1%". Wrap puts a connection behind a Link, Dialer those it dials.
//
// What is simulated is what a program sees of TCP, which loses and reorders
// nothing: a lost packet is a stall of a retransmission time, and all behind it
// waits. Nothing of the kernel's is changed, so it works on any system.
//
// A wrapped connection has two goroutines, one for each direction, which end
// soon after Close. Each direction holds at most 256 KiB on its way; when that is
// full, writing blocks and reading from the connection beneath stops, as with the
// buffers of a socket.
package sim
