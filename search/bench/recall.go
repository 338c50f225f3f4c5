package bench

import (
	"context"

	"broadsheet/search"
	"broadsheet/search/query"
)

// recallQuestions is how many questions recall is measured with.
const recallQuestions = 200

// Recall returns the share of the ten papers nearest by exact comparison that the search
// by codes and bytes finds, in the mean over some of the questions.
func Recall(ctx context.Context, e *search.Engine, questions []Question) (float64, error) {
	sum, n := 0.0, 0
	step := max(1, len(questions)/recallQuestions)
	for i := 0; i < len(questions); i += step {
		text := ""
		for node := range questions[i].Query.Positive() {
			if w, ok := node.(query.Word); ok {
				text += w.Text + " "
			}
		}
		r, ok, err := e.VectorRecall(ctx, search.Passage{Body: text}, 10)
		if err != nil {
			return 0, err
		}
		if ok {
			sum, n = sum+r, n+1
		}
	}
	return sum / float64(max(n, 1)), nil
}
