package endpoint_test

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"broadsheet/embed/endpoint"
)

const key = "sk-very-secret"

type request struct {
	Model      string   `json:"model"`
	Input      []string `json:"input"`
	Encoding   string   `json:"encoding_format"`
	Dimensions int      `json:"dimensions"`
}

// vectorOf is what the server makes of a text: its length, and a constant.
func vectorOf(text string, dims int) []float32 {
	v := make([]float32, dims)
	v[0], v[dims-1] = float32(len(text)), 3
	return v
}

type item struct {
	Index     int `json:"index"`
	Embedding any `json:"embedding"`
}

// items are the right answer.
func items(r request, dims int) []item {
	var all []item
	for i, text := range r.Input {
		all = append(all, item{i, vectorOf(text, dims)})
	}
	return all
}

func answer(w http.ResponseWriter, data any) {
	json.NewEncoder(w).Encode(map[string]any{"object": "list", "data": data})
}

// serve runs a server that checks what every request must have and leaves the
// rest to f.
func serve(t testing.TB, f func(w http.ResponseWriter, r *http.Request, body request)) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body request
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Errorf("the request cannot be read: %v", err)
		}
		if r.Method != "POST" || r.URL.Path != "/v1/embeddings" || r.Header.Get("Authorization") != "Bearer "+key ||
			body.Model != "tiny" || body.Encoding != "float" {
			t.Errorf("%s %s %v: %+v", r.Method, r.URL, r.Header, body)
		}
		f(w, r, body)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/v1"
}

func options(url string) endpoint.Options {
	return endpoint.Options{
		URL: url, Model: "tiny", Key: key, KnownDims: 4,
		Backoff: time.Millisecond, Timeout: 5 * time.Second, Retries: 3,
	}
}

