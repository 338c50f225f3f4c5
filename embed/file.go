package embed

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// A model's file has, in little-endian numbers,
//
//	"BSEM"    4 bytes
//	version   u32, 1
//	dims      u32, a multiple of 16 up to 1024
//	words     u32, up to 65,535
//	buckets   u32, of subword units, up to 2²⁰
//	text      u32 bytes, of the next: the words, each ended by a line feed, as a zstd frame
//	coder     u32 bytes, of the next
//	text, coder
//	scale     f32 for each row: words, then buckets
//	rows      i8, rows × dims
//	checksum  SHA-256 of all before
const (
	fileMagic   = "BSEM"
	fileVersion = 1
	fileHead    = 28

	maxDims    = 1024
	maxWords   = math.MaxUint16
	maxBuckets = 1 << 20
	maxCoder   = 1 << 22
)

// Why a model cannot be read.
var (
	ErrVersion = errors.New("the model is of another version of this program")
	ErrDamaged = errors.New("the model is damaged")
)

// Append appends the model in the form of its file.
func (m *Model) Append(dst []byte) []byte {
	from := len(dst)
	var text strings.Builder
	for i := range m.words.len() {
		text.WriteString(m.words.word(i))
		text.WriteByte('\n')
	}
	enc, _ := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	packed := enc.EncodeAll([]byte(text.String()), nil)
	dst = append(dst, fileMagic...)
	for _, n := range []int{fileVersion, m.dims, m.words.len(), m.buckets, len(packed), len(m.coder)} {
		dst = binary.LittleEndian.AppendUint32(dst, uint32(n))
	}
	dst = append(append(dst, packed...), m.coder...)
	for _, s := range m.scale {
		dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(s))
	}
	for _, x := range m.rows {
		dst = append(dst, byte(x))
	}
	sum := sha256.Sum256(dst[from:])
	return append(dst, sum[:]...)
}

// Read reads a model. Its error is or wraps [ErrVersion] or [ErrDamaged].
func Read(data []byte) (*Model, error) {
	damaged := func(what string) error { return fmt.Errorf("embed: %w: %s", ErrDamaged, what) }
	if len(data) < fileHead+sha256.Size || string(data[:4]) != fileMagic {
		return nil, damaged("this is no model's file")
	}
	var head [6]int
	for i := range head {
		head[i] = int(binary.LittleEndian.Uint32(data[4+4*i:]))
	}
	version, dims, words, buckets, text, coder := head[0], head[1], head[2], head[3], head[4], head[5]
	if version != fileVersion {
		return nil, fmt.Errorf("embed: %w: it has format %d, and this one reads %d", ErrVersion, version, fileVersion)
	}
	body, foot := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	sum := sha256.Sum256(body)
	if !bytes.Equal(sum[:], foot) {
		return nil, damaged("its checksum is not that of its bytes")
	}
	if dims == 0 || dims%16 != 0 || dims > maxDims || words > maxWords || buckets > maxBuckets || coder > maxCoder ||
		len(body) != fileHead+text+coder+(words+buckets)*(4+dims) {
		return nil, damaged("its sizes do not fit together")
	}
	body = body[fileHead:]
	list, err := readWords(body[:text], words)
	if err != nil {
		return nil, damaged(err.Error())
	}
	m := &Model{dims: dims, words: newVocabulary(list), buckets: buckets}
	m.coder = bytes.Clone(body[text : text+coder])
	body = body[text+coder:]
	for i := range words + buckets {
		s := math.Float32frombits(binary.LittleEndian.Uint32(body[4*i:]))
		if !(s >= 0 && s < 1e6) {
			return nil, damaged("a vector is not a number")
		}
		m.scale = append(m.scale, s)
	}
	m.rows = make([]int8, (words+buckets)*dims)
	for i, b := range body[4*(words+buckets):] {
		m.rows[i] = int8(b)
	}
	copy(m.sum[:], foot)
	m.finish()
	return m, nil
}

// readWords unpacks the list of words.
func readWords(packed []byte, n int) ([]string, error) {
	dec, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(16<<20))
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	text, err := io.ReadAll(io.LimitReader(dec, maxWords*(maxWord+8)))
	if err != nil {
		return nil, fmt.Errorf("its words cannot be unpacked: %w", err)
	}
	list := strings.Split(string(text), "\n")
	if len(list) != n+1 {
		return nil, fmt.Errorf("it has %d words and not %d", len(list)-1, n)
	}
	return list[:n], nil
}
