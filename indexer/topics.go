package indexer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"broadsheet"
	"broadsheet/search"
	"broadsheet/search/topic"
)

const (
	// topicSample is of how many papers the common mean is taken, by which topics are
	// told from what all papers share. To read them costs half a millisecond.
	topicSample = 2048

	// maxMembers bounds the papers that fit one topic. Of a wider one the best are kept.
	maxMembers = 20_000
)

// Topics tells which papers of an index fit which topics of a store. What it has learned
// follows from both, and is learned again, in a few milliseconds, when either changes;
// which papers fit is looked up when that is first asked for, of all topics at once.
type Topics struct {
	index  *Index
	papers broadsheet.PaperStore
	store  broadsheet.TopicStore

	mu   sync.Mutex
	last *learned
}

var _ broadsheet.Classifier = (*Topics)(nil)

// NewTopics returns the classifier of an index and the store that it follows.
func NewTopics(x *Index, papers broadsheet.PaperStore, store broadsheet.TopicStore) *Topics {
	return &Topics{index: x, papers: papers, store: store}
}

// learned is what is known of topics as of a change.
type learned struct {
	change int64
	topics []broadsheet.Topic
	set    *topic.Set // nil: there are too few papers to tell any apart

	mu      sync.Mutex
	members map[string][]member // by slug; nil before anybody asked
}

// A member is a paper that fits a topic.
type member struct {
	number int // among the vectors that it was found in
	id     broadsheet.ID
	score  float64
	day    int64
}

// current returns what is known now.
func (t *Topics) current(ctx context.Context) (*learned, error) {
	topics, err := t.store.Topics(ctx)
	if err != nil {
		return nil, err
	}
	change, err := t.index.Indexed(ctx)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if l := t.last; l != nil && l.change == change && slices.EqualFunc(l.topics, topics, sameTopic) {
		return l, nil
	}
	l := &learned{change: change, topics: topics}
	if err := t.learn(ctx, l); err != nil {
		return nil, err
	}
	t.last = l
	return l, nil
}

func sameTopic(a, b broadsheet.Topic) bool {
	return a.Slug == b.Slug && a.Name == b.Name && slices.Equal(a.Examples, b.Examples)
}

// learn makes the topics from the vectors of their examples. One whose examples are all
// gone fits nothing.
func (t *Topics) learn(ctx context.Context, l *learned) (err error) {
	defer search.Recover(&err)
	v := t.index.vectors()
	defer v.Close()
	sample := sampleOf(v, topicSample)
	if len(l.topics) == 0 || len(sample) < 2 {
		return nil
	}
	set, err := topic.NewSet(v.Dims(), sample)
	if err != nil {
		return err
	}
	for _, one := range l.topics {
		papers, err := t.papers.Papers(ctx, one.Examples) // follows aliases
		if err != nil {
			return err
		}
		var examples [][]float32
		for _, p := range papers {
			if vector := vectorOf(v, p.ID); vector != nil {
				examples = append(examples, vector)
			}
		}
		if len(examples) == 0 {
			continue
		}
		if err := set.Learn(one.Slug, examples...); err != nil {
			return err
		}
	}
	l.set = set
	return nil
}

// sampleOf returns the vectors of n papers at equal distances, or of fewer.
func sampleOf(v *search.Vectors, n int) (sample [][]float32) {
	n = min(n, v.Len())
	for i := range n {
		if vector := v.Vector(nil, i*v.Len()/n); vector != nil {
			sample = append(sample, vector)
		}
	}
	return sample
}

func vectorOf(v *search.Vectors, id broadsheet.ID) []float32 {
	if n, ok := v.Find(string(id)); ok {
		return v.Vector(nil, n)
	}
	return nil
}

// Fits implements broadsheet.Classifier.
func (t *Topics) Fits(ctx context.Context, ids []broadsheet.ID) (fits [][]broadsheet.Fit, err error) {
	defer search.Recover(&err)
	out := make([][]broadsheet.Fit, len(ids))
	l, err := t.current(ctx)
	if err != nil {
		return nil, fmt.Errorf("indexer: topics: %w", explain(err))
	}
	if l.set == nil {
		return out, nil
	}
	names := map[string]string{}
	for _, one := range l.topics {
		names[one.Slug] = one.Name
	}
	v := t.index.vectors()
	defer v.Close()
	for i, id := range ids {
		vector := vectorOf(v, id)
		if vector == nil {
			continue
		}
		fits, err := l.set.Score(vector)
		if err != nil {
			return nil, fmt.Errorf("indexer: topics: %w", err)
		}
		for _, f := range fits {
			out[i] = append(out[i], broadsheet.Fit{Slug: f.Name, Name: names[f.Name], Score: f.Score})
		}
	}
	return out, nil
}

// Members implements broadsheet.Classifier.
func (t *Topics) Members(ctx context.Context, q broadsheet.MemberQuery) ([]broadsheet.Hit, int, error) {
	if _, err := t.store.Topic(ctx, q.Slug); err != nil {
		return nil, 0, err
	}
	l, err := t.current(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("indexer: topics: %w", explain(err))
	}
	all, err := t.membersOf(ctx, l, q.Slug)
	if err != nil {
		return nil, 0, fmt.Errorf("indexer: topics: %w", explain(err))
	}
	if q.Sort == broadsheet.SortNewest {
		all = slices.Clone(all)
		slices.SortStableFunc(all, func(a, b member) int { return cmp.Compare(b.day, a.day) })
	}
	var hits []broadsheet.Hit
	from := min(max(q.Offset, 0), len(all))
	for _, m := range all[from:min(from+max(q.Limit, 0), len(all))] {
		hits = append(hits, broadsheet.Hit{ID: m.id, Score: m.score})
	}
	return hits, len(all), nil
}

// membersOf returns the papers that fit a topic, the best first. The first to ask for
// those of any topic waits for a look at all vectors.
func (t *Topics) membersOf(ctx context.Context, l *learned, slug string) (found []member, err error) {
	defer search.Recover(&err)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.members != nil || l.set == nil {
		return l.members[slug], nil
	}
	v := t.index.vectors()
	defer v.Close()
	members := map[string][]member{}
	fits := l.set.Scorer()
	for n, vector := range v.All() {
		if n%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		fits(vector, func(slug string, score float64) {
			members[slug] = append(members[slug], member{number: n, score: score})
		})
	}
	for slug, all := range members {
		members[slug] = best(v, all)
	}
	l.members = members
	return members[slug], nil
}

// best returns the best of a topic's papers, in order, with what is to be known of them.
func best(v *search.Vectors, all []member) []member {
	slices.SortFunc(all, func(a, b member) int { return cmp.Or(cmp.Compare(b.score, a.score), a.number-b.number) })
	all = slices.Clip(all[:min(len(all), maxMembers)])
	for i := range all {
		all[i].id, all[i].day = broadsheet.ID(v.ID(all[i].number)), v.Day(all[i].number)
	}
	// Numbers change with the segments; ids do not.
	slices.SortFunc(all, func(a, b member) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.id, b.id)) })
	return all
}
