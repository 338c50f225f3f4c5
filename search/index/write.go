package index

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"broadsheet/search/column"
	"broadsheet/search/pack"

	"github.com/blevesearch/vellum"
)

// superBlocks is how many blocks share an entry of the upper level of impacts.
const superBlocks = 32

// A segmentWriter writes the parts of one segment: first the columns, then the
// terms in order, each with its postings in order.
type segmentWriter struct {
	part  [parts]*partWriter
	fst   *vellum.Builder
	norms [byteColumns][]byte
	score [2]*Scorer // of Text and of Author, with the segment's own mean lengths
	head  []byte
}

// newSegmentWriter starts a segment with these rows. The columns are written at
// once, since postings are scored by them.
func newSegmentWriter(w [parts]io.Writer, set *Settings, rows *column.Writer, norms [byteColumns][]byte) (*segmentWriter, error) {
	s := &segmentWriter{norms: norms}
	for p := range parts {
		s.part[p] = newPartWriter(w[p], p)
	}
	if _, err := s.part[columnsPart].Write(rows.Append(nil)); err != nil {
		return nil, fmt.Errorf("write columns: %w", err)
	}
	var head []byte
	for i, col := range []int{lengthColumn, authorsColumn} {
		lengths := &set.Lengths
		if i == 1 {
			lengths = &DefaultLengths
		}
		sum := sumLengths(norms[col], lengths, nil)
		mean := sum.mean()
		s.score[i] = set.Ranking.NewScorer(lengths, mean)
		head = binary.LittleEndian.AppendUint64(head, math.Float64bits(mean))
	}
	head = binary.LittleEndian.AppendUint64(head, set.fingerprint())
	head = binary.LittleEndian.AppendUint32(head, uint32(len(norms[lengthColumn])))
	if _, err := s.part[postingsPart].Write(append(head, make([]byte, postingsHead-len(head))...)); err != nil {
		return nil, fmt.Errorf("write postings: %w", err)
	}
	var err error
	if s.fst, err = vellum.New(s.part[termsPart], nil); err != nil {
		return nil, fmt.Errorf("write terms: %w", err)
	}
	return s, nil
}

// postingsHead is the size of what stands before the lists: the mean lengths that
// the impacts are computed with, the fingerprint of the settings, the number of documents.
const postingsHead = 32

// newList returns a writer for lists of this segment. Several may encode lists at
// the same time; write takes them in order of their keys.
func (s *segmentWriter) newList() *listWriter { return &listWriter{norms: &s.norms, score: &s.score} }

// An encodedList is the list of one term as it is written.
type encodedList struct {
	key, directory, payload, positions []byte
	df                                 int
}

// write writes a list, unless it has no postings.
func (s *segmentWriter) write(l *encodedList) error {
	if l.df == 0 {
		return nil
	}
	offset := s.part[postingsPart].size - headerSize
	s.head = binary.AppendUvarint(s.head[:0], uint64(l.df))
	if Field(l.key[0]).scored() {
		s.head = binary.AppendUvarint(s.head, s.part[positionsPart].size-headerSize)
	}
	for _, b := range [][]byte{s.head, l.directory, l.payload} {
		if _, err := s.part[postingsPart].Write(b); err != nil {
			return fmt.Errorf("write postings: %w", err)
		}
	}
	if _, err := s.part[positionsPart].Write(l.positions); err != nil {
		return fmt.Errorf("write positions: %w", err)
	}
	if err := s.fst.Insert(l.key, offset); err != nil {
		return fmt.Errorf("write terms: %w", err)
	}
	return nil
}

func (s *segmentWriter) finish() error {
	if err := s.fst.Close(); err != nil {
		return fmt.Errorf("write terms: %w", err)
	}
	for p, w := range s.part {
		if err := w.finish(); err != nil {
			return fmt.Errorf("write %v: %w", part(p), err)
		}
	}
	return nil
}

// A listWriter encodes the postings of one term.
//
// A list of up to 128 documents is a single block. A longer one is
//
//	last     u32 for each block: its last document
//	offset   u16 for each block: where it starts, counted from its super-block
//	impact   u16 for each block: the greatest in it (scored fields only)
//	super    for each 32 blocks: u32 start in the payload, u32 start of its positions,
//	         u16 greatest impact
//	payload  the blocks
//
// A block has the start of its positions in bytes, counted from its super-block's
// (scored fields only, uvarint; left out in a single block), in a full block of a
// scored field the sizes in bytes of the positions of the first, second and third 32
// postings (u8; 0 for 256 or more), each of which begins a byte, the documents
// ([pack.PutDeltas]) and the frequency codes ([pack.PutValues]; scored fields only).
// A single block of a scored field has its greatest impact (u16) in front.
type listWriter struct {
	norms *[byteColumns][]byte
	score *[2]*Scorer

	field     Field
	df        int
	docs      []uint32
	codes     []uint32
	prev      uint32 // last document of the block before
	max       uint32 // impact of the block
	positions pack.BitWriter
	started   int // bytes of positions before this block
	marks     []byte
	marked    int // bytes of positions before the last mark

	payload []byte
	last    []uint32
	offset  []uint32
	impact  []uint16
	pos     []uint32
	dir     []byte
}

