package pack

import "encoding/binary"

// MaxPut is the most bits that one [BitWriter.Put] or [BitReader.Bits] moves.
const MaxPut = 56

// A BitWriter appends bit strings to a buffer, the lowest bit first. The zero
// value is ready to use.
type BitWriter struct {
	buf  []byte
	acc  uint64 // the last bits, not in buf yet
	have uint   // how many: less than 64 between calls
}

// Put appends the lowest n bits of v, whose other bits are zero, n <= MaxPut.
func (w *BitWriter) Put(v uint64, n uint) {
	w.acc |= v << w.have
	if w.have += n; w.have >= 64 {
		w.buf = binary.LittleEndian.AppendUint64(w.buf, w.acc)
		w.have -= 64
		w.acc = v >> (n - w.have)
	}
}

// Len returns the number of bits written.
func (w *BitWriter) Len() int { return 8*len(w.buf) + int(w.have) }

// AlignByte appends zeros up to the end of a byte.
func (w *BitWriter) AlignByte() { w.Put(0, -w.have%8) }

// Bytes appends zeros up to the end of a byte and returns all that was written.
// The bytes are the writer's until its next Reset.
func (w *BitWriter) Bytes() []byte {
	for w.AlignByte(); w.have > 0; w.have -= 8 {
		w.buf = append(w.buf, byte(w.acc))
		w.acc >>= 8
	}
	return w.buf
}

// Reset empties the writer, which keeps its memory.
func (w *BitWriter) Reset() { *w = BitWriter{buf: w.buf[:0]} }

// A BitReader reads the bits that a [BitWriter] wrote. Behind the end of its
// bytes it reads zeros. It is small: pass it by value, keep it on the stack.
type BitReader struct {
	src []byte
	bit uint
}

// NewBitReader returns a reader that starts at a bit of src.
func NewBitReader(src []byte, bit int) BitReader {
	return BitReader{src: src, bit: uint(bit)}
}

// Offset returns the bit that is read next, counted from the start of the bytes.
func (r *BitReader) Offset() int { return int(r.bit) }

// AlignByte passes over what is left of a byte.
func (r *BitReader) AlignByte() { r.bit = (r.bit + 7) &^ 7 }

// Bits reads n <= MaxPut bits.
func (r *BitReader) Bits(n uint) uint64 {
	v := r.peek() & (1<<n - 1)
	r.bit += n
	return v
}

// peek returns at least the next 57 bits, and zeros or later bits above them.
func (r *BitReader) peek() uint64 {
	if at := r.bit / 8; at+8 <= uint(len(r.src)) {
		return binary.LittleEndian.Uint64(r.src[at:]) >> (r.bit & 7)
	}
	return r.peekEnd()
}

// peekEnd is peek where fewer than eight bytes are left.
func (r *BitReader) peekEnd() uint64 {
	var last [8]byte
	if at := r.bit / 8; at < uint(len(r.src)) {
		copy(last[:], r.src[at:])
	}
	return binary.LittleEndian.Uint64(last[:]) >> (r.bit & 7)
}
