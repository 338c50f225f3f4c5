// Package replytest has what the tests of the services' packages share: a server
// on loopback, a clock that nobody waits for, and a log in which no key may stand.
package replytest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/internal/fetch"
)

// Key is the secret of all tests.
const Key = "k3y-that-nobody-may-see"

// A Service is a server with the requests that it got.
type Service struct {
	URL string

	mu    sync.Mutex
	asked []Asked
	now   time.Time
	log   bytes.Buffer
}

// Asked is a request.
type Asked struct {
	At           time.Time
	Method, Path string
	Query        map[string][]string
	Header       http.Header
	Body         string
}

// Serve starts a server that answers with h, or fails the test at its end if the
// key has come into the log.
func Serve(t *testing.T, h http.HandlerFunc) *Service {
	s := &Service{now: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.mu.Lock()
		s.asked = append(s.asked, Asked{s.now, r.Method, r.URL.EscapedPath(), r.URL.Query(), r.Header, string(body)})
		s.mu.Unlock()
		h(w, r)
	}))
	s.URL = server.URL
	t.Cleanup(func() {
		server.Close()
		s.mu.Lock()
		defer s.mu.Unlock()
		if strings.Contains(s.log.String(), Key) {
			t.Errorf("the key stands in the log:\n%s", s.log.String())
		}
	})
	return s
}

// Requests returns the requests so far.
func (s *Service) Requests() []Asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// Now is the time of the test, which only sleepers move.
func (s *Service) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *Service) sleep(ctx context.Context, d time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
	return ctx.Err()
}

// Write implements io.Writer for the log.
func (s *Service) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

// Options are those with which a client asks in the time of the test.
func (s *Service) Options() fetch.Options {
	return fetch.Options{
		Now: s.Now, Sleep: s.sleep, FirstByte: 5 * time.Second, Stall: 5 * time.Second,
		Log: slog.New(slog.NewTextHandler(s, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
}

// Text answers a status and a text.
func Text(status int, text string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, text)
	}
}

// Cut answers the beginning of a text and hangs up.
func Cut(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100000")
		io.WriteString(w, text)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

// Bad is an answer that is none, and what is to come of it.
type Bad struct {
	Name     string
	Answer   http.HandlerFunc
	Kind     broadsheet.Kind
	Rest     time.Duration // 0: none
	Requests int
}

// Fails holds a client to what is to come of answers that every service may give.
func Fails(t *testing.T, list []Bad, papers []broadsheet.Record, client func(*Service) broadsheet.Enricher) {
	for _, tt := range list {
		t.Run(tt.Name, func(t *testing.T) {
			s := Serve(t, tt.Answer)
			c := client(s)
			start := s.Now()
			got, err := c.Enrich(t.Context(), papers)
			if err == nil || broadsheet.KindOf(err) != tt.Kind || len(got.Papers) > 0 {
				t.Errorf("got %+v and %v, want kind %v", got, err, tt.Kind)
			}
			if err != nil && (strings.Contains(err.Error(), Key) || strings.Contains(broadsheet.TextFor(err), Key)) {
				t.Errorf("the key stands in %v", err)
			}
			if tt.Rest == 0 && !got.Rest.IsZero() || tt.Rest > 0 && got.Rest.Sub(start) < tt.Rest {
				t.Errorf("rests until %v, want %v after %v", got.Rest, tt.Rest, start)
			}
			if n := len(s.Requests()); n != tt.Requests {
				t.Errorf("%d requests, want %d", n, tt.Requests)
			}
		})
	}
}

// Failures are answers that every service may give; tries is how often a client
// asks again.
func Failures(tries int) []Bad {
	echo := `{"message": "the key ` + Key + ` is not welcome"}`
	return []Bad{
		{"too many, for how long is not said", Text(429, echo), broadsheet.Unavailable, 0, tries},
		{"too many for hours", Text(429, echo, "Retry-After", "7200"), broadsheet.Unavailable, 2 * time.Hour, 1},
		{"down", Text(503, echo), broadsheet.Unavailable, 0, tries},
		{"a bad key", Text(401, echo), broadsheet.Unavailable, 0, 1},
		{"forbidden for a while", Text(403, echo, "Retry-After", "60"), broadsheet.Unavailable, time.Minute, 1},
		{"a bad request", Text(400, echo), broadsheet.Invalid, 0, 1},
		{"a page for people", Text(200, "<html>Sorry"), broadsheet.Invalid, 0, 1},
		{"nothing", Text(200, ""), broadsheet.Invalid, 0, 1},
		{"something else", Text(200, `"x"`), broadsheet.Invalid, 0, 1},
		{"deep", Text(200, strings.Repeat("[", 100_000)), broadsheet.Invalid, 0, 1},
		{"broken off", Cut(`[{"a": 1}, `), broadsheet.Unavailable, 0, 1},
		{"endless", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "[")
			for {
				if _, err := io.WriteString(w, strings.Repeat("1,", 1<<15)); err != nil {
					return
				}
			}
		}, broadsheet.Unavailable, 0, 1},
	}
}

// Paper returns a small paper.
func Paper(id broadsheet.ID, title string) broadsheet.Record {
	return broadsheet.Record{Paper: broadsheet.Paper{
		ID: id, Title: title, Authors: []broadsheet.Author{{Name: "Ada Example"}}, Published: "2025-03-01",
		Sources: []broadsheet.Source{{Name: "arxiv-oai"}},
	}}
}

// Check holds what a parser made of any bytes to what is always so: each paper has
// at most one answer, counts are counts, and records can be stored.
func Check(t *testing.T, papers []broadsheet.Record, got []broadsheet.Enrichment) {
	t.Helper()
	seen := map[broadsheet.ID]bool{}
	for _, p := range papers {
		seen[p.ID] = false
	}
	for _, e := range got {
		if twice, asked := seen[e.Paper]; twice || !asked {
			t.Errorf("%s was not asked for, or answered for twice", e.Paper)
		}
		seen[e.Paper] = true
		for _, f := range e.Figures {
			if f.Value < 0 || f.Value > broadsheet.MaxMeasure {
				t.Errorf("%s: %d %s", e.Paper, f.Value, f.Kind)
			}
		}
		if e.Record != nil {
			if err := e.Record.Validate(); err != nil || e.Record.ID != e.Paper {
				t.Errorf("%s: %v in %+v", e.Paper, err, e.Record)
			}
		}
	}
}
