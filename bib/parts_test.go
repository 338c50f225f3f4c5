package bib

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
)

func TestParseName(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want name
	}{
		{"Jie Tang", name{given: "Jie", family: "Tang"}},
		{"Aäron van den Oord", name{given: "Aäron", particle: "van den", family: "Oord"}},
		{"M. de la Cruz Jr.", name{given: "M.", particle: "de la", family: "Cruz", suffix: "Jr."}},
		{"Luc Van Gool", name{given: "Luc", family: "Van Gool"}},
		{"Michel Van den Bergh", name{given: "Michel", family: "Van den Bergh"}},
		{"Kiet Van Nguyen", name{given: "Kiet Van", family: "Nguyen"}},
		{"Phi Le Nguyễn", name{given: "Phi Le", family: "Nguyễn"}},
		{"Santiago Ramón y Cajal", name{given: "Santiago", family: "Ramón y Cajal"}},
		{"John D. Rock III", name{given: "John D.", family: "Rock", suffix: "III"}},
		{"Karthik R. V", name{given: "Karthik R.", family: "V"}},
		{"Иван Петров", name{given: "Иван", family: "Петров"}},
		{"danah boyd", name{given: "danah", family: "boyd"}},
		{"Tang, Jie", name{given: "Jie", family: "Tang"}},
		{"van Beek, Anna", name{given: "Anna", particle: "van", family: "Beek"}},
		{"Hale, Jr., Martin", name{given: "Martin", family: "Hale", suffix: "Jr."}},
		{"Martin Hale, Jr.", name{given: "Martin", family: "Hale", suffix: "Jr."}},
		{"Hale, Martin, III", name{given: "Martin", family: "Hale", suffix: "III"}},

		// What has no parts, or none that can be told, stays whole.
		{"Plato", name{literal: "Plato"}},
		{"张三", name{literal: "张三"}},
		{"von Neumann", name{literal: "von Neumann"}},
		{"Euclid Collaboration", name{literal: "Euclid Collaboration"}},
		{"Ada Byron (for the PANDA collaboration)", name{literal: "Ada Byron (for the PANDA collaboration)"}},
		{"Team HY-World", name{literal: "Team HY-World"}},
		{"Alice and Bob", name{literal: "Alice and Bob"}},
		{"a, b, c, d", name{literal: "a, b, c, d"}},
		{"Smith,", name{literal: "Smith,"}},
		{", Jr.", name{literal: ", Jr."}},
		{"", name{}},
	} {
		if diff := cmp.Diff(tt.want, parseName(tt.in), cmp.AllowUnexported(name{})); diff != "" {
			t.Errorf("parseName(%q) (-want +got):\n%s", tt.in, diff)
		}
	}
}

func TestKey(t *testing.T) {
	for _, tt := range []struct {
		author, title string
		date          broadsheet.Date
		want          string
	}{
		{"Jie Tang", "You Need to Fold Again", "2022-05-01", "tang2022need"},
		{"Aäron van den Oord", "Self-Supervised Folding", "2018", "vandenoord2018self"},
		{"Conor O'Neill", "The GPT-4 Fold", "2023", "oneill2023gpt"},
		{"Søren Łukasz Straße", "Über Bäume", "2001-02", "strasse2001uber"},
		{"The LIGO Scientific Collaboration", "On the $K$-theory of Folds", "", "ligond" + "theory"},
		{"张三", "論文", "2020", "anon2020" + "251290001"},
		{"", "$x$", "2020", "anon2020x"},
		{"Jie Tang", "On the A", "2020", "tang2020onthea"},
	} {
		p := broadsheet.Paper{ID: "2512.90001", Title: tt.title, Published: tt.date, Authors: []broadsheet.Author{{Name: tt.author}}}
		if got := Key(p); got != tt.want {
			t.Errorf("Key of %q by %q: got %q, want %q", tt.title, tt.author, got, tt.want)
		}
	}
}

