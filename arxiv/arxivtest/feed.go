package arxivtest

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// feed answers with the feed of today's announcement, by the server's clock in New
// York. It holds what was announced today, in the categories or archives that are
// asked for, whose names are joined by "+".
func (s *Server) feed(w http.ResponseWriter, r *http.Request) {
	names := strings.Split(strings.TrimPrefix(r.URL.Path, "/rss/"), "+")
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		zone = time.UTC
	}
	day := s.o.Now().In(zone)
	midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
	w.Header().Set("Content-Type", "application/rss+xml")
	if bad := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(n, "tea") || n == "" }); bad >= 0 {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, channel("Feed error for query: "+r.URL.Path, "Bad archive '"+names[bad]+"'. Valid archive names are: cs, math.", midnight, ""))
		return
	}
	text := channel(strings.Join(names, ", ")+" updates on arXiv.org", "Updates on the arXiv.org e-print archive.", midnight, s.items(names, midnight))
	tag := fmt.Sprintf("\"%x\"", sha256.Sum256([]byte(text)))
	w.Header().Set("Etag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	fmt.Fprint(w, text)
}

func channel(title, description string, midnight time.Time, items string) string {
	at := midnight.Format("Mon, 02 Jan 2006 15:04:05 -0700")
	return fmt.Sprintf(`<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0">
  <channel>
    <title>%s</title>
    <description>%s</description>
    <language>en-us</language>
    <lastBuildDate>%s</lastBuildDate>
    <pubDate>%s</pubDate>
    <skipDays>
      <day>Sunday</day>
      <day>Saturday</day>
    </skipDays>
%s  </channel>
</rss>
`, escape(title), escape(description), midnight.UTC().Format("Mon, 02 Jan 2006 15:04:05 -0700"), at, items)
}

// items writes the items of a feed: of a paper in its primary category new, in the
// others cross.
func (s *Server) items(names []string, midnight time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	n := 0
	for _, p := range s.papers {
		in := func(c string) bool {
			archive, _, _ := strings.Cut(c, ".")
			return slices.Contains(names, c) || slices.Contains(names, archive)
		}
		if p.Announced != midnight.Format(time.DateOnly) || p.Deleted || !slices.ContainsFunc(p.Categories, in) || n == s.o.FeedSize {
			continue
		}
		kind := "cross"
		if in(p.Categories[0]) {
			kind = "new"
		}
		n++
		p.item(&b, kind, midnight)
	}
	return b.String()
}

func (p *Paper) item(b *strings.Builder, kind string, midnight time.Time) {
	fmt.Fprintf(b, "    <item>\n      <title>%s</title>\n      <link>https://arxiv.org/abs/%s</link>\n", escape(p.Title), p.ID)
	fmt.Fprintf(b, "      <description>arXiv:%sv1 Announce Type: %s \nAbstract: %s</description>\n", p.ID, kind, escape(p.Abstract))
	fmt.Fprintf(b, "      <guid isPermaLink=\"false\">oai:arXiv.org:%sv1</guid>\n", p.ID)
	for _, c := range p.Categories {
		fmt.Fprintf(b, "      <category>%s</category>\n", c)
	}
	var names []string
	for _, a := range p.Authors {
		names = append(names, a.Forenames+" "+a.Keyname)
	}
	fmt.Fprintf(b, "      <pubDate>%s</pubDate>\n      <arxiv:announce_type>%s</arxiv:announce_type>\n      <dc:creator>%s</dc:creator>\n    </item>\n",
		midnight.Format("Mon, 02 Jan 2006 15:04:05 -0700"), kind, escape(strings.Join(names, ", ")))
}

// query answers the query API for id_list. An id that is none fails all of it.
func (s *Server) query(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/atom+xml")
	const head = `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/invented</id>
  <title>arXiv Query</title>
`
	q := r.URL.Query()
	most, err := strconv.Atoi(q.Get("max_results"))
	if err != nil {
		most = 10
	}
	var b strings.Builder
	b.WriteString(head)
	for _, id := range strings.Split(q.Get("id_list"), ",") {
		if strings.HasSuffix(id, "00000") { // as of an id that arXiv's own check refuses
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, "%s  <entry>\n    <id>http://arxiv.org/api/errors#incorrect_id_format_for_%s</id>\n    <title>Error</title>\n    <summary>incorrect id format for %s</summary>\n  </entry>\n</feed>\n", head, escape(id), escape(id))
			return
		}
		s.mu.Lock()
		i := slices.IndexFunc(s.papers, func(p Paper) bool { return p.ID == id && !p.Deleted })
		if i >= 0 && most > 0 {
			s.papers[i].entry(&b)
			most--
		}
		s.mu.Unlock()
	}
	b.WriteString("</feed>\n")
	fmt.Fprint(w, b.String())
}

func (p *Paper) entry(b *strings.Builder) {
	first, last := p.Versions[0], p.Versions[len(p.Versions)-1]
	fmt.Fprintf(b, "  <entry>\n    <id>http://arxiv.org/abs/%sv%d</id>\n    <title>%s</title>\n    <updated>%s</updated>\n    <published>%s</published>\n    <summary>%s</summary>\n",
		p.ID, len(p.Versions), escape(p.Title), last.UTC().Format(time.RFC3339), first.UTC().Format(time.RFC3339), escape(p.Abstract))
	fmt.Fprintf(b, "    <arxiv:primary_category term=\"%s\"/>\n", p.Categories[0])
	for _, a := range p.Authors {
		fmt.Fprintf(b, "    <author><name>%s %s</name></author>\n", escape(a.Forenames), escape(a.Keyname))
	}
	b.WriteString("  </entry>\n")
}
