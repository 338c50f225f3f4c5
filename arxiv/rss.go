package arxiv

import (
	"io"
	"iter"
	"strings"
	"time"

	"broadsheet"
)

// ReadRSS reads a daily feed of rss.arxiv.org. Announced is set for the papers
// that the feed calls new, and not for replacements and cross-lists: those papers
// were announced before, or are announced today in a category that the feed does not
// hold, which the day of their first version tells. Updated is set for replacements.
// A feed of Saturday or Sunday is empty.
func ReadRSS(r io.Reader) iter.Seq2[broadsheet.Record, error] {
	return func(yield func(broadsheet.Record, error) bool) {
		f := rssFeed{document: newDocument(r, yield)}
		f.finish(f.read())
	}
}

type rssFeed struct {
	*document
	title, description, published, built string // of the channel
}

func (f *rssFeed) read() error {
	if err := f.root("rss", "an RSS feed of arXiv"); err != nil {
		return err
	}
	for {
		el, err := f.child()
		switch {
		case err != nil:
			return err
		case el == nil:
			return f.end()
		case el.Name.Local != "channel":
			err = f.skip()
		default:
			err = f.channel()
		}
		if err != nil {
			return err
		}
	}
}

func (f *rssFeed) channel() error {
	for {
		el, err := f.child()
		if err != nil {
			return err
		}
		if el == nil {
			break
		}
		switch el.Name.Local {
		case "item":
			err = f.record(el, &rssItem{Published: f.published})
		case "title":
			err = f.decode(el, &f.title)
		case "description":
			err = f.decode(el, &f.description)
		case "pubDate":
			err = f.decode(el, &f.published)
		case "lastBuildDate":
			err = f.decode(el, &f.built)
		default:
			err = f.skip()
		}
		if err != nil {
			return err
		}
	}
	// A feed for a category that does not exist is a feed too.
	if strings.HasPrefix(f.title, "Feed error") {
		return refusal(f.description)
	}
	return nil
}

// refusal is the error for a request that arXiv refused in a well-formed answer.
func refusal(words string) error {
	words = strings.TrimSuffix(strings.Join(strings.Fields(words), " "), ".")
	words = broadsheet.Printable(words, 300)
	return &broadsheet.Error{Kind: broadsheet.Invalid, Text: "arXiv refused the request: " + words + ".", Err: &Refusal{words}}
}

type rssItem struct {
	Title       string   `xml:"title"`
	Link        string   `xml:"link"`
	Description string   `xml:"description"`
	GUID        string   `xml:"guid"`
	Categories  []string `xml:"category"`
	Published   string   `xml:"pubDate"` // the channel's, where it has none
	announcement
}

// An announcement is what arXiv's feeds add to an item of RSS and to an entry of
// Atom alike.
type announcement struct {
	Type       string `xml:"announce_type"` // new, cross, replace, replace-cross
	License    string `xml:"rights"`
	FeedDOI    string `xml:"DOI"`
	JournalRef string `xml:"journal_reference"`
	Creator    string `xml:"creator"`
}

func (i *rssItem) record() (broadsheet.Record, string, error) {
	written := strings.TrimSpace(i.GUID)
	if written == "" {
		written = strings.TrimSpace(i.Link)
	}
	rec, err := newRecord(written, i.Title)
	if err != nil {
		return rec, written, err
	}
	var published time.Time
	if strings.TrimSpace(i.Published) != "" {
		if published, err = mailTime("pubDate", i.Published); err != nil {
			return rec, written, err
		}
	}
	rec.Categories = list(strings.Join(i.Categories, " "))
	i.announce(&rec.Paper, i.Description, published)
	return rec, written, nil
}

// announce takes over what a feed says. Its days are those of the zone in which it
// gives them: a paper announced at midnight in New York belongs to the day there.
func (a *announcement) announce(p *broadsheet.Paper, description string, published time.Time) {
	kind, abstract := splitDescription(description)
	if a.Type != "" {
		kind = strings.TrimSpace(a.Type)
	}
	p.Abstract = abstract
	p.Authors = broadsheet.ParseAuthors(a.Creator)
	p.DOI, p.JournalRef, p.License = dois(a.FeedDOI), a.JournalRef, strings.TrimSpace(a.License)
	source := broadsheet.Source{Name: "arxiv-rss"}
	if !published.IsZero() {
		source.Date = broadsheet.DateOf(published)
		switch kind {
		case "new":
			p.Announced = source.Date
		case "replace", "replace-cross":
			// Its version came a day or some before; other forms tell which.
			p.Updated = source.Date
		}
	}
	p.Sources = []broadsheet.Source{source}
}

// splitDescription splits "arXiv:2503.01234v1 Announce Type: new \nAbstract: …".
func splitDescription(s string) (kind, abstract string) {
	head, abstract, ok := strings.Cut(s, "Abstract:")
	if _, k, found := strings.Cut(head, "Announce Type:"); ok && found && strings.HasPrefix(strings.TrimSpace(head), "arXiv:") {
		return strings.TrimSpace(k), strings.TrimSpace(abstract)
	}
	return "", s
}
