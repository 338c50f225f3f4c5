package indexer_test

import (
	"fmt"
	"strings"
	"testing"

	"broadsheet"

	"github.com/google/go-cmp/cmp"
)

// joined puts spans together.
func joined(spans []broadsheet.Span) (s string) {
	for _, p := range spans {
		s += p.Text
	}
	return s
}

// shown puts spans together with brackets around the matches.
func shown(spans []broadsheet.Span) (s string) {
	for _, p := range spans {
		if p.Match {
			p.Text = "[" + p.Text + "]"
		}
		s += p.Text
	}
	return s
}

// words returns the numbers from a to b as words: "w1 w2 …".
func words(a, b int) string {
	var s []string
	for i := a; i <= b; i++ {
		s = append(s, fmt.Sprintf("w%d", i))
	}
	return strings.Join(s, " ")
}

func TestHighlight(t *testing.T) {
	x := follow(t, newMemory())
	for _, tt := range []struct {
		name, in, title, abstract string // in is title | abstract
		q                         broadsheet.Query
	}{
		{"words and their forms", "World models|Of birds, modelled.", "World [models]", "Of [birds], [modelled].", broadsheet.Query{Text: "model bird"}},
		{"what is excluded is not marked", "Birds and cranes|", "[Birds] and cranes", "", broadsheet.Query{Text: "birds -cranes"}},
		{"words of the subject only", "The song of a bird|is the song", "The [song] of a [bird]", "is the [song]",
			broadsheet.Query{Text: "what is the song of a bird"}},
		{"a field", "Birds|of birds", "[Birds]", "of birds", broadsheet.Query{Text: "title:birds"}},
		{"ordinary text", "Birds OR cranes|cat", "[Birds] OR [cranes]", "cat", broadsheet.Query{Text: "birds -cranes title:", Plain: true}},
		{"no question", "Birds|" + words(1, 60), "Birds", words(1, 40) + " …", broadsheet.Query{Category: "cs"}},
		{"nothing to mark", "|", "", "", broadsheet.Query{Text: "birds"}},
		{"bytes that are no text", "\xffbirds\xc3|", "\ufffd[birds]\ufffd", "", broadsheet.Query{Text: "birds"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			title, abstract, _ := strings.Cut(tt.in, "|")
			got, err := x.Highlight(t.Context(), tt.q, []broadsheet.Record{
				paper("2599.1", "other birds", "w1"), paper("2599.2", title, abstract)})
			if err != nil {
				t.Fatal(err)
			}
			want := []string{tt.title, tt.abstract}
			if diff := cmp.Diff(want, []string{shown(got[1].Title), shown(got[1].Abstract)}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestHighlightOfNoPapers(t *testing.T) {
	x := follow(t, newMemory())
	if got, err := x.Highlight(t.Context(), broadsheet.Query{Text: "birds"}, nil); err != nil || len(got) != 0 {
		t.Errorf("got %v, %v; want nothing", got, err)
	}
}
