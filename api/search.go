package api

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"broadsheet"
)

const (
	maxQuestion    = 250 // characters
	maxSearchLimit = 120 // also where none is asked for
)

// A found item is one of the answers to a question. It has no submittedBy, as
// there: nobody submitted it to a list.
type found struct {
	item
	Upvoted bool        `json:"upvoted"`
	Title   []highlight `json:"highlightedTitle"`
	Summary []highlight `json:"highlightedSummary"`
}

// A highlight is a piece of a text; all of them together are the text.
type highlight struct {
	Type string `json:"type"` // text or highlight
	Text string `json:"text"`
}

// showSearch serves GET /api/papers/search.
func (s *site) showSearch(r *http.Request) (reply, error) {
	q, err := parseSearch(r.URL.Query())
	if err != nil {
		return reply{}, err
	}
	hits, err := s.Search.Search(r.Context(), q)
	if err != nil {
		return reply{}, err
	}
	ids := make([]broadsheet.ID, len(hits.Hits))
	for i, h := range hits.Hits {
		ids[i] = h.ID
	}
	papers, err := s.Papers.Papers(r.Context(), ids)
	if err != nil {
		return reply{}, err
	}
	marks, err := s.Search.Highlight(r.Context(), q, papers)
	if err != nil {
		return reply{}, err
	}
	list := make([]found, len(papers))
	for i := range papers {
		it := newItem(&papers[i], s.base(r))
		it.SubmittedBy = nil
		list[i] = found{item: it, Title: mark(it.Title, marks[i].Title), Summary: mark(it.Summary, marks[i].Abstract)}
	}
	return reply{body: list}, nil
}

func parseSearch(v url.Values) (broadsheet.Query, error) {
	var wrong problems
	q := broadsheet.Query{Text: v.Get("q"), Limit: wrong.number(v, "limit", maxSearchLimit, 1, maxSearchLimit)}
	switch {
	case strings.TrimSpace(q.Text) == "":
		wrong.add("q", "Invalid input: expected a question")
	case utf8.RuneCountInString(q.Text) > maxQuestion:
		wrong.add("q", "Too big: expected string to have <=250 characters")
	}
	return q, wrong.err()
}

// mark returns a whole text with its matches. What the engine marks may be only a
// passage, with signs that something was left out around it; where the passage
// cannot be found in the text, nothing is marked.
func mark(text string, spans []broadsheet.Span) []highlight {
	var passage strings.Builder
	for _, s := range spans {
		passage.WriteString(s.Text)
	}
	bare := strings.TrimSuffix(strings.TrimPrefix(passage.String(), "… "), " …")
	at := strings.Index(text, bare)
	if at < 0 || bare == "" {
		return []highlight{{Type: "text", Text: text}}
	}
	out := plain(nil, text[:at])
	lead := strings.Index(passage.String(), bare)
	for _, s := range spans {
		part := s.Text[min(lead, len(s.Text)):]
		lead = max(lead-len(s.Text), 0)
		part = part[:min(len(part), len(bare))]
		bare = bare[len(part):]
		if s.Match && part != "" {
			out = append(out, highlight{Type: "highlight", Text: part})
		} else {
			out = plain(out, part)
		}
		at += len(part)
	}
	return plain(out, text[at:])
}

// plain adds a piece that does not match.
func plain(list []highlight, text string) []highlight {
	if text == "" {
		return list
	}
	if n := len(list); n > 0 && list[n-1].Type == "text" {
		list[n-1].Text += text
		return list
	}
	return append(list, highlight{Type: "text", Text: text})
}
