package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/arxiv/arxivtest"
	"broadsheet/internal/need"
	"broadsheet/sqlite"
)

// hurry is a Sleep for which time does not pass.
func hurry(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// An outpost is a data directory beside an arXiv of this machine.
type outpost struct {
	arxiv *arxivtest.Server
	data  string
	began time.Time
}

func newOutpost(t *testing.T) *outpost {
	t.Helper()
	o := &outpost{data: t.TempDir(), began: time.Now()}
	o.arxiv = arxivtest.New(arxivtest.Invent(120, "2026-08-20", "2026-09-09"), arxivtest.Options{PageSize: 25, Now: o.now})
	t.Cleanup(o.arxiv.Close)
	return o
}

// now is Wednesday 9 September 2026, 06:00 in New York and later: the feed of that
// day is out.
func (o *outpost) now() time.Time {
	return time.Date(2026, 9, 9, 10, 0, 0, 0, time.UTC).Add(time.Since(o.began))
}

func (o *outpost) main(out, errOut io.Writer, args ...string) *Main {
	if args[0] == "doctor" {
		return &Main{Args: append(args, "--data", o.data), Stdout: out, Stderr: errOut, Now: o.now, Env: func(string) (string, bool) { return "", false }}
	}
	args = append(args, "--data", o.data, "--sources", "arxiv", "--arxiv-oai-url", o.arxiv.OAI(), "--arxiv-rss-url", o.arxiv.RSS(), "--arxiv-api-url", o.arxiv.API())
	return &Main{Args: args, Stdin: strings.NewReader(""), Stdout: out, Stderr: errOut, Sleep: hurry, Now: o.now,
		Env: func(string) (string, bool) { return "", false }}
}

// sync runs the command and returns what it says became of each job.
func (o *outpost) sync(t *testing.T, code int, args ...string) (done []synced) {
	t.Helper()
	var out, errOut lockedBuffer
	if got := o.main(&out, &errOut, append([]string{"sync", "--json"}, args...)...).Run(t.Context()); got != code {
		t.Fatalf("sync %v: exit %d, want %d\n%s", args, got, code, errOut.String())
	}
	if err := json.Unmarshal([]byte(out.String()), &done); err != nil {
		t.Fatalf("%v in %s", err, out.String())
	}
	return done
}

func (o *outpost) store(t *testing.T) *sqlite.DB {
	t.Helper()
	db, err := sqlite.OpenReadOnly(t.Context(), filepath.Join(o.data, "broadsheet.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestSync(t *testing.T) {
	o := newOutpost(t)
	first := o.sync(t, exitDone, "arxiv", "--since", "2026-08-01")
	if len(first) != 2 || first[0].Job != "arxiv-new" || first[1].Job != "arxiv" || !strings.Contains(first[1].Did, "new") {
		t.Errorf("the first time: %+v", first)
	}
	for _, s := range o.sync(t, exitDone) {
		if strings.Contains(s.Did, " new") && s.Did != "nothing new" {
			t.Errorf("the second time: %+v", s)
		}
	}
	db := o.store(t)
	stats, err := db.Stats(t.Context())
	if err != nil || stats.Papers < 100 {
		t.Errorf("%+v, %v", stats, err)
	}
	covered, err := db.Covered(t.Context(), broadsheet.SourceArXiv, "", "")
	if err != nil || len(covered) == 0 || covered[len(covered)-1].Day != "2026-09-09" {
		t.Errorf("covered: %+v, %v", covered, err)
	}
	for _, c := range covered {
		if wd := c.Day.Time().Weekday(); wd == time.Saturday || wd == time.Sunday || c.Day == "2026-09-08" { // after Labor Day
			t.Errorf("covered has %s", c.Day)
		}
	}
	var out, errOut lockedBuffer
	o.main(&out, &errOut, "doctor").Run(t.Context()) // its exit code is also about the disk
	if !strings.Contains(out.String(), "none fails") || !strings.Contains(out.String(), "to 2026-09-09 are complete") {
		t.Errorf("doctor says\n%s", out.String())
	}
	if lines := o.arxiv.Log(); len(lines) == 0 || !strings.HasPrefix(lines[0].Agent, "Broadsheet/") {
		t.Errorf("asked by %+v", lines)
	}
}

func TestSyncSinglePapers(t *testing.T) {
	o := newOutpost(t)
	ids := arxivtest.Invent(120, "2026-08-20", "2026-09-09")
	var some []string
	for _, p := range ids[:5] {
		if !p.Deleted {
			some = append(some, p.ID)
		}
	}
	done := o.sync(t, exitDone, some...)
	if len(done) != 1 || done[0].Error != "" || !strings.Contains(done[0].Did, "new") {
		t.Errorf("got %+v", done)
	}
	if done := o.sync(t, exitFailed, "2601.99999"); !strings.Contains(done[0].Error, "does not know") {
		t.Errorf("got %+v", done)
	}
}

// Whatever a command asks arXiv for, it keeps one pace over all of it.
func TestSyncKeepsOnePace(t *testing.T) {
	need.Long(t)
	o := newOutpost(t)
	var out, errOut lockedBuffer
	m := o.main(&out, &errOut, "sync", "arxiv-new", "2601.99999")
	m.Sleep = nil // in real time
	m.Run(t.Context())
	log := o.arxiv.Log()
	if len(log) < 2 {
		t.Fatalf("%d requests: %s", len(log), errOut.String())
	}
	for i := range log[1:] {
		if gap := log[i+1].At.Sub(log[i].At); gap < 3*time.Second {
			t.Errorf("%s %v after %s", log[i+1].Target, gap, log[i].Target)
		}
	}
}

func TestSyncUsage(t *testing.T) {
	o := newOutpost(t)
	for _, args := range [][]string{{"sync", "nowhere"}, {"sync", "--since", "yesterday"}} {
		var out, errOut lockedBuffer
		if code := o.main(&out, &errOut, args...).Run(t.Context()); code != exitUsage {
			t.Errorf("%v: exit %d, %s", args, code, errOut.String())
		}
	}
	var out, errOut lockedBuffer
	if code := o.main(&out, &errOut, "sync", "github").Run(t.Context()); code != exitFailed || !strings.Contains(errOut.String(), "BROADSHEET_GITHUB_KEY") {
		t.Errorf("a service without a key: exit %d, %s", code, errOut.String())
	}
}

// A server gathers by itself, shows how, and does what sync asks of it from beside.
func TestServeGathers(t *testing.T) {
	o := newOutpost(t)
	ctx, cancel := context.WithCancel(t.Context())
	var log lockedBuffer
	ready, done := make(chan string, 1), make(chan int, 1)
	m := o.main(io.Discard, &log, "serve", "--addr", "127.0.0.1:0")
	m.Ready = func(addr string) { ready <- addr }
	go func() { done <- m.Run(ctx) }()
	defer func() {
		cancel()
		if code := <-done; code != exitDone {
			t.Errorf("serve ended with %d:\n%s", code, log.String())
		}
	}()
	base := "http://" + <-ready

	if status, _ := get(t, base+"/admin"); status != http.StatusUnauthorized {
		t.Errorf("/admin without a key: %d", status)
	}
	key, err := os.ReadFile(filepath.Join(o.data, "admin.key"))
	if err != nil {
		t.Fatal(err)
	}
	admin := "http://operator:" + strings.TrimSpace(string(key)) + "@" + strings.TrimPrefix(base, "http://")
	jobs := func() map[string]broadsheet.Job {
		found := map[string]broadsheet.Job{}
		list, err := o.store(t).Jobs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range list {
			found[j.Name] = j
		}
		return found
	}
	until(t, func() bool { j := jobs(); return !j["arxiv"].Done.IsZero() && !j["arxiv-new"].Done.IsZero() })
	if status, page := get(t, admin+"/admin"); status != http.StatusOK || !strings.Contains(page, "arxiv-new") || !strings.Contains(page, "Run now") {
		t.Errorf("/admin: %d\n%s", status, page)
	}
	if status, page := get(t, base+"/papers/date/2026-09-09"); status != http.StatusOK || !strings.Contains(page, "<article") {
		t.Errorf("the day's edition: %d", status)
	}

	before := len(o.arxiv.Log())
	if done := o.sync(t, exitDone, "arxiv"); len(done) != 2 {
		t.Errorf("sync beside the server: %+v", done)
	}
	if len(o.arxiv.Log()) == before {
		t.Error("the server did not ask arXiv again")
	}
	before = len(o.arxiv.Log())
	res, err := http.PostForm(admin+"/admin/jobs/arxiv", url.Values{})
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("run now: %v, %v", res, err)
	}
	res.Body.Close()
	until(t, func() bool { return len(o.arxiv.Log()) > before })
	if status, _ := get(t, admin+"/admin/jobs/arxiv"); status == http.StatusOK {
		t.Error("a GET runs a job")
	}
}

// until waits for something that takes a moment.
func until(t *testing.T, what func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !what(); {
		if time.Now().After(end) {
			t.Fatal("it did not come about within a minute")
		}
		time.Sleep(50 * time.Millisecond)
	}
}
