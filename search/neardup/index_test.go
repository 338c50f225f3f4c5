package neardup

import (
	"cmp"
	"maps"
	"math/bits"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"broadsheet/internal/need"
)

func randomCode(rng *rand.Rand) Code {
	return Code{rng.Uint64(), rng.Uint64(), rng.Uint64(), rng.Uint64()}
}

// flipped returns c with n other bits.
func (c Code) flipped(rng *rand.Rand, n int) Code {
	for _, bit := range rng.Perm(256)[:n] {
		c[bit/64] ^= 1 << (bit % 64)
	}
	return c
}

// A model is an Index that cannot be wrong.
type model map[uint32]Code

func (m model) near(code Code, d int) (hits []Hit) {
	for id, c := range m {
		n := 0
		for i := range c {
			n += bits.OnesCount64(c[i] ^ code[i])
		}
		if n <= d {
			hits = append(hits, Hit{id, n})
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.ID, b.ID))
	})
	return hits
}

func put(tb testing.TB, x *Index, id uint32, c Code) {
	tb.Helper()
	if err := x.Put(id, c); err != nil {
		tb.Fatal(err)
	}
}

// Whatever was put, replaced and removed, the index finds what comparing with
// all codes finds, at every distance.
func TestNearIsExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var x Index
	m := make(model)
	var centres []Code
	for range 40 {
		centres = append(centres, randomCode(rng))
	}
	for step := range 3 * scanBelow {
		id := rng.Uint32N(2 * scanBelow)
		if step%5 == 4 {
			x.Remove(id)
			delete(m, id)
		} else {
			c := centres[rng.IntN(len(centres))].flipped(rng, rng.IntN(60))
			put(t, &x, id, c)
			m[id] = c
		}
		if step%50 > 0 {
			continue
		}
		d := rng.IntN(45)
		if step%1000 == 0 {
			d = rng.IntN(258) - 1
		}
		code := centres[rng.IntN(len(centres))].flipped(rng, rng.IntN(20))
		if diff := gocmp.Diff(m.near(code, d), x.Near(code, d)); diff != "" {
			t.Fatalf("step %d, distance %d (-want +got):\n%s", step, d, diff)
		}
	}
	if x.Len() != len(m) {
		t.Errorf("%d papers, want %d", x.Len(), len(m))
	}
	if len(x.tables[0].starts) == 0 {
		t.Error("the tables were never built")
	}
}

// The tables by themselves find codes at the very distance, wherever they differ.
func TestRadiusIsEnough(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	code := randomCode(rng)
	for d := range 36 {
		var x Index
		for id := range uint32(300) {
			c := code.flipped(rng, d)
			if id%3 == 0 { // all in the substrings that are looked up
				c = code
				for _, bit := range rng.Perm(16 * tables)[:d] {
					c[bit/64] ^= 1 << (bit % 64)
				}
			}
			put(t, &x, id, c)
		}
		x.rebuild()
		if len(x.tail) > 0 {
			t.Fatal("a tail is left")
		}
		if got := len(x.Near(code, d)); got != 300 {
			t.Errorf("distance %d: %d of 300 found", d, got)
		}
		if got := len(x.Near(code, d-1)); got != 0 {
			t.Errorf("distance %d: %d found that are further", d-1, got)
		}
	}
}

func TestPutRefuses(t *testing.T) {
	var x Index
	if err := x.Put(MaxID+1, Code{}); err == nil {
		t.Error("a number that is too high: no error")
	}
	put(t, &x, MaxID, Code{1})
	if got := x.Near(Code{1}, 0); !slices.Equal(got, []Hit{{MaxID, 0}}) {
		t.Errorf("the highest number: %v", got)
	}
	x.Remove(7)
	if x.Len() != 1 {
		t.Errorf("%d papers, want 1", x.Len())
	}
}

// Codes that are all alike cannot be found in less than their number, but can be
// found.
func TestAllAlike(t *testing.T) {
	var x Index
	for id := range uint32(3 * scanBelow) {
		put(t, &x, id, Code{})
	}
	if got := len(x.Near(Code{1}, 1)); got != 3*scanBelow {
		t.Errorf("%d of %d found", got, 3*scanBelow)
	}
}

