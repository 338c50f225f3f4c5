package index

import (
	"bytes"
	"container/heap"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"

	"broadsheet/search/column"
	"broadsheet/search/vector"

	"github.com/blevesearch/vellum"
	"golang.org/x/sync/errgroup"
)

// mergeSegments writes the documents of segments, in their order and without the
// deleted ones, as one segment. A nil bitmap deletes nothing.
func mergeSegments(ctx context.Context, w [parts]io.Writer, set *Settings, from []*Segment, deleted []*Bitmap) error {
	rows := column.NewWriter(set.Schema.columns())
	readers := make([]*column.Reader, len(from))
	numbers := make([][]uint32, len(from)) // new numbers of the documents; nil when they only move
	bases := make([]uint32, len(from))
	var norms [byteColumns][]byte
	next := uint32(0)
	for i, s := range from {
		readers[i], bases[i] = s.columns, next
		if deleted[i].Count() == 0 {
			for col := range norms {
				norms[col] = append(norms[col], s.norms[col]...)
			}
			next += uint32(s.docs)
			continue
		}
		numbers[i] = make([]uint32, s.docs)
		for doc := range uint32(s.docs) {
			if deleted[i].Has(doc) {
				numbers[i][doc] = NoDoc
				continue
			}
			numbers[i][doc] = next
			next++
			for col := range norms {
				norms[col] = append(norms[col], s.norms[col][doc])
			}
		}
	}
	err := column.Merge(rows, readers, func(segment int, doc uint32) bool {
		return deleted[segment] == nil || !deleted[segment].Has(doc)
	})
	if err != nil {
		return fmt.Errorf("index: merge: %w", err)
	}
	out, err := newSegmentWriter(w, set, rows, norms)
	if err == nil {
		err = mergeVectors(ctx, out, set, from, deleted)
	}
	if err == nil {
		err = mergeTerms(ctx, out, from, numbers, bases)
	}
	if err == nil {
		err = out.finish()
	}
	if err != nil {
		return fmt.Errorf("index: merge: %w", err)
	}
	return nil
}

// mergeVectors writes the vectors of what is left. A segment whose vectors are of another
// coder, or that has none, leaves its documents without.
func mergeVectors(ctx context.Context, out *segmentWriter, set *Settings, from []*Segment, deleted []*Bitmap) error {
	if set.Coder == nil || len(from) == 0 {
		return nil
	}
	readers := make([]*vector.Reader, len(from))
	for i, s := range from {
		if readers[i] = s.Vectors(); readers[i] != nil {
			continue
		}
		var err error
		if readers[i], err = noVectors(set.Coder, s.docs); err != nil {
			return err
		}
	}
	return vector.Merge(ctx, out.part[vectorsPart], readers, func(segment int, doc uint32) bool {
		return deleted[segment] == nil || !deleted[segment].Has(doc)
	})
}

// noVectors returns the vectors of documents that have none.
func noVectors(coder *vector.Coder, docs int) (*vector.Reader, error) {
	w := vector.NewWriter(coder)
	for range docs {
		if err := w.Add(nil, nil); err != nil {
			return nil, err
		}
	}
	var data bytes.Buffer
	if _, err := w.WriteTo(&data); err != nil {
		return nil, err
	}
	return vector.Open(data.Bytes())
}

// A merger merges the terms of segments. One goroutine goes through the
// dictionaries side by side, others encode lists, and the caller writes them in order.
type merger struct {
	ctx     context.Context
	out     *segmentWriter
	from    []*Segment
	numbers [][]uint32
	bases   []uint32
}

// A mergeBatch is some terms that follow each other, with their lists to be merged.
type mergeBatch struct {
	keys  [][]byte
	lists [][]listAt // by key
	size  int        // postings
	done  chan struct{}
	out   []encodedList
	err   error
}

// A listAt is a list of a segment.
type listAt struct {
	segment int
	offset  uint64
}

// batchPostings is how many postings one batch has: enough to be worth handing over,
// few enough that those in flight take little memory.
const batchPostings = 1 << 16