func TestUniqueKeys(t *testing.T) {
	k := keys{}
	var got []string
	for _, s := range []string{"x", "xb", "x", "x", "x", "xb"} {
		got = append(got, k.unique(s))
	}
	if diff := cmp.Diff([]string{"x", "xb", "xa", "xc", "xd", "xba"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := letters(26) + " " + letters(27) + " " + letters(702) + " " + letters(703); got != "z aa zz aaa" {
		t.Errorf("letters: %s", got)
	}
}

func TestTeXText(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"50% of A&B #1 a_b ~ ^ {x} \\y", `50\% of A\&B \#1 a\_b \textasciitilde{} \textasciicircum{} \textbraceleft{}x\textbraceright{} \textbackslash{}y`},
		{`AT\&T at 5\%`, `AT\&T at 5\%`},
		{"naïve – 数学", "naïve – 数学"},
		{"the $x^2_{ij}$ term", "the $x^2_{ij}$ term"},
		{"$$a$$ b", "$$a$$ b"},
		{"costs $5 and $10", `costs \$5 and \$10`},
		{"one $ only", `one \$ only`},
		{`\$5 and $x$`, `\$5 and $x$`},
		{`$\{a\}$ $\{a$`, `$\{a\}$ $\lbrace a$`},
		{"$a}{b$", `\$a\textbraceright{}\textbraceleft{}b\$`},
		{"$a%b$", `$a\%b$`},
		{"$$", `\$\$`},

		// No paper runs commands in the document that cites it.
		{`$\input{/etc/passwd}$`, `\$\textbackslash{}input\textbraceleft{}/etc/passwd\textbraceright{}\$`},
		{`$^^5cinput x$`, `\$\textasciicircum{}\textasciicircum{}5cinput x\$`},
	} {
		if got := texText(tt.in); got != tt.want {
			t.Errorf("texText(%q)\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

func TestTitleKeepsCapitals(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"Attention to Detail", "Attention to Detail"},
		{"GPT-4 and (LoRA): an iPhone in 3D", "{GPT-4} and ({LoRA}): an {iPhone} in {3D}"},
		{"U-Net, Q-learning, C and A Tale", "{U-Net}, {Q-learning}, {C} and A Tale"},
		{"Self-Supervised D'Alembert I'm", "Self-Supervised {D'Alembert} I'm"},
		{"AT&T's $Z_N$-Trees", "{AT\\&T's} {$Z_N$}-Trees"},
	} {
		if got := texTitle(tt.in); got != tt.want {
			t.Errorf("texTitle(%q)\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

func TestAppeared(t *testing.T) {
	for _, tt := range []struct {
		venue, ref string
		kind       kind
		want       container
	}{
		{"", "", preprint, container{}},
		{"ICRA 2020", "", conference, container{name: "ICRA 2020"}},
		{"Journal of Folding", "", article, container{name: "Journal of Folding"}},
		{"", "Quantum 3, 189 (2019)", article, container{name: "Quantum", volume: "3", pages: "189", year: "2019"}},
		{"", "Phys.Rev. D93 (2015) 016005", article, container{name: "Phys.Rev.", volume: "D93", pages: "016005", year: "2015"}},
		{"", "Ann. Fold. 12(3), pp. 4-19 (2001)", article, container{name: "Ann. Fold.", volume: "12", number: "3", pages: "4-19", year: "2001"}},
		{"", "J. Fold, accepted", article, container{name: "J. Fold, accepted"}},
		{"", "Proc. Natl. Acad. Sci. 116, 22 (2019)", article, container{name: "Proc. Natl. Acad. Sci.", volume: "116", pages: "22", year: "2019"}},
		{"", "In Proceedings of Folding 2019", conference, container{name: "In Proceedings of Folding 2019"}},
		{"", "PoS(CD15) (2015) 045", article, container{name: "PoS(CD15) (2015) 045"}},
	} {
		k, c := appeared(tt.venue, tt.ref)
		if diff := cmp.Diff(tt.want, c, cmp.AllowUnexported(container{})); diff != "" || k != tt.kind {
			t.Errorf("%q, %q: kind %d, want %d (-want +got):\n%s", tt.venue, tt.ref, k, tt.kind, diff)
		}
	}
}
