package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet"
)

// A search shows perSearch papers a page, and searchPages pages: whoever wants
// more wants other words, and the depth of a question is part of its cost.
const (
	perSearch   = 20
	searchPages = 50

	facetValues = 8 // of each facet: what fits into two lines
)

// A question is a search as it stands in an address.
type question struct {
	Text, Category string
	From, To       broadsheet.Date
	Sort           broadsheet.Sort
	Page           int
	Explain        bool // show what was done for the answer
	Words          bool // Text is words to look for, however many
}

// category is the form of arXiv's categories and archives, and of others alike.
var category = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._-]{0,40}$`)

// readQuestion reads a search from the parameters of an address.
func readQuestion(v url.Values) (q question, err error) {
	q.Text = strings.TrimSpace(strings.ToValidUTF8(v.Get("q"), "\ufffd"))
	q.Words, q.Explain = v.Get("as") == "words", v.Get("explain") == "1"
	if q.Pasted() && len(q.Text) > maxPasted {
		return q, broadsheet.Errorf(broadsheet.Invalid, "The text has %s bytes; %s can be read here. The command similar --text reads whole papers.",
			count(len(q.Text)), count(maxPasted))
	}
	if !q.Pasted() && len(q.Text) > broadsheet.MaxQuery {
		return q, broadsheet.Errorf(broadsheet.Invalid, "The question has %s bytes; a question may have %s.",
			count(len(q.Text)), count(broadsheet.MaxQuery))
	}
	if q.Category = strings.TrimSpace(v.Get("cat")); q.Category != "" && !category.MatchString(q.Category) {
		return q, broadsheet.Errorf(broadsheet.Invalid, "\"%s\" is not a category: write it like cs.LG, or cs for all of computer science.",
			broadsheet.Printable(q.Category, 40))
	}
	if q.From, err = readDate(v.Get("from")); err != nil {
		return q, err
	}
	if q.To, err = readDate(v.Get("to")); err != nil {
		return q, err
	}
	if q.To = lastDay(q.To); q.From != "" && q.To != "" && q.From > q.To {
		return q, broadsheet.Errorf(broadsheet.Invalid, "The first day, %s, is after the last, %s.", q.From, q.To)
	}
	if q.Sort, err = broadsheet.ParseSort(v.Get("sort")); err != nil {
		return q, err
	}
	if q.Page, err = parsePage(v.Get("p")); err == nil && q.Page > searchPages {
		return q, broadsheet.Errorf(broadsheet.Invalid, "A search shows %d pages: ask for something narrower.", searchPages)
	}
	return q, err
}

func readDate(s string) (broadsheet.Date, error) {
	if s = strings.TrimSpace(s); s == "" {
		return "", nil
	}
	return broadsheet.ParseDate(s)
}

// lastDay returns the last day that d covers, so that "to 2024" has all of 2024.
func lastDay(d broadsheet.Date) broadsheet.Date {
	switch {
	case d == "" || d.IsDay():
		return d
	case len(d) == len("2006-01"):
		return broadsheet.DateOf(d.Time().AddDate(0, 1, -1))
	}
	return broadsheet.DateOf(d.Time().AddDate(1, 0, -1))
}

func (q question) empty() bool { return q.Text == "" && !q.Filtered() }

func (q question) Filtered() bool { return q.Category != "" || q.From != "" || q.To != "" }

// Sorted reports whether the order is another than the usual one.
func (q question) Sorted() bool { return q.Sort != "" && q.Sort != broadsheet.SortScore }

func (q question) Quoted() bool { return strings.ContainsAny(q.Text, `"“”„`) }

func (q question) address(page int) string {
	v := url.Values{"q": {q.Text}}
	for name, value := range map[string]string{"cat": q.Category, "from": string(q.From), "to": string(q.To)} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.Sorted() {
		v.Set("sort", string(q.Sort))
	}
	if page > 1 {
		v.Set("p", strconv.Itoa(page))
	}
	if q.Words {
		v.Set("as", "words")
	}
	if q.Explain {
		v.Set("explain", "1")
	}
	return "/papers?" + v.Encode()
}

