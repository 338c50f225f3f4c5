package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet"
)

// full is a store with which every page has something to show.
func full() *fake {
	f := papers(60, "2025-03-11")
	f.records = append(f.records, rich(), paper("2503.90001", "2025-03-07", 1), paper("hep-th/9901001", "2025-02-20", 1),
		paper("doi:10.1000/x", "2024-12-31", 1))
	return f
}

// addresses has one of every kind.
var addresses = []string{
	"/", "/papers", "/papers/date/2025-03-11", "/papers/date/2025-03-11?p=2", "/papers/date/2025-03-08", "/papers/week/2025-W11", "/papers/month/2025-03",
	"/papers/2503.77777", "/papers/2503.77777v1", "/papers/2503.99999", "/papers/nonsense", "/papers?q=", "/papers?q=Paper", "/papers?q=zebra",
	"/papers?q=a&p=x", "/static/x/style.css", "/favicon.ico", "/robots.txt", "/nothing", "//papers", "/papers/",
	"/topics", "/topics/x", "/papers?explain=1&q=Paper",
}

func TestEveryAnswerHasThePolicy(t *testing.T) {
	s := server(full())
	h := s.Handler()
	check := func(r *http.Request, codes ...int) {
		t.Helper()
		p := do(t, h, r)
		if p.head.Get("Content-Security-Policy") != policy || p.head.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %s: status %d without the security headers", r.Method, r.URL, p.code)
		}
		for _, c := range codes {
			p.want(c)
		}
	}
	for _, path := range append(addresses, loadAssets().url("style.css")) {
		check(httptest.NewRequest(http.MethodGet, path, nil))
		check(httptest.NewRequest(http.MethodHead, path, nil))
	}
	check(httptest.NewRequest(http.MethodPost, "/papers", nil), 405)
	foreign := httptest.NewRequest(http.MethodPost, "/papers", nil)
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	check(foreign, 403)
}

// Nothing on a page is script or inline style, and what it loads is ours.
func TestPagesCarryNoCode(t *testing.T) {
	h := server(full()).Handler()
	for _, path := range addresses {
		p := get(t, h, path)
		for n := range p.root.Descendants() {
			switch n.Data {
			case "script", "style", "iframe", "object", "embed", "base", "img":
				t.Errorf("%s: a <%s> element", path, n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
					t.Errorf("%s: attribute %s=%q", path, a.Key, a.Val)
				}
				if strings.Contains(a.Val, "ZgotmplZ") || strings.HasPrefix(strings.ToLower(a.Val), "javascript:") {
					t.Errorf("%s: %s=%q", path, a.Key, a.Val)
				}
			}
		}
		for _, n := range p.find("a") {
			if to := attr(n, "href"); !strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "#") && !strings.Contains(attr(n, "rel"), "noopener noreferrer") {
				t.Errorf("%s: the link to %s has rel=%q", path, to, attr(n, "rel"))
			}
		}
		for _, n := range p.find("link") {
			if rel := attr(n, "rel"); rel != "canonical" && !strings.HasPrefix(attr(n, "href"), "/static/") {
				t.Errorf("%s: loads %s", path, attr(n, "href"))
			}
		}
	}
}

// A page has a language, one main part, one first headline, no headline level
// left out, labels for its fields, and no id twice.
func TestPagesAreAccessible(t *testing.T) {
	h := server(full()).Handler()
	for _, path := range []string{"/", "/papers/date/2025-03-08", "/papers/2503.77777", "/papers?q=Paper", "/papers?q=zebra", "/nothing"} {
		p := get(t, h, path)
		for tag, want := range map[string]int{"html": 1, "main": 1, "h1": 1, "title": 1, "a.skip": 1} {
			if got := len(p.find(tag)); got != want {
				t.Errorf("%s: %d %s, want %d", path, got, tag, want)
			}
		}
		if len(p.attrs("html", "lang")) != 1 {
			t.Errorf("%s: no language", path)
		}
		ids, level := map[string]bool{}, 0
		for n := range p.root.Descendants() {
			if id := attr(n, "id"); id != "" {
				if ids[id] {
					t.Errorf("%s: id %q twice", path, id)
				}
				ids[id] = true
			}
			if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
				next := int(n.Data[1] - '0')
				if next > level+1 {
					t.Errorf("%s: <%s> follows <h%d>", path, n.Data, level)
				}
				level = next
			}
		}
		for _, n := range p.find("input") {
			if !strings.Contains(p.body, `for="`+attr(n, "id")+`"`) {
				t.Errorf("%s: the field %q has no label", path, attr(n, "name"))
			}
		}
		for _, n := range p.find("article") {
			if by := attr(n, "aria-labelledby"); by != "" && !ids[by] {
				t.Errorf("%s: an article is labelled by %q, which is not there", path, by)
			}
		}
		for _, n := range p.find("nav") {
			if attr(n, "aria-label") == "" {
				t.Errorf("%s: a nav has no label", path)
			}
		}
	}
}

