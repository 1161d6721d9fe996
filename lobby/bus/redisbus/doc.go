// Package redisbus is bus.Bus, bus.Store and bus.Records over Redis 6.2 or newer: a single
// server, Sentinel or Cluster. It is the only package that imports go-redis.
//
// What it takes care of, because go-redis does not:
//
//   - A half-open subscription is noticed: the bus publishes a heartbeat to
//     itself each second, and when none came back for Config.Silent the connection is
//     made anew. Every new connection is a Gap for every subscription.
//   - Every call is bounded by its context and by Config.Timeout, and nothing is
//     retried: a lost reply must not publish or append twice.
//   - Callers of Subscribe never wait for the network: one goroutine owns the
//     subscription connection.
//
// Goroutines, all within Run: one that keeps the connection and one that reads
// it, which also calls the Handlers. Nothing is queued here: a Handler that does
// not return delays the others.
package redisbus
