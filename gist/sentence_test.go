package gist_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/gist"
)

func TestSentences(t *testing.T) {
	for _, tt := range []struct {
		name string
		want []string // put together, the text
	}{
		{"nothing", nil},
		{"one without a stop", []string{"Kettles and their lids"}},
		{"stops and marks", []string{"Kettles boil. ", "Do they? ", "They do! ", "We show it."}},
		{"paragraphs", []string{"On kettles\n\n", "They boil."}},
		{"white space before and behind", []string{"  Kettles boil.  ", "Always. "}},
		{"abbreviations", []string{"See e.g. Kettle et al. Boiling, i.e. Steam, cf. Fig. 1. ", "We vs. Them in Eq. (3) and Sec. IV."}},
		{"decimals", []string{"It is 3.5 times hotter, by 0.2. ", "We agree."}},
		{"initials", []string{"The law of J. R. Kettle and A.-L. Lid holds. ", "So it is."}},
		{"a letter before a new sentence", []string{"This is vitamin C. ", "We drink it."}},
		{"mathematics", []string{"Let $x. Y$ be hot and \\(a. B\\) cold. ", "$K$ boils. ", "So be it."}},
		{"an aside", []string{"Kettles (Some boil. Others do not.) are useful. ", "Lids too."}},
		{"an aside that is never closed", []string{"Kettles (boil. ", "Lids do not."}},
		{"small letters go on", []string{"Ask Kettle! about tea. ", "It knows."}},
		{"items", []string{"1. The first item is tea. ", "2. The second is not."}},
		{"quotations", []string{"They said “boil.” ", "It did."}},
		{"may end a sentence", []string{"Kettles, lids, etc. ", "We boil them in the U.S. Army etc. Quickly."}},
		{"addresses and versions", []string{"Code is at example.org/kettle.git. ", "Kettle v1.2.Beta boils."}},
		{"full stops of the East", []string{"水は沸く。", "茶は旨い。"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Join(tt.want, "")
			var got []string
			for _, p := range gist.Sentences(text) {
				got = append(got, p.Of(text))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func FuzzSentences(f *testing.F) {
	for _, s := range []string{"A. B. c. We $x. Y$ (a. B) etc. So.\n\nTwo.", "。 。", "1. \n\n\n A.\xff.", "(((((((."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at := 0
		for _, p := range gist.Sentences(s) {
			if p.Start != at || p.End <= p.Start {
				t.Fatalf("%q: a sentence at %d to %d follows %d", s, p.Start, p.End, at)
			}
			at = p.End
		}
		if at != len(s) {
			t.Fatalf("%q: the last sentence ends at %d of %d", s, at, len(s))
		}
	})
}
