package broadsheet

import (
	"net/url"
	"strings"
)

// A ViewKind says what kind of list a view is.
type ViewKind string

// The kinds of views.
const (
	ViewEdition  ViewKind = "edition"  // the editions, as they come
	ViewTrending ViewKind = "trending" // what readers look at now, new or old
	ViewQuery    ViewKind = "query"    // what a search finds
	ViewTopic    ViewKind = "topic"    // what fits a topic, by its slug
	ViewAuthor   ViewKind = "author"   // what an author has written
)

// A View is anything that lists papers and can be saved: written
// "edition", "trending", "query:early exit", "topic:early-exit" or
// "author:Ada Example".
type View struct {
	Kind ViewKind
	Arg  string // "" for those that need none
}

// maxViewArg bounds what a view asks for, in bytes: longer questions are texts, not
// wishes.
const maxViewArg = 500

// ParseView reads a View.
func ParseView(s string) (View, error) {
	kind, arg, has := strings.Cut(s, ":")
	v := View{Kind: ViewKind(strings.TrimSpace(kind)), Arg: strings.Join(strings.Fields(arg), " ")}
	switch v.Kind {
	case ViewEdition, ViewTrending:
		if !has {
			return v, nil
		}
	case ViewQuery, ViewTopic, ViewAuthor:
		if v.Arg != "" && len(v.Arg) <= maxViewArg {
			return v, nil
		}
	}
	return View{}, Errorf(Invalid, "\"%s\" is no list of papers: write edition, trending, query:WORDS, topic:NAME or author:NAME.", Printable(s, 60))
}

// String returns the view as it is written.
func (v View) String() string {
	if v.Arg == "" {
		return string(v.Kind)
	}
	return string(v.Kind) + ":" + v.Arg
}

// Path returns the address of the view's page here.
func (v View) Path() string {
	switch v.Kind {
	case ViewTrending:
		return "/papers/trending"
	case ViewQuery:
		return "/papers?" + url.Values{"q": {v.Arg}}.Encode()
	case ViewTopic:
		return "/topics/" + url.PathEscape(v.Arg)
	case ViewAuthor:
		return "/papers?" + url.Values{"q": {v.Question()}}.Encode()
	}
	return "/"
}

// Question returns what to search for, for the views that a search answers.
func (v View) Question() string {
	switch v.Kind {
	case ViewQuery:
		return v.Arg
	case ViewAuthor:
		return `author:"` + strings.ReplaceAll(v.Arg, `"`, "") + `"`
	}
	return ""
}

// Title says in a few words what the view lists.
func (v View) Title() string {
	switch v.Kind {
	case ViewTrending:
		return "Trending papers"
	case ViewQuery:
		return "Papers for “" + v.Arg + "”"
	case ViewTopic:
		return "Papers on " + strings.ReplaceAll(v.Arg, "-", " ")
	case ViewAuthor:
		return "Papers by " + v.Arg
	}
	return "Daily Papers"
}
