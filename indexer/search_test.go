package indexer_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"broadsheet"
	"broadsheet/indexer"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// birds is a small library in which every question has one right answer.
func birds() *memory {
	p := func(id broadsheet.ID, date broadsheet.Date, categories, author, title, abstract string) broadsheet.Record {
		r := paper(id, title, abstract)
		r.Published, r.Categories = date, strings.Fields(categories)
		r.Authors = []broadsheet.Author{{Name: author}, {Name: "Ada Heron"}}
		return r
	}
	return newMemory(
		p("2599.00001", "2024-05-22", "cs.LG cs.AI", "Björn Sandström", "World models of marsh birds", "We learn to wade in dreams."),
		p("2599.00002", "2024-05", "cs.CV", "Li Wei", "Counting cranes from the air", "A world in which models of birds are small."),
		p("2599.00003", "2024", "stat.ML cs.LG", "Li Wei", "GPT-4 and the state-of-the-art in bird song", "Singing, generated."),
		p("2599.00004", "2025-01-01", "hep-th", "O. Nobody", "Dark matter", "No feathers at all; state the art of it."),
		p("2599.00005", "", "", "Zoë Müller", "Undated naïveté", "鸟类 学习 generative generation $\\alpha$-decay"))
}

func TestSearch(t *testing.T) {
	x := follow(t, birds())
	for _, tt := range []struct {
		name string
		q    broadsheet.Query
		want string // the last digits of the IDs
	}{
		{"all words, best first", broadsheet.Query{Text: "world models birds"}, "1 2 3"},
		{"stems", broadsheet.Query{Text: "modelling bird"}, "1 2 3"},
		{"a title outweighs an abstract", broadsheet.Query{Text: "models"}, "1 2"},
		{"authors, without accents", broadsheet.Query{Text: "bjorn sandstrom"}, "1"},
		{"an accent typed in two characters", broadsheet.Query{Text: "Mu\u0308ller"}, "5"},
		{"a phrase", broadsheet.Query{Text: `"world models"`}, "1"},
		{"a phrase is not relaxed", broadsheet.Query{Text: `"world cranes" birds`}, ""},
		{"excluded", broadsheet.Query{Text: "birds -crane"}, "1 3"},
		{"an excluded phrase", broadsheet.Query{Text: `birds -"world models"`}, "3 2"},
		{"a beginning", broadsheet.Query{Text: "feath*"}, "4"},
		{"a compound, and then its parts", broadsheet.Query{Text: "state-of-the-art"}, "3 4"},
		{"a number after a hyphen", broadsheet.Query{Text: "gpt-4"}, "3"},
		{"mathematics", broadsheet.Query{Text: `$\alpha$`}, "5"},
		{"another script", broadsheet.Query{Text: "鸟类"}, "5"},
		{"nothing", broadsheet.Query{Text: "xylophone"}, ""},

		{"fewer than ten with all words: then any", broadsheet.Query{Text: "cranes in dark air"}, "2 4"},
		{"a question in a sentence", broadsheet.Query{Text: "what is the song of the birds of the marsh?"}, "1 3 2"},
		{"what is excluded stays so", broadsheet.Query{Text: "dark cranes -feathers"}, "2"},
		{"what is quoted stays so", broadsheet.Query{Text: `"world models" marsh cranes`}, "1"},
		{"unknown words do not hurt", broadsheet.Query{Text: "xylophone cranes"}, "2"},

		{"nothing asked: newest first", broadsheet.Query{}, "4 1 2 3 5"},
		{"only excluded", broadsheet.Query{Text: "-birds"}, "4 5"},
		{"no word in it", broadsheet.Query{Text: "?! ..", Category: "cs.CV"}, "2"},
		{"a category", broadsheet.Query{Category: "cs.LG"}, "1 3"},
		{"an archive", broadsheet.Query{Category: "cs"}, "1 2 3"},
		{"an archive without parts", broadsheet.Query{Category: "hep-th"}, "4"},
		{"a part of a name is no category", broadsheet.Query{Category: "c"}, ""},
		{"a category and words", broadsheet.Query{Text: "birds", Category: "cs.LG"}, "1 3"},
		{"a category and any word", broadsheet.Query{Text: "cranes marsh", Category: "cs.LG"}, "1"},
		{"excluded in a category", broadsheet.Query{Text: "-song", Category: "cs"}, "1 2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, strings.ReplaceAll(find(t, x, tt.q), "2599.0000", "")); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", tt.q, diff)
			}
		})
	}
}

