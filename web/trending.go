package web

import (
	"context"
	"fmt"
	"net/http"

	"broadsheet"
)

const trendingPath = "/papers/trending"

// showTrending serves GET /papers/trending: what moved in the last days.
func (s *site) showTrending(w http.ResponseWriter, r *http.Request) error {
	if s.Trends == nil {
		return broadsheet.Errorf(broadsheet.NotFound, "Nothing tells here what trends.")
	}
	return s.sendEdition(w, r, editionKey{period: broadsheet.PeriodOf(broadsheet.Day, s.today().Time()), trends: true})
}

// findTrending reads a page of what moves. k then names its window.
func (s *site) findTrending(ctx context.Context, k *editionKey) (e broadsheet.Edition, notes []string, err error) {
	e, err = s.Trends.Trending(ctx, broadsheet.TrendQuery{Until: k.period.Last, Limit: perPage, Offset: (k.page - 1) * perPage})
	if err != nil {
		return e, nil, err
	}
	k.period, k.order = e.Period, broadsheet.ByTrending
	if e.Total > 0 {
		notes = append(notes, "What moves since "+e.Period.First.Time().Format("2 January")+
			": papers of these days, and older ones that gained votes in them.")
	}
	return e, notes, nil
}

// whyEmpty says why k's page has no papers.
func (s *site) whyEmpty(ctx context.Context, k editionKey) (string, error) {
	if k.trends {
		return fmt.Sprintf("Nothing has moved in the %d days up to today: no paper came, and none gained votes.", k.period.Days()), nil
	}
	return s.why(ctx, k.period)
}

// title is the headline of k's page.
func (k editionKey) title() string {
	if k.trends {
		return "Trending"
	}
	return k.period.Title()
}

// canonical is the address that search engines should keep: of the same papers in
// the same order without their terms.
func (k editionKey) canonical() string {
	k.explain = false
	return k.address(k.page)
}

// name says which page of the navigation a view is, and where its explanation is.
func (v *editionView) name(k editionKey) {
	switch {
	case k.trends:
		v.Here, v.Trending, v.Orders = "trending", true, nil
	case k.front:
		v.Here = "today"
	}
	other := k
	other.explain = !k.explain
	if v.Total == 0 {
		return
	}
	v.Explanation = link{Text: "Explain", URL: other.address(k.page)}
	if k.explain {
		v.Explanation.Text = "Without explanation"
	}
}

// addStandings marks stories by why they stand where they do.
func (v *editionView) addStandings(standings []broadsheet.Standing, k editionKey) {
	v.Explained = k.explain && standings != nil
	if standings == nil {
		v.Explanation = link{} // there is nothing to be explained
	}
	for i, st := range standings {
		story := v.story(i)
		if story == nil {
			return
		}
		story.Standing, story.Predicted, story.Rising = st, st.Predicted, st.Rising
		story.Explained = k.explain
		v.Predicted = v.Predicted || st.Predicted
	}
}

// story returns the story of the paper at a place of the page, from 0, or nil.
func (v *editionView) story(i int) *story {
	switch {
	case i < len(v.Lead):
		return &v.Lead[i]
	case i-len(v.Lead) < len(v.Stories):
		return &v.Stories[i-len(v.Lead)]
	}
	return nil
}
