//go:build !race

package feed_test

const allocsPerFrame = 1
