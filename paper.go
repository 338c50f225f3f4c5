package broadsheet

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A Paper is one research work as this instance knows it. Text is plain Unicode
// with TeX mathematics as its authors wrote it, never HTML.
type Paper struct {
	ID         ID        `json:"id"`
	Title      string    `json:"title"`
	Abstract   string    `json:"abstract,omitempty"`
	Authors    []Author  `json:"authors,omitempty"`    // in the paper's order
	Categories []string  `json:"categories,omitempty"` // primary first, such as "cs.LG"
	Published  Date      `json:"published,omitempty"`  // first version
	Updated    Date      `json:"updated,omitempty"`    // latest version
	Announced  Date      `json:"announced,omitempty"`  // day of the listing in which its source announced it first
	Inferred   string    `json:"inferred,omitempty"`   // what Announced was computed from; "": a source states it
	Versions   []Version `json:"versions,omitempty"`   // oldest first
	DOI        string    `json:"doi,omitempty"`        // without "doi:"; several are separated by a space
	Comments   string    `json:"comments,omitempty"`
	JournalRef string    `json:"journal_ref,omitempty"`
	Venue      string    `json:"venue,omitempty"`
	License    string    `json:"license,omitempty"` // an address where the source gives one
	Keywords   []string  `json:"keywords,omitempty"`
	TLDR       string    `json:"tldr,omitempty"`
	Links      []Link    `json:"links,omitempty"`
	Status     string    `json:"status,omitempty"` // "", StatusWithdrawn or StatusDeleted

	// Derived from the title and the abstract, and never taken from a source.
	Keyphrases []string   `json:"keyphrases,omitempty"` // telling phrases, best first; apart from the source's Keywords
	Gist       []Sentence `json:"gist,omitempty"`       // one or two sentences that say most, in the abstract's order

	Aliases []ID     `json:"aliases,omitempty"` // other IDs that lead here
	Sources []Source `json:"sources,omitempty"` // who said so; best first
}

// StatusDeleted marks a paper that its source has deleted. It keeps its page.
const StatusDeleted = "deleted"

// What a day of announcement was computed from that no source states: the time at
// which the first version was submitted, or only its day, after which arXiv's
// deadline leaves two days possible.
const (
	InferredFromTime = "time"
	InferredFromDay  = "day"
)

// An Author is one name on a paper.
type Author struct {
	Name        string `json:"name"`
	Affiliation string `json:"affiliation,omitempty"`
}

// A Sentence is one of an abstract's own. Start and End count bytes of UTF-8 in the
// abstract: Text is Abstract[Start:End].
type Sentence struct {
	Role  string `json:"role"` // what it does: task, idea, result
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}

// A Version is one revision of a paper at its source.
type Version struct {
	Number int       `json:"v"`
	At     time.Time `json:"at,omitzero"`
	Size   string    `json:"size,omitempty"` // as the source writes it, such as "1850kb"
}

// A Link leads from a paper to something that belongs to it.
type Link struct {
	Kind   string `json:"kind"` // LinkCode or LinkProject
	URL    string `json:"url"`  // http or https
	Source string `json:"source,omitempty"`
}

// The kinds of links, and the source of those that FindLinks found in the
// paper's own text.
const (
	LinkCode    = "code"
	LinkProject = "project"
	SourceText  = "text"
)

// A Source is the provenance of a paper: one record, and the fields of the paper
// that hold because of it.
type Source struct {
	Name   string   `json:"name"`             // the format it came in, such as "arxiv-oai"
	Record string   `json:"record,omitempty"` // the source's own identifier, where it is not the paper's ID
	Date   Date     `json:"date,omitempty"`   // when the source last changed the record
	Fields []string `json:"fields,omitzero"`  // names as in the JSON; nil: all of them

	// Deleted marks the record by which a source took the paper back.
	Deleted bool `json:"deleted,omitempty"`
}

// A Person is somebody named by a source, such as a submitter.
type Person struct {
	Name string `json:"name"`           // as shown
	User string `json:"user,omitempty"` // the account's name there
}

// An Entry puts a paper into the edition of a day.
type Entry struct {
	Date        Date      `json:"date"`
	Place       int       `json:"place,omitempty"` // 1-based place in the source's own order
	SubmittedAt time.Time `json:"submitted_at,omitzero"`
	SubmittedBy *Person   `json:"submitted_by,omitempty"`
}

// A Tally is the votes and comments that another service counted for a paper.
type Tally struct {
	Source   string `json:"source"`
	Upvotes  int    `json:"upvotes"`
	Comments int    `json:"comments"`
}

// A Record is a paper with its places in editions and its imported votes: what
// one source says of one paper, and one line of an export.
type Record struct {
	Paper
	Entries []Entry `json:"editions,omitempty"` // oldest first
	Tallies []Tally `json:"tallies,omitempty"`  // by source name
}

// Upvotes returns the sum of the imported votes.
func (r *Record) Upvotes() int {
	n := 0
	for _, t := range r.Tallies {
		n += t.Upvotes
	}
	return n
}

// CommentCount returns the sum of the imported counts of comments.
func (r *Record) CommentCount() int {
	n := 0
	for _, t := range r.Tallies {
		n += t.Comments
	}
	return n
}

// EditionDay returns the day on whose front page a paper stands that nobody put
// into an edition: the day it was announced, else published, or "" when neither
// is known to the day.
func (p *Paper) EditionDay() Date {
	for _, d := range []Date{p.Announced, p.Published} {
		if d.IsDay() {
			return d
		}
	}
	return ""
}

// Date returns the date to order and filter by: that of the first version, else
// of the announcement, else of the latest version.
func (p *Paper) Date() Date { return cmp.Or(p.Published, p.Announced, p.Updated) }

// Link returns the first link of a kind, or "".
func (p *Paper) Link(kind string) string {
	if i := slices.IndexFunc(p.Links, func(l Link) bool { return l.Kind == kind }); i >= 0 {
		return p.Links[i].URL
	}
	return ""
}

// Summary returns the paper in one or two sentences, and whether they are its own: a
// source's TL;DR, which stands above, is not. It may be empty.
func (p *Paper) Summary() (text string, own bool) {
	if p.TLDR != "" || len(p.Gist) == 0 {
		return p.TLDR, false
	}
	texts := make([]string, len(p.Gist))
	for i, s := range p.Gist {
		texts[i] = s.Text
	}
	return strings.Join(texts, " "), true
}

// AuthorNames returns the names of the authors in order.
func (p *Paper) AuthorNames() []string {
	names := make([]string, len(p.Authors))
	for i, a := range p.Authors {
		names[i] = a.Name
	}
	return names
}
