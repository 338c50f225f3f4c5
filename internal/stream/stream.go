// Package stream reads untrusted files of any size in bounded memory: lines with
// a limit, and a reader that refuses a single record that is too large.
package stream

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
)

// MaxRecord bounds one record of any format in bytes. The largest real one seen
// (a paper with some 3,000 authors) has 50 kB.
const MaxRecord = 16 << 20

// A Line is one line of a file, without its end.
type Line struct {
	Number  int    // 1-based
	Text    []byte // valid until the next line; nil when TooLong
	TooLong bool   // longer than the limit; its text was skipped
}

// Lines yields the lines of r, skipping over those longer than max bytes
// without keeping them. An error of r comes last, after the lines before it.
func Lines(r io.Reader, max int) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		br := bufio.NewReaderSize(r, 64<<10)
		var buf []byte
		for n := 1; ; n++ {
			buf = buf[:0]
			tooLong, started := false, false
			for {
				part, err := br.ReadSlice('\n')
				started = started || len(part) > 0
				if !tooLong && len(buf)+len(part) > max {
					tooLong, buf = true, nil
				}
				if !tooLong {
					buf = append(buf, part...)
				}
				if err == nil {
					break
				}
				if errors.Is(err, bufio.ErrBufferFull) {
					continue
				}
				if err != io.EOF {
					yield(Line{Number: n}, err)
					return
				}
				if started {
					yield(Line{Number: n, Text: trimEnd(buf), TooLong: tooLong}, nil)
				}
				return
			}
			if !yield(Line{Number: n, Text: trimEnd(buf), TooLong: tooLong}, nil) {
				return
			}
		}
	}
}

func trimEnd(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}

// A Budget passes on R until more than Max bytes have been read since the last
// Reset. Decoders that must hold a whole record in memory read through it and
// call Reset between records. Decoders read ahead, so the bound is not exact.
type Budget struct {
	R    io.Reader
	Max  int64 // 0 means MaxRecord
	used int64
}

// ErrTooLarge is what a Budget returns when a record does not fit.
var ErrTooLarge = fmt.Errorf("one record is larger than %d MiB", MaxRecord>>20)

// Reset starts the next record.
func (b *Budget) Reset() { b.used = 0 }

func (b *Budget) Read(p []byte) (int, error) {
	max := b.Max
	if max == 0 {
		max = MaxRecord
	}
	if b.used > max {
		return 0, ErrTooLarge
	}
	n, err := b.R.Read(p)
	b.used += int64(n)
	return n, err
}
