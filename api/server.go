// Package api answers programs in JSON, in the form of Hugging Face's papers API,
// so that what was written for that works here: set HF_ENDPOINT to the address of
// this instance. Another Broadsheet reads the same answers and finds in them what
// that form has no place for, see [broadsheet.Exchange].
//
// Everything is public and read with GET; there is nothing that a key would open.
//
// Start with routes in this file, which lists every address. What of a paper is
// told, and where, is in item.go.
package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"broadsheet"
)

// A Server is what the answers need of the rest of the house.
type Server struct {
	Papers   broadsheet.PaperStore
	Editions broadsheet.EditionStore
	Trends   broadsheet.Trends   // nil: what trends is the order of the last days
	Search   broadsheet.Searcher // nil: there is no search
	Log      *slog.Logger        // nil discards
	Now      func() time.Time    // nil means time.Now
	Location *time.Location      // where an edition's day begins and ends; nil means UTC
	BaseURL  string              // public address; "" means the one that was asked
}

// A site is a Server with its defaults.
type site struct{ Server }

// Handler returns the API. All of its addresses begin with /api/.
func (s *Server) Handler() http.Handler {
	h := &site{*s}
	if h.Log == nil {
		h.Log = slog.New(slog.DiscardHandler)
	}
	if h.Now == nil {
		h.Now = time.Now
	}
	if h.Location == nil {
		h.Location = time.UTC
	}
	h.BaseURL = strings.TrimSuffix(h.BaseURL, "/")
	return open(h.routes())
}

// routes lists every address.
func (s *site) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /api/daily_papers", s.answer(s.showDaily))
	if s.Search != nil {
		mux.Handle("GET /api/papers/search", s.answer(s.showSearch))
	}
	mux.Handle("GET /api/papers/{id...}", s.answer(s.showPaper))
	mux.Handle("/api/", s.answer(showNothing))
	return mux
}

// open lets pages of other sites read the answers, which are public and the same
// for everybody, and nothing more: no cookie is set or read here.
func open(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", "ETag, Link, X-Error-Message")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-cache") // kept copies are asked for by their ETag
		if r.Method == http.MethodOptions {
			h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
			h.Set("Access-Control-Allow-Headers", "Authorization, If-None-Match") // clients send a token unasked
			h.Set("Access-Control-Max-Age", "86400")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// An answerFunc answers a request, or returns why it cannot.
type answerFunc func(r *http.Request) (reply, error)

// statuses are the kinds of errors in HTTP.
var statuses = map[broadsheet.Kind]int{
	broadsheet.Invalid:     http.StatusBadRequest,
	broadsheet.NotFound:    http.StatusNotFound,
	broadsheet.Conflict:    http.StatusConflict,
	broadsheet.Unavailable: http.StatusServiceUnavailable,
	broadsheet.Internal:    http.StatusInternalServerError,
}

// answer is the one place where an error becomes a response and a log line.
func (s *site) answer(f answerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, err := f(r)
		if err == nil {
			err = a.send(w, r)
		}
		if err == nil || errors.Is(r.Context().Err(), context.Canceled) {
			return // done, or the reader has gone
		}
		status := statuses[broadsheet.KindOf(err)]
		if status >= 500 {
			s.Log.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "path", r.URL.Path, "err", err)
		}
		if m, ok := errors.AsType[*methodError](err); ok {
			status = http.StatusMethodNotAllowed
			w.Header().Set("Allow", m.allowed)
		}
		sendError(w, status, broadsheet.TextFor(err))
	})
}

// A methodError is a request that would change something.
type methodError struct {
	error
	allowed string
}

func (e *methodError) Unwrap() error { return e.error }

// showNothing serves every address that nothing else serves.
func showNothing(r *http.Request) (reply, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return reply{}, &methodError{broadsheet.Errorf(broadsheet.Invalid, "Everything here is only read, with GET."), "GET, HEAD, OPTIONS"}
	}
	return reply{}, broadsheet.Errorf(broadsheet.NotFound, "There is nothing at this address.")
}

// base returns the public address of this instance.
func (s *site) base(r *http.Request) string {
	switch {
	case s.BaseURL != "":
		return s.BaseURL
	case r.TLS != nil:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// today returns the day it is where this instance's readers are.
func (s *site) today() broadsheet.Date { return broadsheet.DateOf(s.Now().In(s.Location)) }
