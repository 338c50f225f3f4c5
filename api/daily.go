package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"broadsheet"
)

const (
	defaultLimit = 50
	maxLimit     = 100
	// maxPage keeps page numbers far from overflow, and above any real edition's.
	maxPage = 100_000

	// Without a period, a list is of what was new lately, as deep as people look:
	// the days that trending papers are taken from, and how many papers.
	recentDays = 7
	risingDays = 30
	maxRecent  = 1000

	// How much of a period is looked through for the papers of one submitter, and
	// in what portions.
	maxSought = 10_000
	portion   = 1000
)

// A dailyQuery is what GET /api/daily_papers is asked.
type dailyQuery struct {
	period    broadsheet.Period // zero: what was new lately
	submitter string
	order     broadsheet.Order
	page      int
	limit     int
}

// showDaily serves GET /api/daily_papers: the papers of a day, a week or a month,
// or of lately.
func (s *site) showDaily(r *http.Request) (reply, error) {
	q, err := parseDaily(r.URL.Query())
	if err != nil {
		return reply{}, err
	}
	papers, more, err := s.daily(r.Context(), q)
	if err != nil {
		return reply{}, err
	}
	items := make([]item, len(papers))
	for i := range papers {
		items[i] = newItem(&papers[i], s.base(r))
	}
	a := reply{body: items}
	if more {
		next := r.URL.Query()
		next.Set("p", strconv.Itoa(q.page+1))
		a.next = s.base(r) + r.URL.Path + "?" + next.Encode()
	}
	return a, nil
}

// parseDaily reads the parameters, and says of all that are wrong what is wrong, in
// the form of the validator that Hugging Face uses.
func parseDaily(v url.Values) (dailyQuery, error) {
	var wrong problems
	q := dailyQuery{submitter: v.Get("submitter"), order: broadsheet.ByPublished}
	q.page = wrong.number(v, "p", 0, 0, maxPage)
	q.limit = wrong.number(v, "limit", defaultLimit, 1, maxLimit)
	if order := v.Get("sort"); order != "" {
		var err error
		if q.order, err = broadsheet.ParseOrder(order); err != nil {
			wrong.add("sort", `Invalid option: expected one of "publishedAt"|"trending"|"upvotes"`)
		}
	}
	periods := 0
	for _, p := range []struct {
		name string
		kind broadsheet.PeriodKind
		what string
	}{{"date", broadsheet.Day, "Invalid ISO date"}, {"week", broadsheet.Week, "Invalid ISO week"}, {"month", broadsheet.Month, "Invalid month"}} {
		if !v.Has(p.name) {
			continue
		}
		var err error
		if q.period, err = broadsheet.ParsePeriod(p.kind, day(p.kind, v.Get(p.name))); err != nil {
			wrong.add(p.name, p.what)
		} else if periods++; periods > 1 {
			wrong.add(p.name, "Only one of date, week and month can be asked for")
		}
	}
	if q.order == broadsheet.ByTrending {
		q.period = broadsheet.Period{} // as there: what rises now has no date
	}
	return q, wrong.err()
}

// day cuts a time to its day in UTC, where a day may also be asked for by a time.
func day(kind broadsheet.PeriodKind, s string) string {
	if t, err := time.Parse(time.RFC3339, s); kind == broadsheet.Day && err == nil {
		return t.UTC().Format(time.DateOnly)
	}
	return s
}

// problems gathers what is wrong with parameters.
type problems []string

func (p *problems) add(name, what string) { *p = append(*p, "✖ "+what+"\n  → at "+name) }

// number reads a whole number within bounds, and returns initial where there is
// none.
func (p *problems) number(v url.Values, name string, initial, low, high int) int {
	s := v.Get(name)
	if s == "" {
		return initial
	}
	n, err := strconv.Atoi(s)
	switch {
	case err != nil:
		p.add(name, "Invalid input: expected number")
	case n < low:
		p.add(name, fmt.Sprintf("Too small: expected number to be >=%d", low))
	case n > high:
		p.add(name, fmt.Sprintf("Too big: expected number to be <=%d", high))
	}
	return n
}

func (p problems) err() error {
	if len(p) == 0 {
		return nil
	}
	return &broadsheet.Error{Kind: broadsheet.Invalid, Text: strings.Join(p, "\n")}
}

// daily returns a page of what was asked for, and whether more follows.
func (s *site) daily(ctx context.Context, q dailyQuery) (papers []broadsheet.Record, more bool, err error) {
	recent := q.period == broadsheet.Period{}
	if recent {
		if q.period, err = s.lately(ctx, q); err != nil || q.period.Last == "" {
			return nil, false, err
		}
	}
	if recent && q.page*q.limit >= maxRecent {
		return nil, false, nil
	}
	if q.submitter != "" {
		return s.submitted(ctx, q)
	}
	e, err := s.list(ctx, q)
	if err != nil {
		return nil, false, err
	}
	end := q.page*q.limit + len(e.Papers)
	return e.Papers, end < e.Total && len(e.Papers) > 0 && !(recent && end >= maxRecent), nil
}

// list returns a page of an edition, or of what trends.
func (s *site) list(ctx context.Context, q dailyQuery) (broadsheet.Edition, error) {
	if q.order == broadsheet.ByTrending && s.Trends != nil {
		return s.Trends.Trending(ctx, broadsheet.TrendQuery{Until: q.period.Last, Limit: q.limit, Offset: q.page * q.limit})
	}
	return s.Editions.Edition(ctx, broadsheet.EditionQuery{Period: q.period, Order: q.order, Limit: q.limit, Offset: q.page * q.limit})
}

// lately returns the days that a question without a period is about. They end with
// the latest edition, which may be of last month where nothing was fetched since.
func (s *site) lately(ctx context.Context, q dailyQuery) (broadsheet.Period, error) {
	tomorrow := s.today().AddDays(1)
	last, _, err := s.Editions.Neighbours(ctx, broadsheet.Period{Kind: broadsheet.Day, First: tomorrow, Last: tomorrow})
	if err != nil || last == "" {
		return broadsheet.Period{}, err
	}
	days := recentDays
	if q.order == broadsheet.ByTrending || q.submitter != "" {
		days = risingDays
	}
	return broadsheet.Period{Kind: broadsheet.Week, First: last.AddDays(1 - days), Last: last}, nil
}

// submitted returns those papers of a period that one person submitted.
func (s *site) submitted(ctx context.Context, q dailyQuery) (found []broadsheet.Record, more bool, err error) {
	skip := q.page * q.limit
	for at := 0; at < maxSought; at += portion {
		e, err := s.Editions.Edition(ctx, broadsheet.EditionQuery{Period: q.period, Order: q.order, Limit: portion, Offset: at})
		if err != nil {
			return nil, false, err
		}
		for _, r := range e.Papers {
			if len(r.Entries) == 0 || r.Entries[0].SubmittedBy == nil || !strings.EqualFold(r.Entries[0].SubmittedBy.User, q.submitter) {
				continue
			}
			if skip--; skip >= 0 {
				continue
			}
			if len(found) == q.limit {
				return found, true, nil
			}
			found = append(found, r)
		}
		if at+portion >= e.Total {
			break
		}
	}
	return found, false, nil
}
