package indexer

// SetBatch makes a few papers as many as it takes to index them in several batches, each
// with a commit of its own.
func (x *Index) SetBatch(n int) { x.batch, x.commitPeriod = n, 0 }
