package index

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math/rand/v2"
	"runtime/debug"
	"testing"

	"broadsheet/search/pack"
)

// footerOf returns the footer of a part, right for what stands before it.
func footerOf(before []byte) []byte {
	f := append(make([]byte, pack.Padding), magic...)
	f = binary.LittleEndian.AppendUint32(f, crc32.Checksum(before, castagnoli))
	return binary.LittleEndian.AppendUint64(f, uint64(len(before)))
}

func TestRecover(t *testing.T) {
	read := func(f func()) (err error) {
		defer Recover(&err)
		f()
		return nil
	}
	var list []int
	if err := read(func() { _ = list[len(list)+2] }); !errors.Is(err, ErrDamaged) {
		t.Errorf("an index out of range: %v, want %v", err, ErrDamaged)
	}
	n := -1
	if err := read(func() { list = list[:0][n:] }); !errors.Is(err, ErrDamaged) {
		t.Errorf("a slice out of range: %v, want %v", err, ErrDamaged)
	}
	if err := read(func() {}); err != nil {
		t.Errorf("nothing: %v", err)
	}
	for name, f := range map[string]func(){
		"a nil function": func() { var f func(); f() },
		"a nil pointer":  func() { var s *Segment; s.docs++ },
		"a message":      func() { panic("out of range") },
		"a conversion":   func() { var v any = 1; _ = v.(string) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("the panic of %s does not go on", name)
				}
			}()
			read(f)
		}()
	}
}

// readAll reads all that there is in a segment.
func readAll(s *Segment) (err error) {
	defer Recover(&err)
	for doc := range uint32(s.Len()) {
		s.Columns().Find(s.Columns().ID(doc))
		s.Columns().Number(0, doc)
		s.Columns().Keyword(0).Ords(nil, doc)
		s.TitleExtent(doc)
	}
	var p Postings
	for _, f := range fields {
		if err := s.Terms(f, "", func(term []byte, df int) bool {
			if p.Open(s, f, string(term)) {
				readList(&p)
			}
			return true
		}); err != nil {
			return err
		}
	}
	return nil
}

func readList(p *Postings) {
	p.MaxImpact()
	var positions []uint32
	for block := range p.Blocks() {
		p.Load(block)
		p.Find(7)
		p.Impact(block)
		p.BlockOf(block, 100)
		for i := range p.N {
			p.Code(i)
			if p.Field().scored() {
				positions = p.Positions(positions[:0], i)
			}
		}
	}
}

// damagedSegment returns a copy of a segment's parts with some bytes changed: for
// each four bytes of edits the part, the place and the new value. The checksums are
// made to fit, but for the dictionary, whose checksum is looked at.
func damagedSegment(good *Segment, edits []byte) (data [parts][]byte) {
	for p := range parts {
		data[p] = append([]byte(nil), good.data[p]...)
	}
	for ; len(edits) >= 4; edits = edits[4:] {
		d := data[edits[0]%byte(parts)]
		at := int(binary.LittleEndian.Uint16(edits[1:])) % len(d)
		d[at] = edits[3]
	}
	for p := postingsPart; p < parts; p++ {
		end := len(data[p]) - footerSize
		copy(data[p][end:], footerOf(data[p][:end]))
	}
	return data
}

// smallSegment has lists of one block and of several.
func smallSegment(tb testing.TB) *Segment {
	rng := rand.New(rand.NewPCG(5, 1))
	return segmentOf(tb, drawDocuments(rng, 0, 150))
}

func readDamaged(data [parts][]byte) {
	if s, err := openSegmentSafely(data, &testSettings); err == nil {
		readAll(s)
	}
}

// TestDamagedSegment reads segments with a few wrong bytes: whatever comes out,
// nothing but errors goes wrong.
func TestDamagedSegment(t *testing.T) {
	good := smallSegment(t)
	if err := readAll(good); err != nil {
		t.Fatal(err)
	}
	trials := 3000
	if testing.Short() {
		trials = 300
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(1 << 30))
	rng := rand.New(rand.NewPCG(5, 2))
	for range trials {
		edits := make([]byte, 4*(1+rng.IntN(3)))
		for i := range edits {
			edits[i] = byte(rng.Uint32())
		}
		edits[0] = byte(postingsPart) + byte(rng.IntN(3))
		readDamaged(damagedSegment(good, edits))
	}
}

func FuzzDamagedSegment(f *testing.F) {
	good := smallSegment(f)
	f.Add([]byte{1, 40, 0, 255})
	f.Add([]byte{1, 200, 3, 128, 2, 17, 1, 0, 3, 60, 0, 9})
	f.Add([]byte{3, 16, 0, 0})
	f.Fuzz(func(t *testing.T, edits []byte) {
		readDamaged(damagedSegment(good, edits))
	})
}
