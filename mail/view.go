package mail

import (
	"unicode/utf8"
)

// A frame is what stands around the papers of a digest, or a notice, as templates
// print it.
type frame struct {
	*words
	Tag, Name, Heading, Subject, Preheader string

	URL       string   // of a digest's page
	Facts     []string // below its heading
	Notes     []string
	Text      string // of a notice
	Button    string
	ButtonURL string
	Small     string
}

func newFrame(name, title, lang string) frame {
	return frame{words: wordsOf(lang), Tag: tag(lang), Name: masthead(name), Heading: prose(title, maxTitle)}
}

func (d Digest) frame() frame {
	f := newFrame(d.Name, d.Title, d.Lang)
	f.Subject, f.Preheader, f.URL = d.subject(f.words), d.preheader(), webURL(d.URL)
	if d.Date != "" {
		f.Facts = append(f.Facts, f.date(d.Date, true))
	}
	if n := d.total(); n > 0 {
		f.Facts = append(f.Facts, f.count(f.papers, n))
	}
	for _, note := range d.Notes[:min(len(d.Notes), maxNotes)] {
		f.Notes = append(f.Notes, prose(note, maxNote))
	}
	return f
}

// NameSize is the size of the masthead in pixels, so that its name has one line.
func (f frame) NameSize() int {
	switch n := utf8.RuneCountInString(f.Name); {
	case n <= 14:
		return 54
	case n <= 24:
		return 38
	}
	return 27
}

// PageWord is the text of the link to the page.
func (f frame) PageWord() string { return f.page }

// A kicker is what stands above a paper.
type kicker struct {
	Place  int
	Reason string
}

// A story is a paper as templates print it.
type story struct {
	Lead                                   bool // it comes first, and is larger
	Title, URL, Summary                    string
	Authors                                []string
	Others, Votes, Comments, CodeURL, Code string
}

// story prepares an item, its summary in at most length bytes.
func (it Item) story(lead bool, length int, w *words) story {
	s := story{Lead: lead, Title: prose(it.Title, maxTitle), URL: webURL(it.URL), Summary: cutSentence(prose(it.Summary, maxRead), length),
		CodeURL: webURL(it.CodeURL), Code: w.code}
	if s.Title == "" {
		s.Title = clean(it.ID, maxTitle)
	}
	for _, name := range it.Authors[:min(len(it.Authors), maxNamed)] {
		if name = clean(name, maxName); name != "" {
			s.Authors = append(s.Authors, name)
		}
	}
	if n := len(it.Authors) - maxNamed; n > 0 {
		s.Others = w.count(w.others, n)
	}
	if it.Upvotes > 0 {
		s.Votes = w.count(w.votes, it.Upvotes)
	}
	if it.Comments > 0 {
		s.Comments = w.count(w.comments, it.Comments)
	}
	return s
}

// A link is an address with its text.
type link struct{ Text, URL string }
