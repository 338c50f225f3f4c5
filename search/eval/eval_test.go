package eval_test

import (
	"math"
	"strings"
	"testing"

	"broadsheet/search/eval"
)

// The wanted numbers are worked out by hand from the definitions.
func TestMeasures(t *testing.T) {
	graded := eval.Judgements{"a": 3, "b": 2, "c": 1, "d": 0, "e": -1}
	ideal3 := 3 + 2/math.Log2(3) + 1/2.0
	for _, tt := range []struct {
		name             string
		j                eval.Judgements
		ranking          string
		k                int
		ndcg, recall, rr float64
	}{
		{"ideal", graded, "a b c", 3, 1, 1, 1},
		{"reversed", graded, "c b a", 3, (1 + 2/math.Log2(3) + 3/2.0) / ideal3, 1, 1},
		{"cut", graded, "c b a", 1, 1.0 / 3, 1.0 / 3, 1},
		{"unjudged and irrelevant first", graded, "x d e a", 10, (3 / math.Log2(5)) / ideal3, 1.0 / 3, 1.0 / 4},
		{"first relevant beyond the cut", graded, "x d a", 2, 0, 0, 0},
		{"empty ranking", graded, "", 10, 0, 0, 0},
		{"nothing relevant", eval.Judgements{"d": 0}, "d a", 10, 0, 0, 0},
		{"binary", eval.Judgements{"a": 1, "b": 1}, "x a y b", 10, (1/math.Log2(3) + 1/math.Log2(5)) / (1 + 1/math.Log2(3)), 1, 0.5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ranking := strings.Fields(tt.ranking)
			for _, m := range []struct {
				name      string
				got, want float64
			}{
				{"nDCG", tt.j.NDCG(ranking, tt.k), tt.ndcg},
				{"recall", tt.j.Recall(ranking, tt.k), tt.recall},
				{"reciprocal rank", tt.j.ReciprocalRank(ranking, tt.k), tt.rr},
			} {
				if math.Abs(m.got-m.want) > 1e-12 {
					t.Errorf("%s@%d = %v, want %v", m.name, tt.k, m.got, m.want)
				}
			}
		})
	}
}

func TestMeanOf(t *testing.T) {
	values := make([]float64, 400) // a fair coin: the standard error is 0.025
	for i := range values {
		values[i] = float64(i % 2)
	}
	m := eval.MeanOf(values)
	if m.Mean != 0.5 || math.Abs(m.Low-0.45) > 0.01 || math.Abs(m.High-0.55) > 0.01 {
		t.Errorf("MeanOf = %+v, want 0.5 within about 0.45 and 0.55", m)
	}
	if again := eval.MeanOf(values); again != m {
		t.Errorf("MeanOf = %+v, and the second time %+v", m, again)
	}
	if m := eval.MeanOf(nil); m != (eval.Mean{}) {
		t.Errorf("MeanOf of nothing = %+v", m)
	}
	if m := eval.MeanOf([]float64{0.25}); m != (eval.Mean{Mean: 0.25, Low: 0.25, High: 0.25}) {
		t.Errorf("MeanOf of one = %+v", m)
	}
}

func TestWriteRun(t *testing.T) {
	var b strings.Builder
	if err := eval.WriteRun(&b, "words", "q1", []eval.Scored{{Doc: "d7", Score: 2.5}, {Doc: "d1", Score: 1}}); err != nil {
		t.Fatal(err)
	}
	if want := "q1 Q0 d7 1 2.5 words\nq1 Q0 d1 2 1 words\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}
