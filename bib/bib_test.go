package bib

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
)

var update = flag.Bool("update", false, "write the golden files anew")

// papers are invented, each for one thing that a format must get right.
var papers = []broadsheet.Paper{
	{
		ID:    "2512.90001",
		Title: "You Need to Fold Twice: LoRA & GPT-4 at 50% of the Cost for $\\mathcal{O}(n^2)$ Attention",
		Abstract: "We fold the keys_and_values of a model {twice}, at ~3\\% loss & no\nretraining. " +
			"It costs $5 and saves $10; the bound is $\\{x \\mid x_1 < 2\\}$.",
		Authors:    []broadsheet.Author{{Name: "Jie Tang"}, {Name: "Pieter van der Velde"}, {Name: "Martin Hale Jr."}, {Name: "The Fold Collaboration"}},
		Categories: []string{"cs.LG", "stat.ML"},
		Published:  "2025-03-11",
		Comments:   "9 pages, 3 figures",
		Keywords:   []string{"low-rank, folded"},
	},
	{
		ID: "hep-th/9901999", Title: "On the Size of Strings", Authors: []broadsheet.Author{{Name: "Zoë Ångström-Østby"}},
		Categories: []string{"hep-th"}, Published: "1999-01", DOI: "10.1103/PhysRevD.99.016005 10.1000/second",
		JournalRef: "Phys.Rev. D93 (2000) 016005",
	},
	{
		ID: "icra2098:17", Title: "3D Grasping with a U-Net", Authors: []broadsheet.Author{{Name: "Plato"}, {Name: "Santiago Ramón y Cajal"}},
		Published: "2098", Venue: "ICRA 2098", Aliases: []broadsheet.ID{"2512.90002"}, Categories: []string{"cs.RO"},
	},
	{
		ID: "local:abc", Title: "Wörter und Bäume", Links: []broadsheet.Link{{Kind: broadsheet.LinkProject, URL: "https://example.org/a_b%20c"}},
		JournalRef: "Proceedings of the 3rd Workshop on Trees, pages 1-9",
	},
	{
		ID: "doi:10.1000/a_b", Title: "You need: a reply", Authors: []broadsheet.Author{{Name: "Tang, Li"}}, Published: "2025-04-02",
		JournalRef: "Journal of Folding, to appear (see also the errata)",
	},
	{ID: "2512.90003", Title: "You Need the Second Reply", Authors: []broadsheet.Author{{Name: "Mo Tang"}}, Published: "2025"},
	{ID: "local:def"},
}

var formats = []struct {
	name, golden string
	write        func(io.Writer, []broadsheet.Paper) error
	check        func(*testing.T, string, int)
}{
	{"BibTeX", "papers.bib", BibTeX, checkBibTeX},
	{"RIS", "papers.ris", RIS, checkRIS},
	{"CSLJSON", "papers.json", CSLJSON, checkCSL},
}

func TestGolden(t *testing.T) {
	for _, f := range formats {
		t.Run(f.name, func(t *testing.T) {
			var got bytes.Buffer
			if err := f.write(&got, papers); err != nil {
				t.Fatal(err)
			}
			f.check(t, got.String(), len(papers))
			path := filepath.Join("testdata", f.golden)
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("differs from %s (-want +got); -update writes it anew:\n%s", path, diff)
			}
		})
	}
}

func TestNoPapers(t *testing.T) {
	for _, f := range formats {
		var got bytes.Buffer
		if err := f.write(&got, nil); err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
		f.check(t, got.String(), 0)
	}
}

// A full disk must not go unnoticed, however late it is.
func TestWriteErrorsAreReported(t *testing.T) {
	for _, f := range formats {
		for _, after := range []int{0, 100, 1000} {
			if err := f.write(&fullDisk{left: after}, papers); !errors.Is(err, errFull) {
				t.Errorf("%s, full after %d bytes: got error %v, want %v", f.name, after, err, errFull)
			}
		}
	}
}

var errFull = errors.New("no space left")

