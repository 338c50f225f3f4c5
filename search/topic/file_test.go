package topic

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"testing"
)

func file(tb testing.TB, s *Set) []byte {
	tb.Helper()
	var b bytes.Buffer
	if n, err := s.WriteTo(&b); err != nil || n != int64(b.Len()) {
		tb.Fatalf("WriteTo: %d, %v with %d bytes", n, err, b.Len())
	}
	return b.Bytes()
}

func TestFile(t *testing.T) {
	w := newWorld(6, 5)
	s := w.set(t)
	for g := range 5 {
		learn(t, s, fmt.Sprint(g), w.papers(g, 5)...)
	}
	good := file(t, s)
	got, err := Read(bytes.NewReader(good))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range w.papers(2, 20) {
		if x, y := score(t, s, v), score(t, got, v); fmt.Sprint(x) != fmt.Sprint(y) {
			t.Errorf("%v was written, %v read", x, y)
		}
	}
	for i := 0; i < len(good); i += 1 + i/50 {
		bad := bytes.Clone(good)
		bad[i] ^= 0x20
		if _, err := Read(bytes.NewReader(bad)); err == nil {
			t.Errorf("byte %d changed: no error", i)
		}
		if _, err := Read(bytes.NewReader(good[:i])); err == nil {
			t.Errorf("cut at %d: no error", i)
		}
	}
	if _, err := Read(bytes.NewReader(append(bytes.Clone(good), 0))); err == nil {
		t.Error("a byte more: no error")
	}
}

// FuzzRead lets the checksum be right, so that the rest is reached: what is read
// is written as it was, and answers.
func FuzzRead(f *testing.F) {
	s, err := NewSet(2, [][]float32{{1, 0}, {0, 1}, {1, 1}})
	if err != nil {
		f.Fatal(err)
	}
	learn(f, s, "a", []float32{1, 0.5})
	good := file(f, s)
	f.Add(uint32(2), uint32(3), uint32(1), good[headerSize:])
	f.Fuzz(func(t *testing.T, dims, sample, topics uint32, body []byte) {
		b := append([]byte(magic), make([]byte, headerSize-len(magic))...)
		for i, n := range []uint32{version, dims, sample, topics, crc32.Checksum(body, castagnoli)} {
			binary.LittleEndian.PutUint32(b[4+4*i:], n)
		}
		s, err := Read(bytes.NewReader(append(b, body...)))
		if err != nil {
			return
		}
		again, err := Read(bytes.NewReader(file(t, s)))
		if err != nil || len(again.topics) != len(s.topics) {
			t.Fatalf("read, written and read: %v", err)
		}
		v := make([]float32, s.dims)
		v[0] = 1
		for _, fit := range score(t, s, v) {
			if !(fit.Score >= 0 && fit.Score <= 1) {
				t.Errorf("score %v", fit.Score)
			}
		}
	})
}
