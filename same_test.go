package broadsheet_test

import (
	"testing"

	"broadsheet"
)

func TestSameWork(t *testing.T) {
	paper := func(change func(*broadsheet.Paper)) *broadsheet.Paper {
		p := &broadsheet.Paper{ID: "2503.00001", Title: "Kettles That Know When to Stop", Authors: []broadsheet.Author{{Name: "Ada van der Example"}},
			Published: "2025-03-01", Sources: []broadsheet.Source{{Name: "arxiv-oai"}}}
		change(p)
		return p
	}
	printed := func(change func(*broadsheet.Paper)) *broadsheet.Paper {
		return paper(func(p *broadsheet.Paper) {
			p.ID, p.Title, p.Published = "acl:2503.ex-1", "Kettles that know when to stop.", "2026"
			p.Authors = []broadsheet.Author{{Name: "van der Example, A., Jr."}}
			p.Sources = []broadsheet.Source{{Name: "crossref"}}
			change(p)
		})
	}
	asIs := func(*broadsheet.Paper) {}
	for _, tt := range []struct {
		name string
		a, b *broadsheet.Paper
		want bool
	}{
		{"one title, first author and time", paper(asIs), printed(asIs), true},
		{"another first author", paper(asIs), printed(func(p *broadsheet.Paper) { p.Authors[0].Name = "Ben Sample" }), false},
		{"no authors", paper(asIs), printed(func(p *broadsheet.Paper) { p.Authors = nil }), false},
		{"a group is no author", paper(func(p *broadsheet.Paper) { p.Authors[0].Name = "Kettle Collaboration" }),
			printed(func(p *broadsheet.Paper) { p.Authors[0].Name = "Kettle Collaboration" }), false},
		{"another title", paper(asIs), printed(func(p *broadsheet.Paper) { p.Title += " Part II" }), false},
		{"years apart", paper(asIs), printed(func(p *broadsheet.Paper) { p.Published = "2028" }), false},
		{"no year", paper(asIs), printed(func(p *broadsheet.Paper) { p.Published = "" }), false},
		{"a short title", paper(func(p *broadsheet.Paper) { p.Title = "Notes on Kettles" }), printed(func(p *broadsheet.Paper) { p.Title = "Notes on Kettles" }), false},
		{"one source knows both", paper(asIs), printed(func(p *broadsheet.Paper) { p.Sources[0].Name = "arxiv-oai" }), false},
		{"two ids of one register", paper(asIs), printed(func(p *broadsheet.Paper) { p.ID = "2503.00002" }), false},
		{"an alias of the same register", paper(asIs), printed(func(p *broadsheet.Paper) { p.Aliases = []broadsheet.ID{"2503.00002"} }), false},
		{"one DOI, another title", paper(func(p *broadsheet.Paper) { p.DOI = "10.1000/EX.1" }),
			printed(func(p *broadsheet.Paper) { p.ID, p.Title = "doi:10.1000/ex.1", "Patient Kettles" }), true},
		{"one DOI, another first author", paper(func(p *broadsheet.Paper) { p.DOI = "10.1000/ex.1" }),
			printed(func(p *broadsheet.Paper) { p.DOI, p.Authors[0].Name = "10.1000/ex.1", "Ben Sample" }), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, other := broadsheet.SameWork(tt.a, tt.b), broadsheet.SameWork(tt.b, tt.a); got != tt.want || other != tt.want {
				t.Errorf("got %v, and %v the other way round, want %v", got, other, tt.want)
			}
		})
	}
}
