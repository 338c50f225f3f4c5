package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"broadsheet"
	"broadsheet/calendar"
	"broadsheet/internal/answer"
)

// perPage is the number of papers on a page of an edition.
const perPage = 50

// showToday serves GET /: today's edition, or the latest before it.
func (s *site) showToday(w http.ResponseWriter, r *http.Request) error {
	today := broadsheet.PeriodOf(broadsheet.Day, s.today().Time())
	return s.sendEdition(w, r, editionKey{period: today, front: true})
}

// showPapers serves GET /papers: an answer where something is asked, else today's
// edition.
func (s *site) showPapers(w http.ResponseWriter, r *http.Request) error {
	for _, name := range []string{"q", "cat", "from", "to"} {
		if r.URL.Query().Has(name) {
			return s.showSearch(w, r)
		}
	}
	return s.showToday(w, r)
}

// showPeriod serves GET /papers/date/…, /papers/week/… and /papers/month/….
func (s *site) showPeriod(kind broadsheet.PeriodKind) pageFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		p, err := broadsheet.ParsePeriod(kind, r.PathValue("period"))
		if err != nil {
			return err
		}
		return s.sendEdition(w, r, editionKey{period: p})
	}
}

// sendEdition answers with the page of k's edition that the request asks for.
func (s *site) sendEdition(w http.ResponseWriter, r *http.Request, k editionKey) error {
	q := r.URL.Query()
	var err error
	if k.order, err = broadsheet.ParseOrder(q.Get("sort")); err != nil {
		return err
	}
	if k.page, err = parsePage(q.Get("p")); err != nil {
		return err
	}
	k.explain = q.Get("explain") == "1"
	a, err := s.editionPage(r.Context(), k)
	if err != nil {
		return err
	}
	return a.Send(w, r)
}

// maxPage keeps page numbers far from overflow, and above any real edition's.
const maxPage = 100_000

// parsePage reads a page number, 1 where there is none.
func parsePage(s string) (int, error) {
	if s == "" {
		return 1, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, broadsheet.Errorf(broadsheet.Invalid, "\"%s\" is not the number of a page: they count from 1.", broadsheet.Printable(s, 20))
	}
	if n > maxPage {
		return 0, broadsheet.Errorf(broadsheet.NotFound, "There is no page %s.", broadsheet.Printable(s, 20))
	}
	return n, nil
}

type editionView struct {
	head
	Period        broadsheet.Period
	Notes         []string // what a reader should know of the front page
	Reason        string   // why it is empty
	Before, After link
	Periods       []link // this edition by day, week and month
	Orders        []link
	Total         int
	Lead          []story // what the first page shows at length
	Stories       []story
	Pager         pager

	Trending    bool // the page of what moves, and not an edition
	Explained   bool // the stories have the terms of their scores
	Predicted   bool // a prediction decided over some of the places
	Explanation link // the same page with the terms, or without
}

// renderEdition asks the store for a page of an edition and lays it out. It reports
// whether the page gives a reason why there are no papers.
func (s *site) renderEdition(ctx context.Context, k editionKey, today broadsheet.Date) (a *answer.Answer, reasoned bool, err error) {
	asked := k.period
	e, notes, err := s.findEdition(ctx, &k, today)
	if err != nil {
		return nil, false, err
	}
	if k.page > 1 && len(e.Papers) == 0 {
		return nil, false, broadsheet.Errorf(broadsheet.NotFound, "This edition has no page %d.", k.page)
	}
	v := &editionView{
		head: s.head(k.title(), k.canonical()), Period: k.period, Notes: notes, Orders: k.orders(),
		Total: e.Total, Pager: newPager(k.page, perPage, e.Total, k.address),
	}
	v.Description = number(e.Total, "research paper") + ": " + v.Title + "."
	v.Front, v.ByMail = !k.trends, s.byMail(k.view())
	v.name(k)
	if e.Total == 0 {
		v.NoIndex = true
		if v.Reason, err = s.whyEmpty(ctx, k); err != nil {
			return nil, false, err
		}
	}
	v.addStories(e.Papers, k)
	v.addStandings(e.Standings, k)
	s.markTopics(ctx, v, e.Papers)
	if err := s.addNavigation(ctx, v); err != nil {
		return nil, false, err
	}
	a, err = s.render("edition", http.StatusOK, v)
	return a, v.Reason != "" || k.period != asked, err
}

// view returns what somebody subscribes to who wants such pages from now on.
func (k editionKey) view() broadsheet.View {
	if k.trends {
		return broadsheet.View{Kind: broadsheet.ViewTrending}
	}
	return broadsheet.View{Kind: broadsheet.ViewEdition}
}

