package hfpapers_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/hfpapers"
	"broadsheet/internal/need"
	"broadsheet/internal/sourcetest"
)

const day = broadsheet.Date("2026-01-05")

// long is an abstract that is longer than any title.
func long(word string) string { return strings.TrimSpace(strings.Repeat(word+" ", 400)) + "." }

func TestReadPage(t *testing.T) {
	text := testdata(t, "page.txt")
	want, bad, err := sourcetest.Collect(hfpapers.ReadPage(strings.NewReader(text), day))
	if err != nil || bad != nil || len(want) != 3 {
		t.Fatalf("%d records, bad %q, error %v", len(want), bad, err)
	}
	first := broadsheet.Record{
		Paper: broadsheet.Paper{
			ID: broadsheet.LocalID("Teaching Kettles Patience"), Title: "Teaching Kettles Patience",
			Abstract: want[0].Abstract, Sources: []broadsheet.Source{{Name: "hf-page", Date: day}},
		},
		Entries: []broadsheet.Entry{{Date: day, Place: 1}},
	}
	if diff := cmp.Diff(first, want[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !strings.HasPrefix(want[2].Abstract, "A slow train moves, when it moves, along its rails. It is also late.") {
		t.Errorf("wrapped lines are joined as %q", want[2].Abstract)
	}

	// The same page in the forms in which editors and browsers leave it.
	_, list, _ := strings.Cut(text, "Jan 5\n\n")
	for name, r := range map[string]io.Reader{
		"Windows line ends":       strings.NewReader(strings.ReplaceAll(text, "\n", "\r\n")),
		"byte order mark":         strings.NewReader("\ufeff" + text),
		"byte by byte":            iotest.OneByteReader(strings.NewReader(text)),
		"trailing blanks":         strings.NewReader(strings.ReplaceAll(text, "\n", " \t\u00a0\n")),
		"many blank lines":        strings.NewReader("\n\n" + strings.ReplaceAll(text, "\n\n", "\n\n\n \n")),
		"no line end at the end":  strings.NewReader(strings.TrimSpace(text)),
		"no head":                 strings.NewReader(list),
		"only the date":           strings.NewReader("Jan 5\n\n" + list),
		"date in full":            strings.NewReader("January 5, 2026\n\n" + list),
		"head without blanks":     strings.NewReader("new\nSubscribe\nJan 5\n" + list),
		"other head":              strings.NewReader("Hello\n\nSign up for mail.\n\nUpvote\n\nbyX and the research community\n\nJan 5\n\n" + list),
		"head without its date":   strings.NewReader("new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\n" + list),
		"date with the byte mark": strings.NewReader("\ufeffJan 5\r\n" + list),
	} {
		got, bad, err := sourcetest.Collect(hfpapers.ReadPage(r, day))
		if diff := cmp.Diff(want, got); diff != "" || bad != nil || err != nil {
			t.Errorf("%s: bad %q, error %v (-want +got):\n%s", name, bad, err, diff)
		}
	}
}

func TestReadPageDay(t *testing.T) {
	list := "\n\nTitle\n\n" + long("word")
	for _, tt := range []struct{ head, day, want string }{
		{"Jan 5", "2026-01-05", ""},
		{"Feb 29", "2024-02-29", ""},
		{"Jan 5", "", "The page says Jan 5 but no year: pass --date YYYY-01-05."},
		{"Jan 5, 2026", "", "The page is of Jan 5, 2026: pass --date 2026-01-05."},
		{"new", "", "The page does not say its day: pass --date YYYY-MM-DD."},
		{"Jan 5", "2026-01-06", "The page says Jan 5, which is not 2026-01-06: pass the day of the page."},
		{"Jan 5, 2026", "2025-01-05", "The page says Jan 5, 2026, which is not 2025-01-05: pass the day of the page."},
		{"Jan 5", "2026-01", `"2026-01" is not a day: write it like 2025-03-11.`},
		{"Jan 5", "2026-13-40", `"2026-13-40" is not a day: write it like 2025-03-11.`},
		{"new", "yesterday", `"yesterday" is not a day: write it like 2025-03-11.`},
	} {
		t.Run(tt.head+" "+tt.day, func(t *testing.T) {
			recs, bad, err := sourcetest.Collect(hfpapers.ReadPage(strings.NewReader(tt.head+list), broadsheet.Date(tt.day)))
			switch {
			case tt.want == "" && (err != nil || bad != nil || len(recs) != 1):
				t.Errorf("%d records, bad %q, error %v", len(recs), bad, err)
			case tt.want != "" && (err == nil || err.Error() != tt.want || broadsheet.KindOf(err) != broadsheet.Invalid || recs != nil):
				t.Errorf("%d records, error %v, want %q", len(recs), err, tt.want)
			}
		})
	}
}

// One piece that is missing or damaged costs one paper, and that one is named.
func TestReadPageKeepsInStep(t *testing.T) {
	for _, tt := range []struct {
		name   string
		blocks []string
		want   string // titles with their places
		bad    []string
	}{
		{"all is well", []string{"A", long("a"), "B", long("b")}, "A/1 B/2", nil},
		{"copied with votes and authors", []string{"12", "A", "3", long("a"), "·4 authors", "7", "B", "Submitted by", long("b")}, "A/1 B/2", nil},
		{"short abstracts", []string{"A", "It is a.", "B", `It is "b."`, "C", "(C.)"}, "A/1 B/2 C/3", nil},
		{"a missing abstract", []string{"A", "B", long("b"), "C", long("c")}, "B/2 C/3", []string{`line 3: the title "A" has no abstract`}},
		{"a missing abstract before a title with a stop", []string{"A", "B.", long("b")}, "B./2", []string{`line 3: the title "A" has no abstract`}},
		{"two missing abstracts", []string{"A", "B", "C", long("c")}, "C/3", []string{
			`line 3: the title "A" has no abstract`, `line 5: the title "B" has no abstract`,
		}},
		{"the last abstract is missing", []string{"A", long("a"), "B"}, "A/1", []string{`line 7: the title "B" has no abstract`}},
		{"a missing title", []string{"A", long("a"), long("b"), "C", long("c")}, "A/1 C/3", []string{
			`line 7: found 800 characters where a title was expected, which has at most 300: "b b b`,
		}},
		{"a short abstract that does not end", []string{"A", "it is a", "B", long("b")}, "B/3", []string{
			`line 3: the title "A" has no abstract`, `line 5: the title "it is a" has no abstract`,
		}},
		{"broken UTF-8 in a title", []string{"A\xff", long("a"), "B", long("b")}, "B/2", []string{"line 3: line 3 is not valid UTF-8"}},
		{"broken UTF-8 in an abstract", []string{"A", "x\ny\xff\n" + long("a"), "B", long("b")}, "B/2", []string{
			`line 3: the abstract of "A" cannot be used: line 6 is not valid UTF-8`,
		}},
		{"an endless line", []string{"A", strings.Repeat("a", 2<<20), "B", long("b")}, "B/2", []string{
			`line 3: the abstract of "A" cannot be used: the text has more than 1 MiB`,
		}},
		{"an endless block", []string{"A", strings.Repeat("a\n", 1<<20), "B", long("b")}, "B/2", []string{
			`line 3: the abstract of "A" cannot be used: the text has more than 1 MiB`,
		}},
		{"words of the head among the papers", []string{"A", long("a"), "Subscribe", "May 3"}, "A/1", []string{
			`line 7: the title "Subscribe" has no abstract`, `line 9: the title "May 3" has no abstract`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := "Jan 5\n\n" + strings.Join(tt.blocks, "\n\n")
			recs, bad, err := sourcetest.Collect(hfpapers.ReadPage(strings.NewReader(text), day))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range recs {
				got = append(got, fmt.Sprintf("%s/%d", r.Title, r.Entries[0].Place))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			for i, b := range bad {
				if i >= len(tt.bad) || !strings.HasPrefix(b, tt.bad[i]) {
					t.Errorf("bad %d: %s", i, b)
				}
			}
			if len(bad) != len(tt.bad) {
				t.Errorf("got %d bad, want %d: %q", len(bad), len(tt.bad), bad)
			}
		})
	}
}

func TestReadPageEnds(t *testing.T) {
	const none = "There is no paper on the page: expected titles and abstracts in turn, with a blank line between them."
	for _, in := range []string{"", "\n \n", "Jan 5\n", "new\n\nSubscribe"} {
		if _, bad, err := sourcetest.Collect(hfpapers.ReadPage(strings.NewReader(in), day)); err == nil || err.Error() != none || bad != nil {
			t.Errorf("%q: bad %q, error %v, want %q", in, bad, err, none)
		}
	}

	// What a cut leaves of an abstract is not taken for the whole.
	text := "Jan 5\n\nA\n\n" + long("a") + "\n\nB\n\n" + long("b")
	r := io.MultiReader(strings.NewReader(text), iotest.ErrReader(io.ErrUnexpectedEOF))
	recs, bad, err := sourcetest.Collect(hfpapers.ReadPage(r, day))
	if len(recs) != 1 || bad != nil || !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "after paper 1 ") {
		t.Errorf("%d records, bad %q, error %v; want 1, then unexpected EOF after paper 1", len(recs), bad, err)
	}
}

// A title has one local ID however its accents are composed, that of the title
// as it is stored.
func TestReadPageComposesAccents(t *testing.T) {
	recs, _, err := sourcetest.Collect(hfpapers.ReadPage(strings.NewReader("Cafe\u0301\n\n"+long("a")), day))
	if err != nil || len(recs) != 1 || recs[0].Title != "Caf\u00e9" || recs[0].ID != broadsheet.LocalID("Caf\u00e9") {
		t.Errorf("got %+v, %v", recs, err)
	}
}

func TestReadPageSample(t *testing.T) {
	text, err := os.ReadFile(need.Corpora(t, "seed", "daily-papers-mar-11.txt"))
	if err != nil {
		t.Fatal(err)
	}
	recs, bad, err := sourcetest.Collect(hfpapers.ReadPage(bytes.NewReader(text), "2025-03-11"))
	if err != nil || bad != nil || len(recs) != 93 {
		t.Fatalf("%d records, bad %q, error %v; want 93", len(recs), bad, err)
	}
	at := 0
	for i, r := range recs {
		check(t, r)
		if r.Entries[0].Place != i+1 {
			t.Errorf("%q has place %d, want %d", r.Title, r.Entries[0].Place, i+1)
		}
		next := bytes.Index(text[at:], []byte(r.Title+"\n\n"+r.Abstract))
		if next < 0 {
			t.Fatalf("paper %d is not next in the page: %q", i+1, r.Title)
		}
		at += next + len(r.Title)
	}
}

func FuzzReadPage(f *testing.F) {
	text, err := os.ReadFile(filepath.Join("testdata", "page.txt"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text), string(day))
	f.Add("Jan 5\n\nA\n\nB\n\n"+long("b")+"\n\n"+long("c"), string(day))
	f.Add("\ufeffnew\r\nMay 3, 2026\r\n\xff\r\n\r\nA.", "2026-05-03")
	f.Fuzz(func(t *testing.T, text, day string) {
		papers, ended := 0, false
		for rec, err := range hfpapers.ReadPage(strings.NewReader(text), broadsheet.Date(day)) {
			if ended {
				t.Fatal("it goes on after its end")
			}
			bad, isBad := errors.AsType[*broadsheet.BadRecord](err)
			if err != nil && !isBad {
				ended = true
				continue
			}
			papers++
			if isBad {
				if bad.Line < 1 || bad.Number != papers || bad.Reason == "" || !utf8.ValidString(bad.Error()) {
					t.Errorf("bad record %+v", bad)
				}
				continue
			}
			check(t, rec)
			if rec.Entries[0].Place != papers || rec.Abstract == "" {
				t.Errorf("record %d is %+v", papers, rec)
			}
		}

		// Nothing that follows a whole paper can spoil it.
		whole := "Jan 5\n\nA Whole Paper\n\n" + long("a") + "\n\n"
		for rec, err := range hfpapers.ReadPage(strings.NewReader(whole+text), "2026-01-05") {
			if err != nil || rec.Title != "A Whole Paper" || rec.Abstract != long("a") {
				t.Errorf("the first record is %+v, %v", rec, err)
			}
			break
		}
	})
}