// start begins the list of a term.
func (l *listWriter) start(f Field) {
	l.field, l.df, l.prev, l.max, l.started, l.marked = f, 0, ^uint32(0), 0, 0, 0
	l.marks = l.marks[:0]
	l.docs, l.codes, l.payload = l.docs[:0], l.codes[:0], l.payload[:0]
	l.last, l.offset, l.impact, l.pos = l.last[:0], l.offset[:0], l.impact[:0], l.pos[:0]
	l.positions.Reset()
}

// add adds a posting. Documents rise. In a field without frequencies, code and
// positions are not looked at.
func (l *listWriter) add(doc, code uint32, positions []uint32) {
	switch l.field {
	case Text:
		l.max = max(l.max, l.score[0].Impact(code, l.norms[lengthColumn][doc]))
		l.positions.Positions(positions, extent(l.norms[extentColumn][doc]))
	case Author:
		l.max = max(l.max, l.score[1].Impact(code, l.norms[authorsColumn][doc]))
		l.positions.Positions(positions, extent(l.norms[authorsColumn][doc]))
	}
	l.df++
	l.docs, l.codes = append(l.docs, doc), append(l.codes, code)
	if len(l.docs)%markEvery == 0 && l.field.scored() {
		l.mark()
	}
	if len(l.docs) == pack.Block {
		l.flush()
	}
}

// markEvery is how many postings are passed over without reading their positions.
const markEvery = 32

// marks is how many a full block has.
const marks = pack.Block/markEvery - 1

// mark lets the next positions begin a byte and notes the size of those before.
func (l *listWriter) mark() {
	l.positions.AlignByte()
	size := len(l.positions.Bytes()) - l.marked
	l.marked += size
	if size > math.MaxUint8 {
		size = 0
	}
	l.marks = append(l.marks, byte(size))
}

// flush ends a block. Its positions are made whole bytes first, so that a block is
// read without those before it.
func (l *listWriter) flush() {
	if len(l.docs) == 0 {
		return
	}
	n := len(l.last)
	l.offset = append(l.offset, uint32(len(l.payload)))
	l.pos = append(l.pos, uint32(l.started))
	if l.field.scored() {
		l.payload = binary.AppendUvarint(l.payload, uint64(l.started)-uint64(l.pos[n/superBlocks*superBlocks]))
		if len(l.docs) == pack.Block {
			l.payload = append(l.payload, l.marks[:marks]...)
		}
	}
	l.payload = pack.PutDeltas(l.payload, l.prev, l.docs)
	if l.field.scored() {
		l.payload = pack.PutValues(l.payload, l.codes)
		l.positions.AlignByte()
		l.started = len(l.positions.Bytes())
		l.marks, l.marked = l.marks[:0], l.started
	}
	l.prev = l.docs[len(l.docs)-1]
	l.last = append(l.last, l.prev)
	l.impact = append(l.impact, uint16(l.max))
	l.docs, l.codes, l.max = l.docs[:0], l.codes[:0], 0
}

// finish ends the list. What it returns is valid until the next one is started.
func (l *listWriter) finish(key []byte) encodedList {
	l.flush()
	if l.df == 0 {
		return encodedList{}
	}
	l.dir = l.directory(l.dir[:0])
	return encodedList{key: key, directory: l.dir, payload: l.payload, positions: l.positions.Bytes(), df: l.df}
}

// directory appends what stands between the number of documents and the payload.
func (l *listWriter) directory(dst []byte) []byte {
	scored := l.field.scored()
	if l.df <= pack.Block {
		if scored {
			dst = binary.LittleEndian.AppendUint16(dst, l.impact[0])
			l.payload = l.payload[1:] // positions start at the term's
		}
		return dst
	}
	for _, doc := range l.last {
		dst = binary.LittleEndian.AppendUint32(dst, doc)
	}
	for i, off := range l.offset {
		dst = binary.LittleEndian.AppendUint16(dst, uint16(off-l.offset[i/superBlocks*superBlocks]))
	}
	if scored {
		for _, imp := range l.impact {
			dst = binary.LittleEndian.AppendUint16(dst, imp)
		}
	}
	for i := 0; i < len(l.last); i += superBlocks {
		dst = binary.LittleEndian.AppendUint32(dst, l.offset[i])
		dst = binary.LittleEndian.AppendUint32(dst, l.pos[i])
		var top uint16
		for _, imp := range l.impact[i:min(i+superBlocks, len(l.impact))] {
			top = max(top, imp)
		}
		dst = binary.LittleEndian.AppendUint16(dst, top)
	}
	return dst
}
