package topk

import (
	"context"

	"broadsheet/search/index"
)

// Sets calls fn with the documents of each view that match q and are not deleted,
// whatever K and After are. The bitmap is valid during the call. It ends early when ctx
// does or the work budget is used up, and reports that as partial.
func Sets(ctx context.Context, snap *index.Snapshot, q *Query, fn func(index.View, *index.Bitmap)) (work Work, partial bool, err error) {
	defer index.Recover(&err)
	s := searchers.Get().(*searcher)
	s.start(ctx, snap, q)
	for _, v := range snap.Views {
		docs := s.evaluate(q.matches(), v)
		if v.Deleted != nil {
			for i, w := range v.Deleted.Words() {
				docs.Words()[i] &^= w
			}
			docs.Recount()
		}
		fn(v, docs)
		s.free(docs)
		s.recycle()
	}
	work, partial = s.work, s.partial
	s.end()
	searchers.Put(s)
	return work, partial, nil
}
