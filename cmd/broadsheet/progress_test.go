package main

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"
	"time"
)

// testProgress has a clock that the test moves.
func testProgress(w io.Writer, isTerminal bool, label string, total int64, columns int) (*progress, *time.Time) {
	now := time.Date(2026, 11, 23, 17, 40, 0, 0, time.UTC)
	p := newProgress(w, isTerminal, label, total)
	p.now, p.columns = func() time.Time { return now }, func() int { return columns }
	p.start()
	return p, &now
}

func TestProgressOnATerminal(t *testing.T) {
	var out bytes.Buffer
	p, now := testProgress(&out, true, "importing papers.jsonl.zst", 1000, 120)
	p.Add(100, 10)
	if out.Len() > 0 {
		t.Errorf("work of no time drew %q", out.String())
	}
	p.SetRejected(3)
	for range 20 { // two seconds
		*now = now.Add(100 * time.Millisecond)
		p.Add(617, 20)
	}
	lines := strings.Split(out.String(), "\r")[1:]
	if len(lines) != 10 {
		t.Errorf("drew %d times in 2 s, want 10", len(lines))
	}
	want := "importing papers.jsonl.zst  ████▉         41%  12,440 papers  6,220/s  0:03 left  3 rejected"
	if got := lines[len(lines)-1]; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}

	out.Reset()
	p.Println("line 7: no title")
	if want := "\r" + strings.Repeat(" ", cells(want)) + "\rline 7: no title\n"; out.String() != want {
		t.Errorf("Println wrote %q, want %q", out.String(), want)
	}
	*now = now.Add(time.Second)
	p.Add(1, 1)
	out.Reset()
	p.Done()
	if got := out.String(); strings.ReplaceAll(got, " ", "") != "\r\r" {
		t.Errorf("Done wrote %q, want the line cleared", got)
	}
	out.Reset()
	*now = now.Add(time.Second)
	p.Add(1, 1)
	p.Done()
	if out.Len() > 0 {
		t.Errorf("after Done: %q", out.String())
	}
}

// A line that is shorter than the one before must leave nothing of it.
func TestProgressCoversTheLineBefore(t *testing.T) {
	var out bytes.Buffer
	columns := 100
	p, now := testProgress(&out, true, "x", 0, 0)
	p.columns = func() int { return columns }
	for _, columns = range []int{100, 20} {
		*now = now.Add(time.Second)
		p.Add(1_000_000, 0)
	}
	lines := strings.Split(out.String(), "\r")[1:]
	if len(lines) != 2 || len(lines[0]) != len(lines[1]) {
		t.Errorf("drew %q", lines)
	}
}

func TestProgressElsewhere(t *testing.T) {
	var out bytes.Buffer
	p, now := testProgress(&out, false, "importing -", 0, 80)
	for range 25 {
		*now = now.Add(time.Second)
		p.Add(1500, 3)
	}
	p.Println("line 7: no title")
	p.Done()
	want := "importing -: 15,000 papers, 1,500/s, 0:10\nimporting -: 30,000 papers, 1,500/s, 0:20\nline 7: no title\n"
	if got := out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The rate is that of the last seconds: a slow start is soon forgotten.
func TestProgressRateSlides(t *testing.T) {
	p, now := testProgress(io.Discard, true, "x", 1000, 80)
	*now = now.Add(time.Minute)
	p.Add(1, 1)
	for range 30 {
		*now = now.Add(time.Second)
		p.Add(100, 10)
	}
	if got := strings.Join(p.facts(), " "); got != "30% 3,001 papers 100/s 1:10 left" {
		t.Errorf("got %s", got)
	}
}

func TestProgressFits(t *testing.T) {
	for _, tt := range []struct {
		label   string
		columns int
		want    string
	}{
		{"importing a-rather-long-name.jsonl.zst", 80, "importing a-rather-long-name.jsonl.zst  50%  1,000 papers  100/s  0:05 left"},
		{"importing a-rather-long-name.jsonl.zst", 50, "importing a-rather-lon…  50%  1,000 papers  100/s"},
		{"importing a-rather-long-name.jsonl.zst", 20, "importing a-r…  50%"},
		{"importing 論文論文論文論文論文.json", 52, "importing 論文論文論文論…  50%  1,000 papers  100/s"},
		{"importing", 6, "impo…"},
		{"importing", 1, ""},
	} {
		p, now := testProgress(io.Discard, true, tt.label, 100, tt.columns)
		*now = now.Add(10 * time.Second)
		p.Add(1000, 50)
		p.samples[1].bytes = 100 // so that the time left is not the time gone
		if got := p.line(tt.columns - 1); got != tt.want || cells(got) >= max(tt.columns, 1) {
			t.Errorf("in %d columns: %q (%d), want %q", tt.columns, got, cells(got), tt.want)
		}
	}
}

func TestProgressFromManyGoroutines(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out, true, "x", 1000)
	p.period = 0
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			for range 100 {
				p.Add(1, 1)
				p.SetRejected(1)
				p.Println("a line")
			}
		})
	}
	wg.Wait()
	p.Done()
	if p.records != 1000 || p.bytes != 1000 || strings.Count(out.String(), "a line\n") != 1000 {
		t.Errorf("counted %d records and %d bytes", p.records, p.bytes)
	}
}

func TestBarAndClock(t *testing.T) {
	for _, f := range []float64{0, 0.001, 0.011, 0.5, 0.99, 1} {
		if got := bar(f); cells(got) != barCells {
			t.Errorf("bar(%v) = %q has %d cells, want %d", f, got, cells(got), barCells)
		}
	}
	for d, want := range map[time.Duration]string{0: "0:00", 16 * time.Second: "0:16", 3725 * time.Second: "1:02:05"} {
		if got := clock(d); got != want {
			t.Errorf("clock(%v) = %s, want %s", d, got, want)
		}
	}
	if got := cells("e\u0301論"); got != 3 {
		t.Errorf("an accent and an ideograph take %d columns, want 3", got)
	}
}
