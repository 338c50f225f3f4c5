package arxivtest

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A token is what a server remembers of a resumptionToken.
type token struct {
	dies       string // day
	done, size int    // records of the list
}

// listRecords answers ListRecords as arXiv's service of 2025 does. Its tokens are
// the request with a number of records to skip, and die at midnight in UTC.
func (s *Server) listRecords(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/xml")
	q := r.URL.Query()
	if q.Get("verb") != "ListRecords" {
		s.oaiError(w, nil, "badVerb", "Invalid verb provided")
		return
	}
	skip, was := 0, token{}
	if text := q.Get("resumptionToken"); text != "" {
		var ok bool
		if q, skip, was, ok = s.resume(text); !ok {
			s.oaiError(w, nil, "badResumptionToken", "Token decoding failed or format is invalid.")
			return
		}
	}
	form := q.Get("metadataPrefix")
	if form != "arXiv" && form != "arXivRaw" {
		s.oaiError(w, q, "cannotDisseminateFormat", "Did not recognize requested format")
		return
	}
	list := s.list(q)
	if skip >= len(list) {
		s.oaiError(w, q, "noRecordsMatch", "")
		return
	}
	if was.size == 0 {
		was.size = len(list)
	}
	page := list[skip:min(len(list), skip+s.o.PageSize)]
	next := s.token(q, list, skip, was)
	var b strings.Builder
	s.head(&b, q)
	b.WriteString("    <ListRecords>\n")
	for _, p := range page {
		b.WriteString(p.Record(form))
	}
	b.WriteString(next)
	b.WriteString("</ListRecords>\n</OAI-PMH>\n")
	fmt.Fprint(w, b.String())
}

