package indexer

import (
	"context"
	"fmt"

	"broadsheet"
	"broadsheet/search"
	"broadsheet/search/likeness"
)

var _ broadsheet.Comparer = (*Index)(nil)

// Similar implements broadsheet.Comparer: by the weightiest words of a title and an
// abstract, and by what they mean.
func (x *Index) Similar(ctx context.Context, p broadsheet.Paper, limit int) ([]broadsheet.Hit, error) {
	if err := x.refresh(); err != nil {
		return nil, fmt.Errorf("indexer: similar: %w", explain(err))
	}
	x.swapping.RLock()
	defer x.swapping.RUnlock()
	found, err := x.engine.Similar(ctx, string(p.ID), clean(p.Title), clean(p.Abstract), limit)
	if err != nil {
		return nil, fmt.Errorf("indexer: similar: %w", explain(err))
	}
	return hits(found), nil
}

// Compare implements broadsheet.Comparer.
func (x *Index) Compare(ctx context.Context, p broadsheet.Paper, others []broadsheet.Record) ([]broadsheet.Reason, error) {
	x.swapping.RLock()
	defer x.swapping.RUnlock()
	texts := make([]search.Passage, len(others))
	for i := range others {
		texts[i] = passageOf(&others[i].Paper)
	}
	asked := passageOf(&p)
	found, err := x.engine.Compare(ctx, asked, texts)
	if err != nil {
		return nil, fmt.Errorf("indexer: compare: %w", explain(err))
	}
	reasons := make([]broadsheet.Reason, len(found))
	for i, r := range found {
		reasons[i] = reasonOf(r, asked, texts[i])
	}
	return reasons, nil
}

func passageOf(p *broadsheet.Paper) search.Passage {
	return search.Passage{Title: clean(p.Title), Body: clean(p.Abstract)}
}

func reasonOf(r likeness.Reason, asked, found search.Passage) broadsheet.Reason {
	out := broadsheet.Reason{Shared: r.Shared, Near: r.Near, Cosine: r.Cosine,
		Asked: excerptOf(r.First, asked), Found: excerptOf(r.Second, found),
		Passage: excerptOf(likeness.Sentence{Span: r.Passage}, asked)}
	if out.Shared == nil { // a list in JSON, too
		out.Shared = []string{}
	}
	if out.Near == nil {
		out.Near = [][2]string{}
	}
	return out
}

// excerptOf returns a sentence with its text, nil if there is none.
func excerptOf(s likeness.Sentence, of search.Passage) *broadsheet.Excerpt {
	field, text := "abstract", of.Body
	if s.Title {
		field, text = "title", of.Title
	}
	if s.Empty() {
		return nil
	}
	return &broadsheet.Excerpt{Field: field, Start: s.Start, End: s.End, Text: s.In(text)}
}