// Every link of our own that a reader can follow from the front page leads to a page.
func TestCrawl(t *testing.T) {
	h := server(full()).Handler()
	seen, queue := map[string]bool{"/": true}, []string{"/"}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		p := get(t, h, path)
		if p.code >= 400 {
			t.Errorf("%s: status %d", path, p.code)
		}
		for _, tag := range []string{"a", "link"} {
			for _, to := range append(p.attrs(tag, "href"), p.head.Get("Location")) {
				if strings.HasPrefix(to, "/") && !seen[to] {
					seen[to] = true
					queue = append(queue, to)
				}
			}
		}
	}
	if len(seen) < len(full().records) {
		t.Errorf("only %d pages were reached", len(seen))
	}
}

func TestBrokenStore(t *testing.T) {
	for _, tt := range []struct {
		err  error
		code int
	}{
		{fmt.Errorf("sqlite: open /var/x: disk I/O error"), 500},
		{&broadsheet.Error{Text: "Internal /var/x.", Err: errors.New("/var/x")}, 500},
		{&broadsheet.Error{Kind: broadsheet.Unavailable, Text: "The store is being restored.", Err: errors.New("/var/x")}, 503},
		{&broadsheet.Error{Kind: broadsheet.Conflict, Text: "Not now.", Err: errors.New("/var/x")}, 409},
		{&broadsheet.Error{Kind: 99, Text: "Newer than these pages.", Err: errors.New("/var/x")}, 500},
		{context.DeadlineExceeded, 503},
	} {
		f := full()
		f.err = tt.err
		var log bytes.Buffer
		s := server(f)
		s.Log = slog.New(slog.NewTextHandler(&log, nil))
		h := s.Handler()
		for _, path := range []string{"/", "/papers/week/2025-W11", "/papers/2503.77777", "/papers?q=sheep", "/papers?q=2503.77777"} {
			log.Reset()
			p := get(t, h, path).want(tt.code)
			if strings.Contains(p.body, "/var/x") {
				t.Errorf("%s shows the cause: %s", path, p.words("main"))
			}
			if p.words("main h1") == "" || p.words("main p") == "" {
				t.Errorf("%s: the page says nothing", path)
			}
			if lines := strings.Count(log.String(), "\n"); lines != 1 && tt.code >= 500 {
				t.Errorf("%s: %d lines in the log, want 1: %s", path, lines, log.String())
			}
		}
	}
}

// A reader who goes away is neither answered nor logged.
func TestReaderGone(t *testing.T) {
	f := full()
	f.err = context.Canceled
	var log bytes.Buffer
	s := server(f)
	s.Log = slog.New(slog.NewTextHandler(&log, nil))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := do(t, s.Handler(), httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx))
	if p.body != "" || log.Len() > 0 {
		t.Errorf("answered %q, logged %q", p.body, log.String())
	}
}

func TestConditionalAndCompressed(t *testing.T) {
	h := server(full()).Handler()
	style := loadAssets().url("style.css")
	for _, path := range []string{"/", "/papers/2503.77777", style} {
		plain := get(t, h, path).want(200)
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", "br, gzip")
		zipped := do(t, h, r).want(200)
		z, err := gzip.NewReader(strings.NewReader(zipped.body))
		if err != nil || zipped.head.Get("Content-Encoding") != "gzip" {
			t.Fatalf("%s: not compressed: %v", path, err)
		}
		if body, err := io.ReadAll(z); err != nil || string(body) != plain.body {
			t.Errorf("%s: the compressed page is another one (%v)", path, err)
		}
		r = httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("If-None-Match", `"other", `+plain.head.Get("ETag"))
		if p := do(t, h, r).want(304); p.body != "" {
			t.Errorf("%s: 304 with a body", path)
		}
	}
	if got := get(t, h, style).head.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("the style sheet has Cache-Control %q", got)
	}
	if got := get(t, h, "/").head.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("a page has Cache-Control %q", got)
	}
	get(t, h, strings.Replace(style, "/static/", "/static/0", 1)).want(404)
	get(t, h, "/static/../server.go").want(307)
}

