// Package arxivtest is an arXiv of invented papers on this machine, for tests. It
// answers OAI-PMH, daily feeds and the query API in the form of the real services,
// keeps a log of who asked what when, and behaves as badly as it is told to.
package arxivtest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Paper is an invented one.
type Paper struct {
	ID         string // without version
	Title      string
	Abstract   string
	Authors    []Author
	Categories []string
	Versions   []time.Time
	Comments   string
	Changed    string // datestamp, a day
	Announced  string // day of its first announcement
	Deleted    bool
}

// An Author of a paper.
type Author struct{ Forenames, Keyname, Affiliation string }

// A Request is an entry of the log.
type Request struct {
	At     time.Time // when it came, by the server's clock
	Target string    // path and query
	Agent  string
	ETag   string // If-None-Match
}

// A Fault answers a request badly. It may call good for the answer that is due.
type Fault func(w http.ResponseWriter, r *http.Request, good http.HandlerFunc)

// Options of a server.
type Options struct {
	PageSize int  // records of a page of OAI-PMH; 0 means 1000
	Sizes    bool // tell the size of lists
	ByDay    bool // go on from the last day of a page, and repeat that day as from, as arXiv's own service may
	FeedSize int  // items of a feed; 0 means 2000

	// Fault chooses what to do to the nth request, from 0; nil, or a nil Fault,
	// is to answer well.
	Fault func(n int, r *http.Request) Fault

	Now func() time.Time
}

// A Server is an arXiv.
type Server struct {
	http *httptest.Server
	o    Options

	mu     sync.Mutex
	papers []Paper
	tokens map[string]token
	log    []Request
	open   int // requests that are being answered
	most   int // the most there ever were
}

// New starts a server with papers. Close it in the end.
func New(papers []Paper, o Options) *Server {
	if o.PageSize == 0 {
		o.PageSize = 1000
	}
	if o.FeedSize == 0 {
		o.FeedSize = 2000
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{o: o, papers: slices.Clone(papers), tokens: map[string]token{}}
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	return s
}

// Close stops the server, and requests that it has left without an answer.
func (s *Server) Close() {
	s.http.CloseClientConnections()
	s.http.Close()
}

// OAI, RSS and API are the addresses of its services.
func (s *Server) OAI() string { return s.http.URL + "/oai" }

// RSS is the address of the daily feeds.
func (s *Server) RSS() string { return s.http.URL + "/rss" }

// API is the address of the query API.
func (s *Server) API() string { return s.http.URL + "/api/query" }

// Log returns the requests so far.
func (s *Server) Log() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

// MostOpen returns how many requests were ever open at once, but for those that were
// answered badly: a client may have left them long before the server notices.
func (s *Server) MostOpen() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.most
}

// Change edits the papers.
func (s *Server) Change(edit func([]Paper) []Paper) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.papers = edit(s.papers)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	n := s.enter(r)
	good := s.route(r)
	if s.o.Fault != nil {
		if fault := s.o.Fault(n, r); fault != nil {
			s.leave()
			fault(w, r, good)
			return
		}
	}
	defer s.leave()
	good(w, r)
}

func (s *Server) enter(r *http.Request) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, Request{At: s.o.Now(), Target: r.URL.RequestURI(), Agent: r.UserAgent(), ETag: r.Header.Get("If-None-Match")})
	s.open++
	s.most = max(s.most, s.open)
	return len(s.log) - 1
}

func (s *Server) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
}

func (s *Server) route(r *http.Request) http.HandlerFunc {
	switch {
	case r.URL.Path == "/oai":
		return s.listRecords
	case strings.HasPrefix(r.URL.Path, "/rss/"):
		return s.feed
	case r.URL.Path == "/api/query":
		return s.query
	}
	return http.NotFound
}
