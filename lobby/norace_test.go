//go:build !race

package lobby_test

const allocsPerTick = 8
