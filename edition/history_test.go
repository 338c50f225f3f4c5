package edition_test

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"

	"broadsheet"
	"broadsheet/edition"
	"broadsheet/hfpapers"
	"broadsheet/internal/need"
)

// readHistory returns the papers of the history of Daily Papers whose votes are
// known.
func readHistory(t *testing.T) (papers []broadsheet.Record) {
	t.Helper()
	f, err := os.Open(need.Corpora(t, "data", "hf_daily.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for p, err := range hfpapers.ReadHistory(z) {
		if err != nil {
			t.Fatal(err)
		}
		papers = append(papers, p.Record)
	}
	return papers
}

// primaryCategories returns the primary category of those of the papers that the
// collection of papers has.
func primaryCategories(t *testing.T, papers []broadsheet.Record) map[broadsheet.ID]string {
	t.Helper()
	f, err := os.Open(need.Corpora(t, "data", "papers.jsonl.zst"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	wanted := map[string]bool{}
	for _, r := range papers {
		wanted[string(r.ID)] = true
	}
	found := map[broadsheet.ID]string{}
	for in := bufio.NewReaderSize(z, 1<<20); ; {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		// The id stands first, and most lines are not wanted: to decode them takes
		// ten times as long.
		_, rest, _ := bytes.Cut(line[:min(len(line), 100)], []byte(`"id": "`))
		id, _, _ := bytes.Cut(rest, []byte(`"`))
		if !wanted[string(id)] {
			continue
		}
		var p struct{ ID, Categories string }
		if err := json.Unmarshal(line, &p); err != nil {
			t.Fatal(err)
		}
		first, _, _ := bytes.Cut([]byte(p.Categories), []byte(" "))
		found[broadsheet.ID(p.ID)] = string(first)
	}
}

// Over the whole history, no field has more than three times the share of the
// places on top of the days' editions that it has of the votes. Run it with -v for
// the table of doc/ranking.md.
func TestNoFieldDrownsTheOthers(t *testing.T) {
	need.Long(t)
	papers := readHistory(t)
	if len(papers) != 12041 {
		t.Fatalf("%d papers, want 12041", len(papers))
	}
	category := primaryCategories(t, papers)
	days := map[broadsheet.Date][]broadsheet.Signals{}
	votes, entries := map[string]int{}, map[string]int{}
	all := 0
	for i := range papers {
		r := &papers[i]
		day := r.Entries[0].Date
		s := broadsheet.Signals{ID: r.ID, Day: day, Published: r.Published, Category: category[r.ID],
			Counts: broadsheet.Counts{Upvotes: r.Upvotes(), Comments: r.CommentCount()}}
		days[day] = append(days[day], s)
		field := edition.FieldOf(s.Category)
		votes[field] += s.Upvotes
		entries[field]++
		all += s.Upvotes
	}
	top, byVotes := map[string]int{}, map[string]int{}
	places := 0
	for _, day := range slices.Sorted(maps.Keys(days)) {
		// The file has the papers of a day in the order of their votes.
		slices.SortFunc(days[day], func(a, b broadsheet.Signals) int { return cmp.Compare(a.ID, b.ID) })
		ranked, plain := edition.Rank(days[day], 1), edition.ByVotes(days[day], 1)
		for i := range min(10, len(ranked.Papers)) {
			top[edition.FieldOf(ranked.Papers[i].Category)]++
			byVotes[edition.FieldOf(plain.Papers[i].Category)]++
			places++
		}
	}
	t.Logf("%d days, %d places, %d votes", len(days), places, all)
	t.Logf("%-12s %7s %8s %8s %8s %6s", "field", "papers", "votes", "top 10", "by votes", "ratio")
	share := func(n, of int) float64 { return float64(n) / float64(of) }
	for _, field := range slices.SortedFunc(maps.Keys(votes), func(a, b string) int { return cmp.Compare(votes[b], votes[a]) }) {
		ratio := share(top[field], places) / share(votes[field], all)
		t.Logf("%-12s %7d %7.2f%% %7.2f%% %7.2f%% %6.2f", cmp.Or(field, "unknown"), entries[field], 100*share(votes[field], all),
			100*share(top[field], places), 100*share(byVotes[field], places), ratio)
		if !(ratio <= 3) {
			t.Errorf("%s has %.2f times the share of the top places that it has of the votes", cmp.Or(field, "unknown"), ratio)
		}
	}
}
