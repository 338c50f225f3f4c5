package suggest_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/blevesearch/vellum"

	"broadsheet/search/suggest"
)

// fst returns an FST of the keys, the value of each being its length.
func fst(tb testing.TB, keys ...string) *vellum.FST {
	tb.Helper()
	var buf bytes.Buffer
	b, err := vellum.New(&buf, nil)
	if err != nil {
		tb.Fatal(err)
	}
	for _, k := range slices.Compact(slices.Sorted(slices.Values(keys))) {
		if err := b.Insert([]byte(k), uint64(len(k))); err != nil {
			tb.Fatal(err)
		}
	}
	if err := b.Close(); err != nil {
		tb.Fatal(err)
	}
	f, err := vellum.Load(buf.Bytes())
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

func TestFuzzyFST(t *testing.T) {
	dict := fst(t, "a", "akettle", "tkettle", "tkettles", "tketle", "tektle", "tkeettle", "tcattle", "t", "tk", "ukettle", "tkéttle")
	for _, tt := range []struct {
		prefix, word string
		distance     int
		want         string
	}{
		{"t", "kettle", 1, "keettle ketle kettle kettles kéttle"},
		{"t", "kettle", 2, "cattle ektle keettle ketle kettle kettles kéttle"},
		{"t", "ketlte", 1, "ketle kettle"},
		{"t", "ektle", 1, "ektle ketle"},
		{"t", "k", 1, "k"},
		{"", "kettle", 1, "akettle kettle tkettle ukettle"},
		{"v", "kettle", 2, ""},
		{"tkettles and more", "kettle", 2, ""},
		{"t", strings.Repeat("k", 33), 2, ""},
		{"t", "", 1, "k"},
		{"t", "\xff\xfe", 1, ""},
	} {
		keys := dict
		if tt.prefix == "" {
			keys = fst(t, "kettle", "akettle", "tkettle", "ukettle", "cattle")
		}
		found, err := suggest.FuzzyFST(keys, []byte(tt.prefix), tt.word, tt.distance)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range found {
			if got = append(got, m.Word); m.Value != uint64(len(tt.prefix+m.Word)) {
				t.Errorf("%q has the value %d", m.Word, m.Value)
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("FuzzyFST(%q, %q, %d) = %s, want %s", tt.prefix, tt.word, tt.distance, s, tt.want)
		}
	}
	for _, d := range []int{-1, 0, 3} {
		if _, err := suggest.FuzzyFST(dict, nil, "kettle", d); err == nil {
			t.Errorf("distance %d was taken", d)
		}
	}
}

// FuzzyFST finds what comparing every word finds.
func TestFuzzyFSTIsExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	word := func() string {
		var b strings.Builder
		for range 1 + rng.IntN(9) {
			b.WriteRune([]rune("abcé")[rng.IntN(4)])
		}
		return b.String()
	}
	long := func() string { // a few slips in one of some long words
		w := []rune("electroencephalographicallyéé" + "zyxwvutsrqponmlkjihgfedcba")
		w = slices.Clone(w[:10+18*rng.IntN(2)])
		for range rng.IntN(4) {
			i := rng.IntN(len(w) - 1)
			switch rng.IntN(3) {
			case 0:
				w[i], w[i+1] = w[i+1], w[i]
			case 1:
				w[i] = []rune("aeqé")[rng.IntN(4)]
			case 2:
				w = slices.Delete(w, i, i+1)
			}
		}
		return string(w)
	}
	var keys []string
	for range 1000 {
		keys = append(keys, "x"+word(), "x"+long())
	}
	dict := fst(t, keys...)
	slices.Sort(keys)
	keys = slices.Compact(keys)
	for i := range 120 {
		w, d := word(), 1+rng.IntN(2)
		if i%2 == 0 {
			w = long()
		}
		var want, got []string
		for _, k := range keys {
			if suggest.EditDistance(w, k[1:]) <= d {
				want = append(want, k[1:])
			}
		}
		found, err := suggest.FuzzyFST(dict, []byte("x"), w, d)
		for _, m := range found {
			got = append(got, m.Word)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("FuzzyFST(%q, %d) = %q (%v), want %q", w, d, got, err, want)
		}
	}
}

func TestFSTs(t *testing.T) {
	ds := suggest.FSTs{
		{FST: fst(t, "tkettle", "tcup"), Prefix: []byte("t")},
		{FST: fst(t, "kettle", "kettles", "tkettle"), Frequency: func(v uint64) int { return int(v) * 100 }},
		{FST: fst(t)},
	}
	for _, tt := range []struct {
		word string
		want int
	}{{"kettle", 7 + 600}, {"cup", 4}, {"kettles", 700}, {"tkettle", 700}, {"spoon", 0}, {"", 0}} {
		if got := ds.Frequency(tt.word); got != tt.want {
			t.Errorf("Frequency(%q) = %d, want %d", tt.word, got, tt.want)
		}
	}
	var got []string
	ds.Fuzzy("ketle", 1, func(w string, frequency int) bool {
		got = append(got, fmt.Sprint(w, frequency))
		return len(got) < 2
	})
	if want := []string{"kettle607"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A damaged FST is an error and has no words.
func FuzzFuzzyFST(f *testing.F) {
	var buf bytes.Buffer
	b, err := vellum.New(&buf, nil)
	if err != nil {
		f.Fatal(err)
	}
	for _, k := range []string{"cup", "cups", "kettle", "kettles", "spoon"} {
		if err := b.Insert([]byte(k), uint64(len(k))); err != nil {
			f.Fatal(err)
		}
	}
	if err := b.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(buf.Bytes(), "ketle", "")
	f.Add(buf.Bytes(), "kettle", "k")
	f.Fuzz(func(t *testing.T, data []byte, word, prefix string) {
		var dict *vellum.FST
		func() {
			defer func() { _ = recover() }() // of vellum's own Load
			dict, _ = vellum.Load(data)
		}()
		if dict == nil {
			return
		}
		found, err := suggest.FuzzyFST(dict, []byte(prefix), word, 1)
		if err == nil && bytes.Equal(data, buf.Bytes()) {
			for _, m := range found {
				if d := suggest.EditDistance(word, m.Word); d > 1 {
					t.Fatalf("%q is %d from %q", m.Word, d, word)
				}
			}
		}
		suggest.FSTs{{FST: dict, Prefix: []byte(prefix)}}.Frequency(word)
	})
}
