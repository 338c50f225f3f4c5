package fts

// SetLimits makes a few papers as many as it takes to index them in several
// batches and to rank only some.
func (x *Index) SetLimits(batch, maxRanked int) { x.batch, x.maxRanked = batch, maxRanked }
