package web

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
)

func TestLinked(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want []string // addresses
	}{
		{"", nil},
		{"no address, just http and https://", nil},
		{"See https://a.org/b.", []string{"https://a.org/b"}},
		{"(https://a.org/b), then http://c.org/d?e=f&g=h!", []string{"https://a.org/b", "http://c.org/d?e=f&g=h"}},
		{`at \url{https://a.org/b_c}.`, []string{"https://a.org/b_c"}},
		{"https://a.org/b_(c) and (https://d.org)", []string{"https://a.org/b_(c)", "https://d.org"}},
		{"javascript:alert(1) ftp://a.org data:text/html,x HTTPS://", nil},
		{"https://user:pass@a.org/", nil},
		{`https://a.org/"onclick="x`, []string{"https://a.org/"}},
	} {
		var got []string
		for _, p := range linked(tt.in) {
			if p.URL != "" {
				got = append(got, p.URL)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.in, diff)
		}
	}
}

func FuzzLinked(f *testing.F) {
	f.Add("See https://a.org/b. (http://c.org)")
	f.Fuzz(func(t *testing.T, s string) {
		var all strings.Builder
		for _, p := range linked(s) {
			all.WriteString(p.Text)
			if p.URL != "" && (p.URL != p.Text || broadsheet.WebURL(p.URL) != p.URL) {
				t.Errorf("%q links to %q", p.Text, p.URL)
			}
		}
		if all.String() != s {
			t.Errorf("%q became %q", s, all.String())
		}
	})
}

func words(n int) string { return strings.TrimSpace(strings.Repeat("word ", n)) }

func TestPassage(t *testing.T) {
	for _, tt := range []struct{ name, in, first, rest string }{
		{"empty", "", "", ""},
		{"short", "One. Two.", "One. Two.", ""},
		{"stops after the sentence that fills it", words(40) + ". " + "New " + words(20) + ".", words(40) + ".", "New " + words(20) + "."},
		{"a short rest is shown", words(40) + ". Only three words.", words(40) + ". Only three words.", ""},
		{"no sentence ends", words(100), words(66) + " …", "… " + words(34)},
		{"the last end before a long sentence", words(30) + ". New " + words(60) + ".", words(30) + ".", "New " + words(60) + "."},
		{"abbreviations end nothing", words(40) + " e.g. This and A. Turing et al. Show " + words(5) + ". New " + words(20),
			words(40) + " e.g. This and A. Turing et al. Show " + words(5) + ".", "New " + words(20)},
		{"a stop before a small letter ends nothing", words(40) + " 3.5 of 2. and " + words(40),
			words(40) + " 3.5 of 2. and " + words(22) + " …", "… " + words(18)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			first, rest := passage(tt.in)
			if diff := cmp.Diff([]string{tt.first, tt.rest}, []string{first, rest}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzPassage(f *testing.F) {
	f.Add(words(100) + ". " + words(50))
	f.Fuzz(func(t *testing.T, s string) {
		first, rest := passage(s)
		got := strings.TrimSuffix(first, " …") + " " + strings.TrimPrefix(rest, "… ")
		if len(s) <= maxListed && strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(s), " ") {
			t.Errorf("%q became %q and %q", s, first, rest)
		}
		if rest == "" && len(first) > maxListed+10 {
			t.Errorf("%d bytes are left", len(first))
		}
	})
}

func TestClip(t *testing.T) {
	for _, tt := range []struct {
		in   string
		max  int
		want string
	}{
		{"short", 5, "short"}, {"two more words", 10, "two more …"}, {"ünbroken", 4, "ünb …"}, {"aü", 2, "a …"},
	} {
		if got := clip(tt.in, tt.max); got != tt.want {
			t.Errorf("clip(%q, %d) = %q, want %q", tt.in, tt.max, got, tt.want)
		}
	}
}

func TestLicense(t *testing.T) {
	for in, want := range map[string]link{
		"": {},
		"http://creativecommons.org/licenses/by-nc-sa/4.0/":   {Text: "CC BY-NC-SA 4.0", URL: "http://creativecommons.org/licenses/by-nc-sa/4.0/"},
		"https://creativecommons.org/publicdomain/zero/1.0/":  {Text: "CC0 1.0", URL: "https://creativecommons.org/publicdomain/zero/1.0/"},
		"http://arxiv.org/licenses/nonexclusive-distrib/1.0/": {Text: "arXiv, non-exclusive", URL: "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"},
		"https://www.example.org/terms":                       {Text: "example.org/terms", URL: "https://www.example.org/terms"},
		"MIT":                                                 {Text: "MIT"},
		"javascript:alert(1)":                                 {Text: "javascript:alert(1)"},
	} {
		if got := license(in); got != want {
			t.Errorf("license(%q) = %+v, want %+v", in, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	for in, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 383595: "383,595", 1234567: "1,234,567"} {
		if got := count(in); got != want {
			t.Errorf("count(%d) = %q, want %q", in, got, want)
		}
	}
}
