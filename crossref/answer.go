package crossref

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"broadsheet"
	"broadsheet/internal/fetch"
	"broadsheet/internal/reply"
)

// An answer is the message of one: a list of works, or one.
type answer struct {
	works []work
	whole bool // all that there are, each readable
}

// A work is what was registered of one DOI.
type work struct {
	DOI       reply.Text             `json:"DOI"`
	Title     reply.List[reply.Text] `json:"title"`
	Type      reply.Text             `json:"type"`
	Container reply.List[reply.Text] `json:"container-title"`
	Volume    reply.Text             `json:"volume"`
	Issue     reply.Text             `json:"issue"`
	Page      reply.Text             `json:"page"`
	Cited     reply.Count            `json:"is-referenced-by-count"`
	Authors   reply.List[struct {
		Family reply.Text `json:"family"`
	}] `json:"author"`
	Issued struct {
		Parts reply.List[reply.List[reply.Count]] `json:"date-parts"`
	} `json:"issued"`
}

func (w *work) title() string { return first(w.Title) }

func (w *work) year() int64 {
	if p := w.Issued.Parts; len(p) > 0 && len(p[0]) > 0 && p[0][0].N < 10000 {
		return p[0][0].N
	}
	return 0
}

func first(list []reply.Text) string {
	if len(list) == 0 {
		return ""
	}
	return string(list[0])
}

// parse reads a message. One work has no list of items.
func parse(message json.RawMessage) (answer, error) {
	var list struct {
		Items []json.RawMessage `json:"items"`
		Total reply.Count       `json:"total-results"`
	}
	if err := json.Unmarshal(message, &list); err != nil {
		return answer{}, &broadsheet.Error{Kind: broadsheet.Invalid, Err: err, Text: "Crossref answered what is no list of works and no work."}
	}
	a := answer{whole: list.Total.Known && int(list.Total.N) == len(list.Items)}
	if list.Items == nil && !list.Total.Known {
		list.Items = []json.RawMessage{message}
	}
	for _, item := range list.Items {
		var w work
		if json.Unmarshal(item, &w) != nil || w.DOI == "" {
			a.whole = false
			continue
		}
		a.works = append(a.works, w)
	}
	return a, nil
}

func missing(err error) bool {
	bad, ok := errors.AsType[*fetch.StatusError](err)
	return ok && bad.Status == http.StatusNotFound
}

// read brings a list together with the DOIs that were asked for; it has any order.
func (a *answer) read(papers []broadsheet.Record) (out []broadsheet.Enrichment) {
	for i := range papers {
		if e := a.named(&papers[i]); e.Found || a.whole {
			out = append(out, e)
		}
	}
	return out
}

// named returns what was registered of a paper's DOI. A DOI of a work with another
// title is a mistake of whoever wrote it down: the paper then counts as unknown.
func (a *answer) named(p *broadsheet.Record) broadsheet.Enrichment {
	for i := range a.works {
		w := &a.works[i]
		if strings.EqualFold(string(w.DOI), doi(p)) && reply.Alike(w.title(), p.Title) {
			return w.enrichment(p)
		}
	}
	return broadsheet.Enrichment{Paper: p.ID}
}

// maxYears is how long after its preprint a work may appear, and how long before:
// dates of print and of the last version differ.
const maxYears = 5

// likest returns what was registered of the work that has exactly a paper's title,
// an author of its first author's name, and about its year. Less would give papers
// the DOIs of others.
func (a *answer) likest(p *broadsheet.Record) broadsheet.Enrichment {
	key := broadsheet.TitleKey(p.Title)
	for i := range a.works {
		w := &a.works[i]
		years := w.year() - int64(p.Date().Year())
		near := p.Date() == "" || w.year() == 0 || -maxYears <= years && years <= maxYears
		if broadsheet.TitleKey(w.title()) == key && strings.Contains(key, " ") && w.by(p) && near && w.Type != preprint {
			return w.enrichment(p)
		}
	}
	return broadsheet.Enrichment{Paper: p.ID}
}

// by reports whether an author of the work has the family name of the paper's first.
func (w *work) by(p *broadsheet.Record) bool {
	if len(p.Authors) == 0 {
		return false
	}
	name := " " + broadsheet.TitleKey(p.Authors[0].Name) + " "
	for _, a := range w.Authors {
		if family := broadsheet.TitleKey(string(a.Family)); family != "" && strings.Contains(name, " "+family+" ") {
			return true
		}
	}
	return false
}

// The types of works that are told apart (https://api.crossref.org/types).
const (
	preprint = "posted-content"
	article  = "journal-article"
)

func (w *work) enrichment(p *broadsheet.Record) broadsheet.Enrichment {
	return broadsheet.Enrichment{
		Paper: p.ID, Found: true,
		Figures: reply.Figures(map[broadsheet.MeasureKind]reply.Count{broadsheet.Citations: w.Cited}),
		Record: reply.About(p, Name, string(w.DOI), func(to *broadsheet.Paper) {
			if w.Type == preprint {
				return
			}
			to.DOI = reply.DOI(string(w.DOI))
			to.Venue = first(w.Container)
			if w.Type == article {
				to.JournalRef = w.reference()
			}
		}),
	}
}

// reference cites the place of an article: "Sheep Letters 3 (2), 45-67 (2024)".
func (w *work) reference() string {
	s := first(w.Container)
	if s == "" {
		return ""
	}
	if w.Volume != "" {
		s += " " + string(w.Volume)
	}
	if w.Issue != "" {
		s += " (" + string(w.Issue) + ")"
	}
	if w.Page != "" {
		s += ", " + string(w.Page)
	}
	if y := w.year(); y > 0 {
		s += " (" + strconv.FormatInt(y, 10) + ")"
	}
	return reply.Line(s)
}
