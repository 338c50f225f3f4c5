package web

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"broadsheet"
)

func comparing(f *fake) *Server {
	s := server(f)
	s.Alike = f
	return s
}

func TestSimilarPapers(t *testing.T) {
	p := get(t, comparing(papers(10, "2025-03-11")).Handler(), "/papers/2503.00003").want(200)
	if got := len(p.find("section.similar article")); got != similarShown {
		t.Errorf("%d similar papers, want %d", got, similarShown)
	}
	if got := strings.Join(p.attrs("section.similar h3 a", "href"), " "); strings.Contains(got, "2503.00003") {
		t.Errorf("the paper itself is among %s", got)
	}
	if got := p.words("section.similar p.why"); !strings.HasPrefix(got, "Both have “<i>sheep</i>”.") {
		t.Errorf("reason %q", got)
	}
	if got := p.words("section.similar details"); got != "The sentences that match Here This <b> one. There That one." {
		t.Errorf("sentences %q", got)
	}
}

func TestNearDuplicates(t *testing.T) {
	f := papers(4, "2025-03-11")
	a, b := f.records[1].ID, f.records[3].ID
	f.records[3].Title = "Paper <i>"
	f.twins = map[broadsheet.ID]broadsheet.ID{a: b, b: a}
	h := comparing(f).Handler()
	p := get(t, h, a.Path()).want(200)
	if got, want := p.words("div.twins"), "Probably the same paper, or a version of it: Paper <i> ("+string(b)+") 90 % of <b> is the same"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if p := get(t, h, f.records[0].ID.Path()).want(200); len(p.find("div.twins")) > 0 {
		t.Error("a paper without twins has some")
	}
	p = get(t, h, "/papers?q=Paper").want(200)
	if got := p.words("article p.why"); got != "Probably the same paper as number 2" {
		t.Errorf("marked: %q", got)
	}
}

// A paper's page is shown even where nothing can be said of others.
func TestSimilarPapersAreLeftOut(t *testing.T) {
	gone := papers(3, "2025-03-11")
	gone.records[1].Status = broadsheet.StatusDeleted
	for _, tt := range []struct {
		name  string
		fake  *fake
		alike broadsheet.Comparer
		id    broadsheet.ID
	}{
		{"no index", papers(3, "2025-03-11"), nil, "2503.00001"},
		{"an index that fails", papers(3, "2025-03-11"), &fake{err: errors.New("/var/x is broken")}, "2503.00001"},
		{"an index that hangs", papers(3, "2025-03-11"), hanging{}, "2503.00001"},
		{"a deleted paper", gone, gone, gone.records[1].ID},
		{"no other paper", papers(1, "2025-03-11"), papers(1, "2025-03-11"), "2503.00001"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := server(tt.fake)
			s.Alike = tt.alike
			p := get(t, s.Handler(), "/papers/"+string(tt.id)).want(200)
			if len(p.find("section.similar")) > 0 || strings.Contains(p.body, "/var/x") {
				t.Errorf("%s", p.words("main"))
			}
		})
	}
}

// hanging answers when it is no longer asked.
type hanging struct{}

func (hanging) Similar(ctx context.Context, _ broadsheet.Paper, _ int) ([]broadsheet.Hit, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func (hanging) Duplicates(context.Context, broadsheet.ID) ([]broadsheet.Duplicate, error) {
	return nil, errors.New("no")
}

func (hanging) Compare(context.Context, broadsheet.Paper, []broadsheet.Record) ([]broadsheet.Reason, error) {
	return nil, nil
}

func TestPastedText(t *testing.T) {
	text := strings.Repeat("counting sheep <b> & kettles ", 20)
	h := comparing(papers(45, "2025-03-11")).Handler()
	p := get(t, h, "/papers?cat=cs.LG&q="+url.QueryEscape(text)).want(200)
	if got := len(p.find("article")); got != perSearch {
		t.Errorf("%d papers, want %d", got, perSearch)
	}
	if got := p.words("textarea"); got != strings.TrimSpace(text) {
		t.Errorf("the form holds %q", got)
	}
	if got := p.words("p.note"); got != "This long text was compared as a whole, with papers of all categories and dates, best first. Look for its words instead" {
		t.Errorf("notes %q", got)
	}
	if got := p.words("article p.why"); !strings.HasPrefix(got, "Both have") {
		t.Errorf("reason %q", got)
	}
	p = get(t, h, p.attrs("p.note a", "href")[0]).want(200)
	if len(p.find("textarea")) > 0 || !strings.Contains(p.words("main"), "No paper answers this") {
		t.Errorf("as words: %q", p.words("main"))
	}
	p = get(t, h, "/papers?q="+url.QueryEscape(strings.Repeat("sheep ", 1001))).want(400)
	if got := p.words("main"); !strings.Contains(got, "The text has 6,005 bytes; 6,000 can be read here.") {
		t.Errorf("too long: %q", got)
	}
}

// How papers were found is shown on request, and whatever leads on keeps it.
func TestExplain(t *testing.T) {
	h := comparing(papers(45, "2025-03-11")).Handler()
	p := get(t, h, "/papers?q=Paper").want(200)
	if got := p.attrs("p.took a", "href"); len(p.find("section.trace")) > 0 || len(got) != 1 || got[0] != "/papers?explain=1&q=Paper" {
		t.Fatalf("leads to %q", got)
	}
	p = get(t, h, "/papers?explain=1&q=Paper").want(200)
	want := "How it was found Method: by words and by meaning, with as much work as the question needs. StageFoundmsWhat was done any <word>1,2341.25<b>"
	if got := p.words("section.trace"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := p.attrs("p.took a", "href"); got[0] != "/papers?q=Paper" {
		t.Errorf("leads to %q", got)
	}
	if got := p.attrs("nav.pager a", "href"); got[0] != "/papers?explain=1&p=2&q=Paper" {
		t.Errorf("the next page is %q", got)
	}
	p = get(t, h, "/papers?explain=1&q="+url.QueryEscape(strings.Repeat("sheep ", 70))).want(200)
	if got := p.words("section.trace"); !strings.Contains(got, "the text as a whole") {
		t.Errorf("of a text: %q", got)
	}
}