// list returns the papers that a request asks for, by datestamp.
func (s *Server) list(q url.Values) []Paper {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Paper
	for _, p := range s.papers {
		if p.Changed >= q.Get("from") && (q.Get("until") == "" || p.Changed <= q.Get("until")) && p.in(q.Get("set")) {
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(a, b Paper) int { return cmp.Or(cmp.Compare(a.Changed, b.Changed), cmp.Compare(a.ID, b.ID)) })
	return list
}

// token writes where a list goes on behind a page, and with ByDay changes the request
// to one from the day on which it does.
func (s *Server) token(q url.Values, list []Paper, skip int, was token) string {
	to := skip + s.o.PageSize
	sizes := ""
	if s.o.Sizes {
		sizes = fmt.Sprintf(" cursor=\"%d\" completeListSize=\"%d\"", was.done, was.size)
	}
	if to >= len(list) {
		return "<resumptionToken" + sizes + "/>\n"
	}
	if day := list[to].Changed; s.o.ByDay && day != list[0].Changed {
		q.Set("from", day)
		first := slices.IndexFunc(list, func(p Paper) bool { return p.Changed == day })
		to -= first
	}
	next := url.Values{}
	for name := range q {
		if name != "verb" {
			next.Set(name, q.Get(name))
		}
	}
	next.Set("skip", strconv.Itoa(to))
	text := url.QueryEscape(next.Encode())
	midnight := s.o.Now().UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[text] = token{midnight.Format(time.DateOnly), was.done + s.o.PageSize, was.size}
	return fmt.Sprintf("<resumptionToken%s expires='%s'>%s</resumptionToken>\n", sizes, midnight.Format(time.RFC3339), text)
}

func (s *Server) resume(text string) (q url.Values, skip int, was token, ok bool) {
	s.mu.Lock()
	was, ok = s.tokens[text]
	s.mu.Unlock()
	plain, err := url.QueryUnescape(text)
	if !ok || err != nil || s.o.Now().UTC().Format(time.DateOnly) >= was.dies {
		return nil, 0, was, false
	}
	q, err = url.ParseQuery(plain)
	skip, bad := strconv.Atoi(q.Get("skip"))
	q.Del("skip")
	return q, skip, was, err == nil && bad == nil
}

func (s *Server) head(b *strings.Builder, q url.Values) {
	fmt.Fprintf(b, `<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" 
         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">
    <responseDate>%s</responseDate>
                <request`, s.o.Now().UTC().Format(time.RFC3339))
	for _, name := range []string{"verb", "metadataPrefix", "from", "until", "set"} {
		if v := q.Get(name); v != "" {
			fmt.Fprintf(b, " %s=%q", name, escape(v))
		}
	}
	fmt.Fprintf(b, ">%s</request>\n\n\n", s.OAI())
}

func (s *Server) oaiError(w http.ResponseWriter, q url.Values, code, text string) {
	var b strings.Builder
	s.head(&b, q)
	fmt.Fprintf(&b, "    <error code=%q>%s</error>\n</OAI-PMH>\n", code, escape(text))
	fmt.Fprint(w, b.String())
}

// in reports whether a paper is in a set of OAI-PMH.
func (p *Paper) in(set string) bool {
	return set == "" || slices.ContainsFunc(p.sets(), func(s string) bool { return s == set || strings.HasPrefix(s, set+":") })
}

func (p *Paper) sets() []string {
	var sets []string
	for _, c := range p.Categories {
		archive, class, _ := strings.Cut(c, ".")
		group := archive
		if !slices.Contains([]string{"cs", "econ", "eess", "math", "q-bio", "q-fin", "stat"}, archive) {
			group = "physics"
		}
		sets = append(sets, strings.TrimSuffix(group+":"+archive+":"+class, ":"))
	}
	return sets
}

// Record writes a paper as a record of OAI-PMH, in the form arXiv or arXivRaw.
func (p *Paper) Record(form string) string {
	var b strings.Builder
	status := ""
	if p.Deleted {
		status = ` status="deleted"`
	}
	fmt.Fprintf(&b, "<record>\n                <header%s>\n        <identifier>oai:arXiv.org:%s</identifier>\n        <datestamp>%s</datestamp>\n", status, p.ID, p.Changed)
	for _, set := range p.sets() {
		fmt.Fprintf(&b, "            <setSpec>%s</setSpec>\n", set)
	}
	b.WriteString("    </header>\n")
	if !p.Deleted {
		b.WriteString("\n            <metadata>\n")
		if form == "arXivRaw" {
			p.raw(&b)
		} else {
			p.structured(&b)
		}
		b.WriteString("\n            </metadata>\n")
	}
	b.WriteString("        </record>\n")
	return b.String()
}

func (p *Paper) raw(b *strings.Builder) {
	fmt.Fprintf(b, "<arXivRaw xmlns=\"http://arxiv.org/OAI/arXivRaw/\">\n<id>%s</id>\n<submitter>%s</submitter>\n", p.ID, escape(p.Authors[0].Keyname))
	for i, at := range p.Versions {
		fmt.Fprintf(b, "<version version=\"v%d\">\n<date>%s</date>\n<size>%dkb</size>\n</version>\n", i+1, at.UTC().Format("Mon, 2 Jan 2006 15:04:05 GMT"), 10+i)
	}
	var names []string
	for _, a := range p.Authors {
		names = append(names, a.Forenames+" "+a.Keyname)
	}
	fmt.Fprintf(b, "<title>%s</title>\n<authors>%s</authors>\n<categories>%s</categories>\n", escape(p.Title), escape(strings.Join(names, ", ")), strings.Join(p.Categories, " "))
	p.rest(b)
	b.WriteString("</arXivRaw>")
}

func (p *Paper) structured(b *strings.Builder) {
	last := p.Versions[len(p.Versions)-1].UTC().Format(time.DateOnly)
	fmt.Fprintf(b, "<arXiv xmlns=\"http://arxiv.org/OAI/arXiv/\">\n<id>%s</id>\n<created>%s</created>\n<updated>%s</updated>\n<authors>\n", p.ID, last, p.Changed)
	for _, a := range p.Authors {
		fmt.Fprintf(b, "<author><keyname>%s</keyname><forenames>%s</forenames>", escape(a.Keyname), escape(a.Forenames))
		if a.Affiliation != "" {
			fmt.Fprintf(b, "<affiliation>%s</affiliation>", escape(a.Affiliation))
		}
		b.WriteString("</author>\n")
	}
	fmt.Fprintf(b, "</authors>\n<title>%s</title>\n<categories>%s</categories>\n", escape(p.Title), strings.Join(p.Categories, " "))
	p.rest(b)
	b.WriteString("</arXiv>")
}

func (p *Paper) rest(b *strings.Builder) {
	if p.Comments != "" {
		fmt.Fprintf(b, "<comments>%s</comments>\n", escape(p.Comments))
	}
	fmt.Fprintf(b, "<license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license>\n<abstract>%s</abstract>\n", escape(p.Abstract))
}

func escape(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s)) // a Builder does not fail
	return b.String()
}
