package edition

import (
	"context"
	"slices"
	"sync"

	"broadsheet"
)

// A Store is what a desk orders.
type Store interface {
	broadsheet.EditionStore
	broadsheet.SignalStore
	Papers(ctx context.Context, ids []broadsheet.ID) ([]broadsheet.Record, error)
	Changes(ctx context.Context, after int64, limit int) ([]broadsheet.Change, error)
	Stats(ctx context.Context) (broadsheet.Stats, error)
}

// A Desk puts the papers of editions in order: a store with the formula before it.
// It is a broadsheet.EditionStore and a broadsheet.Trends, and reads of a long
// edition only the papers of the page that is asked for.
type Desk struct {
	Store

	mu   sync.Mutex
	kept map[desire]*kept
}

// New returns a desk before a store.
func New(s Store) *Desk { return &Desk{Store: s} }

var (
	_ broadsheet.EditionStore = (*Desk)(nil)
	_ broadsheet.Trends       = (*Desk)(nil)
)

// Window is how many days /papers/trending looks back: long enough that the work
// of a week is still there after a holiday, and short enough to be news.
const Window = 14

// leastRise is what an older paper must have gained to rise again: a vote, or what is
// worth as much, such as twenty stars. Thousands of repositories gain one in a
// fortnight. It is a little less than one, which rounding may miss.
const leastRise = 1 - 1e-9

// A desire names a ranking.
type desire struct {
	period   broadsheet.Period
	order    broadsheet.Order
	trending bool
}

// kept is a ranking as of a change, so that the pages of a long edition do not rank
// it anew each.
type kept struct {
	ranking *Ranking
	change  int64
}

// maxKept bounds the rankings that are kept. A month of arXiv has 4 MB.
const maxKept = 8

// Edition implements broadsheet.EditionStore: by trending, and by votes with the
// papers that have none by predicted interest. The order by date is the store's own.
func (d *Desk) Edition(ctx context.Context, q broadsheet.EditionQuery) (broadsheet.Edition, error) {
	if q.Order == broadsheet.ByPublished {
		return d.byDate(ctx, q)
	}
	r, err := d.ranking(ctx, desire{period: q.Period, order: q.Order})
	if err != nil {
		return broadsheet.Edition{Period: q.Period}, err
	}
	return d.page(ctx, r, q)
}

// Trending implements broadsheet.Trends.
func (d *Desk) Trending(ctx context.Context, q broadsheet.TrendQuery) (broadsheet.Edition, error) {
	window := broadsheet.Period{Kind: broadsheet.Day, First: q.Until.AddDays(1 - Window), Last: q.Until}
	r, err := d.ranking(ctx, desire{period: window, order: broadsheet.ByTrending, trending: true})
	if err != nil {
		return broadsheet.Edition{Period: window}, err
	}
	return d.page(ctx, r, broadsheet.EditionQuery{Period: window, Order: broadsheet.ByTrending, Limit: q.Limit, Offset: q.Offset})
}

// ranking returns a ranking as it is now.
func (d *Desk) ranking(ctx context.Context, want desire) (*Ranking, error) {
	d.mu.Lock()
	k := d.kept[want]
	d.mu.Unlock()
	if k != nil {
		if news, err := d.Changes(ctx, k.change, 1); err != nil || len(news) == 0 {
			return k.ranking, err
		}
	}
	// The number is read before the signals: a change in between makes the ranking
	// newer than its number, and it is made once more than needed.
	stats, err := d.Stats(ctx)
	if err != nil {
		return nil, err
	}
	r, err := d.rank(ctx, want)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.kept == nil || len(d.kept) >= maxKept {
		d.kept = map[desire]*kept{} // what is read comes back with its next reader
	}
	d.kept[want] = &kept{r, stats.LastChange}
	return r, nil
}

func (d *Desk) rank(ctx context.Context, want desire) (*Ranking, error) {
	read := d.Signals
	if want.trending {
		read = d.Moving
	}
	papers, err := read(ctx, want.period)
	if err != nil {
		return nil, err
	}
	if want.trending {
		papers = slices.DeleteFunc(papers, func(s broadsheet.Signals) bool { return s.Rising && mass(s) < leastRise })
	}
	if want.order == broadsheet.ByTrending {
		return Rank(papers, want.period.Days()), nil
	}
	return ByVotes(papers, want.period.Days()), nil
}

// page reads the papers of a part of a ranking.
func (d *Desk) page(ctx context.Context, r *Ranking, q broadsheet.EditionQuery) (broadsheet.Edition, error) {
	ed := broadsheet.Edition{Period: q.Period, Total: len(r.Papers)}
	from := min(max(0, q.Offset), len(r.Papers))
	to := len(r.Papers)
	if q.Limit > 0 {
		to = min(to, from+q.Limit)
	}
	place := make(map[broadsheet.ID]int, to-from)
	ids := make([]broadsheet.ID, 0, to-from)
	for i := from; i < to; i++ {
		ids = append(ids, r.Papers[i].ID)
		place[r.Papers[i].ID] = i
	}
	papers, err := d.Papers(ctx, ids)
	if err != nil {
		return ed, err
	}
	for i := range papers {
		papers[i].Within(q.Period)
	}
	ed.Papers = papers
	for i := range papers {
		at, ok := place[papers[i].ID]
		if !ok { // it became another paper since
			ed.Standings = append(ed.Standings, broadsheet.Standing{})
			continue
		}
		ed.Standings = append(ed.Standings, r.standing(at, q.Order))
	}
	return ed, nil
}

// standing explains a place. By votes, a prediction decides wherever there are none.
func (r *Ranking) standing(at int, order broadsheet.Order) broadsheet.Standing {
	st := r.Standing(at)
	s := r.Papers[at]
	st.Rising = s.Rising
	if order != broadsheet.ByTrending {
		st.Predicted = s.Votes+s.Upvotes == 0 && s.Interest > 0
	}
	return st
}

// byDate adds standings, where they are asked for, to the store's own order.
func (d *Desk) byDate(ctx context.Context, q broadsheet.EditionQuery) (broadsheet.Edition, error) {
	ed, err := d.Store.Edition(ctx, q)
	if err != nil || !q.Explain {
		return ed, err
	}
	r, err := d.ranking(ctx, desire{period: q.Period, order: broadsheet.ByTrending})
	if err != nil {
		return ed, err
	}
	place := make(map[broadsheet.ID]int, len(r.Papers))
	for i, s := range r.Papers {
		place[s.ID] = i
	}
	for i := range ed.Papers {
		var st broadsheet.Standing
		if at, ok := place[ed.Papers[i].ID]; ok {
			st = r.Standing(at)
			st.Predicted = false // the date decided
		}
		ed.Standings = append(ed.Standings, st)
	}
	return ed, nil
}
