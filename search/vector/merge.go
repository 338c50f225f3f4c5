package vector

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Merge writes the documents of segments, in their order, as one segment; those
// for which keep is false are left out. A nil keep keeps all. The segments, one at
// least, must be of one [Coder]. Partitions are made anew, on all cores; codes,
// vectors and tokens are copied. It takes about 20 bytes of memory a document.
func Merge(ctx context.Context, to io.Writer, from []*Reader, keep func(segment int, doc uint32) bool) error {
	return merge(ctx, &output{to: to}, from, keep)
}

func merge(ctx context.Context, out *output, from []*Reader, keep func(segment int, doc uint32) bool) error {
	m := &merger{ctx: ctx, from: from}
	err := m.check()
	for segment := 0; segment < len(from) && err == nil; segment++ {
		err = m.number(segment, keep)
	}
	var p partitions
	if err == nil {
		p, err = partition(ctx, m)
	}
	if err == nil {
		err = m.write(out, p)
	}
	if err != nil {
		return fmt.Errorf("vector: merge: %w", err)
	}
	return nil
}

// A merger knows where each document of the new segment comes from. Documents and
// slots of all segments are numbered through, in the order of segments.
type merger struct {
	ctx  context.Context
	from []*Reader

	docBase  []uint32 // of each segment, the number of its first document
	slotBase []uint32
	origin   []uint32 // of each new document, the old one
	place    []uint32 // of each new document, the old slot, or none
	vectors  []uint32 // the new documents that have one
}

func (m *merger) check() error {
	if len(m.from) == 0 {
		return errors.New("no segments")
	}
	docs := 0
	for segment, r := range m.from {
		if r.dims != m.from[0].dims || r.fingerprint != m.from[0].fingerprint {
			return fmt.Errorf("segment %d has %d dimensions of coder %x, %d of coder %x expected",
				segment, r.dims, r.fingerprint, m.from[0].dims, m.from[0].fingerprint)
		}
		docs += r.docs
	}
	if docs > MaxDocs {
		return fmt.Errorf("%d documents, at most %d expected", docs, MaxDocs)
	}
	return nil
}

// number gives the documents of the next segment that are kept their numbers.
func (m *merger) number(segment int, keep func(int, uint32) bool) error {
	r := m.from[segment]
	docBase, slotBase := uint32(0), uint32(0)
	if segment > 0 {
		last := m.from[segment-1]
		docBase = m.docBase[segment-1] + uint32(last.docs)
		slotBase = m.slotBase[segment-1] + uint32(last.slots)
	}
	m.docBase, m.slotBase = append(m.docBase, docBase), append(m.slotBase, slotBase)
	numbers := make([]uint32, r.docs)
	first := len(m.origin)
	for doc := range uint32(r.docs) {
		numbers[doc] = none
		if keep == nil || keep(segment, doc) {
			numbers[doc] = uint32(len(m.origin))
			m.origin = append(m.origin, docBase+doc)
			m.place = append(m.place, none)
		}
	}
	for slot := range r.slots {
		doc := r.member(slot)
		if doc >= uint32(r.docs) {
			return fmt.Errorf("segment %d: slot %d is of document %d, one below %d expected", segment, slot, doc, r.docs)
		}
		if n := numbers[doc]; n != none {
			m.place[n] = slotBase + uint32(slot)
		}
	}
	for i, place := range m.place[first:] {
		n := uint32(first + i)
		if (place != none) != (scaleOf(m.record(n)) > 0) {
			return fmt.Errorf("segment %d: document %d has a vector without a code or the reverse", segment, m.origin[n]-docBase)
		}
		if place != none {
			m.vectors = append(m.vectors, n)
		}
	}
	return nil
}

// find returns the segment of a number and its number there.
func find(bases []uint32, number uint32) (segment int, own uint32) {
	segment, ok := slices.BinarySearch(bases, number)
	for ok && segment+1 < len(bases) && bases[segment+1] == number {
		segment++ // of segments that begin here all but the last are empty
	}
	if !ok {
		segment--
	}
	return segment, number - bases[segment]
}

// record returns the record of a new document.
func (m *merger) record(doc uint32) []byte {
	segment, old := find(m.docBase, m.origin[doc])
	return m.from[segment].record(old)
}

// code returns the code of a new document.
func (m *merger) code(doc uint32) []byte {
	segment, slot := find(m.slotBase, m.place[doc])
	size := m.from[segment].dims / 8
	return m.from[segment].codes[int(slot)*size:][:size]
}

// write writes the new segment.
func (m *merger) write(out *output, p partitions) error {
	le := binary.LittleEndian
	blob, offsets := m.tokens()
	head := append(make([]byte, 0, headerSize), magic...)
	for _, v := range []int{version, m.from[0].dims, len(m.origin), len(m.vectors), len(p.starts)} {
		head = le.AppendUint32(head, uint32(v))
	}
	head = le.AppendUint64(head, m.from[0].fingerprint)
	head = le.AppendUint64(le.AppendUint64(head, blob), 0)

	w := bufio.NewWriterSize(out, 1<<18)
	w.Write(head)
	for i, doc := range p.order {
		if i%checkEvery == 0 && m.ctx.Err() != nil {
			return m.ctx.Err()
		}
		w.Write(m.code(doc))
	}
	writeUint32s(w, p.order)
	for doc := range uint32(len(m.origin)) {
		if doc%checkEvery == 0 && m.ctx.Err() != nil {
			return m.ctx.Err()
		}
		w.Write(m.record(doc))
	}
	w.Write(p.centroids)
	writeUint32s(w, p.starts)
	for _, v := range offsets {
		w.Write(le.AppendUint64(w.AvailableBuffer(), v))
	}
	m.eachTokens(func(data []byte) { w.WriteByte(byte(len(data))) })
	m.eachTokens(func(data []byte) { w.Write(data) })
	return w.Flush() // the first error of all
}

// checkEvery is how many documents are copied, or compared, between two looks at
// whether the caller still waits.
const checkEvery = 1 << 12

// tokens returns the size of the new blob and the offsets in it.
func (m *merger) tokens() (size uint64, offsets []uint64) {
	doc := 0
	m.eachTokens(func(data []byte) {
		if doc%offsetEvery == 0 {
			offsets = append(offsets, size)
		}
		size += uint64(len(data))
		doc++
	})
	return size, offsets
}

// eachTokens calls f with the encoded tokens of each new document.
func (m *merger) eachTokens(f func(data []byte)) {
	for _, old := range m.origin {
		segment, doc := find(m.docBase, old)
		f(m.from[segment].tokens(doc))
	}
}

func writeUint32s(w *bufio.Writer, values []uint32) {
	for _, v := range values {
		w.Write(binary.LittleEndian.AppendUint32(w.AvailableBuffer(), v))
	}
}

// An output counts what is written.
type output struct {
	to   io.Writer
	size int64
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.to.Write(p)
	o.size += int64(n)
	return n, err
}
