package ingest_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"broadsheet/ingest"
	"broadsheet/internal/need"
	"broadsheet/internal/stream"
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

// BenchmarkIngest takes a sample of real papers, every nineteenth, into a database on
// the disk with all that ingest does: TeX, names, links, gist, phrases, and the search
// for the same work from another source. -cpu sets the cores:
//
//	go test ./ingest -run '^$' -bench Ingest -benchtime 1x -cpu 1,2
func BenchmarkIngest(b *testing.B) {
	text := sample(b, 19)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	papers, seconds := 0, 0.0
	for b.Loop() {
		b.StopTimer()
		db := openStore(b)
		b.StartTimer()
		res := importText(b, db, text)
		if res.err != nil || res.Added < 10_000 {
			b.Fatalf("%+v: %v", res.Summary, res.err)
		}
		papers, seconds = papers+res.Read(), seconds+res.Seconds
	}
	b.ReportMetric(float64(papers)/seconds, "papers/s")
}

// sample returns every n-th line of the large collection.
func sample(b *testing.B, n int) string {
	f, err := os.Open(need.Corpora(b, "data", "papers.jsonl.zst"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	defer z.Close()
	var text strings.Builder
	for line, err := range stream.Lines(z, stream.MaxRecord) {
		if err != nil {
			b.Fatal(err)
		}
		if line.Number%n == 0 {
			text.Write(line.Text)
			text.WriteByte('\n')
		}
	}
	return text.String()
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