func client(t testing.TB, opt endpoint.Options) *endpoint.Client {
	t.Helper()
	c, err := endpoint.New(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func checkVectors(t *testing.T, texts []string, got [][]float32, dims int) {
	t.Helper()
	if len(got) != len(texts) {
		t.Fatalf("%d vectors for %d texts", len(got), len(texts))
	}
	for i, text := range texts {
		want := vectorOf(max(text, " "), dims) // an empty text is sent as a space
		length := math.Hypot(float64(want[0]), 3)
		if v := got[i]; len(v) != dims || math.Abs(float64(v[0])-float64(want[0])/length) > 1e-6 || math.Abs(float64(v[dims-1])-3/length) > 1e-6 {
			t.Errorf("text %d: %v, want %v", i, v, want)
		}
	}
}

func TestEmbed(t *testing.T) {
	var requests, under, most atomic.Int64
	url := serve(t, func(w http.ResponseWriter, r *http.Request, body request) {
		requests.Add(1)
		n := under.Add(1)
		defer under.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		size := 0
		for _, s := range body.Input {
			size += len(s)
		}
		if len(body.Input) > 5 || size > 100 && len(body.Input) > 1 || size > 150 {
			t.Errorf("a batch of %d texts and %d bytes", len(body.Input), size)
		}
		time.Sleep(2 * time.Millisecond)
		answer(w, items(body, 4))
	})
	var texts []string
	for i := range 100 {
		texts = append(texts, strings.Repeat("é", i%60))
	}
	texts = append(texts, strings.Repeat("b", 150))
	opt := options(url)
	opt.BatchTexts, opt.BatchBytes, opt.TextBytes, opt.InFlight = 5, 100, 150, 3
	c := client(t, opt)
	got, err := c.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	checkVectors(t, texts, got, 4)
	if requests.Load() < 20 || most.Load() > 3 {
		t.Errorf("%d requests, %d at once", requests.Load(), most.Load())
	}
	long := []string{strings.Repeat("b", 149) + "é and more"}
	if got, err = c.Embed(t.Context(), long); err != nil {
		t.Fatal(err)
	}
	checkVectors(t, []string{strings.Repeat("b", 149)}, got, 4)
	if got, err := c.Embed(t.Context(), nil); err != nil || len(got) != 0 {
		t.Errorf("no texts: %v, %v", got, err)
	}
}

func TestProbe(t *testing.T) {
	var asked atomic.Int64
	url := serve(t, func(w http.ResponseWriter, r *http.Request, body request) {
		asked.Add(1)
		dims := 7
		if body.Dimensions > 0 {
			dims = body.Dimensions
		}
		answer(w, items(body, dims))
	})
	opt := options(url)
	opt.KnownDims = 0
	c := client(t, opt)
	if c.Dims() != 7 || asked.Load() != 1 {
		t.Errorf("%d dimensions by %d questions, want 7 by one", c.Dims(), asked.Load())
	}
	opt.Dimensions = 3
	short := client(t, opt)
	if short.Dims() != 3 || asked.Load() != 1 {
		t.Errorf("%d dimensions by %d more questions, want 3 by none", short.Dims(), asked.Load()-1)
	}
	got, err := short.Embed(t.Context(), []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	checkVectors(t, []string{"a"}, got, 3)
}

func TestFingerprint(t *testing.T) {
	base := options("http://127.0.0.1:1/v1")
	print := client(t, base).Fingerprint()
	same := base
	same.Key, same.InFlight, same.URL = "", 9, base.URL+"/embeddings"
	if got := client(t, same).Fingerprint(); got != print || len(got) != 64 {
		t.Errorf("with another key %s, want %s", got, print)
	}
	for _, change := range []func(*endpoint.Options){
		func(o *endpoint.Options) { o.Model = "other" },
		func(o *endpoint.Options) { o.URL += "/2" },
		func(o *endpoint.Options) { o.KnownDims = 5 },
		func(o *endpoint.Options) { o.TextBytes = 100 },
	} {
		other := base
		change(&other)
		if client(t, other).Fingerprint() == print {
			t.Errorf("%+v has the fingerprint of %+v", other, base)
		}
	}
}

// Answers in other forms that are right.
func TestForms(t *testing.T) {
	for _, tt := range []struct {
		name string
		form func(request) any
	}{
		{"out of order", func(r request) any {
			all := items(r, 4)
			all[0], all[2] = all[2], all[0]
			return all
		}},
		{"base64", func(r request) any {
			var all []item
			for i, text := range r.Input {
				var raw []byte
				for _, x := range vectorOf(text, 4) {
					raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
				}
				all = append(all, item{i, base64.StdEncoding.EncodeToString(raw)})
			}
			return all
		}},
		{"no indexes", func(r request) any {
			var all []any
			for _, text := range r.Input {
				all = append(all, map[string]any{"embedding": vectorOf(text, 4)})
			}
			return all
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := client(t, options(serve(t, func(w http.ResponseWriter, r *http.Request, body request) { answer(w, tt.form(body)) })))
			texts := []string{"one", "three", "eleven", ""}
			got, err := c.Embed(t.Context(), texts)
			if err != nil {
				t.Fatal(err)
			}
			checkVectors(t, texts, got, 4)
		})
	}
}

func TestCancel(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request, body request) {
		w.WriteHeader(500)
	})
	opt := options(url)
	opt.Backoff, opt.InFlight = time.Hour, 1
	c := client(t, opt)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := c.Embed(ctx, make([]string, 1000)); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
}

func TestOptions(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*endpoint.Options)
		want   string
	}{
		{"no model", func(o *endpoint.Options) { o.Model = "" }, "no model"},
		{"no URL", func(o *endpoint.Options) { o.URL = "" }, "https://host/path"},
		{"no host", func(o *endpoint.Options) { o.URL = "http:///v1" }, "https://host/path"},
		{"another scheme", func(o *endpoint.Options) { o.URL = "ftp://host/" }, "https://host/path"},
		{"a user", func(o *endpoint.Options) { o.URL = "http://me:" + key + "@host/" }, "the URL has a user"},
		{"not a URL", func(o *endpoint.Options) { o.URL = "http://%zz" + key }, "https://host/path"},
		{"a key of two lines", func(o *endpoint.Options) { o.Key = key + "\nHost: x" }, "the key has a space"},
		{"negative", func(o *endpoint.Options) { o.BatchTexts = -1 }, "BatchTexts is -1"},
		{"negative time", func(o *endpoint.Options) { o.Timeout = -1 }, "Timeout is -1ns"},
		{"two dimensions", func(o *endpoint.Options) { o.Dimensions = 9 }, "9 dimensions are asked for and 4 known"},
		{"nobody there", func(o *endpoint.Options) { o.KnownDims = 0; o.Retries = -1 }, "http://127.0.0.1:1/v1/embeddings: tried 1 times"},
	} {
		opt := options("http://127.0.0.1:1/v1?secret=" + key)
		tt.change(&opt)
		_, err := endpoint.New(t.Context(), opt)
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), key) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}

func BenchmarkEmbed(b *testing.B) {
	var r request
	for range 64 {
		r.Input = append(r.Input, strings.Repeat("word ", 200))
	}
	data, err := json.Marshal(map[string]any{"data": items(r, 1024)})
	if err != nil {
		b.Fatal(err)
	}
	opt := options("http://localhost/")
	opt.Transport, opt.KnownDims = fixed(data), 1024
	c := client(b, opt)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Embed(b.Context(), r.Input); err != nil {
			b.Fatal(err)
		}
	}
}
