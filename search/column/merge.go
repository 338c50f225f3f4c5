package column

import "fmt"

// none marks an ordinal that has no counterpart yet.
const none = ^uint32(0)

// Merge adds the documents of segments to w, segment after segment in document
// order, without those for which live returns false. It is called once for each
// document; when nil, all are live. All segments must have w's columns, in the
// same order. After an error w holds part of the rows.
func Merge(w *Writer, from []*Reader, live func(segment int, doc uint32) bool) error {
	for segment, r := range from {
		if !r.schema.equal(w.schema) {
			return fmt.Errorf("column: merge: segment %d has the columns %q, %q expected", segment, r.schema.lists(), w.schema.lists())
		}
	}
	for segment, r := range from {
		c := copier{w: w, r: r, ords: make([][]uint32, len(r.keywords))}
		for i, k := range r.keywords {
			c.ords[i] = make([]uint32, k.Values())
			for ord := range c.ords[i] {
				c.ords[i][ord] = none
			}
		}
		for doc := range uint32(r.Len()) {
			if live != nil && !live(segment, doc) {
				continue
			}
			if err := c.copy(doc); err != nil {
				return fmt.Errorf("column: merge: %w", err)
			}
		}
	}
	return nil
}

// A copier copies rows from a segment.
type copier struct {
	w    *Writer
	r    *Reader
	ords [][]uint32 // for each keyword column and ordinal of r that of w, or none
	list []uint32
}

func (c *copier) copy(doc uint32) error {
	w := c.w
	if err := w.room(MaxText); err != nil {
		return err
	}
	w.ids = c.r.AppendID(w.ids, doc)
	w.idEnds = append(w.idEnds, uint32(len(w.ids)))
	for i, column := range c.r.numbers {
		w.numbers[i] = append(w.numbers[i], column.Get(doc))
	}
	for i := range c.r.keywords {
		if err := c.copyKeywords(i, doc); err != nil {
			return err
		}
	}
	for i, column := range c.r.bytes {
		w.bytes[i] = append(w.bytes[i], column()[doc])
	}
	return nil
}

func (c *copier) copyKeywords(i int, doc uint32) error {
	from, to := c.r.keywords[i], &c.w.keywords[i]
	c.list = from.Ords(c.list[:0], doc)
	for _, ord := range c.list {
		if c.ords[i][ord] == none {
			value := from.Value(ord)
			if err := to.room(1, len(value)); err != nil {
				return err
			}
			c.ords[i][ord] = to.ord(value)
		}
		to.put(c.ords[i][ord])
	}
	to.end()
	return nil
}
