package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"broadsheet/internal/need"
)

// startServer starts "broadsheet serve" as an operator does and returns its
// address. It is stopped, and must have stopped well, when the test ends.
func startServer(tb testing.TB, args ...string) string {
	tb.Helper()
	ctx, cancel := context.WithCancel(tb.Context())
	var stderr lockedBuffer
	ready := make(chan string, 1)
	done := make(chan int, 1)
	m := &Main{
		Args: append([]string{"serve", "--addr", "127.0.0.1:0", "--sources", "none"}, args...), Stdout: io.Discard, Stderr: &stderr,
		Env:   func(string) (string, bool) { return "", false },
		Ready: func(addr string) { ready <- addr },
	}
	go func() { done <- m.Run(ctx) }()
	tb.Cleanup(func() {
		cancel()
		if code := <-done; code != exitDone {
			tb.Errorf("serve ended with %d:\n%s", code, stderr.String())
		}
	})
	select {
	case addr := <-ready:
		return "http://" + addr
	case code := <-done:
		done <- code
		tb.Fatalf("serve did not start: %d\n%s", code, stderr.String())
	}
	return ""
}

func get(tb testing.TB, url string) (status int, body string) {
	tb.Helper()
	resp, err := http.Get(url)
	if err != nil {
		tb.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func TestServeDemo(t *testing.T) {
	url := startServer(t, "--demo")
	var papers int
	for p := 1; p <= 2; p++ {
		status, body := get(t, fmt.Sprintf("%s/papers/date/2025-03-11?p=%d", url, p))
		if status != http.StatusOK {
			t.Fatalf("page %d: status %d", p, status)
		}
		papers += strings.Count(body, "<article")
	}
	if papers != 93 {
		t.Errorf("the edition has %d papers, want 93", papers)
	}
	for path, want := range map[string]string{
		"/":                     "11 March 2025",
		"/papers/2211.11152":    "Shengkun Tang",
		"/papers?q=early+exit":  "<mark>",
		"/healthz":              "ok",
		"/readyz":               "ready",
		"/metrics":              "broadsheet_papers 93",
		"/papers/week/2025-W11": "Week 11 of 2025",
		"/api/daily_papers?date=2025-03-11&limit=1": `"discussionId":`,
		"/api/papers/2211.11152":                    `"numTotalModels":0`,
		"/api/papers/search?q=early+exit":           `"type":"highlight"`,
		"/papers/month/2025-03":                     "March 2025",
		"/papers/date/2025-03-11?sort=x":            "is not an order",
		"/nothing":                                  "",
	} {
		status, body := get(t, url+path)
		if !strings.Contains(body, want) || status >= 500 {
			t.Errorf("%s: status %d, without %q", path, status, want)
		}
	}
	if _, metrics := get(t, url+"/metrics"); !strings.Contains(metrics, `broadsheet_http_request_seconds_count{code="200",route="GET /papers/{id...}"}`) {
		t.Error("/metrics does not count by route")
	}
}

func TestServeNeedsItsAddressAndDirectory(t *testing.T) {
	url := startServer(t, "--demo")
	addr := strings.TrimPrefix(url, "http://")
	code, _, stderr := run(t, nil, "serve", "--demo", "--addr", addr)
	if code != exitFailed || !strings.Contains(stderr, "Cannot listen on "+addr) || !strings.Contains(stderr, "--addr") {
		t.Errorf("second server on %s: %d, %s", addr, code, stderr)
	}
	dir := t.TempDir()
	startServer(t, "--data", dir)
	code, _, stderr = run(t, nil, "import", "--data", dir, "main.go")
	if code != exitFailed || !strings.Contains(stderr, "in use by broadsheet serve") {
		t.Errorf("import beside a server: %d, %s", code, stderr)
	}
	if code, stdout, stderr := run(t, nil, "today", "--data", dir, "--date", "2025-03-11"); code != exitDone || !strings.Contains(stdout, "No papers of that time have been imported") {
		t.Errorf("reading beside a server: %d, %s%s", code, stdout, stderr)
	}
}

// Ten thousand requests of fifty clients for the edition get ten thousand whole
// pages. The times are logged, not judged.
func TestManyClients(t *testing.T) {
	need.Long(t)
	const clients, requests = 50, 10_000
	url := startServer(t, "--demo") + "/papers/date/2025-03-11"
	_, want := get(t, url)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	var next atomic.Int64
	times := make([]time.Duration, requests)
	var wg sync.WaitGroup
	start := time.Now()
	for range clients {
		wg.Go(func() {
			for {
				n := next.Add(1) - 1
				if n >= requests || t.Failed() {
					return
				}
				begun := time.Now()
				resp, err := client.Get(url)
				if err != nil {
					t.Errorf("request %d: %v", n, err)
					return
				}
				body, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if err != nil || resp.StatusCode != http.StatusOK || string(body) != want {
					t.Errorf("request %d: status %d, %d bytes, %v", n, resp.StatusCode, len(body), err)
					return
				}
				times[n] = time.Since(begun)
			}
		})
	}
	wg.Wait()
	took := time.Since(start)
	slices.Sort(times)
	t.Logf("%d requests of %d clients in %v: %.0f/s, p50 %v, p99 %v, max %v", requests, clients, took.Round(time.Millisecond),
		requests/took.Seconds(), times[requests/2], times[requests*99/100], times[requests-1])
}
