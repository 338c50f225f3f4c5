package main

import (
	"context"
	"flag"
	"fmt"
	"time"

	"broadsheet"
	"broadsheet/calendar"
)

var todayCommand = command{
	name: "today", short: "print an edition", json: true,
	help: `
Without a period it is today's edition, in the instance's time zone. A paper without
votes stands where readers' votes for others predict it, and is marked "predicted".
--explain adds the terms of each paper's trending score, which is their sum.

    broadsheet today
    broadsheet today --date 2026-03-11 --json
    broadsheet today --week 2026-W11 --sort trending --explain`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		date := fs.String("date", "", "the edition of a `day`, such as 2025-03-11")
		week := fs.String("week", "", "the edition of an ISO `week`, such as 2025-W11")
		month := fs.String("month", "", "the edition of a `month`, such as 2025-03")
		sort := fs.String("sort", "", "the `order`: upvotes, trending or publishedAt (default upvotes)")
		explain := fs.Bool("explain", false, "say why each paper stands where it does")
		limit := fs.Int("limit", 0, "at most this `many` papers (default all)")
		return func(ctx context.Context, m *Main, args []string) error {
			if len(args) > 0 {
				return usagef("unexpected \"%s\"", broadsheet.Printable(args[0], 40))
			}
			if *limit < 0 {
				return usagef("--limit %d: ask for a number of papers, or 0 for all", *limit)
			}
			q := broadsheet.EditionQuery{Period: broadsheet.PeriodOf(broadsheet.Day, m.today().Time()), Limit: *limit, Explain: *explain}
			given := 0
			for _, p := range []struct {
				kind broadsheet.PeriodKind
				text string
			}{{broadsheet.Day, *date}, {broadsheet.Week, *week}, {broadsheet.Month, *month}} {
				if p.text == "" {
					continue
				}
				var err error
				if q.Period, err = broadsheet.ParsePeriod(p.kind, p.text); err != nil {
					return usagef("%s", broadsheet.TextFor(err))
				}
				given++
			}
			if given > 1 {
				return usagef("give one of --date, --week and --month")
			}
			var err error
			if q.Order, err = broadsheet.ParseOrder(*sort); err != nil {
				return usagef("--sort: %s", broadsheet.TextFor(err))
			}
			return m.printEdition(ctx, q)
		}
	},
}

// today returns the day in the instance's time zone.
func (m *Main) today() broadsheet.Date { return broadsheet.DateOf(m.Now().In(m.cfg.Location())) }

// editionResult is the JSON of today.
type editionResult struct {
	Edition struct {
		Kind        broadsheet.PeriodKind `json:"kind"`
		Date        string                `json:"date"`
		Title       string                `json:"title"`
		Total       int                   `json:"total"`
		EmptyReason string                `json:"empty_reason"`
	} `json:"edition"`
	Papers []editionPaper `json:"papers"`
}

type editionPaper struct {
	ID          broadsheet.ID      `json:"id"`
	Title       string             `json:"title"`
	Authors     []string           `json:"authors"`
	Abstract    string             `json:"abstract"`
	Categories  []string           `json:"categories,omitempty"`
	Published   broadsheet.Date    `json:"published"`
	Upvotes     int                `json:"upvotes"`
	Comments    int                `json:"comments"`
	SubmittedBy *broadsheet.Person `json:"submitted_by"`
	SubmittedAt time.Time          `json:"submitted_at,omitzero"`
	Place       int                `json:"place,omitempty"`
	Links       []broadsheet.Link  `json:"links,omitempty"`
	Predicted   bool               `json:"predicted,omitempty"` // a prediction decided where it stands

	Standing *broadsheet.Standing `json:"standing,omitempty"`
}

// add tells why the paper stands where it does, at length if that was asked for.
func (p *editionPaper) add(st broadsheet.Standing, explain bool) {
	p.Predicted = st.Predicted
	if explain {
		p.Standing = &st
	}
}

// printStanding prints the terms of a score as a sum.
func (m *Main) printStanding(st *broadsheet.Standing) {
	for _, t := range st.Terms {
		fmt.Fprintf(m.Stdout, "     %+8.3f  %-14s %s\n", t.Value, t.Name, t.Note)
	}
	fmt.Fprintf(m.Stdout, "     %+8.3f  score\n", st.Score)
}

// why says why the edition of a period has no papers.
func (m *Main) why(ctx context.Context, l *library, p broadsheet.Period) (string, error) {
	covered, err := l.store.Covered(ctx, broadsheet.SourceArXiv, "", "")
	if err != nil {
		return "", err
	}
	return calendar.Why(p, m.Now().In(m.cfg.Location()), covered), nil
}

func (m *Main) printEdition(ctx context.Context, q broadsheet.EditionQuery) error {
	l, err := m.openForReading(ctx, m.cfg.Data, false)
	if err != nil {
		return err
	}
	defer l.Close()
	ed, err := l.desk.Edition(ctx, q)
	if err != nil {
		return err
	}
	var res editionResult
	res.Edition.Kind, res.Edition.Date, res.Edition.Title = q.Period.Kind, q.Period.String(), q.Period.Title()
	res.Edition.Total = ed.Total
	if ed.Total == 0 {
		if res.Edition.EmptyReason, err = m.why(ctx, l, q.Period); err != nil {
			return err
		}
	}
	res.Papers = make([]editionPaper, len(ed.Papers))
	for i, r := range ed.Papers {
		p := editionPaper{ID: r.ID, Title: r.Title, Authors: r.AuthorNames(), Abstract: r.Abstract, Categories: r.Categories,
			Published: r.Published, Upvotes: r.Upvotes(), Comments: r.CommentCount(), Links: r.Links}
		if len(r.Entries) > 0 {
			p.SubmittedBy, p.SubmittedAt, p.Place = r.Entries[0].SubmittedBy, r.Entries[0].SubmittedAt, r.Entries[0].Place
		}
		if ed.Standings != nil {
			p.add(ed.Standings[i], q.Explain)
		}
		res.Papers[i] = p
	}
	if m.json {
		return m.printJSON(res)
	}
	fmt.Fprintf(m.Stdout, "%s\n\n", res.Edition.Title)
	for i, p := range res.Papers {
		votes := ""
		if p.Upvotes > 0 {
			votes = fmt.Sprintf("%d upvotes · ", p.Upvotes)
		}
		if p.Predicted {
			votes = "predicted · "
		}
		fmt.Fprintf(m.Stdout, "%3d. %s\n     %s%s\n", i+1, broadsheet.Printable(p.Title, 500), votes, byline(p.ID, p.Authors, p.Published))
		if p.Standing != nil {
			m.printStanding(p.Standing)
		}
	}
	if ed.Total == 0 {
		fmt.Fprintln(m.Stdout, res.Edition.EmptyReason)
		before, after, err := l.store.Neighbours(ctx, q.Period)
		if err != nil {
			return err
		}
		for _, d := range []broadsheet.Date{before, after} {
			if d != "" {
				fmt.Fprintf(m.Stdout, "Nearest edition: %s (broadsheet today --date %s)\n", d.Long(), d)
			}
		}
	}
	return nil
}
