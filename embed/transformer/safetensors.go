package transformer

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// maxHeader is the size of the largest header that is read. The format allows
// 100 MB; a tensor takes some 130 bytes of it.
const maxHeader = 16 << 20

// A tensorFile is an opened safetensors file
// (https://github.com/huggingface/safetensors#format): eight bytes with the size
// of a header, the header in JSON, and the values of all tensors without gaps.
type tensorFile struct {
	r       io.ReaderAt
	data    int64 // where values start
	tensors map[string]tensor
}

type tensor struct {
	Type    string   `json:"dtype"`
	Shape   []int64  `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

// typeSizes are the bytes of a value of each type; of types that are not here
// only the offsets are checked.
var typeSizes = map[string]int64{
	"BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1,
	"I16": 2, "U16": 2, "F16": 2, "BF16": 2,
	"I32": 4, "U32": 4, "F32": 4,
	"I64": 8, "U64": 8, "F64": 8,
}

// readTensors reads and checks the header of a file of the given size.
func readTensors(r io.ReaderAt, size int64) (*tensorFile, error) {
	var head [8]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return nil, fmt.Errorf("a file of %d bytes has no header", size)
	}
	n := binary.LittleEndian.Uint64(head[:])
	if n > maxHeader || int64(n) > size-8 {
		return nil, fmt.Errorf("the header has %d bytes, want at most %d and the file's %d", n, maxHeader, size)
	}
	header := make([]byte, n)
	if _, err := r.ReadAt(header, 8); err != nil {
		return nil, fmt.Errorf("reading the header: %w", err)
	}
	tensors, err := parseHeader(header)
	if err != nil {
		return nil, fmt.Errorf("the header: %w", err)
	}
	f := &tensorFile{r, 8 + int64(n), tensors}
	return f, f.check(size - f.data)
}

// parseHeader goes name by name, because a map would take the last of two
// tensors of one name without a word.
func parseHeader(header []byte) (map[string]tensor, error) {
	if len(header) == 0 || header[0] != '{' {
		return nil, errors.New("no JSON object")
	}
	d := json.NewDecoder(bytes.NewReader(header))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	tensors := make(map[string]tensor)
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		if name == "__metadata__" {
			var skip json.RawMessage
			if err := d.Decode(&skip); err != nil {
				return nil, err
			}
			continue
		}
		var t tensor
		if err := d.Decode(&t); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		if _, ok := tensors[name]; ok {
			return nil, fmt.Errorf("two tensors are named %q", name)
		}
		tensors[name] = t
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF { // spaces may fill it up
		return nil, errors.New("something follows the JSON object")
	}
	return tensors, nil
}

// check finds that tensors have the bytes that their shapes need, and that they
// lie side by side over all of the values.
func (f *tensorFile) check(size int64) error {
	type named struct {
		name string
		tensor
	}
	var all []named
	for name, t := range f.tensors {
		begin, end := t.Offsets[0], t.Offsets[1]
		if begin < 0 || end < begin || end > size {
			return fmt.Errorf("tensor %q lies at %d to %d of %d bytes", name, begin, end, size)
		}
		values, err := t.values()
		if err != nil {
			return fmt.Errorf("tensor %q: %w", name, err)
		}
		if each, ok := typeSizes[t.Type]; ok && (end-begin)/each != values || ok && (end-begin)%each != 0 {
			return fmt.Errorf("tensor %q of type %s and shape %v has %d bytes", name, t.Type, t.Shape, end-begin)
		}
		all = append(all, named{name, t})
	}
	slices.SortFunc(all, func(a, b named) int {
		return cmp.Or(cmp.Compare(a.Offsets[0], b.Offsets[0]), cmp.Compare(a.Offsets[1], b.Offsets[1]))
	})
	at := int64(0)
	for _, t := range all {
		if t.Offsets[0] != at {
			return fmt.Errorf("tensor %q lies at byte %d of the values, want %d: tensors overlap or leave a gap", t.name, t.Offsets[0], at)
		}
		at = t.Offsets[1]
	}
	if at != size {
		return fmt.Errorf("tensors end at byte %d of %d", at, size)
	}
	return nil
}

// values is the product of the shape.
func (t tensor) values() (int64, error) {
	n := int64(1)
	for _, x := range t.Shape {
		if x < 0 || x > 0 && n > math.MaxInt64/x {
			return 0, fmt.Errorf("shape %v", t.Shape)
		}
		n *= x
	}
	return n, nil
}

// read returns the values of a tensor, which must have the given shape and be
// finite.
func (f *tensorFile) read(name string, shape ...int) ([]float32, error) {
	t, ok := f.tensors[name]
	if !ok {
		return nil, fmt.Errorf("there is no tensor %q", name)
	}
	if !slices.EqualFunc(t.Shape, shape, func(a int64, b int) bool { return a == int64(b) }) {
		return nil, fmt.Errorf("tensor %q has shape %v, want %v", name, t.Shape, shape)
	}
	n, err := t.values()
	if err != nil || n > maxTensor {
		return nil, fmt.Errorf("tensor %q of shape %v is too large", name, t.Shape)
	}
	convert := conversions[t.Type]
	if convert == nil {
		return nil, fmt.Errorf("tensor %q has type %s, want F32, F16 or BF16", name, t.Type)
	}
	values := make([]float32, n)
	size := int(typeSizes[t.Type])
	buf := make([]byte, min(len(values)*size, 1<<20))
	in := io.NewSectionReader(f.r, f.data+t.Offsets[0], t.Offsets[1]-t.Offsets[0])
	for done := 0; done < len(values); {
		part := buf[:min(len(buf), (len(values)-done)*size)]
		if _, err := io.ReadFull(in, part); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		for ; len(part) > 0; part = part[size:] {
			v := convert(part)
			if v-v != 0 {
				return nil, fmt.Errorf("tensor %q: value %d is %v", name, done, v)
			}
			values[done] = v
			done++
		}
	}
	return values, nil
}

var conversions = map[string]func([]byte) float32{
	"F32":  func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) },
	"F16":  func(b []byte) float32 { return half(binary.LittleEndian.Uint16(b)) },
	"BF16": func(b []byte) float32 { return math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16) },
}

// half converts an IEEE 754 binary16.
func half(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10&31), uint32(h&1023)
	switch exponent {
	case 0: // subnormal: units of 2^-24
		v := float32(fraction) * 0x1p-24
		return math.Float32frombits(math.Float32bits(v) | sign)
	case 31:
		return math.Float32frombits(sign | 255<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | fraction<<13)
}
