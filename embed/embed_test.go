package embed

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// tiny returns a model of invented words.
func tiny() *Model {
	rng := rand.New(rand.NewPCG(1, 1))
	p := Parts{Dims: 32, Coder: []byte("coder")}
	for i := range 200 {
		p.Words = append(p.Words, fmt.Sprintf("word%d", i))
	}
	p.Words = append(p.Words, "heron", "über", "鸟")
	slices.Sort(p.Words)
	for range len(p.Words) * p.Dims {
		p.Rows = append(p.Rows, float32(rng.NormFloat64()))
	}
	for range 64 * p.Dims {
		p.Units = append(p.Units, float32(rng.NormFloat64()))
	}
	return NewModel(p)
}

func TestWords(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", ""},
		{"Early exit, in 2026!", "early exit in 2026"},
		{"state-of-the-art GPT4's", "state of the art gpt4"},
		{"Schrödinger's Ångström café", "schrodinger angstrom cafe"},
		{`$\alpha_{2}$-divergence`, "alpha 2 divergence"},
		{"鸟类bird", "鸟 类 bird"},
		{"\xff\xfebroken\x00bytes", "broken bytes"},
		{strings.Repeat("x", 49) + " short", "short"},
	} {
		var words []string
		var s Splitter
		for w := range s.Words(tt.text) {
			words = append(words, string(w))
		}
		if got := strings.Join(words, " "); got != tt.want {
			t.Errorf("%q: got words %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestEncode(t *testing.T) {
	m := tiny()
	length := func(v []float32) (n float64) {
		for _, x := range v {
			n += float64(x) * float64(x)
		}
		return math.Sqrt(n)
	}
	for _, text := range []string{"heron", "heron heron word1 unseen", "neverseen", "Über 鸟"} {
		if v := m.Embed("", text); len(v) != m.Dims() || math.Abs(length(v)-1) > 1e-5 {
			t.Errorf("%q: got %d dimensions of length %v, want %d of length 1", text, len(v), length(v), m.Dims())
		}
	}
	if v := m.Embed("", " — "); v != nil {
		t.Errorf("a text without a word: got %v, want none", v)
	}
	if !slices.Equal(m.Embed("heron word1", ""), m.Embed("word1", "HERON")) {
		t.Error("a vector depends on where the words stand")
	}
	e := m.NewEncoder()
	e.Encode(nil, "heron unseen", "word1 word2")
	if e.Known() != 0.75 {
		t.Errorf("got %v of the words known, want 0.75", e.Known())
	}
	if got := e.Tokens(nil); len(got) != 3 || got[0].Weight < got[1].Weight || got[1].Weight < got[2].Weight {
		t.Errorf("got the words %v, want three, the most telling first", got)
	}
	e.Encode(nil, strings.Repeat("unheard ", 10_000), "") // an encoder forgets the text before
	if !slices.Equal(e.Encode(nil, "heron", ""), m.Embed("heron", "")) {
		t.Error("a vector depends on the text before")
	}
}

func TestFile(t *testing.T) {
	m := tiny()
	data := m.Append(nil)
	again, err := Read(data)
	if err != nil {
		t.Fatal(err)
	}
	if again.Fingerprint() != m.Fingerprint() || string(again.Coder()) != "coder" || again.Words() != m.Words() {
		t.Error("a model that was read differs from what was written")
	}
	if !slices.Equal(again.Embed("heron", "unseen"), m.Embed("heron", "unseen")) {
		t.Error("it gives other vectors")
	}
	if p := m.Parts(); !bytes.Equal(NewModel(p).Append(nil), data) {
		t.Error("a model made of a model's parts differs")
	}
	old := bytes.Clone(data)
	old[4]++
	if _, err := Read(old); !errors.Is(err, ErrVersion) {
		t.Errorf("another version: got error %v, want ErrVersion", err)
	}
	for _, at := range []int{0, 9, 40, len(data) / 2, len(data) - 1} {
		bad := bytes.Clone(data)
		bad[at] ^= 1
		if _, err := Read(bad); !errors.Is(err, ErrDamaged) {
			t.Errorf("byte %d changed: got error %v, want ErrDamaged", at, err)
		}
		if _, err := Read(data[:at]); !errors.Is(err, ErrDamaged) {
			t.Errorf("cut at %d: got error %v, want ErrDamaged", at, err)
		}
	}
}

func TestBuiltin(t *testing.T) {
	m, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(builtinFile); n > 16<<20 {
		t.Errorf("the model has %d bytes, want at most 16 MiB", n)
	}
	cosine := func(a, b string) (sum float32) {
		v, w := m.Embed("", a), m.Embed("", b)
		for i := range v {
			sum += v[i] * w[i]
		}
		return sum
	}
	for _, tt := range []struct{ text, near, far string }{
		{"stop computing early when the input is easy", "dynamic early exiting", "galaxy clusters at high redshift"},
		{"protein folding", "prediction of amino acid structure", "robot navigation"},
		{"pretrained", "pretraining", "sediment"},
	} {
		if n, f := cosine(tt.text, tt.near), cosine(tt.text, tt.far); n < f+0.1 {
			t.Errorf("%q is at %.2f to %q and at %.2f to %q", tt.text, n, tt.near, f, tt.far)
		}
	}
}

func TestKernel(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for _, n := range []int{1, 15, 16, 48, 250, 256} {
		a, row := make([]float32, n), make([]int8, n)
		for i := range a {
			a[i], row[i] = float32(rng.NormFloat64()), int8(rng.IntN(255)-127)
		}
		b := slices.Clone(a)
		addRow(a, row, 0.37)
		addRowPortable(b, row, 0.37)
		if !slices.Equal(a, b) {
			t.Errorf("%d values: assembly and Go differ", n)
		}
	}
}

func FuzzRead(f *testing.F) {
	data := tiny().Append(nil)
	f.Add(data)
	f.Add(data[:100])
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := Read(b); err == nil {
			m.Embed("heron", "unseen")
		}
	})
}

func FuzzEncode(f *testing.F) {
	f.Add("Schrödinger's cat", "is $\\alpha$ 鸟 \xff")
	m := tiny()
	f.Fuzz(func(t *testing.T, title, body string) {
		for _, x := range m.Embed(title, body) {
			if !(x >= -1.0001 && x <= 1.0001) {
				t.Fatalf("a value of a unit vector is %v", x)
			}
		}
	})
}

// BenchmarkEncode embeds a text of 160 invented words.
func BenchmarkEncode(b *testing.B) {
	m, err := Builtin()
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 3))
	var text strings.Builder
	for range 160 {
		n := int(math.Pow(float64(m.Words()), rng.Float64())) // frequencies as Zipf has them
		text.WriteString(m.Word(min(n, m.Words()-1)) + " ")
	}
	e := m.NewEncoder()
	var v []float32
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		v = e.Encode(v[:0], "", text.String())
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "texts/s")
}
