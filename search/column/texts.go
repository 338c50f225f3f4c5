package column

import (
	"bytes"
	"cmp"
	"encoding/binary"
)

// blockSize is the number of texts that are front-coded together: reading one
// takes half as many steps on average.
const blockSize = 16

// The head of a text has five bits for the length of the prefix and three for
// that of the rest: ids that ascend differ in their last digits. The greatest
// values say that more of the length follows.
const (
	restBits   = 3
	longPrefix = 31
	longRest   = 7
)

// texts ascend and are front-coded in blocks.
type texts struct {
	n      uint64
	starts offsets // of blocks
	blob   []byte
}

// block returns the bytes from the start of the block of text i.
func (t *texts) block(i uint64) []byte { return t.blob[t.starts.at(i/blockSize):] }

// shortHead reports whether a head is its first byte alone, which hot loops read
// by themselves.
func shortHead(first byte) bool {
	return first < longPrefix<<restBits && first&longRest < longRest
}

// lengths reads any head: the length of the prefix taken from the text before,
// that of the rest, and the head's own, which is 0 when it is malformed.
func lengths(b []byte) (prefix, rest, head int) {
	if len(b) == 0 {
		return 0, 0, 0
	}
	prefix, rest, head = int(b[0]>>restBits), int(b[0]&longRest), 1
	if prefix == longPrefix {
		more, n := moreLength(b[head:])
		prefix += more
		head += n
		if n == 0 {
			return 0, 0, 0
		}
	}
	if rest == longRest {
		more, n := moreLength(b[head:])
		rest += more
		head += n
		if n == 0 {
			return 0, 0, 0
		}
	}
	return prefix, rest, head
}

// moreLength reads what follows a length and how long it is, 0 when malformed.
func moreLength(b []byte) (more, n int) {
	v, n := binary.Uvarint(b)
	if n <= 0 || v > MaxText {
		return 0, 0
	}
	return int(v), n
}

// appendText appends text i to dst.
func (t *texts) appendText(dst []byte, i uint64) []byte {
	base := len(dst)
	b := t.block(i)
	for range i%blockSize + 1 {
		prefix, rest, head := int(b[0]>>restBits), int(b[0]&longRest), 1
		if !shortHead(b[0]) {
			prefix, rest, head = lengths(b)
		}
		dst = append(dst[:base+prefix], b[head:head+rest]...)
		b = b[head+rest:]
	}
	return dst
}

// A comparison compares texts of a block, in order, with a target without
// putting them together.
type comparison struct {
	target string
	common int // length of the prefix that the last text shares with target
	order  int // -1 when the last text is below target, 0 when equal, 1 when above
}

// next goes on to the text whose head b starts with and returns what follows it.
func (c *comparison) next(b []byte) []byte {
	prefix, rest, head := int(b[0]>>restBits), int(b[0]&longRest), 1
	if !shortHead(b[0]) {
		prefix, rest, head = lengths(b)
	}
	after := head + rest
	// A text that shares more with the one before than that did with target
	// stands to target as that one did.
	if prefix <= c.common {
		c.compare(prefix, b[head:after])
	}
	return b[after:]
}

// compare sets the result for a text that is target's first prefix bytes and rest.
func (c *comparison) compare(prefix int, rest []byte) {
	want := c.target[prefix:]
	n := min(len(rest), len(want))
	i := 0
	for i < n && rest[i] == want[i] {
		i++
	}
	c.common = prefix + i
	if i < n {
		c.order = cmp.Compare(rest[i], want[i])
	} else {
		c.order = cmp.Compare(len(rest), len(want))
	}
}

// rank returns how many of the texts are not above target, and whether the last
// of these equals it.
func (t *texts) rank(target string) (n uint64, equal bool) {
	// The first text of each block below low is at most target; of each from high
	// on, above.
	low, high := uint64(0), (t.n+blockSize-1)/blockSize
	for low < high {
		mid := (low + high) / 2
		c := comparison{target: target}
		if c.next(t.block(mid * blockSize)); c.order <= 0 {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == 0 {
		return 0, false
	}
	n = (low - 1) * blockSize
	c := comparison{target: target}
	for b := t.block(n); n < min(low*blockSize, t.n); n++ {
		if b = c.next(b); c.order > 0 {
			break
		}
		equal = c.order == 0
	}
	return n, equal
}

// appendTexts appends n texts, which ascend.
func appendTexts(dst []byte, n int, text func(i int) []byte) []byte {
	var (
		blob, before []byte
		ends         []uint32
	)
	for i := range n {
		if i%blockSize == 0 {
			if i > 0 {
				ends = append(ends, uint32(len(blob)))
			}
			before = nil
		}
		t := text(i)
		blob = appendFrontCoded(blob, before, t)
		before = t
	}
	if n > 0 {
		ends = append(ends, uint32(len(blob)))
	}
	return append(appendOffsets(dst, ends), blob...)
}

func appendFrontCoded(dst, before, text []byte) []byte {
	prefix := commonPrefix(before, text)
	rest := text[prefix:]
	dst = append(dst, byte(min(prefix, longPrefix)<<restBits|min(len(rest), longRest)))
	if prefix >= longPrefix {
		dst = binary.AppendUvarint(dst, uint64(prefix-longPrefix))
	}
	if len(rest) >= longRest {
		dst = binary.AppendUvarint(dst, uint64(len(rest)-longRest))
	}
	return append(dst, rest...)
}

// commonPrefix returns the length of what a and b both begin with.
func commonPrefix(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// texts reads n texts.
func (d *decoder) texts(n uint64) texts {
	if n > MaxDocs || n > d.left() {
		d.fail("%d texts in the %d bytes left", n, d.left())
		return texts{}
	}
	const longest = blockSize * (MaxText + 7) // with heads of 7 bytes
	starts, total := d.offsets((n+blockSize-1)/blockSize, longest)
	t := texts{n: n, starts: starts, blob: d.take(total)}
	for i := uint64(0); i < n && d.err == nil; i += blockSize {
		d.checkBlock(&t, i)
	}
	return t
}

// checkBlock fails unless the texts from i on fill their block.
func (d *decoder) checkBlock(t *texts, i uint64) {
	b := t.blob[t.starts.at(i/blockSize):t.starts.at(i/blockSize+1)]
	length := 0
	for ; i < t.n; i++ {
		prefix, rest, head := lengths(b)
		if head == 0 || prefix > length || prefix+rest > MaxText || head+rest > len(b) {
			d.fail("text %d does not fit: prefix of %d from %d bytes, %d more of %d left", i, prefix, length, rest, len(b)-head)
			return
		}
		length = prefix + rest
		b = b[head+rest:]
		if i%blockSize == blockSize-1 {
			i++
			break
		}
	}
	if len(b) > 0 {
		d.fail("%d bytes left over after text %d", len(b), i-1)
	}
}

// successor returns the least text above all that begin with prefix; none is
// above those that begin with bytes of 255 alone.
func successor(prefix string) (string, bool) {
	b := bytes.TrimRight([]byte(prefix), "\xff")
	if len(b) == 0 {
		return "", false
	}
	b[len(b)-1]++
	return string(b), true
}
