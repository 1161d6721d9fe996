// Package cluster runs instances of Sandlot as one on this machine, for `make
// cluster`, for the bench of many instances and for tests: a Redis that keeps
// nothing, nginx in front with the configuration that is shipped, and the
// instances, each a process. It is made to be harmed: an instance can be killed,
// stopped in order and started again, and so can Redis.
//
// Everything listens on loopback. What it writes is in a folder of its own, which
// goes with it. redis-server and nginx must be installed.
package cluster
