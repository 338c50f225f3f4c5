package transformer_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"broadsheet/embed/transformer"
)

// file has a header and that many bytes of zeros.
func file(header string, data int) []byte {
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(out, header...), make([]byte, data)...)
}

func TestTensors(t *testing.T) {
	data := file(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[2,10]},`+
		`"b":{"dtype":"F16","shape":[],"data_offsets":[0,2]},`+
		`"none":{"dtype":"BF16","shape":[0,3],"data_offsets":[2,2]},"__metadata__":{"a":"b"}}   `, 10)
	copy(data[len(data)-10:], []byte{0, 0xc4, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0})
	got, err := transformer.Tensors(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if a, b := got["a"], got["b"]; len(got) != 3 || len(got["none"]) != 0 || len(a) != 2 || a[0] != 1 || a[1] != -2 || len(b) != 1 || b[0] != -4 {
		t.Errorf("Tensors = %v", got)
	}
}

func TestTensorErrors(t *testing.T) {
	one := func(dtype, shape, offsets string) string {
		return `{"a":{"dtype":"` + dtype + `","shape":` + shape + `,"data_offsets":` + offsets + `}}`
	}
	nan := file(one("F32", "[1]", "[0,4]"), 4)
	copy(nan[len(nan)-4:], []byte{0, 0, 0xc0, 0x7f})
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "no header"},
		{"too short", []byte("1234567"), "no header"},
		{"a header larger than the file", []byte("\x10\x00\x00\x00\x00\x00\x00\x00{}"), "the header has 16 bytes"},
		{"an enormous header", append(bytes.Repeat([]byte{0xff}, 8), "{}"...), "the header has 18446744073709551615 bytes"},
		{"no object", file(`[]`, 0), "no JSON object"},
		{"a space in front", file(` {}`, 0), "no JSON object"},
		{"an object that does not end", file(`{"a":`, 0), "EOF"},
		{"something behind it", file(`{}{}`, 0), "something follows"},
		{"one name twice", file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1), "two tensors"},
		{"out of the file", file(one("F32", "[2]", "[0,8]"), 4), "lies at 0 to 8 of 4"},
		{"before the file", file(one("F32", "[1]", "[-4,0]"), 4), "lies at -4"},
		{"backwards", file(one("F32", "[1]", "[4,0]"), 4), "lies at 4 to 0"},
		{"a wrong size", file(one("F32", "[2]", "[0,4]"), 4), "has 4 bytes"},
		{"an odd size", file(one("F16", "[2]", "[0,5]"), 5), "has 5 bytes"},
		{"a product beyond 64 bits", file(one("F32", "[4294967296,4294967296,4]", "[0,0]"), 0), "shape"},
		{"a negative shape", file(one("F32", "[-1,-1]", "[0,4]"), 4), "shape"},
		{"a gap", file(one("U8", "[1]", "[1,2]"), 2), "overlap or leave a gap"},
		{"a rest", file(one("U8", "[1]", "[0,1]"), 2), "end at byte 1 of 2"},
		{"two over each other", file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}`, 3), "overlap"},
		{"integers", file(one("I64", "[1]", "[0,8]"), 8), "has type I64, want F32, F16 or BF16"},
		{"an unknown type", file(one("X", "[1]", "[0,8]"), 8), "has type X"},
		{"not a number", nan, "value 0 is NaN"},
		{"strings for numbers", file(one("F32", `["1"]`, "[0,4]"), 4), `tensor "a"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := transformer.Tensors(bytes.NewReader(tt.data), int64(len(tt.data)))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestHalf(t *testing.T) {
	for h := range 1 << 16 {
		sign, exponent, fraction := h>>15, h>>10&31, float64(h&1023)
		want := math.Ldexp(1+fraction/1024, exponent-15)
		switch {
		case exponent == 0:
			want = math.Ldexp(fraction, -24)
		case exponent == 31 && fraction == 0:
			want = math.Inf(1)
		case exponent == 31:
			want = math.NaN()
		}
		if sign == 1 {
			want = -want
		}
		got := float64(transformer.Half(uint16(h)))
		if got != want && !(got != got && want != want) || math.Signbit(got) != (sign == 1) {
			t.Fatalf("%04x is %v, want %v", h, got, want)
		}
	}
}

// What can be read has as many values as its shape says, and all of the file is
// someone's.
func FuzzTensors(f *testing.F) {
	f.Add(tiny{layers: 1, activation: "gelu"}.safetensors())
	f.Add(file(`{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"F16","shape":[1],"data_offsets":[8,10]}}`, 10))
	f.Fuzz(func(t *testing.T, data []byte) {
		tensors, err := transformer.Tensors(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		values := 0
		for name, v := range tensors {
			values += len(v)
			for _, x := range v {
				if x-x != 0 {
					t.Fatalf("tensor %q has %v", name, x)
				}
			}
		}
		if 2*values > len(data) {
			t.Fatalf("%d values from %d bytes", values, len(data))
		}
	})
}

func BenchmarkTensors(b *testing.B) {
	data := tiny{layers: 4, activation: "gelu"}.safetensors()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := transformer.Tensors(bytes.NewReader(data), int64(len(data))); err != nil {
			b.Fatal(err)
		}
	}
}