func mergeTerms(ctx context.Context, out *segmentWriter, from []*Segment, numbers [][]uint32, bases []uint32) error {
	g, ctx := errgroup.WithContext(ctx)
	m := &merger{ctx, out, from, numbers, bases}
	workers := runtime.GOMAXPROCS(0)
	ordered := make(chan *mergeBatch, 2*workers)
	work := make(chan *mergeBatch)
	g.Go(func() error {
		defer close(ordered)
		defer close(work)
		return m.plan(ordered, work)
	})
	for range workers {
		g.Go(func() error {
			l := out.newList()
			for b := range work {
				b.err = m.encode(b, l)
				close(b.done)
			}
			return nil
		})
	}
	g.Go(func() error {
		for b := range ordered {
			select {
			case <-b.done:
			case <-ctx.Done():
				return ctx.Err()
			}
			if b.err != nil {
				return b.err
			}
			for i := range b.out {
				if err := out.write(&b.out[i]); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return g.Wait()
}

// plan goes through the dictionaries and sends the terms on in batches.
func (m *merger) plan(ordered, work chan<- *mergeBatch) (err error) {
	defer Recover(&err)
	var open termHeap
	for i, s := range m.from {
		it, err := s.fst.Iterator(nil, nil)
		c := &termCursor{segment: i, it: it, err: err}
		if c.read(); c.err == nil {
			open = append(open, c)
		} else if !errors.Is(c.err, vellum.ErrIteratorDone) {
			return c.err
		}
	}
	heap.Init(&open)
	b := &mergeBatch{done: make(chan struct{})}
	send := func() error {
		for _, to := range []chan<- *mergeBatch{ordered, work} {
			select {
			case to <- b:
			case <-m.ctx.Done():
				return m.ctx.Err()
			}
		}
		b = &mergeBatch{done: make(chan struct{})}
		return nil
	}
	for len(open) > 0 {
		key := bytes.Clone(open[0].key)
		var lists []listAt
		for len(open) > 0 && bytes.Equal(open[0].key, key) {
			c := open[0] // of equal terms the one of the first segment; see Less
			lists = append(lists, listAt{c.segment, c.offset})
			b.size += m.from[c.segment].frequency(c.offset)
			if c.next(); c.err == nil {
				heap.Fix(&open, 0)
			} else if heap.Pop(&open); !errors.Is(c.err, vellum.ErrIteratorDone) {
				return c.err
			}
		}
		b.keys, b.lists = append(b.keys, key), append(b.lists, lists)
		if b.size >= batchPostings || len(b.keys) >= batchPostings/8 {
			if err := send(); err != nil {
				return err
			}
		}
	}
	return send()
}

// encode merges the lists of a batch.
func (m *merger) encode(b *mergeBatch, l *listWriter) (err error) {
	defer Recover(&err)
	var p Postings
	var positions []uint32
	for i, key := range b.keys {
		field := Field(key[0])
		l.start(field)
		for _, at := range b.lists[i] {
			p.openAt(m.from[at.segment], field, at.offset)
			numbers, base := m.numbers[at.segment], m.bases[at.segment]
			for block := range p.Blocks() {
				p.Load(block)
				if field.scored() {
					p.LoadCodes()
				}
				for i, doc := range p.Docs[:p.N] {
					if numbers == nil {
						doc += base
					} else if doc = numbers[doc]; doc == NoDoc {
						continue
					}
					if field.scored() {
						positions = p.Positions(positions[:0], i)
					}
					l.add(doc, p.Codes[i], positions)
				}
			}
		}
		e := l.finish(key)
		e.directory, e.payload, e.positions = bytes.Clone(e.directory), bytes.Clone(e.payload), bytes.Clone(e.positions)
		b.out = append(b.out, e)
	}
	return nil
}

// A termCursor stands at a term of one segment's dictionary.
type termCursor struct {
	segment int
	it      *vellum.FSTIterator
	key     []byte
	offset  uint64
	err     error
}

func (c *termCursor) next() {
	c.err = c.it.Next()
	c.read()
}

func (c *termCursor) read() {
	if c.err == nil {
		c.key, c.offset = c.it.Current()
	}
}

// A termHeap has the least term first, and among equal ones that of the first segment.
type termHeap []*termCursor

func (h termHeap) Len() int { return len(h) }
func (h termHeap) Less(i, j int) bool {
	c := bytes.Compare(h[i].key, h[j].key)
	return c < 0 || c == 0 && h[i].segment < h[j].segment
}
func (h termHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *termHeap) Push(x any)   { *h = append(*h, x.(*termCursor)) }
func (h *termHeap) Pop() any {
	old := *h
	c := old[len(old)-1]
	*h = old[:len(old)-1]
	return c
}
