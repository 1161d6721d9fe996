//go:build race

package feed_test

const allocsPerFrame = 8 // the race detector empties pools
