package vector

import (
	"encoding/binary"
	"fmt"
	"math"
)

// offsetEvery is how many documents share an entry of the offsets of tokens.
const offsetEvery = 16

// A Reader reads an encoded form in place. It is safe for concurrent use as long as
// the bytes do not change. Documents are addressed by number and must be below Len,
// as with the index of a slice.
type Reader struct {
	dims        int
	docs        int
	slots       int
	partitions  int
	fingerprint uint64

	codes     []byte // dims/8 for each slot
	members   []byte // u32 for each slot: its document
	records   []byte // scale and dims int8 for each document
	centroids []byte // likewise for each partition
	starts    []byte // u32 for each partition
	offsets   []byte // u64 for each 16 documents
	sizes     []byte // u8 for each document
	blob      []byte
}

// Open returns a Reader of data, which it keeps. It looks at the header alone; what
// is read later is checked where it is read, so that nothing panics whatever the
// bytes are. [Reader.Check] reads all. A checksum over the whole is the business of
// whoever stores it.
func Open(data []byte) (*Reader, error) {
	le := binary.LittleEndian
	if len(data) < headerSize || string(data[:4]) != magic {
		return nil, fmt.Errorf("vector: %d bytes that are none of this format, %q expected in front", len(data), magic)
	}
	if v := le.Uint32(data[4:]); v != version {
		return nil, fmt.Errorf("vector: version %d, %d expected", v, version)
	}
	dims, docs, slots, partitions := le.Uint32(data[8:]), le.Uint32(data[12:]), le.Uint32(data[16:]), le.Uint32(data[20:])
	if err := checkDims(int(min(dims, MaxDims+1))); err != nil {
		return nil, fmt.Errorf("vector: header: %w", err)
	}
	if docs > MaxDocs || slots > docs || partitions > slots {
		return nil, fmt.Errorf("vector: header: %d documents, %d vectors and %d partitions, at most %d and none more than the one before expected",
			docs, slots, partitions, MaxDocs)
	}
	r := &Reader{dims: int(dims), docs: int(docs), slots: int(slots), partitions: int(partitions), fingerprint: le.Uint64(data[24:])}
	sizes := r.sections(le.Uint64(data[32:]))
	total := uint64(headerSize)
	for _, size := range sizes {
		total += size
	}
	if sizes[len(sizes)-1] > uint64(len(data)) || total != uint64(len(data)) {
		return nil, fmt.Errorf("vector: %d bytes, %d expected", len(data), total)
	}
	if v := le.Uint64(data[40:]); v != 0 {
		return nil, fmt.Errorf("vector: header: %d where 0 is reserved", v)
	}
	rest := data[headerSize:]
	for i, section := range []*[]byte{&r.codes, &r.members, &r.records, &r.centroids, &r.starts, &r.offsets, &r.sizes, &r.blob} {
		*section, rest = rest[:sizes[i]:sizes[i]], rest[sizes[i]:]
	}
	return r, nil
}

// sections returns the sizes in bytes of what follows the header, in its order. All
// but that of the blob are far below 2⁶⁴.
func (r *Reader) sections(blob uint64) [8]uint64 {
	docs, slots, partitions := uint64(r.docs), uint64(r.slots), uint64(r.partitions)
	stride := uint64(r.stride())
	return [...]uint64{
		slots * uint64(r.dims/8), 4 * slots, docs * stride,
		partitions * stride, 4 * partitions,
		8 * ((docs + offsetEvery - 1) / offsetEvery), docs, blob,
	}
}

// stride is the size of a record.
func (r *Reader) stride() int { return r.dims + scaleSize }

// Len returns the number of documents.
func (r *Reader) Len() int { return r.docs }

// Vectors returns how many documents have a vector.
func (r *Reader) Vectors() int { return r.slots }

// Partitions returns how many partitions there are, 0 when all is one.
func (r *Reader) Partitions() int { return r.partitions }

// Dims returns the number of dimensions.
func (r *Reader) Dims() int { return r.dims }

// Fingerprint returns that of the [Coder] that made the codes.
func (r *Reader) Fingerprint() uint64 { return r.fingerprint }

