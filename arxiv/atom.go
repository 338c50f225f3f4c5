package arxiv

import (
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strings"
	"time"

	"broadsheet"
)

// ReadAtom reads an answer of export.arxiv.org/api/query. It reads the daily
// feeds of rss.arxiv.org/atom too, whose entries come out as from [ReadRSS].
func ReadAtom(r io.Reader) iter.Seq2[broadsheet.Record, error] {
	return func(yield func(broadsheet.Record, error) bool) {
		d := newDocument(r, yield)
		d.finish(readAtom(d))
	}
}

func readAtom(d *document) error {
	if err := d.root("feed", "an Atom feed of arXiv"); err != nil {
		return err
	}
	for {
		el, err := d.child()
		switch {
		case err != nil:
			return err
		case el == nil:
			return d.end()
		case el.Name.Local == "entry":
			err = d.record(el, &atomEntry{})
		default:
			err = d.skip()
		}
		if err != nil {
			return err
		}
	}
}

type atomEntry struct {
	ID        string `xml:"id"`
	Title     string `xml:"title"`
	Summary   string `xml:"summary"`
	Published string `xml:"published"`
	Updated   string `xml:"updated"`
	Authors   []struct {
		Name         string   `xml:"name"`
		Affiliations []string `xml:"affiliation"`
	} `xml:"author"`
	Categories []term `xml:"category"`
	Primary    term   `xml:"primary_category"`
	Comment    string `xml:"comment"`
	Journal    string `xml:"journal_ref"`
	DOI        string `xml:"doi"`
	announcement
}

type term struct {
	Term string `xml:"term,attr"`
}

func (e *atomEntry) record() (broadsheet.Record, string, error) {
	if strings.Contains(e.ID, "arxiv.org/api/errors") {
		return broadsheet.Record{}, e.ID, refusal(e.Summary)
	}
	rec, err := newRecord(e.ID, e.Title)
	if err != nil {
		return rec, e.ID, err
	}
	published, err := atomTime("published", e.Published)
	if err != nil {
		return rec, e.ID, err
	}
	updated, err := atomTime("updated", e.Updated)
	if err != nil {
		return rec, e.ID, err
	}
	rec.Categories = e.categories()
	if e.Type != "" {
		e.announce(&rec.Paper, e.Summary, published)
	} else {
		e.answer(&rec.Paper, published.UTC(), updated.UTC())
	}
	return rec, e.ID, nil
}

// answer takes over what an answer to a query says.
func (e *atomEntry) answer(p *broadsheet.Paper, published, updated time.Time) {
	p.Abstract, p.Comments, p.JournalRef, p.DOI = e.Summary, e.Comment, e.Journal, dois(e.DOI)
	for _, a := range e.Authors {
		p.Authors = append(p.Authors, authors(a.Affiliations, a.Name)...)
	}
	source := broadsheet.Source{Name: "arxiv-atom"}
	if !published.IsZero() {
		p.Published = broadsheet.DateOf(published)
	}
	if !updated.IsZero() {
		source.Date = broadsheet.DateOf(updated)
		setUpdated(p, source.Date)
	}
	p.Sources = []broadsheet.Source{source}
}

// category is the form of arXiv's own categories. In an answer to a query the
// classes of the ACM and MSC stand beside them and look alike otherwise.
var category = regexp.MustCompile(`^[a-z]+(-[a-z]+)?(\.[A-Za-z-]+)?$`)

// categories returns the categories, the primary one first.
func (e *atomEntry) categories() []string {
	var out []string
	for _, t := range append([]term{e.Primary}, e.Categories...) {
		if name := strings.TrimSpace(t.Term); category.MatchString(name) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// atomTime reads a time that may be missing (RFC 4287, section 3.3).
func atomTime(field, text string) (time.Time, error) {
	if text = strings.TrimSpace(text); text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.Year() < 1 || t.Year() > 9998 {
		return time.Time{}, fmt.Errorf("%s: \"%s\" is not a time like 2025-03-11T12:00:00Z", field, broadsheet.Printable(text, 40))
	}
	return t, nil
}
