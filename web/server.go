// Package web serves the pages: editions, papers and search. Every page is whole
// HTML, readable without a script and without styles; nothing on it comes from
// another host, and the content security policy holds it to that.
//
// Start with routes.go, which lists every address. A handler asks the stores,
// fills a view and renders it; whatever it returns as an error becomes a page in
// one place, [site.page].
package web

import (
	"context"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/internal/token"
)

// A Server is what the pages need of the rest of the house.
type Server struct {
	Papers   broadsheet.PaperStore
	Editions broadsheet.EditionStore
	Trends   broadsheet.Trends // nil: there is no page of what trends
	Search   broadsheet.Searcher
	Alike    broadsheet.Comparer // nil: pages show no similar papers
	Topics   broadsheet.TopicStore
	Classes  broadsheet.Classifier                                                // nil: there are no topics
	Desk     broadsheet.SubscriptionDesk                                          // nil: nothing is sent by mail
	Tokens   *token.Maker                                                         // of the links in mails; needed with Desk
	Admin    *Admin                                                               // nil: there are no pages for the operator
	Report   func(ctx context.Context, raw []byte, now time.Time) (string, error) // takes a message that came back; nil: none does
	Measures broadsheet.MeasureStore                                              // nil: pages show no stars and citations
	Coverage broadsheet.CoverageStore                                             // nil: nobody keeps account of which days are complete
	Log      *slog.Logger                                                         // nil discards
	Now      func() time.Time                                                     // nil means time.Now
	BaseURL  string                                                               // public address, for canonical links; "" leaves them out
	Location *time.Location                                                       // where an edition's day begins and ends; nil means UTC
	Demo     bool                                                                 // say on the front page that nothing is kept
}

// A site is a Server with what is prepared once.
type site struct {
	Server
	pages    map[string]*template.Template
	assets   assets
	editions cache
	asks     askLimit
}

// Handler returns the pages. It panics only on a template of its own that does
// not parse, which the first test of this package finds.
func (s *Server) Handler() http.Handler {
	h := &site{Server: *s, pages: parseTemplates(), assets: loadAssets()}
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
	return secure(http.NewCrossOriginProtection().Handler(h.routes()))
}

// today returns the day it is where this instance's readers are.
func (s *site) today() broadsheet.Date { return broadsheet.DateOf(s.Now().In(s.Location)) }

// policy lets a page load its own style sheet, images and fonts and send its own
// forms; no script runs, whatever a title smuggles in.
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// secure sets the headers that every answer carries, errors and redirects too.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		// A page may be kept but must be asked for again: its ETag makes that
		// cheap, and a new paper shows at once.
		h.Set("Cache-Control", "no-cache")
		next.ServeHTTP(w, r)
	})
}
