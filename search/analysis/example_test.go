package analysis_test

import (
	"fmt"

	"broadsheet/search/analysis"
)

func ExampleAnalyzer_Append() {
	a := analysis.New()
	for _, t := range a.Append(nil, `Schr\"odinger's k-NN models`) {
		fmt.Println(t.Pos, t.Term, t.Exact, t.Kind == analysis.Joined)
	}
	// Output:
	// 0 schroding schrödinger false
	// 1 k  false
	// 1 knn  true
	// 2 nn  false
	// 3 model models false
}
