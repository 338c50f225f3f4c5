package delivery

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
)

// What is remembered of papers is right again a moment later, follows papers that
// became one, and is asked of the store once.
func TestItems(t *testing.T) {
	store := openStore(t)
	ids := putDay(t, store, "2026-03-03", 3)
	picks := []broadsheet.Pick{{Paper: ids[2], Reason: "a"}, {Paper: "local:gone"}, {Paper: ids[0], Reason: "b"}, {Paper: ids[2], Reason: "again"}}
	var c items
	got := func(now time.Time) (out []string) {
		t.Helper()
		list, err := c.of(t.Context(), store, picks, "https://papers.example.org", now)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range list {
			out = append(out, it.Title+": "+it.Reason)
		}
		return out
	}
	want := []string{"Paper 2 of 2026-03-03: a", "Paper 0 of 2026-03-03: b"}
	if diff := cmp.Diff(want, got(start)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	r, err := store.Paper(t.Context(), ids[0])
	if err != nil {
		t.Fatal(err)
	}
	r.Title, r.Sources = "Another title", []broadsheet.Source{{Name: "jsonl", Date: "2026-03-05"}}
	if _, err := store.Put(t.Context(), []broadsheet.Record{r}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got(start.Add(itemsFor))); diff != "" {
		t.Errorf("within the minute (-want +got):\n%s", diff)
	}
	want[1] = "Another title: b"
	if diff := cmp.Diff(want, got(start.Add(itemsFor+1))); diff != "" {
		t.Errorf("afterwards (-want +got):\n%s", diff)
	}
}
