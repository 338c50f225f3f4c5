package search

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"broadsheet/search/eval"
)

// heap returns papers among which there are titles to be mistyped, and enough others for
// the words of those to be in use.
func heap() (papers []Paper) {
	add := func(id, title, abstract string) {
		papers = append(papers, Paper{ID: id, Title: title, Abstract: abstract, Day: Unknown})
	}
	add("causal", "Causal representation learning for wading birds", "Herons, mostly.")
	add("casual", "Casual conversation", "Small talk at the pond.")
	add("convex", "On the efficiency of kettles", "Water boils.")
	add("form", "From pond to kettle: a study of form", "Shapes.")
	for i := range 2000 {
		add(fmt.Sprintf("f%d", i), fmt.Sprintf("Learning number %d", i),
			"Representation learning for birds from kettles: the efficiency of causal studies of efficiency and kettles.")
	}
	return papers
}

func TestNearlyATitle(t *testing.T) {
	e := open(t, heap())
	for _, tt := range []struct{ name, text, want string }{
		{"the title", "Causal representation learning for wading birds", "causal"},
		{"letters swapped in two words", "Casual represnetation learning for wadign birds", "causal"},
		{"a letter left out and one too many", "Causal reprsentation learnning for wading birds", "causal"},
		{"a slip that is another word", "Casual representation learning for wading birds", "causal"},
		{"a word left out", "Causal representation learning wading birds", "causal"},
		{"a word too many", "Causal representation learning for all wading birds", "causal"},
		{"other signs, and TeX", `\emph{Causal} $representation$-learning: for (wading) birds!`, "causal"},
		{"words that thousands of papers have more often", "On the efficiency of kettles", "convex"},
		{"and misspelt", "On the eficiency of ketltes", "convex"},
		{"function words that are slips of others", "Form pond to kettle: a study of from", "form"},
	} {
		r, err := e.Search(t.Context(), Request{Text: tt.text, Limit: 3})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Hits) == 0 || r.Hits[0].ID != tt.want {
			t.Errorf("%s: %q finds %q, want %s first", tt.name, tt.text, ids(r.Hits), tt.want)
		}
	}
}

// Page after page is the list, no paper twice and none left out, when a title was put
// before papers with higher scores.
func TestNearlyATitleInPages(t *testing.T) {
	e := open(t, heap())
	seen, cursor := map[string]bool{}, ""
	for n := 0; ; n++ {
		r, err := e.Search(t.Context(), Request{Text: "on the efficiency of kettles", Limit: 400, Cursor: cursor})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range r.Hits {
			if seen[h.ID] {
				t.Fatalf("%s is on two pages", h.ID)
			}
			seen[h.ID] = true
		}
		if cursor = r.Cursor; cursor == "" {
			if len(seen) != r.Total {
				t.Fatalf("%d papers on %d pages, %d were told", len(seen), n+1, r.Total)
			}
			return
		}
	}
}

func TestRespell(t *testing.T) {
	e := open(t, heap())
	for _, tt := range []struct{ text, want string }{
		{"represnetation", "represnetation: also representation"},
		{"effciency ketltes", "effciency: also efficiency; ketltes: also kettles"},
		{"efficiency of kettles", ""}, // in use
		{"heron", ""},                 // rare, but a word
		{"keetle4", ""},               // has a digit
		{`"represnetation"`, ""},      // as it stands
		{"birds -represnetation", ""}, // what is not wanted is not guessed
	} {
		r, err := e.Search(t.Context(), Request{Text: tt.text})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, s := range r.Trace {
			if s.Name == "words" {
				got = s.Detail
			}
		}
		if got != tt.want {
			t.Errorf("%q is read as %q, want %q", tt.text, got, tt.want)
		}
	}
}

// A question of slips only costs a bounded number of looks into the dictionaries.
func TestRespellIsBounded(t *testing.T) {
	e := open(t, heap())
	var words []string
	for i := range 60 {
		words = append(words, eval.Mistype("representation", 1, eval.Slips, rand.New(rand.NewPCG(1, uint64(i)))))
	}
	s := &compiler{engine: e, snap: e.index.Snapshot()}
	defer s.snap.Release()
	for _, w := range words {
		for _, t := range e.analyze(w) {
			s.meantBy(t)
		}
	}
	if len(s.meant) > maxRespelt {
		t.Errorf("%d words were looked up, want at most %d", len(s.meant), maxRespelt)
	}
	if r, err := e.Search(t.Context(), Request{Text: strings.Join(words, " ")}); err != nil || len(r.Hits) == 0 {
		t.Errorf("got %d hits (%v), want some", len(r.Hits), err)
	}
}
