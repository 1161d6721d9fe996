// Package peers carries what instances ask of each other: one signed POST a
// question, on the port that serves players, at the address of the instance's
// record. A question says who asks whom, in the words of package lobby; the
// signature (auth.Peer) names the instance and the run of it that it is for, the
// question and its body, and is good once, for 10 s. An instance that has restarted
// takes questions when those who ask have heard of its new run, within a beat.
//
// Bounds: 256 questions at a time to each instance and 256 from all, 64 KiB a
// question or answer, and 2 MiB where it names all players of a lobby; what is more
// is refused with cross_unavailable, at once. A question waits as long as
// its context allows, which package lobby bounds at 2 s. There are no retries:
// whether an instance that did not answer did what it was asked is not known.
//
// New starts no goroutine; connections that idle have two each, which end with
// Close.
package peers
