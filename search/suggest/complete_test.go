package suggest_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"

	"broadsheet/search/suggest"
)

var shelf = []suggest.Entry{
	{suggest.Title, "Kettles Is All You Need", 900, "p1"},
	{suggest.Title, "All the Kettles of Łódź", 500, "p2"},
	{suggest.Title, "On Schrödinger's Kettle: C++ and GPT-4", 40, "p3"},
	{suggest.Title, "A Kettle, a Kettle, a Kettle", 30, "p4"},
	{suggest.Title, "A Kettle, a Kettle, a Kettle", 30, "p5"},
	{suggest.Author, "Ada Kettler", 12, ""},
	{suggest.Author, "Bo J. Adams", 3, ""},
	{suggest.Category, "cs.LG Machine Learning", 70, ""},
	{suggest.Phrase, "all kettles", 600, ""},
	{suggest.Phrase, "kettle theory", 8, ""},
	{suggest.Word, "kettle", 5000, ""},
}

func TestComplete(t *testing.T) {
	f := open(t, build(t, suggest.Options{}, shelf...))
	all := []suggest.Kind(nil)
	for _, tt := range []struct {
		prefix string
		n      int
		kinds  []suggest.Kind
		want   string // IDs or texts
	}{
		{"kettle", 10, all, "p1; p2; p3; p4; p5; Ada Kettler; kettle theory"},
		{"kettle", 2, all, "p1; p2"},
		{"kettle", 10, []suggest.Kind{suggest.Author, suggest.Phrase}, "Ada Kettler; kettle theory"},
		{"kettle", 10, []suggest.Kind{suggest.Author, suggest.Author}, "Ada Kettler"},
		{"kettle", 10, []suggest.Kind{suggest.Word}, "kettle"},
		{"kettle ", 10, all, "p3; p4; p5; kettle theory"},
		{"is all you", 10, all, "p1"},
		{"  IS   all, YOU need!", 10, all, "p1"},
		{"is all you needed", 10, all, ""},
		{"all k", 10, all, "all kettles"},
		{"theory", 10, all, ""}, // a phrase is typed from its beginning
		{"lodz", 10, all, "p2"},
		{"Łódź.", 10, all, "p2"},
		{"schrodingers", 10, all, "p3"},
		{"C+", 10, all, "p3"},
		{"gpt-4", 10, all, "p3"},
		{"ada", 10, all, "Ada Kettler; Bo J. Adams"},
		{"j adams", 10, all, "Bo J. Adams"},
		{"cs.lg", 10, all, "cs.LG Machine Learning"},
		{"mach", 10, all, "cs.LG Machine Learning"},
		{"", 10, all, ""},
		{" ?", 10, all, ""},
		{"kettle", 0, all, ""},
		{"kettle", -1, all, ""},
		{"kettle", 10, []suggest.Kind{77}, ""},
		{strings.Repeat("kettle ", 1000), 10, all, ""},
	} {
		var got []string
		for _, e := range f.Complete(tt.prefix, tt.n, tt.kinds...) {
			got = append(got, cmp.Or(e.ID, e.Text))
		}
		if s := strings.Join(got, "; "); s != tt.want {
			t.Errorf("Complete(%.30q, %d, %v) = %s, want %s", tt.prefix, tt.n, tt.kinds, s, tt.want)
		}
	}
	if got := f.Complete("is all", 1); len(got) != 1 || got[0] != shelf[0] {
		t.Errorf("got %+v, want %+v", got, shelf[0])
	}
}

// A reference completes by looking at every entry.
type reference []struct {
	suggest.Entry
	keys []string // what may be typed, from each word on
}

func newReference(entries []suggest.Entry) (r reference) {
	merged := map[suggest.Entry]uint32{}
	for _, e := range entries {
		weight := e.Weight
		e.Weight = 0
		merged[e] += weight
	}
	for e, weight := range merged {
		words := strings.Fields(suggest.Fold(e.Text))
		begins := min(12, len(words))
		if e.Kind == suggest.Phrase || e.Kind == suggest.Word {
			begins = min(1, len(words))
		}
		var keys []string
		for i := range begins {
			keys = append(keys, strings.Join(words[i:], " ")+" ")
		}
		e.Weight = weight
		r = append(r, struct {
			suggest.Entry
			keys []string
		}{e, keys})
	}
	return r
}

