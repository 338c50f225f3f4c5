package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"broadsheet/search/column"
	"broadsheet/search/vector"

	"github.com/blevesearch/vellum"
)

// A Segment is an immutable set of documents with its postings. Any number of
// goroutines may read one.
type Segment struct {
	set       *Settings
	data      [parts][]byte // whole, with headers and footers
	fst       *vellum.FST
	postings  []byte
	positions []byte
	columns   *column.Reader
	vectors   *vector.Reader // nil when there are none, or of another coder
	norms     [byteColumns][]byte
	docs      int
	mean      [2]float64 // lengths that the impacts of Text and of Author were computed with
}

// openSegment reads the heads of the parts. The data must stay as they are while the segment
// is in use.
func openSegment(data [parts][]byte, set *Settings) (*Segment, error) {
	s := &Segment{set: set, data: data}
	var body [parts][]byte
	for p := range parts {
		var err error
		if body[p], err = openPart(data[p], p); err != nil {
			return nil, fmt.Errorf("%v: %w", p, err)
		}
	}
	s.postings, s.positions = body[postingsPart], body[positionsPart]
	if len(s.postings) < postingsHead {
		return nil, fmt.Errorf("%v: %w: it is too short", postingsPart, ErrDamaged)
	}
	for i := range s.mean {
		s.mean[i] = math.Float64frombits(binary.LittleEndian.Uint64(s.postings[8*i:]))
	}
	if binary.LittleEndian.Uint64(s.postings[16:]) != set.fingerprint() {
		return nil, fmt.Errorf("%w: with other settings", ErrVersion)
	}
	s.docs = int(binary.LittleEndian.Uint32(s.postings[24:]))
	// The dictionary is walked where its bytes lead, so it must not be damaged.
	err := checkPart(data[termsPart], termsPart)
	if err != nil {
		return nil, fmt.Errorf("%v: %w", termsPart, err)
	}
	if s.fst, err = vellum.Load(body[termsPart]); err != nil {
		return nil, fmt.Errorf("%v: %w: %w", termsPart, ErrDamaged, err)
	}
	if s.columns, err = column.Open(body[columnsPart]); err != nil {
		return nil, fmt.Errorf("%v: %w: %w", columnsPart, ErrDamaged, err)
	}
	if s.columns.Len() != s.docs {
		return nil, fmt.Errorf("%v: %w: %d rows for %d documents", columnsPart, ErrDamaged, s.columns.Len(), s.docs)
	}
	for col := range s.norms {
		s.norms[col] = s.columns.Bytes(col)
	}
	return s, s.openVectors(body[vectorsPart])
}

// check compares the checksums of all parts.
func (s *Segment) check() error {
	var errs []error
	for p := range parts {
		if err := checkPart(s.data[p], p); err != nil {
			errs = append(errs, fmt.Errorf("%v: %w", p, err))
		}
	}
	return errors.Join(errs...)
}

// Len returns the number of documents, deleted ones included.
func (s *Segment) Len() int { return s.docs }

// Bytes returns the size of all parts.
func (s *Segment) Bytes() (n int) {
	for _, d := range s.data {
		n += len(d)
	}
	return n
}

// openVectors opens the vectors, if they are of the coder in use.
func (s *Segment) openVectors(body []byte) error {
	if len(body) == 0 || s.set.Coder == nil {
		return nil
	}
	r, err := vector.Open(body)
	if err != nil {
		return fmt.Errorf("%v: %w: %w", vectorsPart, ErrDamaged, err)
	}
	if r.Len() != s.docs {
		return fmt.Errorf("%v: %w: %d vectors for %d documents", vectorsPart, ErrDamaged, r.Len(), s.docs)
	}
	if r.Fingerprint() == s.set.Coder.Fingerprint() {
		s.vectors = r
	}
	return nil
}

// Vectors returns the vectors of the documents; nil when there are none that the coder
// of the settings has made.
func (s *Segment) Vectors() *vector.Reader { return s.vectors }

// Columns returns the columns of the documents.
func (s *Segment) Columns() *column.Reader { return s.columns }

// TitleExtent returns a bound above the positions of words in the title.
func (s *Segment) TitleExtent(doc uint32) uint32 { return extent(s.norms[titleColumn][doc]) }

// Lengths returns the length byte of each document, for a [Scorer].
func (s *Segment) Lengths(f Field) []byte {
	if f == Author {
		return s.norms[authorsColumn]
	}
	return s.norms[lengthColumn]
}

// Terms calls fn for each term of a field that starts with prefix, in order, until
// fn returns false. The term is valid during the call only.
func (s *Segment) Terms(f Field, prefix string, fn func(term []byte, df int) bool) error {
	start := append([]byte{byte(f)}, prefix...)
	it, err := s.fst.Iterator(start, after(start))
	for ; err == nil; err = it.Next() {
		key, offset := it.Current()
		if !fn(key[1:], s.frequency(offset)) {
			return nil
		}
	}
	if errors.Is(err, vellum.ErrIteratorDone) {
		return nil
	}
	return fmt.Errorf("index: terms: %w", err)
}

// FST returns the dictionary: keys are a field and a term, values are for Frequency.
func (s *Segment) FST() *vellum.FST { return s.fst }

// Frequency returns the number of documents of a term whose value in the dictionary this is.
func (s *Segment) Frequency(value uint64) int { return s.frequency(value) }

func (s *Segment) frequency(offset uint64) int {
	df, _ := binary.Uvarint(s.postings[offset:])
	return int(df)
}

// after returns the first key behind all that start with prefix.
func after(prefix []byte) []byte {
	end := append([]byte(nil), prefix...)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i]++; end[i] != 0 {
			return end[:i+1]
		}
	}
	return nil
}

// lookup returns the offset of a term's list.
func (s *Segment) lookup(f Field, term string, key *[]byte) (uint64, bool) {
	*key = append(append((*key)[:0], byte(f)), term...)
	offset, ok, err := s.fst.Get(*key)
	return offset, ok && err == nil && offset < uint64(len(s.postings))
}
