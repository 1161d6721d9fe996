// Command bench measures what Sandlot costs beside a bare gws room server, in
// one run on one machine: each server in a process of its own on one core, one
// after the other, and a load generator on another core that reads thousands of
// sockets from one epoll loop. Sandlot runs as shipped (sign-in, sync, acks,
// metrics) with arena's rules at 20 ticks a second. The figure that counts is
// the ratio of processor time per delivered snapshot. It runs on Linux.
package main
