package fts_test

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
		name, text, in, title, abstract string // in is title | abstract
	}{
		{"words and their forms", "model bird", "World models|Of birds, modelled.", "World [models]", "Of [birds], [modelled]."},
		{"accents", "naive", "On naïveté|A naïve nai\u0308ve view", "On naïveté", "A [naïve] [nai\u0308ve] view"},
		{"a phrase", `"world models"`, "World models|models of the world-models", "[World models]", "models of the [world-models]"},
		{"a hyphen", "gpt-4", "4 GPT-4s GPT-4|", "4 GPT-4s [GPT-4]", ""},
		{"a beginning", "gener*", "Generation|generic genus", "[Generation]", "[generic] genus"},
		{"what is excluded is not marked", "birds -cranes", "Birds and cranes|", "[Birds] and cranes", ""},
		{"words of the subject only", "what is the song of a bird", "The song of a bird|is the song", "The [song] of a [bird]", "is the [song]"},
		{"no word of a subject", "what is it", "What it is|", "[What] [it] [is]", ""},
		{"no match", "xylophone", "Birds|sing", "Birds", "sing"},
		{"no words", " -birds ?", "Birds|" + words(1, 60), "Birds", words(1, 40) + "…"},
		{"nothing to mark", "birds", "|", "", ""},
		{"HTML is text", "birds", "<b>birds</b> & more|", "<b>[birds]</b> & more", ""},
		{"our own marks are taken out", "birds", "\ue001bi\ue000rds\x00 \ue001|\ue000", "[birds] ", ""},
		{"bytes that are no text", "birds", "\xffbirds\xc3|", "\ufffd[birds]\ufffd", ""},

		{"a short abstract is shown whole", "w40", "|" + words(1, 40), "", words(1, 39) + " [w40]"},
		{"around a match", "w50", "|" + words(1, 100), "", "…" + words(30, 49) + " [w50] " + words(51, 69) + "…"},
		{"at the start", "w3", "|" + words(1, 100), "", "w1 w2 [w3] " + words(4, 40) + "…"},
		{"at the end", "w99", "|" + words(1, 100), "", "…" + words(61, 98) + " [w99] w100"},
		{"where most matches are", "w1 w60 w62 w64", "|" + words(1, 100), "", "…" + words(42, 59) + " [w60] w61 [w62] w63 [w64] " + words(65, 81) + "…"},
		{"a match that is longer than a passage", `"` + words(1, 16) + `"`, "|" + words(1, 50) + " end", "", "[" + words(1, 16) + "] " + words(17, 40) + "…"},
		{"text without spaces", "鸟", "|" + strings.Repeat("长", 1601), "", strings.Repeat("长", 1600) + "…"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			title, abstract, _ := strings.Cut(tt.in, "|")
			// It must not matter which papers are shown beside it.
			got, err := x.Highlight(t.Context(), broadsheet.Query{Text: tt.text}, []broadsheet.Record{
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