// The memory is that of the package's comment, and few papers are compared.
func TestFourHundredThousand(t *testing.T) {
	need.Long(t)
	rng := rand.New(rand.NewPCG(3, 3))
	var before, after runtime.MemStats
	masks()
	runtime.GC()
	runtime.ReadMemStats(&before)
	const n = 400_000
	var x Index
	for id := range uint32(n) {
		put(t, &x, id, randomCode(rng))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if perPaper := float64(after.HeapAlloc-before.HeapAlloc) / n; perPaper > 95 {
		t.Errorf("%.1f bytes a paper", perPaper)
	} else {
		t.Logf("%.1f bytes a paper", perPaper)
	}
	for _, d := range []int{0, 8, 16, 20, 24} {
		compared := 0
		x.lookUp(*x.code(5), d, 0, func(uint32, *Code) { compared++ })
		t.Logf("distance %d: %d compared", d, compared)
		if compared > n/20 {
			t.Errorf("distance %d: %d of %d compared", d, compared, n)
		}
	}
}

// What is filled in at once is found as what is put one by one.
func TestFill(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	m := make(model)
	for id := range uint32(2 * scanBelow) {
		m[id] = randomCode(rng)
	}
	var x Index
	put(t, &x, 1, m[1])
	if err := x.Fill(maps.All(m)); err != nil || x.Len() != len(m) || len(x.tail) > 0 {
		t.Fatalf("%d papers, %d outside the tables, %v", x.Len(), len(x.tail), err)
	}
	for id := range uint32(50) {
		code := m[id].flipped(rng, 9)
		if diff := gocmp.Diff(m.near(code, 10), x.Near(code, 10)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
	if err := x.Fill(maps.All(model{MaxID + 1: {}})); err == nil {
		t.Error("a number that is too high: no error")
	}
	if c, ok := x.Code(3); !ok || c != m[3] {
		t.Errorf("code %v of paper 3, want %v", c, m[3])
	}
	if _, ok := x.Code(2 * scanBelow); ok {
		t.Error("a paper that is not there has a code")
	}
	put(t, &x, 2*scanBelow, Code{})
	if len(x.tail) != 1 {
		t.Errorf("a tail of %d", len(x.tail))
	}
}

func FuzzNear(f *testing.F) {
	f.Add([]byte("0123456789abcdef"), 9)
	f.Fuzz(func(t *testing.T, script []byte, d int) {
		rng := rand.New(rand.NewPCG(4, 4))
		code := randomCode(rng)
		var x Index
		m := make(model)
		for i, b := range script[:min(len(script), 500)] {
			id := uint32(b & 15)
			switch {
			case b&0x80 == 0:
				m[id] = code.flipped(rng, int(b>>4))
				put(t, &x, id, m[id])
			case b&0x40 == 0:
				x.Remove(id)
				delete(m, id)
			case i%8 == 0:
				x.rebuild()
			}
		}
		if diff := gocmp.Diff(m.near(code, d), x.Near(code, d)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func BenchmarkNear(b *testing.B) {
	rng := rand.New(rand.NewPCG(5, 5))
	var x Index
	for id := range uint32(400_000) {
		put(b, &x, id, randomCode(rng))
	}
	for _, bm := range []struct {
		name string
		d    int
	}{{"8", 8}, {"16", 16}, {"20", 20}, {"24", 24}, {"28", 28}, {"all", 100}} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				x.Near(*x.code(uint32(i*7919) % 400_000), bm.d)
			}
		})
	}
}

func BenchmarkPut(b *testing.B) {
	rng := rand.New(rand.NewPCG(6, 6))
	var x Index
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		put(b, &x, uint32(i)&(1<<18-1), randomCode(rng))
	}
}

// Where thousands are near, so many as are wanted are returned, and none is nearer.
func TestNearest(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	var x Index
	for i := range uint32(5000) {
		var c Code
		for range rng.IntN(12) {
			c[rng.IntN(len(c))] ^= 1 << rng.IntN(64)
		}
		if err := x.Put(i, c); err != nil {
			t.Fatal(err)
		}
	}
	all := x.Near(Code{}, 24)
	for _, most := range []int{1, 10, 400, 10_000} {
		got := x.Nearest(Code{}, 24, most)
		if len(got) != min(most, len(all)) {
			t.Fatalf("got %d papers, want %d of %d", len(got), most, len(all))
		}
		for i := range got {
			if got[i].Distance != all[i].Distance {
				t.Errorf("of %d, place %d: a distance of %d, want %d", most, i, got[i].Distance, all[i].Distance)
				break
			}
		}
	}
}