func (q question) query() broadsheet.Query {
	out := broadsheet.Query{Text: q.Text, Category: q.Category, From: q.From, To: q.To, Sort: q.Sort,
		Limit: perSearch, Offset: (q.Page - 1) * perSearch}
	if q.Page == 1 {
		out.Facets = facetValues
	}
	return out
}

// view returns what somebody subscribes to who wants the answers to a question from
// now on: the dates of today's question would end it.
func (q question) view() broadsheet.View {
	if name, ok := strings.CutPrefix(q.Text, `author:"`); ok && q.Category == "" && strings.IndexByte(name, '"') == len(name)-1 {
		return broadsheet.View{Kind: broadsheet.ViewAuthor, Arg: strings.TrimSuffix(name, `"`)}
	}
	text := strings.Join(strings.Fields(q.Text), " ")
	if q.Category != "" {
		text = strings.TrimSpace(text + " cat:" + q.Category)
	}
	return broadsheet.View{Kind: broadsheet.ViewQuery, Arg: text}
}

type searchView struct {
	head
	Asked     question
	Answered  bool
	Heading   string
	Stories   []story
	Total     int
	AtLeast   bool     // there are more than Total
	Notes     []string // what of the question was read differently
	Orders    []link
	Facets    []facet
	Took      string // milliseconds
	Wider     string // the same question without its filters
	Meant     link   // a question that finds more
	Elsewhere link   // where the paper stands that was asked for by its id
	AsWords   string // the pasted text as words to look for
	Pager     pager

	Method      string // how the papers were found, in words
	Trace       []broadsheet.Stage
	Explanation link // shows how, or hides it
}

// A facet tells how what was found is distributed, and leads to its parts.
type facet struct {
	Name   string
	Values []facetValue
}

type facetValue struct {
	link
	Count int
}

// showSearch serves GET /papers with a question.
func (s *site) showSearch(w http.ResponseWriter, r *http.Request) error {
	q, err := readQuestion(r.URL.Query())
	if err != nil {
		return err
	}
	if to, err := s.paperAt(r.Context(), q.Text); to != "" || err != nil {
		if err == nil {
			http.Redirect(w, r, to, http.StatusFound)
		}
		return err
	}
	v := &searchView{head: s.head("Search", ""), Asked: q, Heading: "Search", Elsewhere: elsewhere(q.Text)}
	v.Here = "search"
	if !q.empty() {
		if err := s.answer(r.Context(), v); err != nil {
			return err
		}
		v.explain()
	}
	a, err := s.render("search", http.StatusOK, v)
	if err != nil {
		return err
	}
	return a.Send(w, r)
}

