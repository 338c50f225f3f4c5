package broadsheet

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"broadsheet/internal/need"
	"broadsheet/internal/stream"
)

func TestParseAuthors(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"A. Smith", "A. Smith"},
		{"A. Smith, B. Jones", "A. Smith|B. Jones"},
		{"A. Smith and B. Jones", "A. Smith|B. Jones"},
		{"A. Smith, B.\n  Jones, and C. Brown", "A. Smith|B. Jones|C. Brown"},
		{"A. Smith & B. Jones; C. Brown", "A. Smith|B. Jones|C. Brown"},
		{`A. Smith \& B. Jones &amp; C. Brown`, "A. Smith|B. Jones|C. Brown"},
		{"A. Smith, B. Jones and, C. Brown,", "A. Smith|B. Jones|C. Brown"},
		{"Sandy Anderson and Andy Brand", "Sandy Anderson|Andy Brand"},
		{`A. Smith \and B. Jones`, "A. Smith|B. Jones"},
		{"王伟，李娜、张敏", "王伟|李娜|张敏"},
		{"Plato", "Plato"},

		// Suffixes belong to the name before the comma.
		{"A. Smith, Jr., B. Jones, III", "A. Smith Jr.|B. Jones III"},
		{"A. Smith, Ph. D., B. Jones Jr", "A. Smith Ph. D.|B. Jones Jr"},
		{"Jr-Shin Li, II Hong Suh, IV Ramakrishnan", "Jr-Shin Li|II Hong Suh|IV Ramakrishnan"},
		{"Jr., A. Smith, Jr., Jr.", "Jr.|A. Smith Jr.|Jr."},

		// TeX stays, and its commas and braces part nothing.
		{`Abuzer Yakary{\i}lmaz, \'Etienne Andr\'e, \v{S}t\v{e}p\'an K.`, `Abuzer Yakary{\i}lmaz|\'Etienne Andr\'e|\v{S}t\v{e}p\'an K.`},
		{`{Smith, A.}, B.\,Jones`, `{Smith, A.}|B.\,Jones`},
		{`{A. Smith, B. Jones`, `{A. Smith|B. Jones`},
		{`A. Smith\`, `A. Smith\`},

		// Affiliations.
		{"A. Smith (MIT), B. Jones (LSV, ENS Paris)", "A. Smith/MIT|B. Jones/LSV, ENS Paris"},
		{"A. Smith (MIT) (CERN), B. Jones (Lab (Paris))", "A. Smith/MIT; CERN|B. Jones/Lab (Paris)"},
		{"A. Smith (1), B. Jones (2) ((1) MIT, (2) CERN)", "A. Smith/MIT|B. Jones/CERN"},
		{"A. Smith(1), B. Jones(1 and 2) and C. Brown (2,3) ((1) MIT (2) CERN, Geneva (3) Lab (Paris).)",
			"A. Smith/MIT|B. Jones/MIT; CERN, Geneva|C. Brown/CERN, Geneva; Lab (Paris)"},
		{"A. Smith (a), B. Jones (b), (a) MIT, Boston; (b) CERN", "A. Smith/MIT, Boston|B. Jones/CERN"},
		{"A. Smith (1) B. Jones (2)", "A. Smith|B. Jones"},
		{"A. Smith (1), (2), B. Jones (2) ((2) CERN)", "A. Smith/CERN|B. Jones/CERN"},
		{"(1) A. Smith, (2) B. Jones", "A. Smith|B. Jones"},
		{"A. Smith (), B. Jones (†)", "A. Smith|B. Jones"},

		// Nicknames, and brackets that are not closed.
		{"You (Joe) Zhou, Havana (Inbal) Rika and (Bill) Li", "You (Joe) Zhou|Havana (Inbal) Rika|(Bill) Li"},
		{"A. Smith), B. Jones (MIT, C. Brown", "A. Smith)|B. Jones (MIT|C. Brown"},
		{"A. Smith, )*, and B. Jones*", "A. Smith|B. Jones"},

		// Collaborations.
		{"The LIGO Scientific Collaboration: A. Smith, B. Jones", "The LIGO Scientific Collaboration|A. Smith|B. Jones"},
		{"NVIDIA, :, A. Smith", "NVIDIA|A. Smith"},
		{"A. Smith, for the ATLAS Collaboration", "A. Smith|the ATLAS Collaboration"},
		{"A. Smith for the ATLAS Collaboration", "A. Smith|the ATLAS Collaboration"},
		{"A. Smith (on behalf of the ATLAS Collaboration)", "A. Smith|the ATLAS Collaboration"},
		{"A. Smith on behalf of the H1 and ZEUS Collaborations", "A. Smith|the H1 and ZEUS Collaborations"},
		{"the Virgo Collaboration and the KAGRA Collaboration", "the Virgo Collaboration|the KAGRA Collaboration"},
		{"A. Smith (LHCb Collaboration)", "A. Smith/LHCb Collaboration"},
		{"IAU Office of Astronomy for Development", "IAU Office of Astronomy for Development"},
		{"A. Smith, with an appendix by B. Jones", "A. Smith|B. Jones"},
		{"A. Smith (with an Appendix by B. Jones and C. Brown)", "A. Smith|B. Jones|C. Brown"},
		{"A. Smith et al., B. Jones, et al", "A. Smith|B. Jones"},
	} {
		t.Run(tt.in, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, showAuthors(ParseAuthors(tt.in))); diff != "" {
				t.Errorf("ParseAuthors(%q) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func showAuthors(authors []Author) string {
	var names []string
	for _, a := range authors {
		if a.Affiliation != "" {
			a.Name += "/" + a.Affiliation
		}
		names = append(names, a.Name)
	}
	return strings.Join(names, "|")
}

func FuzzParseAuthors(f *testing.F) {
	for _, s := range []string{
		"A. Smith (1), B. Jones, Jr. and C. Brown (2) ((1) MIT, (2) CERN)",
		`\'Etienne {\i} (a) (b), (a) X; for the Y Collaboration & Z (with an appendix by Q)`,
		"a(1)(2)((1)x(2)y)((", "，A、B et al.", "the H1 and ZEUS Collaborations",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		authors := ParseAuthors(s)
		size := 0
		var names []string
		for _, a := range authors {
			if a.Name == "" || a.Name != strings.Join(strings.Fields(a.Name), " ") {
				t.Errorf("ParseAuthors(%q) has the name %q", s, a.Name)
			}
			size += len(a.Affiliation)
			names = append(names, a.Name)
		}
		if size > (affiliationShare+3)*len(s) {
			t.Errorf("ParseAuthors(%q) has %d bytes of affiliations", s, size)
		}
		joined := strings.Join(names, ", ")
		if diff := cmp.Diff(nameWords(s), nameWords(joined)); diff != "" && !strings.Contains(s, "(") {
			t.Errorf("ParseAuthors(%q) loses words (-want +got):\n%s", s, diff)
		}
		if strings.ContainsAny(joined, `(){}\`) || cutLeads(names) {
			return // brackets and the like of two names can come together
		}
		var again []string
		for _, a := range ParseAuthors(joined) {
			again = append(again, a.Name)
		}
		if diff := cmp.Diff(names, again); diff != "" {
			t.Errorf("%q is read from %q, but from itself:\n%s", joined, s, diff)
		}
	})
}

// cutLeads reports whether a name holds words that lead to another name.
func cutLeads(names []string) bool {
	for _, n := range names {
		n = strings.ToLower(n)
		if strings.Contains(n, " for ") || strings.Contains(n, " on behalf of ") || strings.Contains(n, "et al") {
			return true
		}
	}
	return false
}

// The time to read a list grows with its length and nothing else.
func TestParseAuthorsIsLinear(t *testing.T) {
	for name, piece := range map[string]string{
		"names": "A. Smith, ", "open": "(", "pairs": "()", "nested": "((1) ", "keys": "a(1)", "suffixes": "Jr., ",
		"notes": "(ab)", "leads": "for the ", "groups": "a for the b team ", "ands": "and ", "legend": "a (1,2), (1) b, ",
		"braces": "{a,", "plurals": "the a and b collaborations and ", "et al": " et al.",
	} {
		t.Run(name, func(t *testing.T) {
			s := strings.Repeat(piece, 1<<20/len(piece))
			start := time.Now()
			ParseAuthors(s)
			ParseAuthors("A (1), " + s + strings.Repeat(")", len(s)))
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("reading 1 MiB of %q took %v", piece, d)
			}
		})
	}
}

// Real lists lose no word, and all but a few in a thousand are plain.
func TestParseAuthorsOfTheCollection(t *testing.T) {
	need.Long(t)
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

	papers, odd := 0, 0
	for line, err := range stream.Lines(z, stream.MaxRecord) {
		if err != nil {
			t.Fatal(err)
		}
		if line.Number%8 != 0 {
			continue
		}
		var p struct{ ID, Authors string }
		if err := json.Unmarshal(line.Text, &p); err != nil {
			t.Fatal(err)
		}
		got := showAuthors(ParseAuthors(p.Authors))
		if diff := cmp.Diff(nameWords(p.Authors), nameWords(got)); diff != "" {
			t.Errorf("%s: ParseAuthors(%q) (-want +got):\n%s", p.ID, p.Authors, diff)
		}
		if papers++; strings.ReplaceAll(got, "|", ", ") != p.Authors {
			odd++
		}
	}
	t.Logf("%d papers, %d of them with a list that is not plain", papers, odd)
	if odd*200 > papers {
		t.Errorf("%d lists of %d are not read as names with commas between them", odd, papers)
	}
}

// nameWords returns the words of a list, without those that lead to a name.
func nameWords(s string) []string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.DeleteFunc(words, func(w string) bool {
		return slices.Contains(strings.Fields("and amp et al for on behalf of in collaboration with an appendix appendices by jointly written"), w)
	})
}
