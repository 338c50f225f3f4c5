//go:build !unix

package smtptest_test

import "time"

func cpuTime() time.Duration { return 0 }
