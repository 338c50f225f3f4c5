package vector

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
)

// A Writer collects the vectors and tokens of documents. It is not safe for
// concurrent use.
type Writer struct {
	coder *Coder
	unit  []float32 // the vector of the document being added
	r     Reader    // what has been added; its sections grow
}

// NewWriter returns a Writer without documents.
func NewWriter(c *Coder) *Writer {
	return &Writer{
		coder: c,
		unit:  make([]float32, c.Dims()),
		r:     Reader{dims: c.Dims(), fingerprint: c.Fingerprint()},
	}
}

// Len returns how many documents have been added.
func (w *Writer) Len() int { return w.r.docs }

// Size returns about how many bytes of memory the Writer takes.
func (w *Writer) Size() int {
	size := 4 * cap(w.unit)
	for _, section := range [][]byte{w.r.codes, w.r.members, w.r.records, w.r.offsets, w.r.sizes, w.r.blob} {
		size += cap(section)
	}
	return size
}

// Add adds the next document. Its vector has the dimensions of the Coder and is
// brought to unit length; nil, or one of zeros, means that there is none. Tokens are
// kept as a set of at most [MaxTokens]. A document that is refused changes nothing,
// and nothing of it is kept.
func (w *Writer) Add(v []float32, tokens []uint16) error {
	has, err := w.check(v)
	if err == nil {
		tokens, err = checkTokens(tokens)
	}
	if err != nil {
		return fmt.Errorf("vector: document %d: %w", w.Len(), err)
	}
	r := &w.r
	if !has {
		clear(w.unit)
	} else {
		r.codes = w.coder.AppendCode(r.codes, w.unit)
		r.members = binary.LittleEndian.AppendUint32(r.members, uint32(r.docs))
		r.slots++
	}
	r.records = appendRecord(r.records, w.unit)
	if r.docs%offsetEvery == 0 {
		r.offsets = binary.LittleEndian.AppendUint64(r.offsets, uint64(len(r.blob)))
	}
	before := len(r.blob)
	r.blob = appendTokens(r.blob, tokens)
	r.sizes = append(r.sizes, byte(len(r.blob)-before))
	r.docs++
	return nil
}

// check puts v in unit length to w.unit.
func (w *Writer) check(v []float32) (has bool, err error) {
	if w.r.docs == MaxDocs {
		return false, fmt.Errorf("%d documents are the most", MaxDocs)
	}
	if len(v) == 0 {
		return false, nil
	}
	if len(v) != len(w.unit) {
		return false, fmt.Errorf("a vector of %d dimensions, %d expected", len(v), len(w.unit))
	}
	return normalize(w.unit, v)
}

// WriteTo writes the encoded form. The Writer stays as it is.
func (w *Writer) WriteTo(to io.Writer) (int64, error) {
	out := &output{to: to}
	err := merge(context.Background(), out, []*Reader{&w.r}, nil)
	return out.size, err
}
