package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"broadsheet"
)

// A chip is a topic that a paper fits.
type chip struct {
	link
	Hint string // how well
}

// maxChips bounds the topics that are named with a paper: the best.
const maxChips = 4

// chips returns the topics that papers fit. What goes wrong with them is logged: no page
// is about them.
func (s *site) chips(ctx context.Context, records []broadsheet.Record) [][]chip {
	out := make([][]chip, len(records))
	if s.Classes == nil || len(records) == 0 {
		return out
	}
	ids := make([]broadsheet.ID, len(records))
	for i := range records {
		ids[i] = records[i].ID
	}
	fits, err := s.Classes.Fits(ctx, ids)
	if err != nil {
		if ctx.Err() == nil {
			s.Log.WarnContext(ctx, "a page goes without topics", "err", err)
		}
		return out
	}
	for i := range min(len(fits), len(out)) {
		for _, f := range fits[i][:min(len(fits[i]), maxChips)] {
			out[i] = append(out[i], chip{link{Text: f.Name, URL: topicURL(f.Slug)}, fmt.Sprintf("Fits this topic: %.2f", f.Score)})
		}
	}
	return out
}

func topicURL(slug string) string { return "/topics/" + url.PathEscape(slug) }

// markTopics gives the stories of an edition, which are of these papers, their topics.
func (s *site) markTopics(ctx context.Context, v *editionView, records []broadsheet.Record) {
	for i, list := range s.chips(ctx, records) {
		if i < len(v.Lead) {
			v.Lead[i].Topics = list
		} else if at := i - len(v.Lead); at < len(v.Stories) {
			v.Stories[at].Topics = list
		}
	}
}

type topicsView struct {
	head
	Topics []topicEntry
}

// A topicEntry is a topic in the list of all.
type topicEntry struct {
	link
	Papers   int
	Examples int
}

// showTopics serves GET /topics.
func (s *site) showTopics(w http.ResponseWriter, r *http.Request) error {
	v := &topicsView{head: s.head("Topics", "/topics")}
	v.Here = "topics"
	if s.Topics != nil && s.Classes != nil {
		topics, err := s.Topics.Topics(r.Context())
		if err != nil {
			return err
		}
		for _, t := range topics {
			_, total, err := s.Classes.Members(r.Context(), broadsheet.MemberQuery{Slug: t.Slug})
			if err != nil {
				return err
			}
			v.Topics = append(v.Topics, topicEntry{link{Text: t.Name, URL: topicURL(t.Slug)}, total, len(t.Examples)})
		}
	}
	a, err := s.render("topics", http.StatusOK, v)
	if err != nil {
		return err
	}
	return a.Send(w, r)
}

type topicView struct {
	head
	Topic    broadsheet.Topic
	Examples []link
	Orders   []link
	Total    int
	Stories  []story
	Pager    pager
}

// shownExamples is how many of a topic's examples its page names.
const shownExamples = 10

// showTopic serves GET /topics/{slug}.
func (s *site) showTopic(w http.ResponseWriter, r *http.Request) error {
	q, page, err := topicQuery(r)
	if err != nil {
		return err
	}
	if s.Topics == nil || s.Classes == nil {
		return broadsheet.Errorf(broadsheet.NotFound, "There are no topics here.")
	}
	t, err := s.Topics.Topic(r.Context(), q.Slug)
	if err != nil {
		return err
	}
	address := topicAddress(q)
	v := &topicView{head: s.head(t.Name, address(page)), Topic: t}
	v.Here, v.ByMail = "topics", s.byMail(broadsheet.View{Kind: broadsheet.ViewTopic, Arg: t.Slug})
	if err := s.addMembers(r.Context(), v, q); err != nil {
		return err
	}
	if page > 1 && len(v.Stories) == 0 {
		return broadsheet.Errorf(broadsheet.NotFound, "This topic has no page %d.", page)
	}
	for _, o := range []struct {
		sort broadsheet.Sort
		text string
	}{{broadsheet.SortNewest, "Newest"}, {broadsheet.SortScore, "Best fit"}} {
		other := q
		other.Sort = o.sort
		v.Orders = append(v.Orders, link{Text: o.text, URL: topicAddress(other)(1), Here: o.sort == q.Sort})
	}
	v.Pager = newPager(page, perPage, v.Total, address)
	a, err := s.render("topic", http.StatusOK, v)
	if err != nil {
		return err
	}
	return a.Send(w, r)
}

// topicQuery reads which part of a topic is asked for.
func topicQuery(r *http.Request) (q broadsheet.MemberQuery, page int, err error) {
	q = broadsheet.MemberQuery{Slug: r.PathValue("slug"), Limit: perPage, Sort: broadsheet.SortNewest}
	switch sort := r.URL.Query().Get("sort"); sort {
	case "", "newest":
	case "fit":
		q.Sort = broadsheet.SortScore
	default:
		return q, 0, broadsheet.Errorf(broadsheet.Invalid, "\"%s\" is not an order: ask for newest or fit.", broadsheet.Printable(sort, 40))
	}
	page, err = parsePage(r.URL.Query().Get("p"))
	q.Offset = (page - 1) * perPage
	return q, page, err
}

// topicAddress tells where a page of a topic stands, in its order.
func topicAddress(q broadsheet.MemberQuery) func(page int) string {
	return func(page int) string {
		v := url.Values{}
		if page > 1 {
			v.Set("p", fmt.Sprint(page))
		}
		if q.Sort == broadsheet.SortScore {
			v.Set("sort", "fit")
		}
		if len(v) == 0 {
			return topicURL(q.Slug)
		}
		return topicURL(q.Slug) + "?" + v.Encode()
	}
}

// addMembers lays out the papers that fit a topic, and names its examples.
func (s *site) addMembers(ctx context.Context, v *topicView, q broadsheet.MemberQuery) error {
	hits, total, err := s.Classes.Members(ctx, q)
	if err != nil {
		return err
	}
	ids := make([]broadsheet.ID, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	papers, err := s.Papers.Papers(ctx, ids)
	if err != nil {
		return err
	}
	v.Total = total
	for i := range papers {
		st := newStory(&papers[i], q.Offset+i+1)
		st.addPassage(&papers[i])
		v.Stories = append(v.Stories, st)
	}
	s.markTwins(ctx, v.Stories, papers)
	examples, err := s.Papers.Papers(ctx, v.Topic.Examples[:min(len(v.Topic.Examples), shownExamples)])
	if err != nil {
		return err
	}
	for i := range examples {
		v.Examples = append(v.Examples, link{Text: title(&examples[i]), URL: examples[i].ID.Path()})
	}
	return nil
}
