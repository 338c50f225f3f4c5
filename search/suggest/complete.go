package suggest

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"sort"
)

// Complete returns the best n entries that can be typed by beginning with prefix,
// best first; entries of different kinds are compared by weight as well, and of
// equal ones the lesser kind, then the lesser text is first. Without kinds, those
// of all but Word are meant. A prefix without a word has no completions, and n is
// at most [MaxResults].
//
// An entry can be typed from each of its first words: "is all you" finds a title
// that goes on so after its first word. The last word of the prefix may be
// unfinished unless a space or the like follows it.
func (f *File) Complete(prefix string, n int, kinds ...Kind) []Entry {
	n = min(n, MaxResults)
	if n <= 0 || len(prefix) > MaxText {
		return nil
	}
	if len(kinds) == 0 {
		kinds = []Kind{Title, Author, Category, Phrase}
	}
	var buf [128]byte
	key := prefixKey(buf[:0], []byte(prefix))
	if len(key) == 0 {
		return nil
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	found := make([]hit, 0, n*min(len(kinds), len(f.tables)))
	for i, kind := range kinds {
		if int(kind) < len(f.tables) && !slices.Contains(kinds[:i], kind) {
			found = f.tables[kind].complete(found, key, n)
		}
	}
	slices.SortFunc(found, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.kind, b.kind), cmp.Compare(a.number, b.number))
	})
	found = found[:min(n, len(found))]
	entries := make([]Entry, len(found))
	for i, h := range found {
		entries[i] = f.tables[h.kind].entry(h.number)
	}
	return entries
}

// A hit is an entry that was found.
type hit struct {
	kind           Kind
	weight, number uint32
}

func (t *table) len() int { return len(t.section[endsPart]) / 4 }

// record returns the parts of entry i. Of a damaged file it may return nothing.
func (t *table) record(i uint32) (weight uint32, id, text []byte) {
	ends := t.section[endsPart]
	if int64(i) >= int64(len(ends)/4) {
		return 0, nil, nil
	}
	var from uint32
	if i > 0 {
		from = binary.LittleEndian.Uint32(ends[4*int(i)-4:])
	}
	to := binary.LittleEndian.Uint32(ends[4*int(i):])
	if int64(from)+5 > int64(to) || int64(to) > int64(len(t.section[recordsPart])) {
		return 0, nil, nil
	}
	rec := t.section[recordsPart][from:to]
	weight = binary.LittleEndian.Uint32(rec)
	idEnd := min(5+int(rec[4]), len(rec))
	return weight, rec[5:idEnd], rec[idEnd:]
}

func (t *table) entry(i uint32) Entry {
	weight, id, text := t.record(i)
	var buf [MaxID + MaxText]byte
	both := string(append(append(buf[:0], id...), text...)) // one allocation
	return Entry{Kind: t.kind, Text: both[len(id):], Weight: weight, ID: both[:len(id)]}
}

// number returns the entry of a start.
func (t *table) number(start int) uint32 {
	return binary.LittleEndian.Uint32(t.section[startsPart][startSize*start:])
}

// compare compares the beginning of a start's folded text with key: 0 means that
// the text begins with it.
func (t *table) compare(start int, key []byte) int {
	_, _, text := t.record(t.number(start))
	offset := int(t.section[startsPart][startSize*start+4])
	var buf [256]byte
	got := appendKey(buf[:0], text[min(offset, len(text)):], len(key))
	return bytes.Compare(got[:min(len(got), len(key))], key)
}

// matching returns the range of starts whose texts begin with key.
func (t *table) matching(key []byte) span {
	lo, hi := 0, len(t.section[startsPart])/startSize
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		c := t.compare(mid, key)
		if c == 0 { // inside: its ends are on either side
			first := lo + sort.Search(mid-lo, func(i int) bool { return t.compare(lo+i, key) >= 0 })
			end := mid + 1 + sort.Search(hi-mid-1, func(i int) bool { return t.compare(mid+1+i, key) > 0 })
			return span{lo: first, hi: end}
		}
		if c < 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return span{}
}

// complete appends the best n entries that begin with key.
func (t *table) complete(dst []hit, key []byte, n int) []hit {
	whole := t.matching(key)
	if whole.lo == whole.hi {
		return dst
	}
	var buf [64]span
	heap := spans(append(buf[:0], t.best(whole)))
	last := int64(-1)
	// An entry comes once for each of its words that the range has.
	for tries := n * maxStarts; n > 0 && len(heap) > 0 && tries > 0; tries-- {
		s := heap.pop()
		if int64(s.number) != last {
			last = int64(s.number)
			weight, _, _ := t.record(s.number)
			dst = append(dst, hit{t.kind, weight, s.number})
			n--
		}
		if s.lo < s.at {
			heap.push(t.best(span{lo: s.lo, hi: s.at}))
		}
		if s.at+1 < s.hi {
			heap.push(t.best(span{lo: s.at + 1, hi: s.hi}))
		}
	}
	return dst
}

// best returns a range that is not empty with its least number and where it is.
// It climbs as long as whole blocks lie within the range, so that it looks at no
// more than 2 fanOut numbers of each level, and then descends to the start.
func (t *table) best(s span) span {
	found := least{level: -1, at: s.lo, number: math.MaxUint32}
	lo, hi, level := s.lo, s.hi, -1
	for ; hi-lo > 2*fanOut && level+1 < len(t.minima); level++ {
		up, down := (lo+fanOut-1)/fanOut, hi/fanOut
		t.scan(&found, level, lo, up*fanOut)
		t.scan(&found, level, down*fanOut, hi)
		lo, hi = up, down
	}
	t.scan(&found, level, lo, hi)
	for found.level >= 0 {
		level, lo := found.level-1, found.at*fanOut
		found = least{level: level, at: lo, number: math.MaxUint32}
		t.scan(&found, level, lo, min(lo+fanOut, t.width(level)))
	}
	s.at, s.number = found.at, t.number(found.at)
	return s
}

// A least is the least number seen and where: at a start on level -1, else in the
// tree.
type least struct {
	level, at int
	number    uint32
}

// scan looks for a lesser number on a level.
func (t *table) scan(found *least, level, from, to int) {
	if from == to {
		return
	}
	data, size := t.section[startsPart], startSize
	if level >= 0 {
		data, size = t.minima[level], 4
	}
	for i := from; i < to; i++ {
		if v := binary.LittleEndian.Uint32(data[size*i:]); v < found.number {
			*found = least{level, i, v}
		}
	}
}

// width returns how many numbers a level has.
func (t *table) width(level int) int {
	if level < 0 {
		return len(t.section[startsPart]) / startSize
	}
	return len(t.minima[level]) / 4
}

// A span is a range of starts with its least number and where that is.
type span struct {
	lo, hi, at int
	number     uint32
}

// spans are a heap by number.
type spans []span

func (h *spans) push(s span) {
	*h = append(*h, s)
	for i := len(*h) - 1; i > 0; {
		parent := (i - 1) / 2
		if (*h)[parent].number <= s.number {
			break
		}
		(*h)[i], (*h)[parent] = (*h)[parent], (*h)[i]
		i = parent
	}
}

func (h *spans) pop() span {
	s := (*h)[0]
	n := len(*h) - 1
	(*h)[0] = (*h)[n]
	*h = (*h)[:n]
	for i := 0; ; {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < n; c++ {
			if (*h)[c].number < (*h)[least].number {
				least = c
			}
		}
		if least == i {
			return s
		}
		(*h)[i], (*h)[least] = (*h)[least], (*h)[i]
		i = least
	}
}
