package column

import (
	"encoding/binary"
	"fmt"
)

// A decoder takes an encoded form apart from the front. After the first failure
// all it returns is zero; whoever loops over counts it returned asks err first.
type decoder struct {
	data []byte
	at   int
	part string // what is being read, for the error
	err  error
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("column: %s, before byte %d: %s", d.part, d.at, fmt.Sprintf(format, args...))
	}
}

// left returns how many bytes have not been taken.
func (d *decoder) left() uint64 { return uint64(len(d.data) - d.at) }

// take returns the next n bytes, or nil.
func (d *decoder) take(n uint64) []byte {
	if d.err == nil && n > d.left() {
		d.fail("cut off: %d bytes left, %d expected", d.left(), n)
	}
	if d.err != nil {
		return nil
	}
	from := d.at
	d.at += int(n)
	return d.data[from:d.at:d.at]
}

func (d *decoder) uint8() uint8 {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *decoder) uint32() uint32 {
	if b := d.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (d *decoder) uint64() uint64 {
	if b := d.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}
