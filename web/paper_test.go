package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
)

func TestPaper(t *testing.T) {
	f := &fake{records: []broadsheet.Record{rich()}}
	p := get(t, server(f).Handler(), "/papers/2503.77777").want(200)
	for path, want := range map[string]string{
		"h1":            `<script>alert(1)</script> & "q" of $\alpha$`,
		"p.kicker":      "cs.LG stat.ML",
		"p.byline":      "Ann <i>O'Brien</i> (Inst & Co), Bo",
		"p.standfirst":  "TL;DR by elsewhere It counts.",
		"div.text p":    "First we see https://example.org/a_(b). Then <b>nothing</b> & more at javascript:alert(1). A second paragraph.",
		"p.doors":       "arXiv PDF Code Project",
		"aside.facts":   "Id 2503.77777 Published 11 Mar 2025 Updated 12 Mar 2025 Announced 11 Mar 2025 Venue SHEEP 2025 Journal J. Sheep 3 DOI 10.1000/a<b 10.1000/c Comments See http://example.org/c. Keywords counting Versions v1, 11 Mar 2025, 12kb v2 Licence CC BY-SA 4.0 Editions 11 Mar 2025, place 2, submitted by Cy <u> Votes 1,234 votes, 1 comment at Hugging Face Daily Papers Sources Title, journal ref: arXiv OAI-PMH, 7 Mar 2025 Everything: elsewhere x1",
		"main p.absent": "",
	} {
		if got := p.words(path); got != want {
			t.Errorf("%s:\n got %q\nwant %q", path, got, want)
		}
	}
	want := []string{
		"/papers?cat=cs.LG", "/papers?cat=stat.ML", "https://example.org/a_%28b%29", "https://arxiv.org/abs/2503.77777",
		"https://arxiv.org/pdf/2503.77777", "https://github.com/a/b", "https://a.github.io/", "https://doi.org/10.1000/a%3Cb",
		"https://doi.org/10.1000/c", "http://example.org/c", "https://arxiv.org/abs/2503.77777v1", "https://arxiv.org/abs/2503.77777v2",
		"http://creativecommons.org/licenses/by-sa/4.0/", "/papers/date/2025-03-11",
	}
	if diff := cmp.Diff(want, p.attrs("main a", "href")); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

func TestPaperWithLittle(t *testing.T) {
	gone := broadsheet.Record{Paper: broadsheet.Paper{ID: "hep-th/9901001", Status: broadsheet.StatusDeleted}}
	p := get(t, server(&fake{records: []broadsheet.Record{gone}}).Handler(), "/papers/hep-th/9901001").want(200)
	want := "Deleted hep-th/9901001 Its source has deleted this paper. Abstract No abstract is known. arXiv PDF Id hep-th/9901001"
	if got := p.words("main"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestPaperWithThousandsOfAuthors(t *testing.T) {
	r := rich()
	for i := range 3000 {
		r.Authors = append(r.Authors, broadsheet.Author{Name: fmt.Sprint("Author ", i)})
	}
	p := get(t, server(&fake{records: []broadsheet.Record{r}}).Handler(), "/papers/2503.77777").want(200)
	if got := len(p.find("header p.byline bdi")); got > maxAuthors+1 { // one affiliation
		t.Errorf("%d names are shown at once", got)
	}
	if got := p.words("details summary"); got != "and 2,962 more authors" {
		t.Errorf("summary %q", got)
	}
	if !strings.Contains(p.words("details"), "Author 2999") {
		t.Error("the last author is missing")
	}
}

func TestPaperAddresses(t *testing.T) {
	f := &fake{records: []broadsheet.Record{rich(), paper("hep-th/9901001", "2025-03-11", 1), paper("doi:10.1000/(x)", "2025-03-11", 3)}}
	h := server(f).Handler()
	for _, tt := range []struct {
		path, to string
		code     int
	}{
		{"/papers/2503.77777", "", 200},
		{"/papers/2503.77777v3", "/papers/2503.77777", 301},
		{"/papers/arXiv:2503.77777", "/papers/2503.77777", 301},
		{"/papers/local:abc", "/papers/2503.77777", 301},
		{"/papers/doi:10.1000/OLD", "/papers/2503.77777", 301},
		{"/papers/doi:10.1000/(x)", "", 200},
		{"/papers/doi:10.1000%2F%28x%29", "", 200},
		{"/papers/https:/arxiv.org/abs/2503.77777v1", "/papers/2503.77777", 301},
		{"/papers/https%3A%2F%2Farxiv.org%2Fpdf%2F2503.77777.pdf", "/papers/2503.77777", 301},
		{"/papers/hep-th/9901001", "", 200},
		{"/papers/hep-th/9901001v2", "/papers/hep-th/9901001", 301},
		{"/papers/hep-th%2F9901001", "", 200},
		{"/papers/", "/papers", 301},
		{"/papers/2503.99999", "", 404},
		{"/papers/doi:10.1000/none", "", 404},
		{"/papers/nonsense", "", 404},
		{"/papers/..%2f..%2fetc/passwd", "", 404},
		{"/papers/%2e%2e/%2e%2e/etc/passwd", "", 404},
		{"/papers/2503.77777%00", "", 404},
		{"/papers/%ff%fe", "", 404},
		{"/papers/x:%2e%2e/y", "", 404},
		{"/papers/" + strings.Repeat("9", 3000), "", 404},
	} {
		t.Run(clip(tt.path, 60), func(t *testing.T) {
			p := get(t, h, tt.path)
			if p.code == 307 { // the router's own cleaning of paths
				p = get(t, h, p.head.Get("Location"))
				if p.code == 404 {
					return
				}
			}
			if p.want(tt.code); p.head.Get("Location") != tt.to {
				t.Errorf("leads to %q, want %q", p.head.Get("Location"), tt.to)
			}
		})
	}
}

func TestMissingPaper(t *testing.T) {
	p := get(t, server(&fake{}).Handler(), "/papers/2503.99999").want(404)
	if got := p.words("main"); !strings.Contains(got, "There is no paper 2503.99999 here. Look for it at arXiv.") {
		t.Errorf("the page says %q", got)
	}
	if got := p.attrs("main a", "href"); got[0] != "https://arxiv.org/abs/2503.99999" {
		t.Errorf("links %q", got)
	}
	if len(p.find("form input")) != 1 {
		t.Error("there is no search box")
	}
}
