package acronym

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// kitchen is a small collection.
func kitchen() *Table {
	b := NewBuilder()
	for range 3 {
		b.Add("Boiling with a Mixture of Experts (MoE)", "Mixtures-of-experts (MoEs) boil. A cat sleeps.")
	}
	b.Add("MoE (mood of the eggs)", "for large kettle models (LKMs)")
	b.Add("A Clever Automatic Teapot (CAT)", "with large kettle model (LKM) inside, and its loss")
	b.Add("Line of sight (LoS)", "and sound waves in lakes, or mean absolute power (mAP) of steam (S)")
	return b.Table()
}

func TestExpand(t *testing.T) {
	table := kitchen()
	moe := []Expansion{{"mixture of experts", 3, 0.75}, {"mood of the eggs", 1, 0.25}}
	lkm := []Expansion{{"large kettle models", 2, 1}}
	cat := []Expansion{{"clever automatic teapot", 1, 1}}
	for _, tt := range []struct {
		short string
		want  []Expansion
	}{
		{"MoE", moe}, {"moe", moe}, {"MOE", moe}, {"MoEs", moe}, {"moes", moe}, {"m-o-e", moe},
		{"LKM", lkm}, {"lkms", lkm},
		{"CAT", cat}, {"CATs", cat}, {"cat", nil}, {"Cat", nil}, {"cats", nil},
		{"LoS", []Expansion{{"line of sight", 1, 1}}}, {"los", []Expansion{{"line of sight", 1, 1}}}, {"loss", nil},
		{"mAP", []Expansion{{"mean absolute power", 1, 1}}}, {"map", nil},
		{"", nil}, {"s", nil}, {"xyz", nil}, {strings.Repeat("m", 1000), nil},
	} {
		if diff := cmp.Diff(tt.want, table.Expand(tt.short)); diff != "" {
			t.Errorf("Expand(%q) (-want +got):\n%s", tt.short, diff)
		}
	}
}

func TestContract(t *testing.T) {
	table := kitchen()
	const text = "Mixtures-of-Experts in a Large Kettle Model, by a mixture of eggs"
	want := []Contraction{
		{"MoE", 0, len("Mixtures-of-Experts"), 3, 0.75},
		{"LKM", strings.Index(text, "Large"), strings.Index(text, ", by"), 2, 1},
	}
	if diff := cmp.Diff(want, table.Contract(text)); diff != "" {
		t.Errorf("Contract (-want +got):\n%s", diff)
	}
	if got := table.Contract(""); got != nil {
		t.Errorf("Contract of nothing: %v", got)
	}
}

// One paper's word is enough among few, not among many.
func TestOnePaperMayErr(t *testing.T) {
	b := NewBuilder()
	b.Add("steam pressure valve (SPV)", "and time of tea (ToT)")
	b.Add("the times of tea (ToT)")
	for range fewPapers {
		b.Add("nothing to define", "at all")
	}
	table := b.Table()
	if table.Expand("SPV") != nil || table.Expand("ToT") == nil {
		t.Errorf("SPV is %v, ToT %v", table.Expand("SPV"), table.Expand("ToT"))
	}
}

// With room for few pairs the frequent ones stay, and the others still count in
// the shares.
func TestBuilderIsBounded(t *testing.T) {
	build := func() (*Builder, *Table) {
		b := NewBuilder()
		b.limit = 100
		rng := rand.New(rand.NewPCG(1, 2))
		for i := range 3000 {
			if i%3 == 0 {
				b.Add("mixture of experts (MoE)", "")
			}
			b.Add(fmt.Sprintf("m%d of e%d (MoE) and k%d valve (KV)", rng.IntN(1e6), i, i))
		}
		return b, b.Table()
	}
	b, table := build()
	if len(b.pairs) > b.limit+2 || len(b.tails) > b.limit {
		t.Errorf("%d pairs and %d tails, want at most %d", len(b.pairs), len(b.tails), b.limit)
	}
	want := []Expansion{{"mixture of experts", 1000, 0.25}}
	if diff := cmp.Diff(want, table.Expand("MoE"), cmpopts.EquateApprox(0, 0.01)); diff != "" {
		t.Errorf("MoE (-want +got):\n%s", diff)
	}
	_, again := build()
	if !bytes.Equal(file(t, table), file(t, again)) {
		t.Error("the same papers made two tables")
	}
}

