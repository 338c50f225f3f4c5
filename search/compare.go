package search

import (
	"context"
	"fmt"

	"broadsheet/search/analysis"
	"broadsheet/search/index"
	"broadsheet/search/likeness"
	"broadsheet/search/passage"
	"broadsheet/search/vector"
)

// Compare says why a text is like each of some others.
func (e *Engine) Compare(ctx context.Context, text Passage, others []Passage) (reasons []likeness.Reason, err error) {
	defer index.Recover(&err)
	snap := e.index.Snapshot()
	defer snap.Release()
	lex := e.lexicon(ctx, snap)
	p := likeness.New(lex, textOf(text))
	for _, o := range others {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("search: compare: %w", err)
		}
		reasons = append(reasons, p.Compare(likeness.New(lex, textOf(o))))
	}
	return reasons, nil
}

func textOf(p Passage) likeness.Text {
	return likeness.Text{Title: head(p.Title, maxTextBytes), Body: head(p.Body, maxTextBytes)}
}

// lexicon returns what the index and the model know of words. It remembers terms and is
// for one goroutine.
func (e *Engine) lexicon(ctx context.Context, snap *index.Snapshot) likeness.Lexicon {
	rarities := map[string]float64{}
	lex := likeness.Lexicon{
		Rarest:  idf(snap.Docs, 1),
		Analyze: func(text string) []analysis.Token { return e.analyze(text) },
		Rarity: func(term string) float64 {
			r, ok := rarities[term]
			if !ok {
				r = -1
				if df := snap.DF(index.Text, term); df > 0 {
					r = idf(snap.Docs, df)
				}
				rarities[term] = r
			}
			return r
		},
	}
	if e.model != nil {
		lex.Embed = func(texts []string) ([]likeness.Meaning, error) {
			meanings, err := e.embed(ctx, texts)
			out := make([]likeness.Meaning, len(meanings))
			for i, m := range meanings {
				out[i] = likeness.Meaning{Vector: m.Vector, Known: m.Known == 1}
			}
			return out, err
		}
	}
	return lex
}

// embed returns what texts without titles mean.
func (e *Engine) embed(ctx context.Context, texts []string) ([]Meaning, error) {
	list := make([]Passage, len(texts))
	for i, t := range texts {
		list[i].Body = t
	}
	meanings, err := e.model.Embed(ctx, list)
	if err == nil && len(meanings) != len(texts) {
		err = fmt.Errorf("the model has given %d vectors for %d texts", len(meanings), len(texts))
	}
	return meanings, err
}

// meaningOf returns what a text means. A long one is split into passages, which are
// embedded one by one: the model knows texts of the length of abstracts.
func (e *Engine) meaningOf(ctx context.Context, title, body string) (Meaning, error) {
	parts := passage.Long(body)
	if parts == nil {
		m, err := e.model.Embed(ctx, []Passage{{title, body}})
		if err != nil || len(m) == 0 {
			return Meaning{}, err
		}
		return m[0], nil
	}
	list := make([]string, len(parts))
	for i, s := range parts {
		list[i] = s.In(body)
	}
	meanings, err := e.embed(ctx, list)
	if err != nil {
		return Meaning{}, err
	}
	vectors, known := make([][]float32, len(meanings)), 0.0
	for i, m := range meanings {
		vectors[i] = m.Vector
		known += m.Known / float64(len(meanings))
	}
	return Meaning{Vector: passage.Aggregate(vectors), Known: known}, nil
}

// likeText returns the papers that mean nearly what a text means, and the weight that
// they have.
func (s *searcher) likeText(title, body string) ([]vector.Hit, float64) {
	m, err := s.engine.meaningOf(s.ctx, head(title, maxTextBytes), head(body, maxTextBytes))
	if err != nil || len(m.Vector) == 0 || s.engine.constants.Trusted(m.Known) < leastTrust {
		return nil, 0
	}
	segments, err := s.segments()
	if err != nil || len(segments) == 0 {
		return nil, 0
	}
	res, err := vector.Search(s.ctx, s.engine.model.Coder(), segments, vector.Query{Vector: m.Vector, K: nearDepth, Patience: -1, Rescore: 10 * nearDepth})
	if err != nil {
		return nil, 0
	}
	return closeOnes(res.Hits), similarWeight * s.engine.constants.Trusted(m.Known)
}
