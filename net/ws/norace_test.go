//go:build !race

package ws_test

const racing = false
