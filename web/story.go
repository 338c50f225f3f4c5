package web

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet"
)

// A story is a paper in a list.
type story struct {
	Place      int
	URL        string
	Title      []broadsheet.Span
	Authors    []string
	More       int // authors beyond those
	Categories []string
	Date       dated
	Submitter  string
	Votes      int
	Comments   int
	Links      []link // that lead out
	Mark       string // what became of it, see mark
	Revised    dated  // its latest version, if that is not the first

	Abstract []string // paragraphs, or the passage that a list shows
	Rest     []string // of it, or all of it, shown on demand
	Gist     gist     // what stands for the abstract until then
	Initial  bool     // the abstract can begin with a large letter
	Marked   []broadsheet.Span
	Reason   reason // why it is in the list
	Topics   []chip // that it fits
	Twin     int    // place in the list of what is probably the same paper, or 0

	Predicted bool // a prediction decided where it stands
	Rising    bool // it is older than the days that the list is of
	Standing  broadsheet.Standing
	Explained bool // say why it stands where it does
}

// A gist is a paper in one or two sentences.
type gist struct {
	Text string
	Mark string // whose words they are
}

// gistOf returns what a paper says of itself in short, or what a source says of it.
func gistOf(r *broadsheet.Record) gist {
	text, own := r.Summary()
	switch {
	case text == "":
		return gist{}
	case own:
		return gist{Text: text, Mark: "In its own words"}
	}
	who := "TL;DR"
	for _, s := range r.Sources {
		if slices.Contains(s.Fields, "tldr") || s.Fields == nil && !s.Deleted {
			return gist{Text: text, Mark: who + " by " + sourceName(s.Name)}
		}
	}
	return gist{Text: text, Mark: who}
}

const (
	maxByline   = 6 // authors that a list names
	maxKicker   = 3 // categories that a list names
	leadStories = 3 // stories of a first page with the whole abstract
)

func newStory(r *broadsheet.Record, place int) story {
	st := story{
		Place: place, URL: r.ID.Path(), Title: []broadsheet.Span{{Text: title(r)}},
		Authors: r.AuthorNames(), Categories: r.Categories, Date: shortDate(r.Published),
		Votes: r.Upvotes(), Comments: r.CommentCount(), Links: outside(r), Mark: mark(r), Revised: shortDate(r.Updated),
	}
	if n := len(st.Authors) - maxByline; n > 1 { // "and 1 more" takes the room of the name
		st.Authors, st.More = st.Authors[:maxByline], n
	}
	st.Categories = st.Categories[:min(len(st.Categories), maxKicker)]
	if len(r.Entries) > 0 && r.Entries[0].SubmittedBy != nil {
		st.Submitter = r.Entries[0].SubmittedBy.Name
	}
	return st
}

// mark returns the word that warns of a paper, or "".
func mark(r *broadsheet.Record) string {
	switch r.Status {
	case broadsheet.StatusDeleted:
		return "Deleted"
	case broadsheet.StatusWithdrawn:
		return "Withdrawn"
	}
	return ""
}

// title returns the words that lead to a paper; one that its source has deleted
// may have lost its title.
func title(r *broadsheet.Record) string {
	if r.Title == "" {
		return string(r.ID)
	}
	return r.Title
}

// addStories lays a page of an edition out: on the first page the first stories
// stand at length, all others with a passage.
func (v *editionView) addStories(records []broadsheet.Record, k editionKey) {
	for i := range records {
		r := &records[i]
		st := newStory(r, (k.page-1)*perPage+i+1)
		if k.page == 1 && i < leadStories {
			st.Abstract = paragraphs(clip(r.Abstract, maxListed))
			first, _ := utf8.DecodeRuneInString(r.Abstract)
			st.Initial = i == 0 && unicode.IsUpper(first)
			v.Lead = append(v.Lead, st)
			continue
		}
		st.addPassage(r)
		v.Stories = append(v.Stories, st)
	}
}

// addPassage shows an abstract that is short, and else its gist or its beginning.
func (st *story) addPassage(r *broadsheet.Record) {
	passed, rest := passage(r.Abstract)
	switch {
	case passed == "":
	case rest == "":
		st.Abstract = []string{passed}
	default:
		if st.Gist = gistOf(r); st.Gist.Text != "" {
			st.Rest = paragraphs(clip(r.Abstract, maxListed))
			return
		}
		st.Abstract, st.Rest = []string{passed}, []string{rest}
	}
}

// outside returns the links that lead from a paper to other places.
func outside(r *broadsheet.Record) []link {
	var links []link
	for _, l := range []link{
		{Text: publisher(r.ID), URL: r.ID.URL()},
		{Text: "PDF", URL: r.ID.PDF()},
		{Text: "Code", URL: broadsheet.WebURL(r.Link(broadsheet.LinkCode))},
		{Text: "Project", URL: broadsheet.WebURL(r.Link(broadsheet.LinkProject))},
	} {
		if l.URL != "" {
			links = append(links, l)
		}
	}
	return links
}

// searchURL leads to the papers of a category.
func searchURL(category string) string {
	return "/papers?" + url.Values{"cat": {category}}.Encode()
}

// phraseURL leads to the papers that have a phrase.
func phraseURL(phrase string) string {
	return "/papers?" + url.Values{"q": {`"` + strings.ReplaceAll(phrase, `"`, "") + `"`}}.Encode()
}