// addNavigation leads to the editions before and after, and around.
func (s *site) addNavigation(ctx context.Context, v *editionView) error {
	if v.Trending {
		return nil
	}
	before, after, err := s.Editions.Neighbours(ctx, v.Period)
	if err != nil {
		return err
	}
	v.Before, v.After = neighbour(v.Period.Kind, before), neighbour(v.Period.Kind, after)
	v.Periods, err = s.otherPeriods(ctx, v.Period)
	return err
}

// findEdition reads the edition of k. The front page falls back to the latest
// edition before today's where that is empty; k then names that one.
func (s *site) findEdition(ctx context.Context, k *editionKey, today broadsheet.Date) (e broadsheet.Edition, notes []string, err error) {
	if k.trends {
		return s.findTrending(ctx, k)
	}
	if k.front && s.Demo {
		notes = append(notes, "The built-in edition, for a first look: nothing is kept when the server stops.")
	}
	q := broadsheet.EditionQuery{Period: k.period, Order: k.order, Limit: perPage, Offset: (k.page - 1) * perPage, Explain: k.explain}
	if e, err = s.Editions.Edition(ctx, q); err != nil || e.Total > 0 || !k.front {
		return e, notes, err
	}
	before, _, err := s.Editions.Neighbours(ctx, k.period)
	if err != nil || before == "" {
		return e, notes, err
	}
	notes = append(notes, fmt.Sprintf("No edition today, %s.", today.Time().Format("Monday 2 January")))
	if !s.Demo { // where an old edition is meant to stand
		reason, err := s.why(ctx, k.period)
		if err != nil {
			return e, notes, err
		}
		notes = append(notes, reason, "This is the latest.")
	}
	k.period = broadsheet.PeriodOf(broadsheet.Day, before.Time())
	q.Period = k.period
	e, err = s.Editions.Edition(ctx, q)
	return e, notes, err
}

// why says why the edition of a period has no papers.
func (s *site) why(ctx context.Context, p broadsheet.Period) (string, error) {
	var covered []broadsheet.Coverage
	if s.Coverage != nil {
		var err error
		if covered, err = s.Coverage.Covered(ctx, broadsheet.SourceArXiv, "", ""); err != nil {
			return "", err
		}
	}
	return calendar.Why(p, s.Now().In(s.Location), covered), nil
}

// address returns where a page of k's edition stands, in k's order.
func (k editionKey) address(page int) string {
	path, q := k.period.Path(), url.Values{}
	if page > 1 {
		q.Set("p", strconv.Itoa(page))
	}
	switch {
	case k.trends:
		path = trendingPath
	case k.order != broadsheet.ByUpvotes:
		q.Set("sort", string(k.order))
	}
	if k.explain {
		q.Set("explain", "1")
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (k editionKey) orders() []link {
	var links []link
	for _, o := range []struct {
		order broadsheet.Order
		text  string
	}{{broadsheet.ByUpvotes, "Votes"}, {broadsheet.ByTrending, "Trending"}, {broadsheet.ByPublished, "Newest"}} {
		to := editionKey{period: k.period, order: o.order, explain: k.explain}
		links = append(links, link{Text: o.text, URL: to.address(1), Here: o.order == k.order})
	}
	return links
}

// neighbour leads to the edition of a kind that holds a day, or nowhere.
func neighbour(kind broadsheet.PeriodKind, day broadsheet.Date) link {
	if day == "" {
		return link{}
	}
	p := broadsheet.PeriodOf(kind, day.Time())
	text := day.Time().Format("2 January 2006")
	switch kind {
	case broadsheet.Week:
		text, _, _ = strings.Cut(p.Title(), ",")
	case broadsheet.Month:
		text = p.Title()
	}
	return link{Text: text, URL: p.Path()}
}

// otherPeriods leads from an edition to those of the day, the week and the month
// around it. The day of a longer one is its last that has papers.
func (s *site) otherPeriods(ctx context.Context, p broadsheet.Period) ([]link, error) {
	day := p.First
	if p.Kind != broadsheet.Day {
		next := broadsheet.PeriodOf(broadsheet.Day, p.Last.Time().AddDate(0, 0, 1))
		before, _, err := s.Editions.Neighbours(ctx, next)
		if err != nil {
			return nil, err
		}
		day = max(day, before)
	}
	var links []link
	for _, kind := range []struct {
		kind broadsheet.PeriodKind
		text string
	}{{broadsheet.Day, "Day"}, {broadsheet.Week, "Week"}, {broadsheet.Month, "Month"}} {
		to := p
		if kind.kind != p.Kind {
			to = broadsheet.PeriodOf(kind.kind, day.Time())
		}
		links = append(links, link{Text: kind.text, URL: to.Path(), Here: kind.kind == p.Kind})
	}
	return links, nil
}