// record returns the record of a document.
func (r *Reader) record(doc uint32) []byte {
	return r.records[int(doc)*r.stride():][:r.stride()]
}

// member returns the document of a slot, which is at least Len in damaged bytes.
func (r *Reader) member(slot int) uint32 {
	return binary.LittleEndian.Uint32(r.members[4*slot:])
}

// partition returns the slots of a partition, from low to high. In damaged bytes
// they may be any.
func (r *Reader) partition(i int) (low, high int) {
	high = r.slots
	if i+1 < r.partitions {
		high = min(high, int(binary.LittleEndian.Uint32(r.starts[4*i+4:])))
	}
	low = int(binary.LittleEndian.Uint32(r.starts[4*i:]))
	return min(low, high), high
}

// Vector appends the vector of a document to dst[:0], or returns nil when it has
// none. Its length is 1 but for what rounding to bytes has moved it.
func (r *Reader) Vector(dst []float32, doc uint32) []float32 {
	record := r.record(doc)
	scale := scaleOf(record)
	if scale == 0 {
		return nil
	}
	dst = dst[:0]
	for _, b := range record[scaleSize:] {
		dst = append(dst, scale*float32(int8(b)))
	}
	return dst
}

// Tokens appends the tokens of a document to dst[:0], ascending.
func (r *Reader) Tokens(dst []uint16, doc uint32) []uint16 {
	return readTokens(dst[:0], r.tokens(doc))
}

// tokens returns the encoded tokens of a document, or nothing where offsets and
// sizes lead out of the blob.
func (r *Reader) tokens(doc uint32) []byte {
	first := doc / offsetEvery
	start := binary.LittleEndian.Uint64(r.offsets[8*first:])
	for _, size := range r.sizes[first*offsetEvery : doc] {
		start += uint64(size)
	}
	size := uint64(r.sizes[doc])
	if n := uint64(len(r.blob)); start > n || size > n-start {
		return nil
	}
	return r.blob[start:][:size]
}

// Check reads all and returns what is not as a [Writer] writes it: it finds
// what would be passed over or read wrongly, not every changed bit.
func (r *Reader) Check() error {
	if err := r.checkPartitions(); err != nil {
		return fmt.Errorf("vector: %w", err)
	}
	if err := r.checkSlots(); err != nil {
		return fmt.Errorf("vector: %w", err)
	}
	sum := uint64(0)
	for doc, size := range r.sizes {
		if doc%offsetEvery == 0 {
			if got := binary.LittleEndian.Uint64(r.offsets[doc/offsetEvery*8:]); got != sum {
				return fmt.Errorf("vector: the tokens of document %d begin at %d, %d expected", doc, got, sum)
			}
		}
		sum += uint64(size)
	}
	if sum != uint64(len(r.blob)) {
		return fmt.Errorf("vector: tokens of %d bytes, %d expected", len(r.blob), sum)
	}
	return nil
}

// checkPartitions checks that partitions ascend from slot 0.
func (r *Reader) checkPartitions() error {
	before := uint32(0)
	for i := range r.partitions {
		start := binary.LittleEndian.Uint32(r.starts[4*i:])
		if start < before || start > uint32(r.slots) || i == 0 && start != 0 {
			return fmt.Errorf("partition %d starts at %d, %d to %d expected", i, start, before, r.slots)
		}
		before = start
	}
	return nil
}

// checkSlots checks that exactly the documents with a vector have a slot, and one.
func (r *Reader) checkSlots() error {
	seen := make([]bool, r.docs)
	for slot := range r.slots {
		doc := r.member(slot)
		if doc >= uint32(r.docs) || seen[doc] {
			return fmt.Errorf("slot %d is of document %d, one below %d without another expected", slot, doc, r.docs)
		}
		seen[doc] = true
	}
	for doc := range uint32(r.docs) {
		if has := scaleOf(r.record(doc)) > 0; has != seen[doc] {
			scale := math.Float32frombits(binary.LittleEndian.Uint32(r.record(doc)))
			return fmt.Errorf("document %d has the scale %v and a code: %v", doc, scale, seen[doc])
		}
	}
	return nil
}