func file(tb testing.TB, table *Table) []byte {
	tb.Helper()
	var b bytes.Buffer
	if n, err := table.WriteTo(&b); err != nil || n != int64(b.Len()) {
		tb.Fatalf("WriteTo: %d, %v with %d bytes", n, err, b.Len())
	}
	return b.Bytes()
}

func TestFile(t *testing.T) {
	for _, table := range []*Table{kitchen(), NewBuilder().Table()} {
		got, err := Read(bytes.NewReader(file(t, table)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(table.forms, got.forms, cmp.AllowUnexported(form{}), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("read back (-want +got):\n%s", diff)
		}
	}
}

func TestReadDamaged(t *testing.T) {
	good := file(t, kitchen())
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 0x10
		if _, err := Read(bytes.NewReader(bad)); err == nil && (i < 8 || i >= 12) {
			t.Errorf("byte %d changed: no error", i)
		}
		if _, err := Read(bytes.NewReader(good[:i])); err == nil {
			t.Errorf("cut at %d: no error", i)
		}
	}
	later := bytes.Clone(good)
	later[4] = 9
	if _, err := Read(bytes.NewReader(later)); err == nil || !strings.Contains(err.Error(), "version 9, not 1") {
		t.Errorf("a later version: %v", err)
	}
	huge := bytes.Clone(good)
	binary.LittleEndian.PutUint32(huge[12:], maxBody)
	if _, err := Read(bytes.NewReader(huge)); err == nil || !strings.Contains(err.Error(), io.ErrUnexpectedEOF.Error()) {
		t.Errorf("a body that is announced and absent: %v", err)
	}
}

// FuzzRead lets the checksum be right, so that the rest is reached: what is read
// is written as it was.
func FuzzRead(f *testing.F) {
	good := file(f, kitchen())
	f.Add(uint32(kitchen().Len()), good[headerSize:])
	f.Add(uint32(0), []byte{})
	f.Fuzz(func(t *testing.T, count uint32, body []byte) {
		b := append([]byte(magic), make([]byte, headerSize-len(magic))...)
		for i, n := range []uint32{version, count, uint32(len(body)), crc32.Checksum(body, castagnoli)} {
			binary.LittleEndian.PutUint32(b[4+4*i:], n)
		}
		table, err := Read(bytes.NewReader(append(b, body...)))
		if err != nil {
			return
		}
		again, err := Read(bytes.NewReader(file(t, table)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(table.forms, again.forms, cmp.AllowUnexported(form{}), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("read, written and read (-want +got):\n%s", diff)
		}
		for _, f := range table.forms {
			table.Expand(f.short)
			table.Contract(f.long + " and " + f.short)
		}
	})
}

func FuzzExpand(f *testing.F) {
	table := kitchen()
	f.Add("MoE", "mixture of experts")
	f.Fuzz(func(t *testing.T, short, text string) {
		table.Expand(short)
		end := 0
		for _, c := range table.Contract(text) {
			if c.Start < 0 || c.End > len(text) || c.Start >= c.End || c.End < end {
				t.Errorf("%+v after byte %d of %d", c, end, len(text))
			}
			end = c.Start
		}
	})
}

func BenchmarkAdd(b *testing.B) {
	builder := NewBuilder()
	b.SetBytes(int64(len(abstract)))
	b.ReportAllocs()
	for b.Loop() {
		builder.Add("A Mixture of Kettles", abstract)
	}
}

func BenchmarkExpand(b *testing.B) {
	table := kitchen()
	b.ReportAllocs()
	for b.Loop() {
		table.Expand("moe")
	}
}

func BenchmarkContract(b *testing.B) {
	table := kitchen()
	b.ReportAllocs()
	for b.Loop() {
		table.Contract("how a mixture of experts makes a large kettle model boil")
	}
}
