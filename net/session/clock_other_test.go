//go:build !linux

package session_test

import "time"

var started = time.Now()

// cpuTime is the time that has passed, for want of a better.
func cpuTime() time.Duration { return time.Since(started) }
