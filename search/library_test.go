package search

import (
	"slices"
	"strings"
	"testing"
)

// library returns invented papers with all that is hard to find: names in capitals,
// numbers, signs, mathematics, accents, Chinese and Japanese.
func library() []Paper {
	return []Paper{
		{ID: "2401.00001", Title: "LoRA: low-rank adaptation of large language models", Abstract: "We train few weights of a transformer and keep the others as they are. GPT-4 is one of the models.",
			Authors: []string{"Edna J. Huang", "Ye Shenton"}, Categories: []string{"cs.CL", "cs.LG"}, Source: "arxiv", Day: 19723, Votes: 40, Code: true},
		{ID: "2402.00002", Title: "Attention is all you need to read", Abstract: "Transformers replace recurrence. Translation gets better.",
			Authors: []string{"Ash Vastani", "Noam Shazzer"}, Categories: []string{"cs.CL"}, Source: "arxiv", Day: 19754, Votes: 100, Code: true, Project: true},
		{ID: "2403.00003", Title: "Not all you need is attention", Abstract: "We look at what else is needed.",
			Authors: []string{"B. O'Brien"}, Categories: []string{"cs.LG"}, Source: "arxiv", Day: 19783, Votes: 5},
		{ID: "2404.00004", Title: "Deep belief nets revisited", Abstract: "A k-NN graph of cats, learned in C++ by gradient descent.",
			Authors: []string{"Geoffrey E. Hinton", "Simon Osindero"}, Categories: []string{"stat.ML"}, Source: "arxiv", Day: 19814, Votes: 7},
		{ID: "hep-th/9901001", Title: "Sparse recovery by $\\ell_1$ norms", Abstract: "Convex programs for Schr\\\"odinger operators; see GPT4 for a proof.",
			Authors: []string{"Émile Borel"}, Categories: []string{"hep-th", "math.OC"}, Source: "arxiv", Day: 10593},
		{ID: "doi:10.1000/abc", Aliases: []string{"2405.99999", "acl:2024.Long-1"}, Title: "知识图谱的表示学习", Abstract: "我们研究机器学习和知识图谱。",
			Authors: []string{"王小明"}, Categories: []string{"cs.AI"}, Source: "crossref", Day: 19850},
		{ID: "openreview:AbC", Title: "Graph neural networks for hinted search", Abstract: "Networks of graphs. Neural search over a graph.",
			Authors: []string{"Hinton Baxter"}, Source: "openreview", Day: Unknown, Project: true},
		{ID: "2406.00006", Title: "Neural graph matching", Abstract: "Matching with graph neural networks, which are networks on graphs.",
			Authors: []string{"Ada Graph"}, Categories: []string{"cs.LG"}, Source: "arxiv", Day: 19880, Votes: 12},
		{ID: "2407.00007", Title: "To be or not to be", Abstract: "On what is and what is not.", Categories: []string{"cs.CY"}, Source: "arxiv", Day: 19910},
		{ID: "2408.00008", Title: "Transformation of languages", Abstract: "Grammars and how they are transformed. Large models are not used.",
			Authors: []string{"Jean-Baptiste Fourier"}, Categories: []string{"cs.FL"}, Source: "arxiv", Day: 19940, Votes: 1},
		{ID: "2409.00009", Title: "Transformers for time series", Abstract: "A transformer with low cost.",
			Authors: []string{"Edna Huang"}, Categories: []string{"cs.LG", "stat.ML"}, Source: "arxiv", Day: 19970, Votes: 3},
		{ID: "2410.00010", Title: "", Abstract: "", Day: 20000, Source: "arxiv"},
	}
}

// ask returns the ids of the hits, separated by spaces, the numbers of arXiv shortened.
func ask(tb testing.TB, e *Engine, r Request) string {
	tb.Helper()
	answer, err := e.Search(tb.Context(), r)
	if err != nil {
		tb.Fatal(err)
	}
	return ids(answer.Hits)
}

func ids(hits []Hit) string {
	var list []string
	for _, h := range hits {
		list = append(list, short(h.ID))
	}
	return strings.Join(list, " ")
}

func short(id string) string {
	if i := strings.LastIndex(id, ".0000"); i > 0 {
		return id[i+5:]
	}
	if id == "2410.00010" {
		return "10"
	}
	return id
}

func sorted(list string) string {
	f := strings.Fields(list)
	slices.Sort(f)
	return strings.Join(f, " ")
}
