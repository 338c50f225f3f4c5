package suggest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"sync"

	"github.com/blevesearch/vellum"
)

// A File answers from what a Builder wrote. Its methods may be called from any
// number of goroutines.
type File struct {
	mu      sync.RWMutex // held for writing only to close
	data    []byte
	release func() error
	tables  [kinds]table
	sums    [kinds][parts]uint32
}

// Open opens a file. Where the system has it the file is mapped, so that the pages
// that are not asked for take no memory, and it must not be changed in place.
func Open(path string) (*File, error) {
	data, release, err := mapFile(path)
	if err != nil {
		return nil, fmt.Errorf("suggest: open: %w", err)
	}
	f, err := OpenBytes(data)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), release())
	}
	f.release = release
	return f, nil
}

// OpenBytes is Open for the bytes of a file, which must stay as they are. It checks
// the directory and the dictionary of words; damage elsewhere is found by Check
// and until then leads to wrong answers at worst.
func OpenBytes(data []byte) (*File, error) {
	f := &File{data: data, release: func() error { return nil }}
	if err := f.open(); err != nil {
		return nil, fmt.Errorf("suggest: open: %w", err)
	}
	return f, nil
}

func (f *File) open() error {
	const least = headSize + directorySize + footSize
	if len(f.data) < headSize || string(f.data[:4]) != magic {
		return fmt.Errorf("%w: it begins with %q, expected %q", ErrDamaged, f.data[:min(4, len(f.data))], magic)
	}
	if v := binary.LittleEndian.Uint32(f.data[4:]); v != version {
		return fmt.Errorf("%w: it is %d, expected %d", ErrVersion, v, version)
	}
	if len(f.data) < least {
		return fmt.Errorf("%w: it has %d bytes, expected at least %d", ErrDamaged, len(f.data), least)
	}
	directory := f.data[len(f.data)-footSize-directorySize:]
	foot := directory[directorySize:]
	directory = directory[:directorySize]
	if got, want := crc32.Checksum(directory, castagnoli), binary.LittleEndian.Uint32(foot); got != want || string(foot[4:]) != magic {
		return fmt.Errorf("%w: the directory's checksum is %08x, expected %08x, and the file ends with %q, expected %q",
			ErrDamaged, got, want, foot[4:], magic)
	}
	return f.openTables(directory)
}

// openTables cuts the sections out.
func (f *File) openTables(directory []byte) error {
	rest := f.data[headSize : len(f.data)-footSize-directorySize]
	for kind := range kinds {
		var section [parts][]byte
		for part := range parts {
			length := binary.LittleEndian.Uint64(directory)
			f.sums[kind][part] = binary.LittleEndian.Uint32(directory[8:])
			directory = directory[12:]
			if length > uint64(len(rest)) {
				return fmt.Errorf("%w: %s of %d bytes, expected at most %d", ErrDamaged, partName(kind, part), length, len(rest))
			}
			section[part], rest = rest[:length:length], rest[length:]
		}
		f.tables[kind] = table{kind: kind, section: section}
		if err := f.tables[kind].open(f.sums[kind][dictionaryPart]); err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	if len(rest) != 0 {
		return fmt.Errorf("%w: %d bytes belong to no section", ErrDamaged, len(rest))
	}
	return nil
}

// Check compares the checksums of all sections and names each that is damaged. It
// reads the whole file.
func (f *File) Check() error {
	f.mu.RLock()
	defer f.mu.RUnlock()
	var errs []error
	for kind := range kinds {
		for part, data := range f.tables[kind].section {
			if got, want := crc32.Checksum(data, castagnoli), f.sums[kind][part]; got != want {
				errs = append(errs, fmt.Errorf("suggest: %w: the checksum of %s is %08x, expected %08x",
					ErrDamaged, partName(kind, part), got, want))
			}
		}
	}
	return errors.Join(errs...)
}

// Close lets go of the file. What has been returned stays; later calls find nothing.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	release := f.release
	f.data, f.tables, f.sums = nil, [kinds]table{}, [kinds][parts]uint32{}
	f.release = func() error { return nil }
	return release()
}

// Len returns the number of entries of a kind.
func (f *File) Len(kind Kind) int {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if kind >= kinds {
		return 0
	}
	return f.tables[kind].len()
}

func partName(kind Kind, part int) string {
	return fmt.Sprintf("the %s of kind %v", [parts]string{"records", "ends", "starts", "minima", "dictionary"}[part], kind)
}

// A table is the entries of a kind. Its zero value has none.
type table struct {
	kind    Kind
	section [parts][]byte
	minima  [][]byte // each level, the lowest first
	fst     *vellum.FST
}

// open checks that sections fit each other, and the dictionary's checksum: vellum
// trusts what it reads.
func (t *table) open(sum uint32) error {
	if n := len(t.section[endsPart]); n%4 != 0 {
		return fmt.Errorf("%s of %d bytes, expected 4 for each entry", partName(t.kind, endsPart), n)
	}
	if n := len(t.section[startsPart]); n%startSize != 0 {
		return fmt.Errorf("%s of %d bytes, expected %d for each", partName(t.kind, startsPart), n, startSize)
	}
	left := t.section[minimaPart]
	for n := len(t.section[startsPart]) / startSize; n > 0; {
		if n = (n + fanOut - 1) / fanOut; 4*n > len(left) {
			return fmt.Errorf("%s of %d bytes, expected more", partName(t.kind, minimaPart), len(t.section[minimaPart]))
		}
		t.minima = append(t.minima, left[:4*n])
		if left = left[4*n:]; n == 1 {
			break
		}
	}
	if len(left) != 0 {
		return fmt.Errorf("%s of %d bytes, expected %d fewer", partName(t.kind, minimaPart), len(t.section[minimaPart]), len(left))
	}
	return t.openDictionary(sum)
}

func (t *table) openDictionary(sum uint32) error {
	data := t.section[dictionaryPart]
	if t.kind != Word && len(data) == 0 {
		return nil
	}
	if got := crc32.Checksum(data, castagnoli); got != sum {
		return fmt.Errorf("the checksum of %s is %08x, expected %08x", partName(t.kind, dictionaryPart), got, sum)
	}
	return guard(func() (err error) {
		t.fst, err = vellum.Load(data)
		return err
	})
}
