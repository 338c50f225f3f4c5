package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// status returns a line of /proc/self/status, such as VmHWM or RssAnon, in MB. It
// is 0 where there is no such file.
func status(name string) float64 {
	text, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			kb, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
			return kb * 1024 / 1e6
		}
	}
	return 0
}

// A watch tells how much of the machine other processes used while a command ran.
type watch struct {
	start time.Time
	busy  float64
}

func startWatch() watch { return watch{time.Now(), busy()} }

// foreign returns the cores that others used in the mean, given the processor time of
// the command itself, and 0 where the system does not tell.
func (w watch) foreign(own time.Duration) float64 {
	b := busy()
	if b == 0 {
		return 0
	}
	return max(0, (b-w.busy-own.Seconds())/time.Since(w.start).Seconds())
}

// busy returns the seconds that all cores have worked since the machine started. Those
// stolen by other virtual machines are among them: they were not ours.
func busy() (seconds float64) {
	text, _ := os.ReadFile("/proc/stat")
	line, _, _ := strings.Cut(string(text), "\n")
	f := strings.Fields(line)
	if len(f) < 9 || f[0] != "cpu" {
		return 0
	}
	const idle, wait = 4, 5
	for i := 1; i < 9; i++ {
		if i != idle && i != wait {
			seconds += ticks(f[i])
		}
	}
	return seconds
}

// processorTime returns what this process has worked on all cores.
func processorTime() time.Duration {
	text, _ := os.ReadFile("/proc/self/stat")
	_, after, _ := strings.Cut(string(text), ") ") // behind the name of the program
	f := strings.Fields(after)
	const user, system = 11, 12
	if len(f) <= system {
		return 0
	}
	return time.Duration((ticks(f[user]) + ticks(f[system])) * float64(time.Second))
}

// ticks reads a time in the unit of /proc, in seconds.
func ticks(text string) float64 {
	n, _ := strconv.ParseFloat(text, 64)
	return n / 100 // USER_HZ, the same on all Linux machines of today
}

// load returns the processes that were ready to run in the last minute, in the mean.
func load() float64 {
	text, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(text), " ")
	n, _ := strconv.ParseFloat(first, 64)
	return n
}

// fileSizes returns the bytes of the files below dir by their extensions.
func fileSizes(dir string) (sizes map[string]int64, sum int64) {
	sizes = map[string]int64{}
	filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil // files of a merge may vanish meanwhile
		}
		if info, err := entry.Info(); err == nil {
			name := strings.TrimPrefix(filepath.Ext(path), ".")
			if name == "" {
				name = entry.Name()
			}
			sizes[name] += info.Size()
			sum += info.Size()
		}
		return nil
	})
	return sizes, sum
}
