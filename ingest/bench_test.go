package ingest_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"broadsheet/ingest"
	"broadsheet/internal/need"
)

// BenchmarkImport takes the large collection of real papers into an empty store,
// and then once more, when nothing is new.
//
//	go test ./ingest -run '^$' -bench Import -benchtime 1x
func BenchmarkImport(b *testing.B) {
	file := need.Corpora(b, "data", "papers.jsonl.zst")
	for b.Loop() {
		db := openStore(b)
		b.ReportAllocs()
		first := importFile(b, db, file, ingest.Options{})
		if first.err != nil {
			b.Fatal(first.err)
		}
		again := importFile(b, db, file, ingest.Options{})
		if again.err != nil || again.Unchanged != first.Read() {
			b.Fatalf("second import: %+v", again)
		}
		b.ReportMetric(float64(first.Read())/first.Seconds, "added/s")
		b.ReportMetric(float64(again.Read())/again.Seconds, "unchanged/s")
		b.ReportMetric(peakMiB(b), "peak-MiB")
	}
}

// peakMiB returns the most memory that the process has had resident, where the
// system tells (Linux, proc_pid_status(5)).
func peakMiB(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "VmHWM:" {
			kb, err := strconv.Atoi(f[1])
			if err != nil {
				b.Fatal(err)
			}
			return float64(kb) / 1024
		}
	}
	return 0
}
