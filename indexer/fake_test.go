package indexer_test

import (
	"context"
	"iter"
	"maps"
	"slices"

	"broadsheet"
)

// A memory is a PaperStore of what Follow asks for. Its Put replaces papers; it
// does not merge.
type memory struct {
	papers  map[broadsheet.ID]broadsheet.Record
	alias   map[broadsheet.ID]broadsheet.ID
	changes []broadsheet.Change
	asked   func(after int64) error // before Changes answers with a batch; may be nil
}

func newMemory(papers ...broadsheet.Record) *memory {
	m := &memory{papers: map[broadsheet.ID]broadsheet.Record{}, alias: map[broadsheet.ID]broadsheet.ID{}}
	m.Put(context.Background(), papers)
	return m
}

func (m *memory) log(id broadsheet.ID, kind broadsheet.ChangeKind) {
	m.changes = append(m.changes, broadsheet.Change{Seq: int64(len(m.changes) + 1), Paper: id, Kind: kind})
}

func (m *memory) Put(_ context.Context, papers []broadsheet.Record) ([]broadsheet.Outcome, error) {
	for _, p := range papers {
		m.papers[p.ID] = p
		m.log(p.ID, broadsheet.ChangedText)
	}
	return make([]broadsheet.Outcome, len(papers)), nil
}

// move makes from an alias of to, as a merge of two papers does.
func (m *memory) move(from, to broadsheet.ID) {
	delete(m.papers, from)
	m.alias[from] = to
	m.log(from, broadsheet.ChangedID)
	m.log(to, broadsheet.ChangedText)
}

func (m *memory) Paper(_ context.Context, id broadsheet.ID) (broadsheet.Record, error) {
	if to, ok := m.alias[id]; ok {
		id = to
	}
	p, ok := m.papers[id]
	if !ok {
		return p, broadsheet.Errorf(broadsheet.NotFound, "There is no paper %s here.", id)
	}
	return p, nil
}

func (m *memory) Papers(ctx context.Context, ids []broadsheet.ID) (found []broadsheet.Record, _ error) {
	for _, id := range ids {
		if p, err := m.Paper(ctx, id); err == nil {
			found = append(found, p)
		}
	}
	return found, nil
}

func (m *memory) Changes(_ context.Context, after int64, limit int) ([]broadsheet.Change, error) {
	if m.asked != nil && limit > 2 {
		if err := m.asked(after); err != nil {
			return nil, err
		}
	}
	rest := m.changes[min(after, int64(len(m.changes))):]
	return slices.Clone(rest[:min(limit, len(rest))]), nil
}

func (m *memory) Stats(context.Context) (broadsheet.Stats, error) {
	return broadsheet.Stats{Papers: int64(len(m.papers)), LastChange: int64(len(m.changes))}, nil
}

func (m *memory) All(context.Context) iter.Seq2[broadsheet.Record, error] {
	return func(yield func(broadsheet.Record, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(m.papers)) {
			if !yield(m.papers[id], nil) {
				return
			}
		}
	}
}
