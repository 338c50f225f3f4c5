package reply

import (
	"strings"

	"broadsheet"
)

// About returns a record of what a service says of a paper, which fill adds, or
// nil if it adds nothing. The title is the paper's own: the service only answers
// for it. The record has no date, so that the same answer on another day is the
// same record.
func About(p *broadsheet.Record, source, record string, fill func(*broadsheet.Paper)) *broadsheet.Record {
	r := broadsheet.Record{Paper: broadsheet.Paper{ID: p.ID, Title: p.Title}}
	fill(&r.Paper)
	if r.DOI == "" && r.Venue == "" && r.JournalRef == "" && len(r.Keywords) == 0 && len(r.Links) == 0 {
		return nil
	}
	r.Sources = []broadsheet.Source{{Name: source, Record: record}}
	return &r
}

// DOIs returns the DOIs by which a paper is known, other than arXiv's, each once.
func DOIs(p *broadsheet.Record) (list []string) {
	seen := map[string]bool{"": true}
	add := func(s string) {
		if d := DOI(s); !seen[d] {
			seen[d] = true
			list = append(list, d)
		}
	}
	for _, id := range append([]broadsheet.ID{p.ID}, p.Aliases...) {
		if id.Scheme() == "doi" {
			add(id.Local())
		}
	}
	for d := range strings.FieldsSeq(p.DOI) {
		add(d)
	}
	return list
}

// ArXiv returns the arXiv id by which a paper is known, or "".
func ArXiv(p *broadsheet.Record) string {
	for _, id := range append([]broadsheet.ID{p.ID}, p.Aliases...) {
		if id.Scheme() == "arxiv" {
			return string(id)
		}
	}
	return ""
}

// sameTitle is the share of words that two titles of one work have in common at
// least: a published title may gain a subtitle or lose an acronym.
const sameTitle = 0.6

// Alike reports whether two titles may be those of one work: most of the words of
// each stand in the other.
func Alike(a, b string) bool {
	x, y := words(a), words(b)
	if len(x) == 0 || len(y) == 0 {
		return false
	}
	common := 0
	for w := range x {
		if y[w] {
			common++
		}
	}
	return float64(common) >= sameTitle*float64(max(len(x), len(y)))
}

func words(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(broadsheet.TitleKey(s)) {
		set[w] = true
	}
	return set
}

// maxKeywords bounds how many a service may add.
const maxKeywords = 8

// Keywords returns the words of lists, each once, whatever its case.
func Keywords(lists ...[]Text) (out []string) {
	seen := map[string]bool{"": true}
	for _, list := range lists {
		for _, t := range list {
			if key := strings.ToLower(string(t)); !seen[key] && len(out) < maxKeywords {
				seen[key] = true
				out = append(out, string(t))
			}
		}
	}
	return out
}

// Figures returns the counts that are known.
func Figures(counts map[broadsheet.MeasureKind]Count) (out []broadsheet.Figure) {
	for _, kind := range []broadsheet.MeasureKind{broadsheet.Citations, broadsheet.InfluentialCitations, broadsheet.Stars} {
		if c := counts[kind]; c.Known {
			out = append(out, broadsheet.Figure{Kind: kind, Value: c.N})
		}
	}
	return out
}
