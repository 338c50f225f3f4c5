package query_test

import (
	"fmt"

	"broadsheet/search/query"
)

func Example() {
	q, notes := query.Parse(`title:(graph OR "message passing") transf* -video cat:cs.LG year:2024.. date:2025-13`)
	fmt.Println(q)
	for _, n := range notes {
		fmt.Println(n)
	}
	// Output:
	// (title:graph OR title:"message passing") transf* -video cat:cs.LG year:>=2024
	// “2025-13” is not a date: write 2024, 2024-05, 2024-05-22, 2022..2024 or >=2024-05. It was left out.
}

// A page that searches while the reader types asks with what there is.
func ExampleParse_halfTyped() {
	for _, text := range []string{`"diffusion mod`, "(speech OR", "author:", "https://arxiv.org/abs/2503.01234v2"} {
		q, _ := query.Parse(text)
		fmt.Printf("%q\n", q)
	}
	// Output:
	// "\"diffusion mod\""
	// "speech"
	// ""
	// "id:2503.01234"
}

// What is to be highlighted in the papers that match.
func ExampleQuery_Positive() {
	q, _ := query.Parse(`author:hinton "capsule network*" (routing OR agreement) -survey year:2017`)
	for n := range q.Positive() {
		fmt.Println(query.Query{Root: n})
	}
	// Output:
	// author:hinton
	// "capsule network*"
	// routing
	// agreement
}

// A page that lets the reader take a filter back writes the query without it.
func ExampleMap() {
	q, _ := query.Parse("(graph OR tree) cat:cs.LG year:2024")
	q.Root = query.Map(q.Root, func(n query.Node) query.Node {
		if _, ok := n.(query.Category); ok {
			return nil
		}
		return n
	})
	fmt.Println(q)
	// Output: (graph OR tree) year:2024
}
