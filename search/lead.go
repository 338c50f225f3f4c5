package search

import (
	"slices"

	"broadsheet/search/topk"
)

// Some papers belong at the head of a list though hundreds have a higher score by their
// words: the one that has the question as its title, and those of the author whose name it
// is. They are looked for themselves, are put in order with the head, and are left out
// where their scores would list them.

// head puts the head of a tier in order, and returns the hits with how many those are.
func (s *searcher) head(t *tier, hits []ranked, total int) ([]ranked, int) {
	n := min(headSize, len(hits))
	var leading []topk.Hit
	if s.author != nil {
		leading = s.findAuthor(t)
	}
	t.order(hits[:n])
	if s.author == nil && !s.whole && total > n {
		leading = s.wholeTitles(t)
	}
	lead := missing(leading, hits[:n])
	if len(lead) == 0 {
		return hits, n
	}
	for i := range hits[:n] { // signals are added anew
		hits[i].final = int64(hits[i].Score)
	}
	below := slices.DeleteFunc(hits[n:], func(h ranked) bool { return contains(lead, h.Hit) })
	hits, n = slices.Concat(lead, hits[:n], below), n+len(lead)
	t.order(hits[:n])
	return hits, n
}

// missing returns the hits that are not in a list.
func missing(hits []topk.Hit, list []ranked) (others []ranked) {
	for _, h := range hits {
		if !contains(list, h) {
			others = append(others, ranked{h, int64(h.Score)})
		}
	}
	return others
}

func contains(list []ranked, h topk.Hit) bool {
	return slices.ContainsFunc(list, func(o ranked) bool { return o.View == h.View && o.Doc == h.Doc })
}

// dropLeading leaves out behind the head what was put into it.
func (s *searcher) dropLeading(t *tier) {
	if t.order == nil {
		return
	}
	leading := s.wholeTitles(t)
	if s.author != nil {
		leading = s.findAuthor(t)
	}
	drop := map[place]bool{}
	for p := range t.drop {
		drop[p] = true
	}
	for _, h := range leading {
		drop[place{h.View, h.Doc}] = true
	}
	t.drop = drop
}

// leastLead is how many words a question has at least whose whole title may not be in the
// head: a title of two words is so short that it is.
const leastLead = 3

// wholeTitles returns papers of a tier that have all words of a short question in their
// titles, and no others. Longer ones are told apart by their scores.
func (s *searcher) wholeTitles(t *tier) (hits []topk.Hit) {
	if !s.mayBeTitle() || s.plan.spoken < leastLead || s.plan.spoken > maxAll || t.number > 0 {
		return nil
	}
	q := t.query
	q.K, q.Count, q.After = titleDepth, 0, nil
	q.Filter = match(slices.Concat(s.plan.filter, s.inTitle()))
	length := s.spoken[len(s.spoken)-1].pos + 1
	for _, h := range s.evaluate(&q).Hits {
		if s.snap.Views[h.View].TitleExtent(h.Doc) == length {
			hits = append(hits, h)
		}
	}
	return hits
}