type fullDisk struct{ left int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.left -= len(p); d.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func FuzzHostilePaper(f *testing.F) {
	f.Add("2512.90001", "A} @misc{x, $\\input{/etc/passwd}$ % \\", "\r\nER  - \r\nTY  - JOUR", "a, b, c, d and e", "a\nTI  - b", "Q 1, 2 (2000)", "", "10.1/}{", "2025-03")
	f.Add("doi:10.1000/x", "$\\{$ ^^5c $$ $}{$ \\$ {", "\x00\xff\u2028\u202e", "{\\and}, , Jr.", "\"%", "", "$V_{enue}", "", "9999-99-99")
	f.Add("0", "^{$ ^^0a $$ $^0a $$", "\xff\u2028\xe2", "{\\\xff\x7fB}, , 00!", "\"\x01", "", "#B_{0000}", "", "0")
	f.Fuzz(func(t *testing.T, id, title, abstract, author, comments, ref, venue, doi, date string) {
		p := broadsheet.Paper{
			ID: broadsheet.ID(id), Title: title, Abstract: abstract, Comments: comments, JournalRef: ref, Venue: venue, DOI: doi,
			Authors: []broadsheet.Author{{Name: author}, {Name: title}}, Categories: []string{venue, doi}, Keywords: []string{author},
			Published: broadsheet.Date(date), Links: []broadsheet.Link{{Kind: broadsheet.LinkProject, URL: ref}},
		}
		for _, f := range formats {
			var out bytes.Buffer
			if err := f.write(&out, []broadsheet.Paper{p, p}); err != nil {
				t.Fatalf("%s: %v", f.name, err)
			}
			f.check(t, out.String(), 2)
		}
	})
}

var bibtexHead = regexp.MustCompile(`^@(misc|article|inproceedings)\{([a-z0-9]+),\n`)

// checkBibTeX reads entries as BibTeX does, by braces alone, and each field's
// text as TeX does.
func checkBibTeX(t *testing.T, s string, entries int) {
	t.Helper()
	seen := map[string]bool{}
	for n := 0; ; n++ {
		if s == "" {
			if n != entries {
				t.Fatalf("got %d BibTeX entries, want %d", n, entries)
			}
			return
		}
		m := bibtexHead.FindStringSubmatch(s)
		if m == nil || seen[m[2]] {
			t.Fatalf("no entry with a key of its own begins at %.80q", s)
		}
		seen[m[2]] = true
		end := closingBrace(s)
		for line := range strings.Lines(s[len(m[0]):end]) {
			checkField(t, line)
		}
		if !strings.HasPrefix(s[end:], "}\n") {
			t.Fatalf("the entry ends early before %.80q", s[end:])
		}
		s = strings.TrimPrefix(s[end+2:], "\n")
	}
}

func closingBrace(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(s)
}

var (
	bibtexField = regexp.MustCompile(`^  ([A-Za-z]+) = (?:\{(.*)\}|[a-z]{3}),\n$`)
	texEscape   = regexp.MustCompile(`\\[^A-Za-z]`)
)

func checkField(t *testing.T, line string) {
	t.Helper()
	m := bibtexField.FindStringSubmatch(line)
	if m == nil || !utf8.ValidString(line) {
		t.Fatalf("not a BibTeX field: %q", line)
	}
	if m[1] == "doi" || m[1] == "url" {
		return // taken as they are
	}
	plain := texEscape.ReplaceAllString(m[2], "")
	if !balanced(plain) || strings.ContainsAny(plain, "%#") || strings.Count(plain, "$")%2 != 0 {
		t.Fatalf("TeX cannot read %q", m[2])
	}
}

var risLine = regexp.MustCompile(`^([A-Z][A-Z0-9])  - ([^\r\n]*)$`)

func checkRIS(t *testing.T, s string, entries int) {
	t.Helper()
	n, open := 0, false
	for line := range strings.SplitSeq(strings.TrimSuffix(s, "\r\n"), "\r\n") {
		if line == "" && !open {
			continue
		}
		m := risLine.FindStringSubmatch(line)
		if m == nil || open == (m[1] == "TY") {
			t.Fatalf("not a line of RIS here: %q", line)
		}
		if open = m[1] != "ER"; !open {
			n++
		}
	}
	if n != entries || open || !utf8.ValidString(s) {
		t.Fatalf("got %d references, want %d (one still open: %v)", n, entries, open)
	}
}

func checkCSL(t *testing.T, s string, entries int) {
	t.Helper()
	var items []cslItem
	d := json.NewDecoder(strings.NewReader(s))
	d.DisallowUnknownFields()
	if err := d.Decode(&items); err != nil || len(items) != entries {
		t.Fatalf("got %d items (%v), want %d", len(items), err, entries)
	}
	seen := map[string]bool{}
	for _, it := range items {
		if it.ID == "" || seen[it.ID] || it.Type == "" {
			t.Fatalf("an item has no type or no id of its own: %+v", it)
		}
		seen[it.ID] = true
	}
}
