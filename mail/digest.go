package mail

import (
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
	maxSummary = 900  // bytes: the first half of an abstract, enough to decide whether to open it
	maxRead    = 8000 // bytes of a text that are looked at for TeX
)

// prose returns a text for display: mathematics as text, on one line, bounded.
func prose(s string, max int) string { return clean(tex.Plain(head(s, maxRead)), max) }

// A view is a digest as the templates print it.
type view struct {
	*words
	Tag, Name, Heading, Dateline, Subject, Preheader string
	URL                                              string
	Total                                            int
	Items                                            []itemView
	Notes                                            []string
	MoreText                                         string
	Text                                             string // of a notice
	Button, ButtonURL, Small                         string
}

type itemView struct {
	Place                            int
	Title, URL, Reason, Summary      string
	Authors                          []string
	Others, Votes, Comments, CodeURL string
}

func newView(name, title, lang string) view {
	w := wordsOf(lang)
	v := view{words: w, Tag: tag(lang), Name: prose(name, maxName), Heading: prose(title, maxTitle)}
	if v.Name == "" {
		v.Name = "Broadsheet"
	}
	return v
}

// view prepares the digest once; what has to be shortened further is shortened on it.
func (d Digest) view() view {
	v := newView(d.Name, d.Title, d.Lang)
	v.URL = webURL(d.URL)
	if d.Date != "" {
		v.Dateline = v.date(d.Date, true)
	}
	v.Subject = d.subject(v)
	for _, note := range d.Notes[:min(len(d.Notes), maxNotes)] {
		v.Notes = append(v.Notes, prose(note, maxNote))
	}
	shown := d.Items[:min(len(d.Items), maxItems)]
	for i, item := range shown {
		v.Items = append(v.Items, item.view(i+1, v.words))
	}
	v.Total = len(d.Items) + max(d.More, 0)
	v.Preheader = prose(d.Preheader, maxNote)
	if v.Preheader == "" {
		v.Preheader = firstTitles(v.Items)
	}
	return v
}

// maxSubject is what stays readable, and fits into a few lines of a header.
const maxSubject = 200

func (d Digest) subject(v view) string {
	if s := prose(d.Subject, maxSubject); s != "" {
		return s
	}
	title := v.Heading
	if title == "" {
		title = v.Name
	}
	if d.Date != "" {
		title += ", " + v.date(d.Date, false)
	}
	return clean(title, maxSubject)
}

func (it Item) view(place int, w *words) itemView {
	v := itemView{Place: place, Title: prose(it.Title, maxTitle), URL: webURL(it.URL), Reason: prose(it.Reason, maxReason),
		Summary: prose(it.Summary, maxSummary), CodeURL: webURL(it.CodeURL)}
	if v.Title == "" {
		v.Title = clean(it.ID, maxTitle)
	}
	for _, name := range it.Authors[:min(len(it.Authors), maxNamed)] {
		if name = clean(name, maxName); name != "" {
			v.Authors = append(v.Authors, name)
		}
	}
	if n := len(it.Authors) - maxNamed; n > 0 {
		v.Others = w.count(w.others, n)
	}
	if it.Upvotes > 0 {
		v.Votes = w.count(w.votes, it.Upvotes)
	}
	if it.Comments > 0 {
		v.Comments = w.count(w.comments, it.Comments)
	}
	return v
}

// firstTitles returns the first titles in a line.
func firstTitles(items []itemView) string {
	var s string
	for _, it := range items[:min(len(items), 3)] {
		if s != "" {
			s += " · "
		}
		s += cut(it.Title, 120)
	}
	return s
}

// Papers says how many papers there are.
func (v view) Papers() string { return v.count(v.papers, v.Total) }

// What the templates print of the language.
func (v view) CodeWord() string   { return v.code }
func (v view) PageWord() string   { return v.page }
func (v view) Because() string    { return v.because }
func (v view) LeaveWord() string  { return v.leave }
func (v view) ManageWord() string { return v.manage }

// shorter returns v with summaries of at most summary bytes and the first n items,
// and says how many are not shown.
func (v view) shorter(summary, n int) view {
	items := make([]itemView, n)
	for i := range items {
		items[i] = v.Items[i]
		items[i].Summary = cut(items[i].Summary, summary)
	}
	v.Items, v.MoreText = items, ""
	if hidden := v.Total - n; hidden > 0 && n > 0 {
		v.MoreText = v.count(v.more, hidden)
	}
	return v
}
