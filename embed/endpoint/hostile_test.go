package endpoint_test

import (
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// What will not pass is not tried again.
func TestWrongAnswers(t *testing.T) {
	raw := func(text string) func(w http.ResponseWriter, r request) {
		return func(w http.ResponseWriter, r request) { io.WriteString(w, text) }
	}
	for _, tt := range []struct {
		name string
		f    func(w http.ResponseWriter, r request)
		want string
	}{
		{"one too few", func(w http.ResponseWriter, r request) { answer(w, items(r, 4)[1:]) }, "has 1 vectors for 2 texts"},
		{"none", raw(`{"error":"x"}`), "has 0 vectors for 2 texts"},
		{"one twice", raw(`{"data":[{"index":0,"embedding":[1,2,3,4]},{"index":0,"embedding":[1,2,3,4]}]}`), "index 0, which is twice there"},
		{"beyond", raw(`{"data":[{"index":0,"embedding":[1,2,3,4]},{"index":-2,"embedding":[1,2,3,4]}]}`), "index -2"},
		{"other dimensions", func(w http.ResponseWriter, r request) { answer(w, items(r, 5)) }, "a vector of 5 dimensions, want 4"},
		{"no dimensions", raw(`{"data":[{},{}]}`), "a vector of 0 dimensions, want 4"},
		{"zeros", raw(`{"data":[{"embedding":[0,0,0,0]},{"embedding":[0,0,0,0]}]}`), "is zero"},
		{"not a number", raw(`{"data":[{"embedding":"AADAfwAAwH8AAMB/AADAfw=="},{"embedding":[1,1,1,1]}]}`), "is not finite"},
		{"NaN written out", raw(`{"data":[{"embedding":[NaN,1,1,1]},{"embedding":[1,1,1,1]}]}`), "cannot be read"},
		{"too great", raw(`{"data":[{"embedding":[1e99,1,1,1]},{"embedding":[1,1,1,1]}]}`), "cannot be read"},
		{"bad base64", raw(`{"data":[{"embedding":"AAA"},{"embedding":[1,1,1,1]}]}`), "not base64 of float32"},
		{"a page", raw(`<html>`), "cannot be read"},
		{"without end", func(w http.ResponseWriter, r request) {
			for range 3 << 10 {
				w.Write(make([]byte, 1<<10))
			}
		}, "the answer has more than"},
		{"refused", func(w http.ResponseWriter, r request) {
			w.WriteHeader(401)
			fmt.Fprintf(w, `{"error":{"message":"%s is not a key\n%s"}}`, key, strings.Repeat("x", 999))
		}, `answered 401 Unauthorized: "[key] is not a key\nxxx`},
		{"refused without a word", func(w http.ResponseWriter, r request) { w.WriteHeader(404) }, "answered 404 Not Found"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var n atomic.Int64
			url := serve(t, func(w http.ResponseWriter, r *http.Request, body request) { n.Add(1); tt.f(w, body) })
			_, err := client(t, options(url)).Embed(t.Context(), []string{"a", "b"})
			checkError(t, err, url, tt.want)
			if n.Load() != 1 {
				t.Errorf("tried %d times, want one", n.Load())
			}
		})
	}
}

func checkError(t *testing.T, err error, url, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "endpoint: "+url+"/embeddings: ") ||
		strings.Contains(err.Error(), key) || len(err.Error()) > 600 {
		t.Errorf("got %v, want %s", err, want)
	}
}

// What may pass is tried again, and passes.
func TestOutages(t *testing.T) {
	for _, tt := range []struct {
		name string
		f    func(w http.ResponseWriter)
		want string // once it is tried for the last time
	}{
		{"too many", func(w http.ResponseWriter) { w.Header().Set("Retry-After", "0"); w.WriteHeader(429) }, "answered 429 Too Many Requests"},
		{"broken", func(w http.ResponseWriter) { w.WriteHeader(500) }, "answered 500"},
		{"overloaded", func(w http.ResponseWriter) { w.Header().Set("Retry-After", "soon"); w.WriteHeader(503) }, "answered 503"},
		{"hangs up", func(w http.ResponseWriter) { panic(http.ErrAbortHandler) }, "EOF"},
		{"hangs up in the middle", func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, `{"data":[`)
		}, "reading the answer"},
		{"slow", func(w http.ResponseWriter) { time.Sleep(150 * time.Millisecond) }, "deadline exceeded"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var n atomic.Int64
			var bad atomic.Int64
			bad.Store(3)
			url := serve(t, func(w http.ResponseWriter, r *http.Request, body request) {
				if n.Add(1) <= bad.Load() {
					tt.f(w)
					return
				}
				answer(w, items(body, 4))
			})
			opt := options(url)
			if tt.name == "slow" {
				opt.Timeout = 50 * time.Millisecond
			}
			c := client(t, opt)
			got, err := c.Embed(t.Context(), []string{"a", "bb"})
			if err != nil {
				t.Fatal(err)
			}
			checkVectors(t, []string{"a", "bb"}, got, 4)

			n.Store(0)
			bad.Store(99)
			_, err = c.Embed(t.Context(), []string{"a"})
			checkError(t, err, url, tt.want)
			checkError(t, err, url, "tried 4 times")
		})
	}
}