func (r reference) complete(prefix string, n int, kinds []suggest.Kind) []suggest.Entry {
	key := suggest.Fold(prefix)
	if key == "" {
		return nil
	}
	if last, _ := utf8.DecodeLastRuneInString(prefix); !unicode.IsLetter(last) {
		key += " "
	}
	var found []suggest.Entry
	for _, e := range r {
		begins := func(k string) bool { return strings.HasPrefix(k, key) }
		if slices.Contains(kinds, e.Kind) && slices.ContainsFunc(e.keys, begins) {
			found = append(found, e.Entry)
		}
	}
	slices.SortFunc(found, func(a, b suggest.Entry) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Text, b.Text), cmp.Compare(a.ID, b.ID))
	})
	return found[:min(n, len(found))]
}

// Complete finds what looking at everything finds, however the entries were sorted.
func TestCompleteIsExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	letters := []string{"a", "b", "á", "B", " ", " ", "-", "c"}
	text := func(n int) string {
		var s strings.Builder
		for range n {
			s.WriteString(letters[rng.IntN(len(letters))])
		}
		return s.String()
	}
	sets := 40
	if testing.Short() {
		sets = 10
	}
	for set := range sets {
		entries := make([]suggest.Entry, rng.IntN(1+set*set*4))
		for i := range entries {
			entries[i] = suggest.Entry{
				Kind: suggest.Kind(rng.IntN(5)), Text: strings.TrimSpace(text(1 + rng.IntN(40))),
				Weight: uint32(rng.IntN(50)), ID: fmt.Sprint(rng.IntN(3)),
			}
		}
		f := open(t, build(t, suggest.Options{Memory: 1 << (10 + rng.IntN(12))}, entries...))
		if err := f.Check(); err != nil {
			t.Fatal(err)
		}
		ref := newReference(entries)
		for range 60 {
			prefix, n := text(1+rng.IntN(5)), 1+rng.IntN(30)
			kinds := []suggest.Kind{suggest.Kind(rng.IntN(5)), suggest.Kind(rng.IntN(5))}
			want := ref.complete(prefix, n, kinds)
			if diff := gocmp.Diff(want, f.Complete(prefix, n, kinds...), cmpEmpty); diff != "" {
				t.Fatalf("set %d, %d entries: Complete(%q, %d, %v) (-want +got):\n%s", set, len(entries), prefix, n, kinds, diff)
			}
		}
	}
}

// cmpEmpty takes nil for an empty list.
var cmpEmpty = gocmp.Transformer("len0", func(es []suggest.Entry) []any {
	list := []any{}
	for _, e := range es {
		list = append(list, fmt.Sprintf("%+v", e))
	}
	return list
})

// A title is found from each of its first twelve words and not from a later one,
// and from no word that begins too far behind.
func TestCompleteFromLaterWords(t *testing.T) {
	words := strings.Fields("zero one two three four five six seven eight nine ten eleven twelve")
	far := strings.Repeat("x", 250) + " near far"
	f := open(t, build(t, suggest.Options{},
		suggest.Entry{Kind: suggest.Title, Text: strings.Join(words, " ")}, suggest.Entry{Kind: suggest.Title, Text: far}))
	for i, w := range append(words, "near", "far") {
		want := 1
		if i == 12 || w == "far" {
			want = 0
		}
		if got := f.Complete(w, 5); len(got) != want {
			t.Errorf("Complete(%q) = %v, want %d", w, got, want)
		}
	}
}

func TestCompleteAllocates(t *testing.T) {
	f := open(t, build(t, suggest.Options{}, newInventor(1, 300).entries(3000)...))
	const n = 10
	if allocs := testing.AllocsPerRun(100, func() { f.Complete("ba", n, suggest.Title) }); allocs > n+3 {
		t.Errorf("%v allocations for %d entries, want one for each and three lists", allocs, n)
	}
}
