package search

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"broadsheet/search/column"
	"broadsheet/search/index"
	"broadsheet/search/topk"
)

// Facets tell of all matches how many have which value.
type Facets struct {
	Years, Categories, Sources []Count
}

// A Count is how many of the matches have a value.
type Count struct {
	Value string
	Count int
}

// facets counts over all matches: those with any of the words if they are all listed,
// else those with all.
func (s *searcher) facets() {
	n := s.request.Facets
	if n <= 0 || s.err != nil || s.nothing {
		return
	}
	c := counter{years: map[int]int{}, categories: map[string]int{}, sources: map[string]int{}}
	q := s.matches()
	work, partial, err := topk.Sets(s.ctx, s.snap, &q, c.add)
	s.answer.Work.Add(work)
	s.partial = s.partial || partial
	if err != nil && s.err == nil {
		s.err = err
	}
	years := make(map[string]int, len(c.years))
	for y, n := range c.years {
		years[strconv.Itoa(y)] = n
	}
	s.answer.Facets = Facets{Years: top(years, n), Categories: top(c.categories, n), Sources: top(c.sources, n)}
	s.stage("facets", "", c.total)
}

// matches returns the query whose matches are listed.
func (s *searcher) matches() topk.Query {
	if s.anyListed {
		return s.plan.any()
	}
	return s.plan.all()
}

// top returns the n most frequent values.
func top(counts map[string]int, n int) []Count {
	list := make([]Count, 0, len(counts))
	for v, c := range counts {
		list = append(list, Count{v, c})
	}
	slices.SortFunc(list, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return list[:min(n, len(list))]
}

// A counter counts the values of documents.
type counter struct {
	years      map[int]int
	categories map[string]int
	sources    map[string]int
	total      int
}

// add counts the documents of one view: by the ordinals of values, which are numbers,
// and only then by their texts.
func (c *counter) add(v index.View, docs *index.Bitmap) {
	c.total += docs.Count()
	c.addYears(v.Columns().NumberColumn(dayColumn), docs)
	addKeywords(c.categories, v.Columns().Keyword(categoryColumn), docs)
	addKeywords(c.sources, v.Columns().Keyword(sourceColumn), docs)
}

// maxDays is the span of days up to which each day is counted by itself: 300 years.
const maxDays = 110_000

func (c *counter) addYears(days *column.NumberColumn, docs *index.Bitmap) {
	if days.Min == Unknown {
		return
	}
	span := uint64(days.Max) - uint64(days.Min)
	if span > maxDays {
		for doc := range docs.All() {
			if d := days.Get(doc); d != Unknown {
				c.years[yearOf(d)]++
			}
		}
		return
	}
	counts := make([]int, span+1)
	for doc := range docs.All() {
		if d := days.Get(doc); d != Unknown {
			counts[d-days.Min]++
		}
	}
	for i, n := range counts {
		if n > 0 {
			c.years[yearOf(days.Min+int64(i))] += n
		}
	}
}

// yearOf returns the year of a day. Days beyond what a calendar has are of the first
// or the last year.
func yearOf(day int64) int {
	const most = 10_000 * 366
	return time.Unix(max(-most, min(day, most))*24*60*60, 0).UTC().Year()
}

func addKeywords(sum map[string]int, column *column.KeywordColumn, docs *index.Bitmap) {
	counts := make([]int, column.Values())
	for doc := range docs.All() {
		for i, end := column.Span(doc); i < end; i++ {
			counts[column.Ord(i)]++
		}
	}
	for ord, n := range counts {
		if n > 0 {
			sum[column.Value(uint32(ord))] += n
		}
	}
}
