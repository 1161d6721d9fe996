package session_test

import (
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime is the processor time that this process has taken: others that run on
// the machine at the same time do not count.
func cpuTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t); err != nil {
		panic(err)
	}
	return time.Duration(t.Nano())
}
