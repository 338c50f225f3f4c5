package fetch

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/internal/sourcetest"
)

// service starts a server that answers the nth request with the nth handler, and
// those after the last with the last. It returns when requests came.
func service(t *testing.T, c *sourcetest.Clock, handlers ...http.HandlerFunc) (*httptest.Server, func() []time.Time) {
	var mu sync.Mutex
	var at []time.Time
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := handlers[min(len(at), len(handlers)-1)]
		at = append(at, c.Now())
		mu.Unlock()
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s, func() []time.Time { mu.Lock(); defer mu.Unlock(); return at }
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		if code != http.StatusNotModified {
			io.WriteString(w, "hello")
		}
	}
}

func silence(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func stop(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, "hel")
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

func TestDo(t *testing.T) {
	start := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	for _, tt := range []struct {
		name     string
		handlers []http.HandlerFunc
		requests int
		waited   time.Duration // at least, over all
		err      string        // a part of it; "" for the answer "hello"
	}{
		{"an answer", []http.HandlerFunc{status(200)}, 1, 3 * time.Second, ""},
		{"a busy service says how long", []http.HandlerFunc{status(503, "Retry-After", "120"), status(200)}, 2, 123 * time.Second, ""},
		{"a busy service gives a date", []http.HandlerFunc{status(503, "Retry-After", "Wed, 04 Mar 2026 05:10:07 GMT"), status(200)}, 2, 4 * time.Minute, ""},
		{"too many requests, for how long is not said", []http.HandlerFunc{status(429), status(200)}, 2, 10 * time.Minute, ""},
		{"a storm passes", []http.HandlerFunc{status(503), status(502), status(504), status(500), status(200)}, 5, 30 * time.Second, ""},
		{"a storm does not pass", []http.HandlerFunc{status(503)}, 6, time.Minute, "after 6 tries"},
		{"a service wants to be left alone for a day", []http.HandlerFunc{status(429, "Retry-After", "86400")}, 1, 0, "left alone for 24h"},
		{"silence, then an answer", []http.HandlerFunc{silence, status(200)}, 2, 3 * time.Second, ""},
		{"what is not there is not asked for again", []http.HandlerFunc{status(404)}, 1, 0, "404 Not Found: hello"},
		{"a redirect keeps the pace", []http.HandlerFunc{status(301, "Location", "/there"), status(200)}, 2, 6 * time.Second, ""},
		{"redirects without end", []http.HandlerFunc{status(302, "Location", "/")}, 5, 0, "without end"},
		{"a redirect elsewhere", []http.HandlerFunc{status(302, "Location", "http://169.254.169.254/latest")}, 1, 0, "another site"},
		{"a redirect to a file", []http.HandlerFunc{status(302, "Location", "file:///etc/passwd")}, 1, 0, "another site"},
		{"it falls silent within", []http.HandlerFunc{stop}, 1, 0, "fell silent"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := sourcetest.At(start)
			s, at := service(t, c, tt.handlers...)
			client := New(Options{Interval: 3 * time.Second, FirstByte: 50 * time.Millisecond, Stall: 50 * time.Millisecond, Now: c.Now, Sleep: c.Sleep})
			text, err := get(t, client, Request{URL: s.URL})
			if tt.err == "" && (err != nil || text != "hello") {
				t.Errorf("got %q and %v, want hello", text, err)
			}
			if tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("got %q and %v, want an error with %q", text, err, tt.err)
			}
			if len(at()) != tt.requests {
				t.Errorf("%d requests, want %d", len(at()), tt.requests)
			}
			if waited := c.Now().Sub(start); waited < tt.waited {
				t.Errorf("waited %v, want %v", waited, tt.waited)
			}
			last := start
			for _, moment := range at() {
				if moment.Sub(last) < 3*time.Second {
					t.Errorf("requests at %v: want 3 s between two", at())
				}
				last = moment
			}
		})
	}
}

func get(t *testing.T, c *Client, r Request) (string, error) {
	a, err := c.Do(t.Context(), r)
	if err != nil {
		return "", err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	return string(text), err
}

func TestConditional(t *testing.T) {
	c := new(sourcetest.Clock)
	s, _ := service(t, c, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != `"x"` || r.Header.Get("User-Agent") != UserAgent {
			t.Errorf("headers %v", r.Header)
		}
		w.WriteHeader(http.StatusNotModified)
	})
	a, err := New(Options{Now: c.Now, Sleep: c.Sleep}).Do(t.Context(), Request{URL: s.URL, ETag: `"x"`})
	if err != nil || !a.NotModified() {
		t.Fatalf("got %+v, %v", a, err)
	}
	a.Body.Close()
}

func TestBounds(t *testing.T) {
	zeros := func(w io.Writer) {
		for range 1 << 10 {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				return
			}
		}
	}
	for name, h := range map[string]http.HandlerFunc{
		"a gigabyte": func(w http.ResponseWriter, _ *http.Request) { zeros(w) },
		"a gigabyte packed small": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			zeros(z)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := new(sourcetest.Clock)
			s, _ := service(t, c, h)
			text, err := get(t, New(Options{MaxBytes: 1 << 20, Now: c.Now, Sleep: c.Sleep}), Request{URL: s.URL})
			if len(text) != 1<<20 || broadsheet.KindOf(err) != broadsheet.Unavailable {
				t.Errorf("read %d bytes and got %v", len(text), err)
			}
		})
	}
	t.Run("exactly as large as may be", func(t *testing.T) {
		c := new(sourcetest.Clock)
		s, _ := service(t, c, status(200))
		if text, err := get(t, New(Options{MaxBytes: 5, Now: c.Now, Sleep: c.Sleep}), Request{URL: s.URL}); err != nil || text != "hello" {
			t.Errorf("got %q, %v", text, err)
		}
	})
}

