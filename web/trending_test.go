package web

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
)

func standing(papers int) map[broadsheet.ID]broadsheet.Standing {
	all := map[broadsheet.ID]broadsheet.Standing{}
	for _, r := range papersOf(papers) {
		all[r.ID] = broadsheet.Standing{Score: 1.5, Terms: []broadsheet.Term{
			{Name: "votes", Value: 2, Note: "6"}, {Name: "field", Value: -0.5, Note: "<b>vision</b> drew 2 times the mean"}}}
	}
	all["2503.00002"] = broadsheet.Standing{Score: 0.1, Predicted: true, Terms: []broadsheet.Term{{Name: "predicted", Value: 0.1, Note: "more"}}}
	all["2503.00003"] = broadsheet.Standing{Rising: true}
	return all
}

func papersOf(n int) []broadsheet.Record { return papers(n, "2025-03-11").records }

func TestExplainEdition(t *testing.T) {
	f := papers(5, "2025-03-11")
	f.standings = standing(5)
	h := server(f).Handler()
	plain := get(t, h, "/papers/date/2025-03-11?sort=trending").want(200)
	if got := plain.words("table"); got != "" {
		t.Errorf("terms stand on a page that nobody asked them of: %q", got)
	}
	for path, want := range map[string]string{
		"span.predicted": "predicted", "span.rising": "rises again",
		"p.note": "Papers marked as predicted have no votes yet. Their order follows what readers here voted for before.",
	} {
		if got := plain.words(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if diff := cmp.Diff([]string{"/papers/date/2025-03-11?explain=1&sort=trending"}, plain.attrs("p.choice a", "href")); diff != "" {
		t.Errorf("way to the explanation (-want +got):\n%s", diff)
	}

	full := get(t, h, "/papers/date/2025-03-11?sort=trending&explain=1").want(200)
	if got, want := full.words("table"), "Why it stands here votes+2.006 field-0.50<b>vision</b> drew 2 times the mean score+1.50 "; !strings.HasPrefix(got, want) {
		t.Errorf("terms: %q, want %q", got, want)
	}
	if n := len(full.find("table")); n != 5 {
		t.Errorf("%d papers are explained, want 5", n)
	}
	if got := full.attrs("link", "href")[0]; got != "https://papers.example.org/papers/date/2025-03-11?sort=trending" {
		t.Errorf("canonical address %s", got)
	}
	if got := full.attrs("p.choice a", "href"); len(got) != 1 || got[0] != "/papers/date/2025-03-11?sort=trending" {
		t.Errorf("way back: %s", got)
	}
}

func TestNothingToExplain(t *testing.T) {
	p := get(t, server(papers(5, "2025-03-11")).Handler(), "/papers/date/2025-03-11?explain=1").want(200)
	if got := p.words("p.choice") + p.words("table"); got != "" {
		t.Errorf("a store that knows no standings is explained: %q", got)
	}
}

func TestTrending(t *testing.T) {
	f := papers(60, "2025-03-05")
	f.standings = standing(60)
	s := server(f)
	s.Trends = f
	h := s.Handler()
	p := get(t, h, "/papers/trending").want(200)
	for path, want := range map[string]string{
		"h1": "Trending", "h2": "60 papers", "nav.pager": "Page 1 of 2 Next page", "nav.turn": "",
	} {
		if got := p.words(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if got := p.words("p.note"); !strings.HasPrefix(got, "What moves since ") {
		t.Errorf("note: %q", got)
	}
	if got := p.attrs("nav.pager a", "href"); len(got) != 1 || got[0] != "/papers/trending?p=2" {
		t.Errorf("next page at %s", got)
	}
	get(t, h, "/papers/trending?p=3").want(404)
	get(t, h, "/papers/trending?p=2&explain=1").want(200)

	old := papers(3, "2020-03-05")
	s = server(old)
	s.Trends = old
	if got := get(t, s.Handler(), "/papers/trending").want(200).words("p.reason"); !strings.HasPrefix(got, "Nothing has moved in the 14 days") {
		t.Errorf("reason: %q", got)
	}
	none := get(t, server(old).Handler(), "/papers/trending").want(404)
	if got := none.words("nav.ear"); strings.Contains(got, "Trending") {
		t.Errorf("the navigation leads to what is not there: %s", got)
	}
}
