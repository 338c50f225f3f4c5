package suggest_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/search/suggest"
)

// count runs both passes over titles.
func count(minimum int, titles []string) *suggest.PhraseCounter {
	c := suggest.NewPhraseCounter(minimum)
	for _, t := range titles {
		c.First(t)
	}
	for _, t := range titles {
		c.Second(t)
	}
	return c
}

func TestPhrases(t *testing.T) {
	for _, tt := range []struct {
		name    string
		minimum int
		titles  string
		want    map[string]int
	}{
		{"two to four words", 1, "Large Tin Kettles Boil Slowly", map[string]int{
			"large tin kettles boil": 1, "tin kettles boil slowly": 1, "kettles boil slowly": 1, "boil slowly": 1,
		}},
		{"function words within", 1, "The State of the Art", map[string]int{"state of the art": 1}},
		{"punctuation parts, hyphens join", 1, "Kettles: Self-Boiling, or (not) Singing", map[string]int{"self boiling": 1}},
		{"the minimum", 2, "Tin Kettles | Tin Kettles! | Tin Cups", map[string]int{"tin kettles": 2}},
		{"once for each occurrence", 2, "tin cup, tin cup", map[string]int{"tin cup": 2}},
		{"absorbed by longer ones", 2, "Hot Tin Roof | hot tin roof | hot tin roof | hot tin can", map[string]int{
			"hot tin": 4, "hot tin roof": 3, "tin roof": 3,
		}},
		{"absorbed but for few", 2, strings.Repeat("hot tin roof|", 9) + "hot tin can", map[string]int{
			"hot tin roof": 9, "tin roof": 9,
		}},
		{"accents and scripts", 1, "Schrödinger’s Cat | 深度学习", map[string]int{"schrödingers cat": 1}},
		{"nothing", 0, "", map[string]int{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := count(tt.minimum, strings.Split(tt.titles, "|"))
			if diff := cmp.Diff(tt.want, maps.Collect(c.All())); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// More phrases than are kept raise the minimum; what reaches it is counted exactly.
func TestPhrasesAreBounded(t *testing.T) {
	var titles []string
	for i := range 300_000 {
		titles = append(titles, fmt.Sprintf("kettle x%d", i))
	}
	for range 20 {
		titles = append(titles, "tin kettle")
	}
	c := count(1, titles)
	got := maps.Collect(c.All())
	if c.Minimum() < 2 || got["tin kettle"] != 20 || len(got) > 1<<18 {
		t.Errorf("minimum %d, %d phrases, %d of them as made", c.Minimum(), len(got), got["tin kettle"])
	}
	for p, n := range got {
		if n < c.Minimum() {
			t.Fatalf("%q occurs %d times, below %d", p, n, c.Minimum())
		}
	}
}

func FuzzPhrases(f *testing.F) {
	f.Add("Large Tin Kettles: State-of-the-Art")
	f.Add("a\xff b c d")
	f.Fuzz(func(t *testing.T, title string) {
		if len(title) > suggest.MaxText {
			title = title[:suggest.MaxText]
		}
		words := " " + strings.Join(slices.Collect(suggest.Words(title)), " ") + " "
		for _, p := range suggest.PhrasesOf(title) {
			if n := strings.Count(p, " ") + 1; n < 2 || n > 4 || !strings.Contains(words, " "+p+" ") {
				t.Fatalf("%q has the phrase %q", title, p)
			}
		}
	})
}
