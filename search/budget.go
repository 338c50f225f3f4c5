package search

// The work of a question is bounded over all its stages, in postings read or what takes as
// long. The bound grows with the index, so that what people ask ends before it; what is
// built to cost much ends at it, with what was found, and says so.
const (
	// BudgetFloor is the bound for an empty index, and budgetPaper what each paper adds.
	// Of ordinary questions of 383,688 papers half cost less than 0.2 a paper, and the
	// dearest of 700 cost 4.
	BudgetFloor = 200_000
	budgetPaper = 8

	// reserve is the part of the budget that stages leave, one in so many: each looks at its
	// work between steps only, so that the last step goes beyond what it was given.
	reserve = 4

	// lateCost is how many postings it costs as much as to compare a paper word by word.
	lateCost = 64
)

// Budget returns the most work that a question may cost, in units of [Response.Cost].
func (e *Engine) Budget() int {
	snap := e.index.Snapshot()
	defer snap.Release()
	return budgetOf(snap.Docs)
}

func budgetOf(docs int) int { return BudgetFloor + budgetPaper*docs }

// Cost returns the work of an answer in postings read or what takes as long: a vector
// compared counts as one.
func (r *Response) Cost() int {
	return r.Work.Cost() + r.Vectors.Vectors() + lateCost*r.Reranked
}

// left returns what is left of the budget for the next stage, at least 1.
func (s *searcher) left() int {
	budget := budgetOf(s.snap.Docs)
	return max(1, budget-budget/reserve-s.answer.Cost())
}
