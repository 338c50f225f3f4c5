package delivery

import (
	"context"
	"slices"

	"broadsheet"
)

// Views are what the papers of a view are asked from. Those that are nil have none.
type Views struct {
	Papers   broadsheet.PaperStore
	Editions broadsheet.EditionStore
	Search   broadsheet.Searcher
	Topics   broadsheet.Classifier
	Trending func(ctx context.Context, limit int) ([]broadsheet.Record, error) // best first
}

const (
	// perDay and perView bound the papers among which a digest chooses: those
	// behind them would not come among fifty.
	perDay  = 300
	perView = 300

	// submitted is how many days before its edition a paper may have been
	// submitted, by which a search filters: a long weekend, and moderators.
	submitted = 10

	// late is how many days of before are looked at again, for papers that came after
	// their day's digest, or drew votes since. A reader who was sent one is not sent it
	// again.
	late = 2
)

// papers returns what is new in a view in the days from first to through, best first.
func (v *Views) papers(ctx context.Context, view broadsheet.View, first, through broadsheet.Date) ([]broadsheet.Record, error) {
	switch view.Kind {
	case broadsheet.ViewTrending:
		if v.Trending == nil {
			return nil, nil
		}
		return v.Trending(ctx, perView)
	case broadsheet.ViewQuery, broadsheet.ViewAuthor:
		return v.found(ctx, view, first, through)
	case broadsheet.ViewTopic:
		return v.fitting(ctx, view.Arg, first, through)
	}
	return v.editions(ctx, first, through)
}

// editions returns the papers of the editions of some days, the best of each day
// before the second of any. People submit papers and vote all day, while a digest is
// sent in the morning: of the days before the first, the papers with votes follow.
func (v *Views) editions(ctx context.Context, first, through broadsheet.Date) ([]broadsheet.Record, error) {
	var days [][]broadsheet.Record
	for day := first.AddDays(-late); day <= through; day = day.AddDays(1) {
		e, err := v.Editions.Edition(ctx, broadsheet.EditionQuery{
			Period: broadsheet.PeriodOf(broadsheet.Day, day.Time()), Order: broadsheet.ByTrending, Limit: perDay})
		if err != nil {
			return nil, err
		}
		if day < first {
			e.Papers = slices.DeleteFunc(e.Papers, func(r broadsheet.Record) bool { return r.Upvotes() == 0 })
		}
		days = append(days, e.Papers)
	}
	slices.Reverse(days) // the newest day leads
	return braid(days, perView), nil
}

// braid takes the first of each list, then the second of each, up to a limit.
func braid(lists [][]broadsheet.Record, limit int) (out []broadsheet.Record) {
	for i := 0; len(out) < limit; i++ {
		before := len(out)
		for _, list := range lists {
			if i < len(list) {
				out = append(out, list[i])
			}
		}
		if len(out) == before {
			break
		}
	}
	return out[:min(len(out), limit)]
}

// found returns what a search finds that is new.
func (v *Views) found(ctx context.Context, view broadsheet.View, first, through broadsheet.Date) ([]broadsheet.Record, error) {
	q := broadsheet.Query{Text: view.Question(), From: first.AddDays(-late - submitted), To: through, Limit: perView}
	hits, err := v.Search.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	return v.recent(ctx, hits.Hits, first, through)
}

// fitting returns what fits a topic and is new. A topic that is gone has nothing.
func (v *Views) fitting(ctx context.Context, slug string, first, through broadsheet.Date) ([]broadsheet.Record, error) {
	if v.Topics == nil {
		return nil, nil
	}
	hits, _, err := v.Topics.Members(ctx, broadsheet.MemberQuery{Slug: slug, Sort: broadsheet.SortNewest, Limit: perView})
	if broadsheet.KindOf(err) == broadsheet.NotFound && err != nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(hits, func(a, b broadsheet.Hit) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	return v.recent(ctx, hits, first, through)
}

// recent returns those of some hits whose edition is of the days from first to
// through, or a little before.
func (v *Views) recent(ctx context.Context, hits []broadsheet.Hit, first, through broadsheet.Date) (out []broadsheet.Record, err error) {
	ids := make([]broadsheet.ID, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	papers, err := v.Papers.Papers(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, p := range papers {
		if day := shown(&p); day >= first.AddDays(-late) && day <= through {
			out = append(out, p)
		}
	}
	return out, nil
}

// shown returns the last day in whose edition a paper stands.
func shown(r *broadsheet.Record) broadsheet.Date {
	day := r.EditionDay()
	for _, e := range r.Entries {
		day = max(day, e.Date)
	}
	return day
}