// One request is open at a time, however many ask.
func TestOneAtATime(t *testing.T) {
	c := new(sourcetest.Clock)
	var mu sync.Mutex
	open := 0
	s, at := service(t, c, func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		open++
		if open > 1 {
			t.Errorf("%d open at once", open)
		}
		mu.Unlock()
		io.WriteString(w, "hello")
		mu.Lock()
		open--
		mu.Unlock()
	})
	client := New(Options{Interval: time.Second, Now: c.Now, Sleep: c.Sleep})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { get(t, client, Request{URL: s.URL}) })
	}
	wg.Wait()
	if n := len(at()); n != 20 || c.Now().Sub(time.Time{}) < 20*time.Second {
		t.Errorf("%d requests in %v", n, c.Now().Sub(time.Time{}))
	}
}

func TestCancelled(t *testing.T) {
	c := new(sourcetest.Clock)
	s, _ := service(t, c, silence)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := New(Options{Now: c.Now, Sleep: c.Sleep}).Do(ctx, Request{URL: s.URL})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// What one request learns holds for all: nobody asks a service that wants to be
// left alone.
func TestBusyForAll(t *testing.T) {
	for _, tt := range []struct {
		name     string
		handlers []http.HandlerFunc
		apart    time.Duration // between the first two requests, at least
		err      string        // of whoever asks second; "" for none
	}{
		{"for ten minutes", []http.HandlerFunc{status(429), status(200)}, 10 * time.Minute, ""},
		{"for as long as it says", []http.HandlerFunc{status(503, "Retry-After", "600"), status(200)}, 10 * time.Minute, ""},
		{"for a day, which nobody waits for", []http.HandlerFunc{status(429, "Retry-After", "86400"), status(200)}, 0, "left alone for 23h59m"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := new(sourcetest.Clock)
			s, at := service(t, c, tt.handlers...)
			client := New(Options{Interval: 3 * time.Second, Tries: 1, Now: c.Now, Sleep: c.Sleep})
			if _, err := get(t, client, Request{URL: s.URL}); err == nil {
				t.Fatal("the first request succeeds")
			}
			c.Sleep(t.Context(), 3*time.Second)
			_, err := get(t, client, Request{URL: s.URL})
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("the second request: %v, want %q", err, tt.err)
			}
			if tt.err == "" && (len(at()) != 2 || at()[1].Sub(at()[0]) < tt.apart) || tt.err != "" && len(at()) != 1 {
				t.Errorf("requests at %v", at())
			}
		})
	}
}

// A service that drips would never fall silent. A reader that is busy elsewhere is
// not the service's silence.
func TestSlow(t *testing.T) {
	drip := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			io.WriteString(w, "x")
			w.(http.Flusher).Flush()
			time.Sleep(time.Millisecond)
		}
	}
	c := new(sourcetest.Clock)
	s, _ := service(t, c, drip, status(200))
	client := New(Options{Stall: 40 * time.Millisecond, Whole: 100 * time.Millisecond, Now: c.Now, Sleep: c.Sleep})
	if _, err := get(t, client, Request{URL: s.URL}); err == nil || !strings.Contains(err.Error(), "took too long") {
		t.Errorf("a service that drips: %v", err)
	}
	a, err := client.Do(t.Context(), Request{URL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	time.Sleep(60 * time.Millisecond)
	if text, err := io.ReadAll(a.Body); err != nil || string(text) != "hello" {
		t.Errorf("a slow reader: %q, %v", text, err)
	}
}

// A request is made once at a time, also where net/http would repeat it by itself
// because the connection that it had kept breaks.
func TestNoHiddenRetries(t *testing.T) {
	c := new(sourcetest.Clock)
	abort := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	s, at := service(t, c, status(200), abort, status(200))
	client := New(Options{Interval: 3 * time.Second, Now: c.Now, Sleep: c.Sleep})
	for range 2 {
		if _, err := get(t, client, Request{URL: s.URL}); err != nil {
			t.Fatal(err)
		}
	}
	if n := at(); len(n) != 3 || n[2].Sub(n[1]) < 3*time.Second {
		t.Errorf("requests at %v", n)
	}
}

// A message may be logged or shown, and never has the rest of the address.
func TestSecrets(t *testing.T) {
	c := new(sourcetest.Clock)
	for _, address := range []string{"http://127.0.0.1:1/x?api_key=secret", "http://nowhere.invalid/?key=secret", "::secret"} {
		_, err := New(Options{Tries: 2, Now: c.Now, Sleep: c.Sleep}).Do(t.Context(), Request{URL: address})
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// A service that repeats a key in what it complains of does not bring it into a log.
func TestSecretInAnAnswer(t *testing.T) {
	c := new(sourcetest.Clock)
	const key = "sk-very-secret"
	for name, text := range map[string]string{"whole": "the key " + key + " is bad: " + key, "at the cut": strings.Repeat("x", maxErrorText-3) + key} {
		s, _ := service(t, c, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, text)
		})
		_, err := New(Options{Secret: key, Now: c.Now, Sleep: c.Sleep}).Do(t.Context(), Request{URL: s.URL})
		if bad, ok := errors.AsType[*StatusError](err); !ok || strings.Contains(bad.Text, "sk-") || bad.Header.Get("Date") == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
