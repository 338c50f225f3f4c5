package meaning

import (
	"context"
	"fmt"

	"broadsheet"
	"broadsheet/embed/train"
)

// leastAbstract is how many bytes an abstract has at least to tell something.
const leastAbstract = 100

// Texts reads what can be learned from a library: all of it, or MostPapers evenly drawn.
func Texts(ctx context.Context, store broadsheet.PaperStore) ([]train.Text, error) {
	stats, err := store.Stats(ctx)
	if err != nil {
		return nil, fmt.Errorf("meaning: read the library: %w", err)
	}
	step := max(1, (int(stats.Papers)+MostPapers-1)/MostPapers)
	var texts []train.Text
	n := 0
	for r, err := range store.All(ctx) {
		if err != nil {
			return nil, fmt.Errorf("meaning: read the library: %w", err)
		}
		if r.Status == broadsheet.StatusDeleted || r.Title == "" || len(r.Abstract) < leastAbstract {
			continue
		}
		if n++; n%step == 0 {
			texts = append(texts, train.Text{Title: r.Title, Body: r.Abstract, Tags: r.Keywords})
		}
	}
	return texts, nil
}
