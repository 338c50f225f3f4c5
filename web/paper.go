package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet"
)

// maxAuthors is the number of authors that a paper's page names at once; the
// longest lists have three thousand.
const maxAuthors = 40

// showPaper serves GET /papers/{id...}, for an id in any form that people write.
func (s *site) showPaper(w http.ResponseWriter, r *http.Request) error {
	asked := r.PathValue("id")
	for _, scheme := range []string{"http:/", "https:/"} {
		// A pasted address arrives with one slash: the router cleans paths.
		if rest, ok := strings.CutPrefix(asked, scheme); ok {
			asked = scheme + "/" + strings.TrimPrefix(rest, "/")
		}
	}
	id, err := broadsheet.ParseID(asked)
	if err != nil { // such an address leads nowhere
		return &broadsheet.Error{Kind: broadsheet.NotFound, Text: broadsheet.TextFor(err), Err: err}
	}
	rec, err := s.Papers.Paper(r.Context(), id)
	if err != nil {
		return err
	}
	// Compared unescaped: a browser may write an address with other escapes than
	// ours, and must not be sent in circles.
	if r.PathValue("id") != string(rec.ID) {
		http.Redirect(w, r, rec.ID.Path(), http.StatusMovedPermanently)
		return nil
	}
	v := s.paperView(&rec)
	v.Similar = s.relatives(r.Context(), &rec)
	v.Topics = s.chips(r.Context(), []broadsheet.Record{rec})[0]
	v.Twins = s.twins(r.Context(), rec.ID)
	s.measures(r.Context(), v, rec.ID)
	a, err := s.render("paper", http.StatusOK, v)
	if err != nil {
		return err
	}
	return a.Send(w, r)
}

type paperView struct {
	head
	Paper       *broadsheet.Record
	Name        string
	Authors     []broadsheet.Author // those named at once
	MoreAuthors []broadsheet.Author
	Cited       []string // authors for reference managers
	CitedDate   string
	Abstract    []string
	Gist        gist
	Links       []link
	Mark        string // what became of it, see mark
	Notice      string // the same in a sentence
	Dates       []fact
	Versions    []version
	DOIs        []link
	License     link
	Editions    []place
	Tallies     []broadsheet.Tally // by the names that people know
	Stars       []counted
	Curve       *curve // of the stars; nil for none
	Citations   []counted
	Sources     []provenance
	Similar     []relative
	Topics      []chip
	Twins       []twin // that are probably the same paper
}

// A fact is a date of a paper with its name.
type fact struct {
	Name string
	Date dated
}

// A version of a paper, with its address where versions have one.
type version struct {
	Number int
	URL    string
	Date   dated
	Size   string
}

// A place is a paper's place in an edition.
type place struct {
	Period    broadsheet.Period
	Place     int
	Submitter string
}

// A provenance says which facts hold because of whom.
type provenance struct {
	Fields, Source, Record string
	Date                   dated
}

func (s *site) paperView(r *broadsheet.Record) *paperView {
	v := &paperView{
		head: s.head(title(r), r.ID.Path()), Paper: r, Name: title(r), Authors: r.Authors, Abstract: paragraphs(r.Abstract),
		Gist: gistOf(r), Links: outside(r), Mark: mark(r), Notice: notices[r.Status],
		License: license(r.License), CitedDate: strings.ReplaceAll(r.Published.String(), "-", "/"),
	}
	v.Description = clip(strings.Join(strings.Fields(clip(r.Abstract, 1000)), " "), 240)
	if len(v.Authors) > maxAuthors {
		v.Authors, v.MoreAuthors = v.Authors[:maxAuthors], v.Authors[maxAuthors:]
	}
	for _, a := range v.Authors {
		v.Cited = append(v.Cited, a.Name)
	}
	for _, f := range []struct {
		name string
		date broadsheet.Date
	}{{"Published", r.Published}, {"Updated", r.Updated}, {announced(r), r.Announced}} {
		if f.date != "" {
			v.Dates = append(v.Dates, fact{f.name, shortDate(f.date)})
		}
	}
	for doi := range strings.FieldsSeq(r.DOI) {
		v.DOIs = append(v.DOIs, link{Text: doi, URL: "https://doi.org/" + strings.ReplaceAll(url.PathEscape(doi), "%2F", "/")})
	}
	v.addVersions(r)
	v.addHistory(r)
	return v
}

