package semanticscholar

import (
	"encoding/json"
	"strings"

	"broadsheet"
	"broadsheet/internal/reply"
)

// A work is one element of an answer.
type work struct {
	PaperID     reply.Text `json:"paperId"`
	Title       reply.Text `json:"title"`
	ExternalIDs struct {
		ArXiv, DOI, ACL reply.Text
	} `json:"externalIds"`
	Citations   reply.Count            `json:"citationCount"`
	Influential reply.Count            `json:"influentialCitationCount"`
	Venue       reply.Text             `json:"venue"`
	Fields      reply.List[reply.Text] `json:"fieldsOfStudy"`
	OwnFields   reply.List[struct {
		Category reply.Text `json:"category"`
	}] `json:"s2FieldsOfStudy"`
}

// keys are the forms in which the service may be asked for a work.
func (w *work) keys() []string {
	return []string{
		"ARXIV:" + strings.ToLower(string(w.ExternalIDs.ArXiv)), "DOI:" + reply.DOI(string(w.ExternalIDs.DOI)),
		"ACL:" + string(w.ExternalIDs.ACL),
	}
}

// is reports whether a work is the paper that was asked for by a key. The ids of a
// work that was merged may be those of its other half; then the title tells.
func (w *work) is(p *broadsheet.Record, asked string) bool {
	for _, k := range w.keys() {
		if k == asked {
			return true
		}
	}
	return reply.Alike(string(w.Title), p.Title)
}

// read brings an answer together with what was asked. It should have a work or
// null in the place of each id; what stands elsewhere is found by its ids, and
// then a null says nothing of the paper in its place.
func read(papers []broadsheet.Record, items []json.RawMessage) []broadsheet.Enrichment {
	byKey := map[string]int{}
	for i := range papers {
		byKey[key(&papers[i])] = i
	}
	found := make([]*work, len(papers))
	inOrder := len(items) == len(papers)
	var unknown []int
	for i, item := range items {
		var w *work
		switch json.Unmarshal(item, &w) {
		case nil:
		default:
			continue // this one cannot be read; the others can
		}
		if w == nil {
			unknown = append(unknown, i)
			continue
		}
		if i < len(papers) && w.is(&papers[i], key(&papers[i])) {
			found[i] = w
			continue
		}
		inOrder = false
		for _, k := range w.keys() {
			if at, ok := byKey[k]; ok && found[at] == nil {
				found[at] = w
				break
			}
		}
	}
	var out []broadsheet.Enrichment
	for i, w := range found {
		if w != nil {
			out = append(out, w.enrichment(&papers[i]))
		}
	}
	for _, i := range unknown {
		if inOrder {
			out = append(out, broadsheet.Enrichment{Paper: papers[i].ID})
		}
	}
	return out
}

func (w *work) enrichment(p *broadsheet.Record) broadsheet.Enrichment {
	return broadsheet.Enrichment{
		Paper: p.ID, Found: true,
		Figures: reply.Figures(map[broadsheet.MeasureKind]reply.Count{
			broadsheet.Citations: w.Citations, broadsheet.InfluentialCitations: w.Influential,
		}),
		Record: reply.About(p, Name, string(w.PaperID), func(to *broadsheet.Paper) {
			to.DOI = reply.DOI(string(w.ExternalIDs.DOI))
			if !strings.Contains(strings.ToLower(string(w.Venue)), "arxiv") { // where it was posted is no venue
				to.Venue = string(w.Venue)
			}
			own := make([]reply.Text, len(w.OwnFields))
			for i, f := range w.OwnFields {
				own[i] = f.Category
			}
			to.Keywords = reply.Keywords(w.Fields, own)
		}),
	}
}