// paperAt returns the address of the paper that the words of a question name, or "".
func (s *site) paperAt(ctx context.Context, words string) (string, error) {
	id, err := broadsheet.ParseID(words)
	if err != nil {
		return "", nil
	}
	rec, err := s.Papers.Paper(ctx, id)
	if broadsheet.KindOf(err) == broadsheet.NotFound && err != nil {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return rec.ID.Path(), nil
}

// answer searches and fills the view.
func (s *site) answer(ctx context.Context, v *searchView) error {
	q := v.Asked
	if q.Pasted() && s.Alike != nil {
		return s.answerText(ctx, v)
	}
	start := time.Now()
	hits, err := s.Search.Search(ctx, q.query())
	if err != nil {
		return err
	}
	took := time.Since(start)
	if q.Page > 1 && len(hits.Hits) == 0 {
		return broadsheet.Errorf(broadsheet.NotFound, "This answer has no page %d.", q.Page)
	}
	if err := s.addHits(ctx, v, hits.Hits); err != nil {
		return err
	}
	v.Answered, v.Total, v.AtLeast, v.Notes = true, hits.Total, hits.AtLeast, hits.Notes
	v.Orders, v.Facets = q.orders(), q.facets(hits.Facets)
	if m := hits.DidYouMean; m != "" {
		meant := q
		meant.Text = m
		v.Meant = link{Text: m, URL: meant.address(1)}
	}
	v.ByMail = s.byMail(q.view())
	v.Took, v.Method, v.Trace = milliseconds(took), methodNames[hits.Method], hits.Trace
	v.head.Title, v.Heading = q.title(), q.title()
	v.Pager = newPager(q.Page, perSearch, min(hits.Total, perSearch*searchPages), q.address)
	if q.Filtered() && q.Text != "" {
		v.Wider = question{Text: q.Text}.address(1)
	}
	return nil
}

func milliseconds(d time.Duration) string {
	return strconv.FormatFloat(float64(d.Microseconds())/1000, 'f', 1, 64)
}

// methodNames say how papers were found.
var methodNames = map[broadsheet.Method]string{
	broadsheet.MethodAdaptive: "by words and by meaning, with as much work as the question needs",
	broadsheet.MethodHybrid:   "by words and by meaning",
	broadsheet.MethodLexical:  "by words",
	broadsheet.MethodSemantic: "by meaning",
}

// explain leads to the same answer with what was done for it, or without.
func (v *searchView) explain() {
	q := v.Asked
	q.Explain = !q.Explain
	v.Explanation = link{Text: "How was this found?", URL: q.address(q.Page)}
	if v.Asked.Explain {
		v.Explanation.Text = "Hide how it was found"
	}
}

// orders are the same question in all orders.
func (q question) orders() (list []link) {
	for _, o := range []struct {
		sort broadsheet.Sort
		name string
	}{{broadsheet.SortScore, "Best"}, {broadsheet.SortNewest, "Newest"}, {broadsheet.SortOldest, "Oldest"}, {broadsheet.SortVotes, "Votes"}} {
		if o.sort == broadsheet.SortScore && q.Text == "" {
			continue // there are no words to rank by
		}
		other := q
		other.Sort = o.sort
		here := q.Sort == o.sort || q.Text == "" && q.Sort == broadsheet.SortScore && o.sort == broadsheet.SortNewest
		list = append(list, link{Text: o.name, URL: other.address(1), Here: here})
	}
	return list
}

// facets are the same question narrowed to a category or a year. Years are in their
// own order, which is how people look for one.
func (q question) facets(f broadsheet.Facets) (list []facet) {
	add := func(name string, counts []broadsheet.Count, narrow func(*question, string)) {
		var values []facetValue
		for _, c := range counts {
			part := q
			narrow(&part, c.Value)
			if part != q {
				values = append(values, facetValue{link{Text: c.Value, URL: part.address(1)}, c.Count})
			}
		}
		if len(values) > 1 {
			list = append(list, facet{name, values})
		}
	}
	years := slices.Clone(f.Years)
	slices.SortFunc(years, func(a, b broadsheet.Count) int { return strings.Compare(b.Value, a.Value) })
	add("Years", years, func(q *question, year string) {
		q.From, q.To = broadsheet.Date(year+"-01-01"), broadsheet.Date(year+"-12-31")
	})
	add("Categories", f.Categories, func(q *question, name string) { q.Category = name })
	return list
}

// title names the answer for the window and the page.
func (q question) title() string {
	switch {
	case q.Text != "":
		return clip(q.Text, 120)
	case q.Category != "":
		return "Papers in " + q.Category
	}
	return "Papers by date"
}

func (s *site) addHits(ctx context.Context, v *searchView, hits []broadsheet.Hit) error {
	ids := make([]broadsheet.ID, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	papers, err := s.Papers.Papers(ctx, ids)
	if err != nil {
		return err
	}
	marks, err := s.Search.Highlight(ctx, v.Asked.query(), papers)
	if err != nil {
		return err
	}
	for i := range papers {
		st := newStory(&papers[i], (v.Asked.Page-1)*perSearch+i+1)
		if i < len(marks) {
			st.Marked = marks[i].Abstract
			if len(marks[i].Title) > 0 {
				st.Title = marks[i].Title
			}
		}
		if len(st.Marked) == 0 {
			first, _ := passage(papers[i].Abstract)
			st.Abstract = paragraphs(first)
		}
		v.Stories = append(v.Stories, st)
	}
	s.markTwins(ctx, v.Stories, papers)
	return nil
}
