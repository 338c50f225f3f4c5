package web

import (
	"context"
	"errors"
	"strings"
	"testing"

	"broadsheet"
)

// classified serves papers that all fit two topics.
func classified(n int) (*fake, *Server) {
	f := papers(n, "2025-03-11")
	f.topics = []broadsheet.Topic{
		{Slug: "birds", Name: "Birds <b>", Examples: []broadsheet.ID{f.records[0].ID, f.records[1].ID, "2503.99999"}},
		{Slug: "鸟类", Name: "鸟类", Examples: []broadsheet.ID{f.records[2].ID}},
	}
	s := server(f)
	s.Topics, s.Classes = f, f
	return f, s
}

func TestTopics(t *testing.T) {
	_, s := classified(60)
	p := get(t, s.Handler(), "/topics").want(200)
	if got := p.words("ul.index"); got != "Birds <b> 60 papers learned from 3 examples 鸟类 60 papers learned from 1 example" {
		t.Errorf("topics %q", got)
	}
	if got := strings.Join(p.attrs("ul.index a", "href"), " "); got != "/topics/birds /topics/%E9%B8%9F%E7%B1%BB" {
		t.Errorf("they lead to %s", got)
	}
	for _, s := range []*Server{server(papers(3, "2025-03-11")), s} {
		s.Topics = nil
		if got := get(t, s.Handler(), "/topics").want(200).words("main"); !strings.Contains(got, "No topics yet") {
			t.Errorf("without topics: %q", got)
		}
	}
}

func TestTopic(t *testing.T) {
	f, s := classified(60)
	h := s.Handler()
	p := get(t, h, "/topics/birds").want(200)
	if got := p.words("main h1") + ", " + p.words("main h2"); got != "Birds <b>, 60 papers" {
		t.Errorf("headings %q", got)
	}
	if got := len(p.find("article")); got != perPage {
		t.Errorf("%d papers, want %d", got, perPage)
	}
	if got := len(p.find("div.asking li")); got != 2 {
		t.Errorf("%d examples that are here, want 2", got)
	}
	if got := strings.Join(append(p.attrs("nav.choice a", "href"), p.attrs("nav.pager a", "href")...), " "); got != "/topics/birds /topics/birds?sort=fit /topics/birds?p=2" {
		t.Errorf("it leads to %s", got)
	}
	p = get(t, h, "/topics/birds?sort=fit&p=2").want(200)
	if got := p.attrs("article h3 a", "href"); len(got) != 60-perPage || got[len(got)-1] != f.records[0].ID.Path() {
		t.Errorf("the last page by fit has %q", got)
	}
	for path, code := range map[string]int{
		"/topics/%E9%B8%9F%E7%B1%BB": 200, "/topics/": 301, "/topics/none": 404, "/topics/%3Cscript%3E": 404, "/topics/birds?p=9": 404,
		"/topics/birds?p=x": 400, "/topics/birds?sort=votes": 400, "/topics/a/b": 404,
	} {
		if p := get(t, h, path).want(code); strings.Contains(p.body, "<script>") {
			t.Errorf("%s has a script", path)
		}
	}
	f.records = nil
	if got := get(t, h, "/topics/birds").want(200).words("main"); !strings.Contains(got, "No paper fits this topic yet") {
		t.Errorf("an empty one: %q", got)
	}
}

// The topics that a paper fits stand on its page and in editions.
func TestTopicChips(t *testing.T) {
	f, s := classified(10)
	h := s.Handler()
	for path, want := range map[string]int{f.records[3].ID.Path(): 2, "/papers/date/2025-03-11": 20} {
		p := get(t, h, path).want(200)
		if got := p.attrs("p.chips a", "title"); len(got) != want || got[0] != "Fits this topic: 0.88" {
			t.Errorf("%s: %q", path, got)
		}
		if got := p.words("p.chips"); !strings.HasPrefix(got, "Topics: Birds <b> 鸟类") {
			t.Errorf("%s: %q", path, got)
		}
	}
	s.Classes = &fake{err: errors.New("/var/x")} // no page is about its topics
	for _, path := range []string{f.records[3].ID.Path(), "/papers/date/2025-03-11"} {
		if p := get(t, s.Handler(), path).want(200); len(p.find("p.chips")) > 0 {
			t.Errorf("%s has topics", path)
		}
	}
}

// A lagging index has not seen all changes.
type lagging struct {
	*fake
	indexed int64
}

func (l *lagging) Indexed(context.Context) (int64, error) { return l.indexed, nil }

// An edition that was laid out before the index knew its papers is laid out again.
func TestTopicsOfNewPapers(t *testing.T) {
	f, s := classified(3)
	f.change = 5
	late := &lagging{fake: f, indexed: 4}
	s.Search, s.Classes = late, late
	h := s.Handler()
	get(t, h, "/papers/date/2025-03-11").want(200)
	get(t, h, "/papers/date/2025-03-11").want(200)
	if f.reads != 1 {
		t.Errorf("the edition is read %d times while nothing changes", f.reads)
	}
	late.indexed = 5
	for range 2 {
		get(t, h, "/papers/date/2025-03-11").want(200)
	}
	if f.reads != 2 {
		t.Errorf("the edition is read %d times, want once more when its papers are indexed", f.reads)
	}
}
