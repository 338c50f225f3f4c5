package web

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"broadsheet"
)

// A fake keeps records in memory and does of the stores' contracts what pages
// can see. err, when set, is what every call returns.
type fake struct {
	records []broadsheet.Record
	change  int64
	reads   int // calls of Edition
	twins   map[broadsheet.ID]broadsheet.ID
	topics  []broadsheet.Topic // all papers fit all
	err     error

	standings map[broadsheet.ID]broadsheet.Standing // nil: the store knows none
}

func (f *fake) Put(context.Context, []broadsheet.Record) ([]broadsheet.Outcome, error) {
	panic("pages do not write")
}

func (f *fake) All(context.Context) iter.Seq2[broadsheet.Record, error] {
	panic("pages do not read all")
}

func (f *fake) Changes(_ context.Context, after int64, limit int) ([]broadsheet.Change, error) {
	if after >= f.change || limit < 1 {
		return nil, f.err
	}
	return []broadsheet.Change{{Seq: f.change}}, f.err
}

func (f *fake) Stats(context.Context) (broadsheet.Stats, error) {
	return broadsheet.Stats{Papers: int64(len(f.records)), LastChange: f.change}, f.err
}

func (f *fake) Paper(_ context.Context, id broadsheet.ID) (broadsheet.Record, error) {
	if f.err != nil {
		return broadsheet.Record{}, f.err
	}
	for _, r := range f.records {
		if r.ID == id || slices.Contains(r.Aliases, id) {
			return r, nil
		}
	}
	return broadsheet.Record{}, broadsheet.Errorf(broadsheet.NotFound, "There is no paper %s here.", id)
}

func (f *fake) Papers(ctx context.Context, ids []broadsheet.ID) ([]broadsheet.Record, error) {
	var found []broadsheet.Record
	for _, id := range ids {
		if r, err := f.Paper(ctx, id); err == nil {
			found = append(found, r)
		}
	}
	return found, f.err
}

func (f *fake) Edition(_ context.Context, q broadsheet.EditionQuery) (broadsheet.Edition, error) {
	f.reads++
	e := broadsheet.Edition{Period: q.Period}
	for _, r := range f.records {
		if d := day(r); q.Period.First <= d && d <= q.Period.Last {
			e.Papers = append(e.Papers, r)
		}
	}
	slices.SortStableFunc(e.Papers, func(a, b broadsheet.Record) int {
		if q.Order == broadsheet.ByPublished {
			return cmp.Compare(b.Published, a.Published)
		}
		return cmp.Compare(b.Upvotes(), a.Upvotes())
	})
	e.Total = len(e.Papers)
	e.Papers = e.Papers[min(q.Offset, e.Total):]
	if q.Limit > 0 {
		e.Papers = e.Papers[:min(q.Limit, len(e.Papers))]
	}
	for _, r := range e.Papers {
		if f.standings != nil {
			e.Standings = append(e.Standings, f.standings[r.ID])
		}
	}
	return e, f.err
}

// Trending are the papers of a fortnight.
func (f *fake) Trending(ctx context.Context, q broadsheet.TrendQuery) (broadsheet.Edition, error) {
	p := broadsheet.Period{Kind: broadsheet.Day, First: q.Until.AddDays(-13), Last: q.Until}
	return f.Edition(ctx, broadsheet.EditionQuery{Period: p, Order: broadsheet.ByTrending, Limit: q.Limit, Offset: q.Offset})
}

func day(r broadsheet.Record) broadsheet.Date {
	if len(r.Entries) > 0 {
		return r.Entries[0].Date
	}
	return r.EditionDay()
}

func (f *fake) Neighbours(_ context.Context, p broadsheet.Period) (before, after broadsheet.Date, err error) {
	for _, r := range f.records {
		d := day(r)
		if d != "" && d < p.First && d > before {
			before = d
		}
		if d > p.Last && (after == "" || d < after) {
			after = d
		}
	}
	return before, after, f.err
}

