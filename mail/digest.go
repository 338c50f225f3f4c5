package mail

import (
	"cmp"
	"time"

	"broadsheet"
	"broadsheet/tex"
)

// A Digest is what readers of one view get: the papers, in order, and what is
// around them. Its texts are plain, with or without mathematics in TeX.
type Digest struct {
	Name      string          // of the newspaper, on the masthead; "Broadsheet" where empty
	Title     string          // of the view, such as "Daily Papers"
	Date      broadsheet.Date // of the edition, a day or a month; may be empty
	Subject   string          // where empty, the title and the date
	Preheader string          // the line that a list of mails shows behind the subject; where empty, the first titles
	URL       string          // of the page
	Lang      string          // BCP 47
	Zone      *time.Location  // the readers', for the header Date; UTC where nil
	Items     []Item
	Notes     []string // such as why there is nothing today
	More      int      // papers on the page that are not among Items
}

// An Item is one paper of a digest.
type Item struct {
	ID       string
	Title    string
	URL      string // of its page here
	Authors  []string
	Summary  string // the abstract, or a shorter one
	Reason   string // why it was picked
	Upvotes  int
	Comments int
	CodeURL  string
}

// What is longer than these is cut: no reader reads on, and some senders try.
const (
	maxTitle   = 400
	maxReason  = 200
	maxNote    = 600
	maxNotes   = 5
	maxItems   = 200  // of one digest; the rest is on the page
	maxNamed   = 4    // authors of a paper
	maxSummary = 600  // bytes: some eighty words, enough to decide whether to open it
	maxRead    = 8000 // bytes of a text that are looked at for TeX
	maxSubject = 200  // what stays readable, and fits into a few lines of a header
)

// prose returns a text for display: mathematics as text, on one line, bounded.
func prose(s string, max int) string { return clean(tex.Plain(head(s, maxRead)), max) }

// subject returns what the digest is called in a list of mails.
func (d Digest) subject(w *words) string {
	if s := prose(d.Subject, maxSubject); s != "" {
		return s
	}
	title := cmp.Or(prose(d.Title, maxSubject), masthead(d.Name))
	if d.Date != "" {
		title += ", " + w.date(d.Date, false)
	}
	return clean(title, maxSubject)
}

// total returns how many papers the page has.
func (d Digest) total() int { return len(d.Items) + max(d.More, 0) }

// preheader returns the line behind the subject.
func (d Digest) preheader() string {
	s := prose(d.Preheader, maxNote)
	if s != "" {
		return s
	}
	for _, it := range d.Items[:min(len(d.Items), 3)] {
		if s != "" {
			s += " · "
		}
		s += prose(it.Title, 120)
	}
	return s
}

// masthead returns the name of the newspaper.
func masthead(name string) string { return cmp.Or(clean(name, maxName), "Broadsheet") }
