//go:build race

package lobby_test

// Under the race detector sync.Pool forgets on purpose, so that buffers are made anew.
const allocsPerTick = 60
