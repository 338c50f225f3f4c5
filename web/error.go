package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"broadsheet"
	"broadsheet/internal/answer"
)

// A pageFunc serves a page, or returns why it cannot; then it has written nothing.
type pageFunc func(w http.ResponseWriter, r *http.Request) error

// statuses are the kinds of errors in HTTP, each with a headline.
var statuses = map[broadsheet.Kind]struct {
	code     int
	headline string
}{
	broadsheet.Invalid:     {http.StatusBadRequest, "That cannot be read"},
	broadsheet.NotFound:    {http.StatusNotFound, "Not in these pages"},
	broadsheet.Conflict:    {http.StatusConflict, "That cannot be done now"},
	broadsheet.Unavailable: {http.StatusServiceUnavailable, "Not at this moment"},
	broadsheet.Internal:    {http.StatusInternalServerError, "Something broke"},
}

// page is the one place where an error becomes a response and a log line.
func (s *site) page(f pageFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := f(w, r)
		if err == nil || errors.Is(r.Context().Err(), context.Canceled) {
			return // done, or the reader has gone
		}
		status, ok := statuses[broadsheet.KindOf(err)]
		if !ok {
			status = statuses[broadsheet.Internal]
		}
		if status.code >= 500 {
			s.Log.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "path", loggable(r), "err", err)
		}
		a, err := s.renderError(status.code, status.headline, broadsheet.TextFor(err), r)
		if err != nil {
			s.Log.ErrorContext(r.Context(), "error page failed", "err", err)
			http.Error(w, "Something went wrong on our side.", http.StatusInternalServerError)
			return
		}
		a.Send(w, r)
	})
}

// loggable returns the path of a request, without the token in it: whoever reads the
// log must not be able to use a reader's link.
func loggable(r *http.Request) string {
	if t := r.PathValue("token"); t != "" {
		return strings.Replace(r.URL.Path, t, "…", 1)
	}
	return r.URL.Path
}

type errorView struct {
	head
	Status    int
	Headline  string
	Text      string
	Elsewhere link // where a paper that is not here stands
}

func (s *site) renderError(status int, headline, text string, r *http.Request) (*answer.Answer, error) {
	v := errorView{head: s.head(headline, ""), Status: status, Headline: headline, Text: text}
	if status == http.StatusNotFound {
		v.Elsewhere = elsewhere(r.PathValue("id"))
	}
	return s.render("error", status, v)
}

// elsewhere leads to the publisher of a paper that may exist though not here.
func elsewhere(s string) link {
	id, err := broadsheet.ParseID(s)
	if err != nil || id.URL() == "" {
		return link{}
	}
	return link{Text: publisher(id), URL: id.URL()}
}

// publisher names the place to which an ID's URL leads.
func publisher(id broadsheet.ID) string {
	switch id.Scheme() {
	case "arxiv":
		return "arXiv"
	case "acl":
		return "ACL Anthology"
	case "openreview":
		return "OpenReview"
	}
	return "the publisher"
}

// showNothing serves every address that nothing else serves.
func (s *site) showNothing(http.ResponseWriter, *http.Request) error {
	return broadsheet.Errorf(broadsheet.NotFound, "There is no page at this address.")
}
