//go:build unix

package smtptest_test

import (
	"syscall"
	"time"
)

// cpuTime returns what this process has used, sink and all: on a machine that is
// busy with other things it tells more than the clock.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
