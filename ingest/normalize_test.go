package ingest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/ingest"
)

func TestNormalizeReadsTeX(t *testing.T) {
	r := broadsheet.Record{Paper: broadsheet.Paper{
		ID:       broadsheet.LocalID(`Erd\H{o}s--R\'enyi {\em kettles} of $x~y$`),
		Title:    `Erd\H{o}s--R\'enyi {\em kettles} of $x~y$`,
		Abstract: "A caf\\'e boils\n\\textbf{5\\%} more.\n\n``So'' it is, $\\alpha--\\beta$.",
		Keywords: []string{`Schr\"odinger`},
		Comments: `\url{https://example.org/a\_b}`,
	}}
	title := "Erdős–Rényi kettles of $x~y$"
	want := broadsheet.Record{Paper: broadsheet.Paper{
		ID: broadsheet.LocalID(title), Title: title, Keywords: []string{"Schrödinger"}, Comments: "https://example.org/a_b",
		Abstract: "A café boils 5% more.\n\n“So” it is, $\\alpha--\\beta$.",
	}}
	for range 2 {
		ingest.Normalize(&r)
		if diff := cmp.Diff(want, r); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
}

func TestNormalizeNames(t *testing.T) {
	for in, want := range map[string]string{
		`P\'al Erd\H{o}s`:      "Pál Erdős",
		"Anne--Marie Example":  "Anne-Marie Example",
		"H. Eugene~Sample":     "H. Eugene Sample",
		"Ada Example1":         "Ada Example",
		"2 Ben Sample":         "Ben Sample",
		"1 Ada Example12":      "Ada Example",
		"the D0 Collaboration": "the D0 Collaboration",
		"the Kettle7 Team":     "the Kettle7 Team",
		"Team Kettle7":         "Team Kettle7",
		"A. G. I. X7":          "A. G. I. X7",
		"{Ada} {van der Lid}":  "Ada van der Lid",
	} {
		r := broadsheet.Record{Paper: broadsheet.Paper{Authors: []broadsheet.Author{{Name: in}}}}
		ingest.Normalize(&r)
		if got := r.Authors[0].Name; got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	f.Add("$a\n\n b$ \\'e $c$", "1 Ada Example2")
	f.Add("A.\n  B \\/\n\\\\\n{\\em c}", `Erd\H{o}s--R\'enyi`)
	f.Fuzz(func(t *testing.T, text, name string) {
		r := broadsheet.Record{Paper: broadsheet.Paper{ID: "2599.00001", Title: text, Abstract: text, Comments: text, Keywords: []string{text},
			Authors: []broadsheet.Author{{Name: name, Affiliation: text}}}}
		ingest.Normalize(&r)
		once := r
		once.Authors, once.Keywords = append([]broadsheet.Author(nil), r.Authors...), append([]string(nil), r.Keywords...)
		ingest.Normalize(&r)
		if diff := cmp.Diff(once, r); diff != "" {
			t.Errorf("twice is not once (-once +twice):\n%s", diff)
		}
	})
}
