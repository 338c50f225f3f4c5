package openalex

import (
	"encoding/json"
	"strings"

	"broadsheet"
	"broadsheet/internal/reply"
)

// An answer is a page of works.
type answer struct {
	Meta struct {
		Count reply.Count `json:"count"`
	} `json:"meta"`
	Results []json.RawMessage `json:"results"`
}

// A work is one element of an answer.
type work struct {
	ID       reply.Text  `json:"id"`
	DOI      reply.Text  `json:"doi"`
	Title    reply.Text  `json:"title"`
	Cited    reply.Count `json:"cited_by_count"`
	Location struct {
		Source struct {
			Name reply.Text `json:"display_name"`
			Type reply.Text `json:"type"`
		} `json:"source"`
	} `json:"primary_location"`
	Topic    topic             `json:"primary_topic"`
	Keywords reply.List[topic] `json:"keywords"`
}

type topic struct {
	Name  reply.Text `json:"display_name"`
	Score float64    `json:"score"`
}

// minScore is that of a keyword that is worth keeping; OpenAlex itself shows those
// above it (https://developers.openalex.org).
const minScore = 0.3

// doi returns a work's DOI in lower case, arXiv's too.
func (w *work) doi() string {
	return strings.TrimPrefix(strings.ToLower(string(w.DOI)), "https://doi.org/")
}

// read brings an answer together with what was asked; works come in any order.
// Of two works that are one paper, a preprint and what was published, the one that
// is cited more stands: their citations cannot be added, as many cite both.
func (a *answer) read(papers []broadsheet.Record) (out []broadsheet.Enrichment) {
	works := map[string]*work{}
	whole := a.Meta.Count.Known && int(a.Meta.Count.N) == len(a.Results)
	for _, r := range a.Results {
		w := new(work)
		if json.Unmarshal(r, w) != nil {
			whole = false // this one cannot be read; the others can
			continue
		}
		if known := works[w.doi()]; known == nil || known.Cited.N < w.Cited.N {
			works[w.doi()] = w
		}
	}
	for i := range papers {
		p := &papers[i]
		var best *work
		for _, k := range keys(p) {
			if w := works[k]; w != nil && (best == nil || best.Cited.N < w.Cited.N) {
				best = w
			}
		}
		switch {
		case best != nil:
			out = append(out, best.enrichment(p))
		case whole:
			out = append(out, broadsheet.Enrichment{Paper: p.ID})
		}
	}
	return out
}

func (w *work) enrichment(p *broadsheet.Record) broadsheet.Enrichment {
	return broadsheet.Enrichment{
		Paper: p.ID, Found: true,
		Figures: reply.Figures(map[broadsheet.MeasureKind]reply.Count{broadsheet.Citations: w.Cited}),
		Record: reply.About(p, Name, strings.TrimPrefix(string(w.ID), "https://openalex.org/"), func(to *broadsheet.Paper) {
			to.DOI = reply.DOI(string(w.DOI))
			switch w.Location.Source.Type {
			case "journal", "conference", "book series":
				to.Venue = string(w.Location.Source.Name)
			}
			list := []reply.Text{w.Topic.Name}
			for _, k := range w.Keywords {
				if k.Score > minScore {
					list = append(list, k.Name)
				}
			}
			to.Keywords = reply.Keywords(list)
		}),
	}
}
