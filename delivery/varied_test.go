package delivery

import (
	"compress/gzip"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"broadsheet"
	"broadsheet/digest"
	"broadsheet/hfpapers"
	"broadsheet/internal/need"
)

// Of real editions, ten picks repeat themselves less than the ten first, and are worth
// at most 5 % less by the places that they have there.
func TestPicksOfEditionsAreVaried(t *testing.T) {
	f, err := os.Open(need.Corpora(t, "data", "hf_daily.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	days := map[broadsheet.Date][]broadsheet.Record{}
	for p, err := range hfpapers.ReadHistory(z) {
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Record.Entries) > 0 && p.Record.Abstract != "" {
			day := p.Record.Entries[0].Date
			days[day] = append(days[day], p.Record)
		}
	}
	const size = 10
	var worth, worthFirst, same, sameFirst float64
	n := 0
	for _, papers := range days {
		if len(papers) < 2*size {
			continue
		}
		n++
		slices.SortStableFunc(papers, func(a, b broadsheet.Record) int { return b.Upvotes() - a.Upvotes() })
		b := &batchOfPapers{records: papers, usage: digest.NewUsage(papers)}
		place := map[broadsheet.ID]int{}
		for i, p := range papers {
			b.ids, place[p.ID] = append(b.ids, p.ID), i
			b.studies = append(b.studies, b.usage.Study(&papers[i].Paper))
		}
		var picked []broadsheet.Record
		for _, pick := range choose(b, b.ids, interestsOf(nil), size) {
			picked = append(picked, papers[place[pick.Paper]])
			worth += standing(place[pick.Paper])
		}
		for i := range size {
			worthFirst += standing(i)
		}
		same += likeness(picked)
		sameFirst += likeness(papers[:size])
	}
	t.Logf("%d editions: the picks are worth %.1f %% less, and two of them are %.1f %% less alike, than the ten first", n, 100*(1-worth/worthFirst), 100*(1-same/sameFirst))
	if worth < 0.95*worthFirst || same >= 0.98*sameFirst {
		t.Errorf("worth %.3f of the first, likeness %.3f of theirs", worth/worthFirst, same/sameFirst)
	}
}

// likeness is the mean cosine of the words of two papers.
func likeness(papers []broadsheet.Record) float64 {
	bags := make([]map[string]bool, len(papers))
	for i, p := range papers {
		bags[i] = map[string]bool{}
		for _, w := range strings.FieldsFunc(strings.ToLower(p.Title+" "+p.Abstract), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if len(w) > 4 {
				bags[i][w] = true
			}
		}
	}
	sum, n := 0.0, 0
	for i := range bags {
		for j := range i {
			both := 0
			for w := range bags[i] {
				if bags[j][w] {
					both++
				}
			}
			sum += float64(both) / math.Sqrt(float64(len(bags[i])*len(bags[j])))
			n++
		}
	}
	return sum / float64(n)
}
