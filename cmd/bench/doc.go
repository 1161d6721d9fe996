// Command bench measures what Sandlot costs beside a bare gws room server, in
// one run on one machine: each server in a process of its own on one core, one
// after the other and in turn, and a load generator on another core that reads
// thousands of sockets from one epoll loop and prints its own load. Sandlot runs
// as shipped (sign-in, sync, acks, metrics) with arena's rules at 20 ticks a
// second. A measurement begins when every client plays. The figure that counts
// is the ratio of processor time per delivered snapshot; of several rounds the
// cheapest counts, for on a shared machine noise only ever adds.
//
// With -viewers: what one match costs its home while so many watch it on another
// instance.
//
// With -storm and -slow: how those who play fare beside a thousand who are dropped
// at once and come back, and beside clients that are slow or dead, each beside the
// same run without.
//
// Besides: bytes and resident memory, the interval between snapshots at the
// client, how late ticks began beside a timer in the same process, lobbies of
// other sizes (-sizes), single matches of up to 1,000 players (-matches), idle
// connections (-idle), and how many clients one core carries (-capacity). It runs
// on Linux. -profile writes Sandlot's processor profile of the measured window.
package main