// notices say what a status means.
var notices = map[string]string{
	broadsheet.StatusDeleted:   "Its source has deleted this paper.",
	broadsheet.StatusWithdrawn: "This paper has been withdrawn. Its source says more in the comments, and keeps earlier versions.",
}

// announced names the day of a paper's announcement by how it is known.
func announced(r *broadsheet.Record) string {
	if r.Inferred != "" {
		return "Announced, by arXiv's schedule"
	}
	return "Announced"
}

func (v *paperView) addVersions(r *broadsheet.Record) {
	for _, from := range r.Versions {
		to := version{Number: from.Number, Size: from.Size}
		if !from.At.IsZero() {
			to.Date = shortDate(broadsheet.DateOf(from.At.UTC()))
		}
		if r.ID.Scheme() == "arxiv" {
			to.URL = r.ID.URL() + "v" + strconv.Itoa(from.Number)
		}
		v.Versions = append(v.Versions, to)
	}
}

// addHistory tells where the paper stood and who said what of it.
func (v *paperView) addHistory(r *broadsheet.Record) {
	for _, e := range r.Entries {
		p := place{Period: broadsheet.PeriodOf(broadsheet.Day, e.Date.Time()), Place: e.Place}
		if e.SubmittedBy != nil {
			p.Submitter = e.SubmittedBy.Name
		}
		v.Editions = append(v.Editions, p)
	}
	for _, t := range r.Tallies {
		v.Tallies = append(v.Tallies, broadsheet.Tally{Source: sourceName(t.Source), Upvotes: t.Upvotes, Comments: t.Comments})
	}
	for _, src := range r.Sources {
		p := provenance{Fields: "Everything", Source: sourceName(src.Name), Record: src.Record, Date: shortDate(src.Date)}
		switch {
		case src.Deleted:
			p.Fields = "Deleted"
		case len(src.Fields) > 0:
			p.Fields = sentenceCase(strings.ReplaceAll(strings.Join(src.Fields, ", "), "_", " "))
		case src.Fields != nil:
			p.Fields = "Nothing that is not said better elsewhere"
		}
		v.Sources = append(v.Sources, p)
	}
}

// sourceNames are the sources and formats as people call them.
var sourceNames = map[string]string{
	"arxiv-json": "arXiv's metadata snapshot", "arxiv-oai": "arXiv OAI-PMH", "arxiv-oai-raw": "arXiv OAI-PMH", "arxiv-atom": "the arXiv API", "arxiv-rss": "the arXiv feed",
	"hf": "Hugging Face", "hf-daily": "Hugging Face Daily Papers", "hf-page": "a Daily Papers page", "beir": "a BEIR collection",
	"biorxiv": "bioRxiv", "medrxiv": "medRxiv", "openreview": "OpenReview",
	"jsonl": "an import of JSON lines", "broadsheet": "Broadsheet's own edition",
	"s2": "Semantic Scholar", "openalex": "OpenAlex", "crossref": "Crossref", "github": "GitHub",
}

func sourceName(s string) string {
	if name, ok := sourceNames[s]; ok {
		return name
	}
	if host, ok := strings.CutPrefix(s, broadsheet.SourceInstance); ok {
		return "the Broadsheet at " + host
	}
	return s
}

func sentenceCase(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// license names a licence shorter than by its address, where that is known.
func license(s string) link {
	to := broadsheet.WebURL(s)
	u, err := url.Parse(to)
	if to == "" || err != nil {
		return link{Text: s}
	}
	host := strings.TrimPrefix(u.Host, "www.")
	text := host + u.Path
	steps := strings.Split(strings.Trim(u.Path, "/"), "/")
	switch {
	case host == "arxiv.org" && strings.HasPrefix(u.Path, "/licenses/nonexclusive-distrib"):
		text = "arXiv, non-exclusive"
	case host == "creativecommons.org" && len(steps) == 3 && steps[1] == "zero":
		text = "CC0 " + steps[2]
	case host == "creativecommons.org" && len(steps) >= 3 && steps[0] == "licenses":
		text = "CC " + strings.ToUpper(steps[1]) + " " + steps[2]
	}
	return link{Text: text, URL: to}
}
