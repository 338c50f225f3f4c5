package datadir

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
)

func TestRequests(t *testing.T) {
	path := t.TempDir()
	held, err := Open(path, "serve")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	beside := &Dir{path: path}
	if got := held.TakeRequests(); got != nil {
		t.Errorf("before anybody asked: %v", got)
	}
	for _, r := range []Request{{Job: "arxiv", Since: "2026-01-02"}, {Job: "hf"}, {Job: "papers.example.org"}} {
		if err := beside.Ask(r); err != nil {
			t.Fatal(err)
		}
	}
	for _, bad := range []string{"", "../lock", ".hidden", `a\b`, "a/b"} {
		if err := beside.Ask(Request{Job: bad}); broadsheet.KindOf(err) != broadsheet.Invalid || err == nil {
			t.Errorf("asked for %q: %v", bad, err)
		}
	}
	want := []Request{{Job: "arxiv", Since: "2026-01-02"}, {Job: "hf"}, {Job: "papers.example.org"}}
	if diff := cmp.Diff(want, held.TakeRequests()); diff != "" {
		t.Errorf("taken (-want +got):\n%s", diff)
	}
	if got := held.TakeRequests(); got != nil {
		t.Errorf("taken twice: %v", got)
	}
}