func TestEditionIsRenderedOnce(t *testing.T) {
	f := full()
	s := server(f)
	now := noon
	s.Now = func() time.Time { return now }
	h := s.Handler()
	var crowd sync.WaitGroup
	for range 50 {
		crowd.Go(func() { get(t, h, "/?nobody=knows") })
	}
	crowd.Wait()
	if f.reads != 1 {
		t.Errorf("50 readers made the store read %d editions, want 1", f.reads)
	}
	f.change++
	f.records[0].Title = "Something new"
	if p := get(t, h, "/"); !strings.Contains(p.words("h3"), "Something new") {
		t.Error("a change does not show")
	}
	now = now.AddDate(0, 0, 1)
	if p := get(t, h, "/"); !strings.Contains(p.words("p.note"), "No edition today, Wednesday 12 March.") {
		t.Errorf("the next day has the note %q", p.words("p.note"))
	}
}

func TestCacheIsBounded(t *testing.T) {
	var c cache
	for page := range 10 * maxCached {
		c.entry(editionKey{page: page})
	}
	if len(c.entries) > maxCached {
		t.Errorf("%d entries, want at most %d", len(c.entries), maxCached)
	}
}

// Characters that turn the direction of the text around them reach no page.
func TestHostileUnicode(t *testing.T) {
	r := rich()
	evil := "a\u202eb\u2066c\u2069d\x1be\u0085f\ufefft"
	r.Title, r.Abstract, r.Comments, r.Venue = evil, evil, evil, evil
	r.Authors[0] = broadsheet.Author{Name: evil, Affiliation: evil}
	r.Tallies[0].Source, r.Keywords[0], r.Sources[1].Name = evil, evil, evil
	h := server(&fake{records: []broadsheet.Record{r}}).Handler()
	for _, path := range []string{"/", "/papers/2503.77777", "/papers?q=a", "/papers?cat=cs.LG", "/papers?q=" + url.QueryEscape(evil)} {
		p := get(t, h, path).want(200)
		if i := strings.IndexFunc(p.body, banned); i >= 0 {
			t.Errorf("%s has %+q", path, p.body[max(0, i-30):i+4])
		}
		if !strings.Contains(p.body, "abcdeft") {
			t.Errorf("%s has lost the words", path)
		}
	}
}

// The style sheet is small, loads nothing, and its text can be read by people
// with weak sight (WCAG 2.2, contrast 4.5:1), by day and by night.
func TestStyle(t *testing.T) {
	b, err := os.ReadFile("static/style.css")
	if err != nil {
		t.Fatal(err)
	}
	css := string(b)
	if len(css) >= 22<<10 {
		t.Errorf("%d bytes, want less than 22 kB", len(css))
	}
	if strings.Contains(css, "url(") || strings.Contains(css, "@import") {
		t.Error("it loads something")
	}
	day, night, ok := strings.Cut(css, "prefers-color-scheme: dark")
	if !ok {
		t.Fatal("no dark scheme")
	}
	for _, scheme := range []string{day, night} {
		for _, pair := range [][2]string{{"ink", "paper"}, {"soft", "paper"}, {"accent", "paper"}, {"ink", "mark"}} {
			if c := contrast(t, scheme, pair[0], pair[1]); c < 4.5 {
				t.Errorf("%s on %s has contrast %.1f", pair[0], pair[1], c)
			}
		}
	}
}

func contrast(t *testing.T, css, a, b string) float64 {
	x, y := luminance(t, css, a)+.05, luminance(t, css, b)+.05
	return max(x, y) / min(x, y)
}

func luminance(t *testing.T, css, name string) float64 {
	m := regexp.MustCompile(`--` + name + `: #([0-9a-f]{6})`).FindStringSubmatch(css)
	if m == nil {
		t.Fatalf("no colour %s", name)
	}
	n, _ := strconv.ParseUint(m[1], 16, 32)
	var sum float64
	for i, weight := range []float64{0.0722, 0.7152, 0.2126} {
		c := float64(n>>(8*i)&0xff) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func BenchmarkFrontPage(b *testing.B) {
	h := server(full()).Handler()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Accept-Encoding", "gzip")
			h.ServeHTTP(httptest.NewRecorder(), r)
		}
	})
}
