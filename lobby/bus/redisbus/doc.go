// Package redisbus is bus.Bus, bus.Store and bus.Records over Redis: a single
// server or one that sentinels watch, of 6.2 or newer, or a cluster of 7.0 or
// newer. It is the only package that imports go-redis.
//
// What it takes care of, because go-redis does not:
//
//   - A half-open subscription is noticed: the bus publishes a heartbeat to
//     itself each second, and when none came back for Config.Silent the connection is
//     made anew. Every new connection is a Gap for every subscription on it.
//   - In a cluster channels are sharded (SSUBSCRIBE): each master has a connection
//     and a heartbeat of its own, so that the loss of one disturbs no other.
//     Channels follow their slots when these move or a replica takes over.
//   - Every call is bounded by its context and by Config.Timeout. What must not
//     happen twice (publish, append) is sent once: a cluster's client of itself
//     would send it again after a lost reply.
//   - Callers of Subscribe never wait for the network: one goroutine a shard owns
//     the subscription connection.
//
// Keys that one script touches have one hash tag: {lobby}, {instance} and other
// kinds, and the name of a history.
//
// Goroutines, all within Run: two a shard, one that keeps the connection and one
// that reads it, which also calls the Handlers. Nothing is queued here: a Handler
// that does not return delays the others, and when Redis' own buffer for this
// process is full (client-output-buffer-limit pubsub) the connection is cut.
package redisbus
