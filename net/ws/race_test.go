//go:build race

package ws_test

// racing: sync.Pool drops things at random then, so that allocations cannot be
// counted.
const racing = true