func (f *fake) Search(_ context.Context, q broadsheet.Query) (broadsheet.Hits, error) {
	var h broadsheet.Hits
	for _, r := range f.records {
		if strings.Contains(strings.ToLower(r.Title+r.Abstract), strings.ToLower(q.Text)) &&
			(q.Category == "" || slices.Contains(r.Categories, q.Category)) {
			h.Hits = append(h.Hits, broadsheet.Hit{ID: r.ID})
		}
	}
	h.Total = len(h.Hits)
	if q.Facets > 0 {
		h.Facets = broadsheet.Facets{Years: []broadsheet.Count{{Value: "2024", Count: 3}, {Value: "2025", Count: 2000}},
			Categories: []broadsheet.Count{{Value: "cs.LG", Count: 7}, {Value: "cs.CV", Count: 5}, {Value: "stat.ML", Count: 4}}}
	}
	h.Method = broadsheet.MethodAdaptive
	h.Trace = []broadsheet.Stage{{Name: "any <word>", Detail: "<b>", Found: 1234, TookMS: 1.25}}
	if strings.HasPrefix(q.Text, "Pap") && q.Text != "Paper" {
		h.DidYouMean, h.AtLeast = "Paper <b>", true
		h.Notes = []string{"A word was left out: <i>."}
	}
	h.Hits = h.Hits[min(q.Offset, h.Total):]
	h.Hits = h.Hits[:min(q.Limit, len(h.Hits))]
	return h, f.err
}

func (f *fake) Highlight(_ context.Context, q broadsheet.Query, papers []broadsheet.Record) ([]broadsheet.Highlights, error) {
	marks := make([]broadsheet.Highlights, len(papers))
	for i, p := range papers {
		if at := strings.Index(p.Title, q.Text); at >= 0 && q.Text != "" {
			end := at + len(q.Text)
			marks[i].Title = []broadsheet.Span{{Text: p.Title[:at]}, {Text: q.Text, Match: true}, {Text: p.Title[end:]}}
		}
	}
	return marks, f.err
}

func (f *fake) Indexed(context.Context) (int64, error) { return f.change, f.err }

func (f *fake) Similar(ctx context.Context, p broadsheet.Paper, limit int) (hits []broadsheet.Hit, _ error) {
	for _, r := range f.records {
		if r.ID != p.ID && len(hits) < limit {
			hits = append(hits, broadsheet.Hit{ID: r.ID})
		}
	}
	return hits, cmp.Or(f.err, ctx.Err())
}

func (f *fake) Compare(_ context.Context, p broadsheet.Paper, others []broadsheet.Record) ([]broadsheet.Reason, error) {
	reasons := make([]broadsheet.Reason, len(others))
	for i := range reasons {
		reasons[i].Shared = []string{"<i>sheep</i>"}
		if i == 0 {
			reasons[i].Asked, reasons[i].Found = &broadsheet.Excerpt{Text: "This <b> one."}, &broadsheet.Excerpt{Text: "That\n one."}
		}
	}
	return reasons, f.err
}

func (f *fake) Duplicates(_ context.Context, id broadsheet.ID) ([]broadsheet.Duplicate, error) {
	if to := f.twins[id]; to != "" {
		return []broadsheet.Duplicate{{ID: to, Distance: 7, Reason: "90 % of <b> is the same"}}, f.err
	}
	return nil, f.err
}

func (f *fake) Topics(context.Context) ([]broadsheet.Topic, error) { return f.topics, f.err }

func (f *fake) Topic(_ context.Context, slug string) (broadsheet.Topic, error) {
	for _, t := range f.topics {
		if t.Slug == slug {
			return t, f.err
		}
	}
	return broadsheet.Topic{}, broadsheet.Errorf(broadsheet.NotFound, "There is no topic %s here.", slug)
}

func (f *fake) PutTopic(context.Context, broadsheet.Topic) error { panic("pages do not write") }
func (f *fake) RemoveTopic(context.Context, string) error        { panic("pages do not write") }

func (f *fake) Fits(_ context.Context, ids []broadsheet.ID) ([][]broadsheet.Fit, error) {
	fits := make([][]broadsheet.Fit, len(ids))
	for i := range fits {
		for _, t := range f.topics {
			fits[i] = append(fits[i], broadsheet.Fit{Slug: t.Slug, Name: t.Name, Score: 0.876})
		}
	}
	return fits, f.err
}

// Members are all papers, in their order or, by score, the other way round.
func (f *fake) Members(ctx context.Context, q broadsheet.MemberQuery) (hits []broadsheet.Hit, total int, _ error) {
	if _, err := f.Topic(ctx, q.Slug); err != nil {
		return nil, 0, err
	}
	for _, r := range f.records {
		hits = append(hits, broadsheet.Hit{ID: r.ID, Score: 0.9})
	}
	if q.Sort == broadsheet.SortScore {
		slices.Reverse(hits)
	}
	total = len(hits)
	from := min(q.Offset, total)
	return hits[from:min(from+q.Limit, total)], total, f.err
}
