package suggest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"

	"github.com/blevesearch/vellum"
)

// The sections of a kind.
const (
	recordsPart = iota
	endsPart
	startsPart
	minimaPart
	dictionaryPart
	parts
)

const (
	magic   = "BSUG"
	version = 1

	headSize      = 8
	directorySize = int(kinds) * parts * 12
	footSize      = 8

	startSize = 5

	// fanOut is how many numbers a minimum is of: those of one scan lie in a few
	// cache lines, and the tree adds 2 % to the starts.
	fanOut = 64

	// reportEvery is after how many records Progress is called.
	reportEvery = 1 << 16
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// writeTo writes the file.
func (b *Builder) writeTo(out io.Writer) error {
	w := &sections{w: bufio.NewWriterSize(out, 1<<18)}
	head := binary.LittleEndian.AppendUint32([]byte(magic), version)
	if _, err := w.w.Write(head); err != nil {
		return err
	}
	entries, err := b.entries.merge()
	if err != nil {
		return err
	}
	entries.next()
	for kind := range kinds {
		if err := b.writeKind(w, kind, entries); err != nil {
			return fmt.Errorf("entries of kind %v: %w", kind, err)
		}
	}
	return w.finish()
}

// writeKind writes the sections of a kind, whose entries are the next ones.
func (b *Builder) writeKind(w *sections, kind Kind, entries *merger) error {
	ranked, starts := b.sorter(), b.sorter()
	defer ranked.close()
	defer starts.close()
	for ; entries.live && Kind(entries.rec[0]) == kind; entries.next() {
		if err := ranked.add(byWeight(entries.rec)); err != nil {
			return err
		}
		if err := b.report("merge", entries.done, b.entries.count); err != nil {
			return err
		}
	}
	if entries.err != nil {
		return entries.err
	}
	if err := b.writeRecords(w, kind, ranked, starts); err != nil {
		return err
	}
	if err := b.writeStarts(w, kind, starts); err != nil {
		return err
	}
	if kind == Word {
		if err := writeDictionary(w, starts); err != nil {
			return err
		}
	}
	w.end()
	return w.err
}

func (b *Builder) report(step string, done, total int) error {
	if done%reportEvery != 0 && done != total {
		return nil
	}
	return b.opts.Progress(step, done, total)
}

// byWeight turns a record of an entry into one that sorts by falling weight, then
// by text and ID: the complement of the weight, text, 0, ID.
func byWeight(entry []byte) []byte {
	n := len(entry) - 4
	rec := binary.BigEndian.AppendUint32(make([]byte, 0, n+2), ^binary.BigEndian.Uint32(entry[n:]))
	return append(rec, entry[1:n-1]...)
}

// writeRecords writes the entries and where each ends, and adds the starts.
func (b *Builder) writeRecords(w *sections, kind Kind, ranked, starts *sorter) error {
	m, err := ranked.merge()
	if err != nil {
		return err
	}
	var key, rec, ends []byte
	for number := uint32(0); m.next(); number++ {
		text, id, _ := bytes.Cut(m.rec[4:], []byte{0})
		rec = binary.LittleEndian.AppendUint32(rec[:0], ^binary.BigEndian.Uint32(m.rec))
		rec = append(append(append(rec, byte(len(id))), id...), text...)
		if _, err := w.Write(rec); err != nil {
			return err
		}
		if w.length > math.MaxUint32 || number == math.MaxUint32 {
			return fmt.Errorf("%d entries of %d bytes, expected at most 4 GiB", number, w.length)
		}
		ends = binary.LittleEndian.AppendUint32(ends, uint32(w.length))
		if key, err = addStarts(starts, kind, number, text, key); err != nil {
			return err
		}
		if err := b.report("rank entries of kind "+kind.String(), m.done, ranked.count); err != nil {
			return err
		}
	}
	w.end()
	w.Write(ends)
	w.end()
	return m.err
}

// addStarts adds a record for each word that an entry can be typed from: the folded
// text from there on, 0, the number, the offset. The key is a buffer to be reused.
func addStarts(starts *sorter, kind Kind, number uint32, text, key []byte) ([]byte, error) {
	var offsets, words [maxStarts]int // in the text and in its key
	n := 0
	key = key[:0]
	for end := 0; ; {
		var start int
		if start, end = nextWord(text, end); start == len(text) {
			break
		}
		if n < kind.starts() && start <= math.MaxUint8 {
			offsets[n], words[n] = start, len(key)
			n++
		}
		key = append(appendWord(key, text[start:end]), ' ')
	}
	key = binary.BigEndian.AppendUint32(append(key, 0), number)
	for i := range n {
		last := len(key)
		key = append(key, byte(offsets[i]))
		if err := starts.add(key[words[i]:]); err != nil {
			return key, err
		}
		key = key[:last]
	}
	return key, nil
}

// writeStarts writes the starts and the tree of their minima.
func (b *Builder) writeStarts(w *sections, kind Kind, starts *sorter) error {
	m, err := starts.merge()
	if err != nil {
		return err
	}
	var minima []uint32
	for i := 0; m.next(); i++ {
		tail := m.rec[len(m.rec)-startSize:]
		number := binary.BigEndian.Uint32(tail)
		minima = addMinimum(minima, i, number)
		w.uint32(number)
		if _, err := w.Write(tail[4:]); err != nil {
			return err
		}
		if err := b.report("sort entries of kind "+kind.String(), m.done, starts.count); err != nil {
			return err
		}
	}
	w.end()
	for len(minima) > 0 {
		var up []uint32
		for i, number := range minima {
			w.uint32(number)
			up = addMinimum(up, i, number)
		}
		if len(minima) == 1 {
			break
		}
		minima = up
	}
	w.end()
	return m.err
}

// addMinimum takes the number of place i into the minimum of its fanOut.
func addMinimum(minima []uint32, i int, number uint32) []uint32 {
	if i%fanOut == 0 {
		return append(minima, number)
	}
	minima[len(minima)-1] = min(minima[len(minima)-1], number)
	return minima
}

// writeDictionary writes the FST from a word to the number of its best entry, which
// is the first of equal keys.
func writeDictionary(w *sections, starts *sorter) error {
	fst, err := vellum.New(w, nil)
	if err != nil {
		return err
	}
	m, err := starts.merge()
	if err != nil {
		return err
	}
	var last []byte
	for m.next() {
		key := m.rec[:len(m.rec)-startSize-len(" \x00")]
		if bytes.Equal(key, last) {
			continue
		}
		last = append(last[:0], key...)
		if err := fst.Insert(key, uint64(binary.BigEndian.Uint32(m.rec[len(m.rec)-startSize:]))); err != nil {
			return err
		}
	}
	if m.err != nil {
		return m.err
	}
	return fst.Close()
}

// sections writes sections one after the other and remembers the first error.
type sections struct {
	w         *bufio.Writer
	length    uint64 // of the section that is being written
	sum       uint32
	directory []byte
	err       error
}

func (s *sections) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	s.length += uint64(len(p))
	s.sum = crc32.Update(s.sum, castagnoli, p)
	var n int
	n, s.err = s.w.Write(p)
	return n, s.err
}

func (s *sections) uint32(v uint32) {
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], v)
	s.Write(b[:])
}

// end ends the section.
func (s *sections) end() {
	s.directory = binary.LittleEndian.AppendUint64(s.directory, s.length)
	s.directory = binary.LittleEndian.AppendUint32(s.directory, s.sum)
	s.length, s.sum = 0, 0
}

// finish writes the directory and what follows.
func (s *sections) finish() error {
	foot := binary.LittleEndian.AppendUint32(s.directory, crc32.Checksum(s.directory, castagnoli))
	s.Write(append(foot, magic...))
	if s.err != nil {
		return s.err
	}
	return s.w.Flush()
}
