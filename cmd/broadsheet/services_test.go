package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/enrich"
	"broadsheet/internal/reply/replytest"
	"broadsheet/sqlite"
)

func TestServiceSettings(t *testing.T) {
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(replytest.Key+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := load(t, nil, map[string]string{
		"BROADSHEET_S2_KEY_FILE": key, "BROADSHEET_OPENALEX_KEY_FILE": key, "BROADSHEET_OPENALEX_KEY": " stronger ",
		"BROADSHEET_GITHUB_URL": "http://127.0.0.1:9", "BROADSHEET_CONTACT": "mailto:ada@example.org",
	}, "crossref-url = http://127.0.0.1:8/x\n")
	if err != nil {
		t.Fatal(err)
	}
	want := defaultServices
	want.S2.Key, want.OpenAlex.Key, want.GitHub.URL, want.Contact = replytest.Key, "stronger", "http://127.0.0.1:9", "ada@example.org"
	if diff := cmp.Diff(want, got.Services); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	off := map[string]string{}
	for _, e := range got.enrichers() {
		off[e.name] = e.off
	}
	if diff := cmp.Diff(map[string]string{"s2": "", "openalex": "", "crossref": "", "github": "no key: set BROADSHEET_GITHUB_KEY or github-key-file"}, off); diff != "" {
		t.Errorf("off (-want +got):\n%s", diff)
	}
	for _, e := range new(Config).enrichers() {
		if e.off == "" {
			t.Errorf("%s is on though nothing was said", e.name)
		}
	}

	for name, env := range map[string]map[string]string{
		"two lines":       {"BROADSHEET_S2_KEY": replytest.Key + "\r\nX-Evil: 1"},
		"not of mail":     {"BROADSHEET_CONTACT": "https://example.org"},
		"two addresses":   {"BROADSHEET_CONTACT": "a@example.org, b@example.org"},
		"a name with it":  {"BROADSHEET_CONTACT": "Ada <a@example.org>"},
		"not of a server": {"BROADSHEET_S2_URL": "file:///etc/passwd"},
		"a secret in it":  {"BROADSHEET_OPENALEX_URL": "https://u:" + replytest.Key + "@x"},
	} {
		_, err := load(t, nil, env, "")
		if broadsheet.KindOf(err) != broadsheet.Invalid || strings.Contains(err.Error(), replytest.Key) {
			t.Errorf("%s: %v, want Invalid, without the key", name, err)
		}
	}
	if _, err := load(t, []string{"--config", "broadsheet.conf"}, nil, "github-key = x"); err == nil || !strings.Contains(err.Error(), "github-key is a secret") {
		t.Errorf("a key in the file: %v", err)
	}
}

// A paper is enriched by a service on loopback; doctor and show tell of it, and
// nothing tells the key.
func TestDoctorAndShowTellOfServices(t *testing.T) {
	s := replytest.Serve(t, replytest.Text(200, `{"data": {"rateLimit": {"cost": 1, "remaining": 0, "resetAt": "2099-01-01T00:00:00Z"}, "r0": {"nameWithOwner": "ada/light", "stargazerCount": 1234}}}`))
	data := t.TempDir()
	env := map[string]string{"BROADSHEET_DATA": data, "BROADSHEET_GITHUB_URL": s.URL, "BROADSHEET_GITHUB_KEY": replytest.Key}
	file := filepath.Join(t.TempDir(), "papers.jsonl")
	if err := os.WriteFile(file, []byte(`{"id":"2503.00001","title":"First Light","abstract":"Code: https://github.com/ada/light."}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := run(t, env, "import", file); code != 0 {
		t.Fatal(stderr)
	}
	said := func(args ...string) string {
		t.Helper()
		code, stdout, stderr := run(t, env, args...)
		if code != 0 || strings.Contains(stdout+stderr, replytest.Key) {
			t.Errorf("%v: code %d\n%s%s", args, code, stdout, stderr)
		}
		return stdout
	}
	contains(t, said("doctor"), "s2         off, no key: set BROADSHEET_S2_KEY or s2-key-file\n",
		"crossref   off, nobody to write to", "github     on; has not answered yet\n")

	db, err := sqlite.Open(t.Context(), filepath.Join(data, "broadsheet.db"))
	if err != nil {
		t.Fatal(err)
	}
	// A day on which no test runs: doctor tells what is used up beside its own clock.
	now := func() time.Time { return time.Date(2095, 3, 10, 4, 5, 0, 0, time.UTC) }
	db.Now = now
	cfg := Config{Services: Services{GitHub: Service{URL: s.URL, Key: replytest.Key}}}
	for _, e := range cfg.enrichers() {
		if e.off == "" {
			o := s.Options()
			o.Now = now
			sum, err := enrich.Run(t.Context(), enrich.Options{Service: e.make(o), Papers: db, Measures: db, Now: now, Log: o.Log})
			if err != nil || sum.Found != 1 || sum.Rest.IsZero() {
				t.Errorf("%+v, %v", sum, err)
			}
		}
	}
	db.Close()
	contains(t, said("doctor"), "github     on; last answered 2095-03-10 04:05; its limit is used up until 2095-03-11 04:05\n")
	contains(t, said("show", "2503.00001"), "Stars       1,234 (github, 2095-03-10)\n")
	contains(t, said("show", "--format", "json", "2503.00001"), `"measures": [`, `"kind": "stars"`, `"value": 1234`, `"counted": "2095-03-10"`)
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in:\n%s", part, text)
		}
	}
}