func TestSearchByDate(t *testing.T) {
	x := follow(t, birds()) // 1: 2024-05-22, 2: 2024-05, 3: 2024, 4: 2025-01-01, 5: none
	for _, tt := range []struct {
		from, to broadsheet.Date
		want     string
	}{
		{"", "", "4 1 2 3 5"},
		{"2024", "2024", "1 2 3"},
		{"2024", "", "4 1 2 3"},
		{"", "2024", "1 2 3"},
		{"2024-05", "2024-05", "1 2 3"},
		{"2024-05-22", "2024-05-22", "1 2 3"},
		{"2024-05-23", "2024-05-31", "2 3"}, // 2 may be of any day in May, 3 of any in 2024
		{"2024-06", "2024-12-31", "3"},
		{"2024-01", "2024-04-30", "3"},
		{"2024-12-31", "2025-01-01", "4 3"},
		{"2025", "", "4"},
		{"", "2023", ""},
		{"2025", "2024", ""},
	} {
		got := strings.ReplaceAll(find(t, x, broadsheet.Query{From: tt.from, To: tt.to}), "2599.0000", "")
		if got != tt.want {
			t.Errorf("from %q to %q: found %q, want %q", tt.from, tt.to, got, tt.want)
		}
	}
}

func TestTrace(t *testing.T) {
	x := follow(t, birds())
	stages := func(text string) (names string) {
		for _, s := range search(t, x, broadsheet.Query{Text: text, Limit: 10}).Trace {
			names += fmt.Sprintf("%s %d; ", s.Name, s.Found)
		}
		return names
	}
	got := map[string]string{"": stages(""), "birds": stages("birds"), "cranes dark": stages("cranes dark")}
	want := map[string]string{
		"":            "compile 0; all words 5; ",
		"birds":       "compile 1; all words 3; meaning 5; rerank 3; ",
		"cranes dark": "compile 2; all words 0; any word 2; meaning 5; rerank 2; ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Whatever the question and its order: pages put together are the whole answer, without
// repetition and in the order of the score, whether they are asked for by their place or
// one after the other; and what was counted is what is there.
func TestPages(t *testing.T) {
	store, rng := newMemory(), rand.New(rand.NewPCG(3, 4))
	vocabulary := strings.Fields("heron crane stork egret ibis bittern spoonbill rail coot grebe loon")
	for i := range 150 {
		var words []string
		for range 6 { // the first are common, the last rare
			words = append(words, vocabulary[min(rng.IntN(11), rng.IntN(11))])
		}
		p := paper(broadsheet.ID(fmt.Sprintf("2599.%05d", i)), strings.Join(words[:2], " "), strings.Join(words[2:], " "))
		p.Published = broadsheet.Date(fmt.Sprintf("20%02d", i%7))
		p.Tallies = []broadsheet.Tally{{Source: "hf", Upvotes: i % 5}}
		store.Put(t.Context(), []broadsheet.Record{p})
	}
	x := follow(t, store)
	for _, sort := range []broadsheet.Sort{broadsheet.SortScore, broadsheet.SortNewest, broadsheet.SortOldest, broadsheet.SortVotes} {
		for _, text := range []string{"", "heron", "loon", "heron crane", "heron loon", "loon grebe coot", "heron crane stork egret ibis",
			"heron crane stork egret ibis -rail", `"heron crane" stork loon grebe rail`, "-heron", "hero* cran* -loon", "heron xylophone"} {
			for _, from := range []broadsheet.Date{"", "2003"} {
				name := fmt.Sprintf("%q from %q by %s", text, from, sort)
				first := broadsheet.Query{Text: text, From: from, Limit: 23, Sort: sort}
				var byPlace, byCursor []broadsheet.Hit
				q := first
				total := search(t, x, q).Total
				for ; q.Offset < total; q.Offset += q.Limit {
					byPlace = append(byPlace, search(t, x, q).Hits...)
				}
				q = first
				for more := true; more; more = q.Cursor != "" {
					h := search(t, x, q)
					byCursor, q.Cursor = append(byCursor, h.Hits...), h.Cursor
				}
				if diff := cmp.Diff(byPlace, byCursor, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("%s (-by place +by cursor):\n%s", name, diff)
				}
				if len(byPlace) != total {
					t.Errorf("%s: %d hits of %d", name, len(byPlace), total)
				}
				seen := map[broadsheet.ID]bool{}
				for i, h := range byPlace {
					if seen[h.ID] {
						t.Errorf("%s: %s twice", name, h.ID)
					}
					seen[h.ID] = true
					if i > 0 && h.Score > byPlace[i-1].Score {
						t.Errorf("%s: hit %d has more than the one before", name, i)
					}
				}
			}
		}
	}
}

func TestHostileQueries(t *testing.T) {
	x := follow(t, birds())
	for _, text := range []string{
		`"`, `""`, `"" OR NEAR( * : ^ - "" ` + "\x00", "\x00", `birds" OR title:(`, `NEAR(birds cranes, 2)`, "{title}: birds", "birds AND", "NOT",
		"-", "--birds", `-"`, "*", "***", "a*b*c*", "(", ")", "'; DROP TABLE docs; --", "🙂🙂", "鸟🙂类", "\xff\xfe birds \xc3",
		"\ue000birds\ue001", strings.Repeat(`"`, broadsheet.MaxQuery), strings.Repeat("(", broadsheet.MaxQuery),
		strings.Repeat("birds ", 333), strings.Repeat("a-", 1000), `"` + strings.Repeat("birds ", 300), strings.Repeat("-x ", 600),
		strings.Repeat("x\U0001E4D0", 400), "birds \U0001E4D0", "-\U0001E4D0 birds", "\U0001E4D0*", strings.Repeat("é", 1000),
	} {
		for _, q := range []broadsheet.Query{{Text: text, Limit: 10}, {Text: text, Category: "x' OR \x00", From: "garbage", Limit: 10}, {Text: text, Limit: -1, Offset: -1}} {
			if _, err := x.Search(t.Context(), q); err != nil {
				t.Errorf("%.40q: %v", text, err)
			}
		}
	}
	if got := find(t, x, broadsheet.Query{Text: "cranes \U0001E4D0"}); got != "2599.00002" {
		t.Errorf("a letter that the tokenizer does not know: found %q, want it passed over", got)
	}
}

func TestTooLongAQuestion(t *testing.T) {
	x := follow(t, birds())
	q := broadsheet.Query{Text: strings.Repeat(`"`, 10_000)}
	_, err := x.Search(t.Context(), q)
	_, err2 := x.Highlight(t.Context(), q, nil)
	for _, err := range []error{err, err2} {
		if broadsheet.KindOf(err) != broadsheet.Invalid || !strings.Contains(broadsheet.TextFor(err), "10000 bytes") {
			t.Errorf("got %v, want Invalid with the number of bytes", err)
		}
	}
}

func TestSearchEndsWithItsContext(t *testing.T) {
	x := follow(t, herons(2000))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := x.Search(ctx, broadsheet.Query{Text: "herons"}); !errors.Is(err, context.Canceled) {
		t.Errorf("Search: %v, want canceled", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	var err error
	for err == nil && t.Context().Err() == nil { // one of them is cut in the middle
		_, err = x.Search(ctx, broadsheet.Query{Text: "herons counting sea lakes rivers", Limit: 10})
	}
	if broadsheet.KindOf(err) != broadsheet.Unavailable || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Search: %v, want deadline exceeded, which is Unavailable", err)
	}
}

func FuzzSearch(f *testing.F) {
	for _, s := range []string{"world models", `"a b" -c d* "`, "\xff", "state-of-the-art \U0001E4D0", "what is the song of birds?"} {
		f.Add(s)
	}
	x := follow(f, birds())
	store := birds()
	f.Fuzz(func(t *testing.T, text string) {
		q := broadsheet.Query{Text: text, Limit: 2}
		hits, err := x.Search(t.Context(), q)
		if len(text) > broadsheet.MaxQuery {
			if broadsheet.KindOf(err) != broadsheet.Invalid {
				t.Fatalf("%d bytes: %v, want Invalid", len(text), err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(hits.Hits) != min(2, hits.Total) || hits.Total > len(store.papers) {
			t.Errorf("%d hits of %d", len(hits.Hits), hits.Total)
		}
		marked, err := x.Highlight(t.Context(), q, []broadsheet.Record{store.papers["2599.00001"], paper("2599.9", text, text)})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := joined(marked[0].Title), store.papers["2599.00001"].Title; got != want {
			t.Errorf("the title is %q, want %q", got, want)
		}
		if s := joined(marked[1].Title) + joined(marked[1].Abstract); !utf8.ValidString(s) {
			t.Errorf("%q is not valid UTF-8", s)
		}
	})
}

var _ broadsheet.Searcher = (*indexer.Index)(nil)