// A server that limits its clients slows them down without failing them.
func TestStorm(t *testing.T) {
	var mu sync.Mutex
	seen := make(map[string]bool)
	url := serve(t, func(w http.ResponseWriter, r *http.Request, body request) {
		mu.Lock()
		defer mu.Unlock()
		if first := !seen[body.Input[0]]; first {
			seen[body.Input[0]] = true
			w.WriteHeader(429)
			return
		}
		answer(w, items(body, 4))
	})
	opt := options(url)
	opt.BatchTexts, opt.InFlight = 1, 8
	var texts []string
	for i := range 50 {
		texts = append(texts, strings.Repeat("x", i+1))
	}
	got, err := client(t, opt).Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	checkVectors(t, texts, got, 4)
}

func TestRetryAfter(t *testing.T) {
	header := "1"
	var times []time.Time
	url := serve(t, func(w http.ResponseWriter, r *http.Request, body request) {
		if times = append(times, time.Now()); len(times) == 1 {
			w.Header().Set("Retry-After", header)
			w.WriteHeader(429)
			return
		}
		answer(w, items(body, 4))
	})
	c := client(t, options(url))
	if _, err := c.Embed(t.Context(), []string{"a"}); err != nil {
		t.Fatal(err)
	}
	if waited := times[1].Sub(times[0]); waited < 900*time.Millisecond {
		t.Errorf("waited %v, asked to wait a second", waited)
	}
	for _, header = range []string{"3600", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat), "99999999999999999"} {
		times = nil
		_, err := c.Embed(t.Context(), []string{"a"})
		checkError(t, err, url, "asks to wait for")
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s came with %q", r.Method, r.URL, r.Header.Get("Authorization"))
	}))
	defer other.Close()
	for _, code := range []int{301, 302, 303, 307, 308} {
		url := serve(t, func(w http.ResponseWriter, r *http.Request, body request) {
			http.Redirect(w, r, other.URL+"/elsewhere?token="+key, code)
		})
		_, err := client(t, options(url)).Embed(t.Context(), []string{"a"})
		checkError(t, err, url, fmt.Sprintf("answered %d, a redirect to %s;", code, other.URL))
	}
}

func TestUnknownCertificate(t *testing.T) {
	var tries atomic.Int64
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			tries.Add(1)
		}
	}
	server.StartTLS()
	defer server.Close()
	_, err := client(t, options(server.URL)).Embed(t.Context(), []string{"a"})
	checkError(t, err, server.URL, "certificate")
	if tries.Load() != 1 {
		t.Errorf("tried %d times, want one", tries.Load())
	}
}

// fixed answers every request with the same bytes.
type fixed []byte

func (f fixed) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(string(f)))}, nil
}

// An answer is refused or gives as many vectors of length 1 as there are texts.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"data":[{"index":1,"embedding":[1,2,3,4]},{"index":0,"embedding":"AACAPwAAgD8AAIA/AACAPw=="}]}`))
	f.Add([]byte(`{"data":[{"embedding":[1e-45,0,0,0]},{"embedding":[3e38,3e38,3e38,3e38]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		opt := options("http://localhost/")
		opt.Transport = fixed(data)
		vectors, err := client(t, opt).Embed(t.Context(), []string{"a", "b"})
		if err != nil {
			return
		}
		for _, v := range vectors {
			var length float64
			for _, x := range v {
				length += float64(x) * float64(x)
			}
			if len(v) != 4 || math.Abs(length-1) > 1e-5 {
				t.Fatalf("%q gives %v", data, vectors)
			}
		}
	})
}
