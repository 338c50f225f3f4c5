package web

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/sqlite"
)

func operated(t *testing.T) (*sqlite.DB, http.Handler, *[]string) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "broadsheet.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	var ran []string
	s := &Server{Papers: db, Editions: db, Now: func() time.Time { return time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC) },
		Admin: &Admin{Key: "0123456789abcdef", Jobs: db, Outbox: db, Off: func(string) string { return "no <key>" },
			RunNow: func(name string) bool { ran = append(ran, name); return name != "nothing" }}}
	return db, s.Handler(), &ran
}

func TestOperatorsPagesNeedTheKey(t *testing.T) {
	_, h, ran := operated(t)
	for _, tt := range []struct {
		name, method, path, key string
		header                  string
		status                  int
	}{
		{"no key", "GET", "/admin", "", "", 401},
		{"another key", "GET", "/admin", "0123456789abcdeX", "", 401},
		{"a beginning of it", "GET", "/admin", "0123456789", "", 401},
		{"the key", "GET", "/admin", "0123456789abcdef", "", 200},
		{"run without a key", "POST", "/admin/jobs/arxiv", "", "", 401},
		{"run by a form of another site", "POST", "/admin/jobs/arxiv", "0123456789abcdef", "cross-site", 403},
		{"run by a GET", "GET", "/admin/jobs/arxiv", "0123456789abcdef", "", 404},
		{"run what is none", "POST", "/admin/jobs/nothing", "0123456789abcdef", "", 404},
		{"send again what is not dead", "POST", "/admin/outbox/7", "0123456789abcdef", "", 404},
		{"send again without a number", "POST", "/admin/outbox/x", "0123456789abcdef", "", 404},
		{"run", "POST", "/admin/jobs/arxiv", "0123456789abcdef", "same-origin", 303},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, tt.path, nil)
			if tt.key != "" {
				r.SetBasicAuth("operator", tt.key)
			}
			if tt.header != "" {
				r.Header.Set("Sec-Fetch-Site", tt.header)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != tt.status {
				t.Errorf("status %d, want %d: %s", w.Code, tt.status, w.Body)
			}
			if tt.status == 401 && !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Basic ") {
				t.Errorf("asks for no key: %v", w.Header())
			}
		})
	}
	if got := strings.Join(*ran, " "); got != "nothing arxiv" {
		t.Errorf("ran %q", got)
	}
}

func TestAdminTellsOfJobsAndLetters(t *testing.T) {
	db, h, _ := operated(t)
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	for _, j := range []struct {
		name string
		next time.Time
	}{{"late", now.Add(-3 * time.Hour)}, {"failed", now.Add(time.Hour)}, {"running", now}, {"off", time.Time{}}} {
		if err := db.PutJob(t.Context(), j.name, j.name, j.next); err != nil {
			t.Fatal(err)
		}
	}
	lease := func(name string, until time.Time) {
		if _, err := db.Lease(t.Context(), name, "me", now.Add(-5*time.Minute), until); err != nil {
			t.Fatal(err)
		}
	}
	lease("running", now.Add(time.Minute))
	lease("failed", now)
	if err := db.Finish(t.Context(), "failed", "me", broadsheet.Run{At: now, Next: now.Add(time.Hour), Error: "<script> is down"}); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/admin", nil)
	r.SetBasicAuth("", "0123456789abcdef")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	page := w.Body.String()
	for _, want := range []string{"3 hours late", "&lt;script&gt; is down", "running for 5 minutes", "no &lt;key&gt;", "0 delivered"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not have %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "<script>") || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("headers %v", w.Header())
	}
}

func TestReports(t *testing.T) {
	_, h, _ := operated(t)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("POST", "/mail/report", strings.NewReader("Subject: x\n\nbody")))
	if w.Code != http.StatusNotFound {
		t.Errorf("where no mail is sent: %d", w.Code)
	}
}
