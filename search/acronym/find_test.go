package acronym

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestAppend(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []Pair
	}{
		{"", nil},
		{"We brew with a mixture of experts (MoE).", []Pair{{"MoE", "mixture of experts"}}},
		{"MoE (mixture of experts) boils faster.", []Pair{{"MoE", "mixture of experts"}}},
		{"Two Large Kettle Models (LKMs) whistle.", []Pair{{"LKM", "Large Kettle Models"}}},
		{"Our large kettle model (LKMs)", []Pair{{"LKM", "large kettle model"}}},
		{"3D Gaussian Splatting (3DGS)", []Pair{{"3DGS", "3D Gaussian Splatting"}}},
		{"a three-dimensional (3D) cup", []Pair{{"3D", "three-dimensional"}}},
		{"Tea-to-image (T2I) and time for tea (T4T)", []Pair{{"T2I", "Tea-to-image"}, {"T4T", "time for tea"}}},
		{"A convolutional neural network (ConvNet) pours.", []Pair{{"ConvNet", "convolutional neural network"}}},
		{"Convolutional networks (ConvNets) pour.", []Pair{{"ConvNet", "Convolutional networks"}}},
		{"a long short-term memory\n(LSTM; Pot and Lid, 1997)", []Pair{{"LSTM", "long short-term memory"}}},
		{"region of interest (ROI, or so)", []Pair{{"ROI", "region of interest"}}},
		{"the k-nearest neighbours (k-NN)", []Pair{{"k-NN", "k-nearest neighbours"}}},
		{`the "steam pressure valve" ("SPV")`, []Pair{{"SPV", "steam pressure valve"}}},
		{"SEA (Steep, Exhale and Appreciate for Slow Mornings)", []Pair{{"SEA", "Steep, Exhale and Appreciate"}}},
		{"a photovoltaic (PV) kettle", []Pair{{"PV", "photovoltaic"}}},
		{"Чайная церемония востока (ЧЦВ)", []Pair{{"ЧЦВ", "Чайная церемония востока"}}},
		{"Hot dust-obscured grounds (Hot DOG)", []Pair{{"Hot DOG", "Hot dust-obscured grounds"}}},

		// The shortest candidate, as Schwartz and Hearst have it.
		{"the mode of boiling water control unit (BCU)", []Pair{{"BCU", "boiling water control unit"}}},

		// No definitions.
		{"we brew (see Fig. 2) and pour (twice)", nil},
		{"the group SO(3) and f(X)", nil},
		{"tea is hot (TIH)", nil},                                       // a clause
		{"boiling water in the kitchen (BW)", nil},                      // the last word has no part
		{"non-linear programming (LP)", nil},                            // begins inside a compound
		{"We pour mixtures. Experts (ME) agree.", nil},                  // two sentences
		{"a water kettle (wk)", nil},                                    // no capital
		{"the MoE (MoE)", nil},                                          // nothing but itself
		{"an elaborate kettle with lid (EKWLABCDEFGH)", nil},            // too long
		{"a pot ((POT)", nil},                                           //
		{"great expectations of $x$ tea (GET)", nil},                    // a formula
		{"one (O) two (", nil},                                          //
		{"never ending (N", nil},                                        //
		{strings.Repeat("a", 500) + " boiled cup (ABC)", nil},           // too long a word
		{"\xff\xfe bad bytes (BB\xff)", nil},                            //
		{"kettles (K.E.T.)", nil},                                       // points
		{"We test it with tea, i.e. water (TESTIT WITHTEA WATER)", nil}, // three words
	} {
		if diff := cmp.Diff(tt.want, Append(nil, tt.text)); diff != "" {
			t.Errorf("Append(%q) (-want +got):\n%s", tt.text, diff)
		}
	}
}

// Text made of beginnings of definitions costs no more than other text.
func TestAppendIsLinear(t *testing.T) {
	for _, unit := range []string{"(", " (", " (A", "a (AB", " (AB) ", "a a a a a a a a (AAAAAAAAAA) ", "AB (a a a a a ", "x. (", "é (É"} {
		text := strings.Repeat(unit, 1<<20/len(unit))
		began := time.Now()
		Append(nil, text)
		// It takes some 0.1 s; were it quadratic, an hour.
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("a megabyte of %q took %v", unit, took)
		}
	}
}

func FuzzAppend(f *testing.F) {
	f.Add("mixture of experts (MoE) and MoE (mixture of experts)")
	f.Add("3D cup (3D); convolutional network (ConvNets)\n(É) état (ÉT)")
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range Append(nil, text) {
			if !strings.Contains(text, p.Short) || !strings.Contains(text, p.Long) {
				t.Errorf("%q is not of %q", p, text)
			}
			if n := utf8.RuneCountInString(fold(p.Short)); n < minShort-1 || n > maxShort || len(p.Long) > maxLongBytes {
				t.Errorf("%q has a wrong size", p)
			}
			if len(p.Long) <= len(p.Short)-1 || isFunctionWord(strings.Fields(p.Long)[0]) {
				t.Errorf("%q cannot be", p)
			}
		}
	})
}

const abstract = `Boiling water takes time. We propose a mixture of kettles (MoK), which learns from
large kettle models (LKMs) when to whistle. On the Domestic Appliance Benchmark (DAB) it saves 12% (3 of 25) of the
energy, at a cost f(x) that no convolutional neural network (ConvNet) has reached, and is as quiet as a
3D teapot (see Section 4). Code and cups (of porcelain) are available.`

func BenchmarkAppend(b *testing.B) {
	var pairs []Pair
	b.SetBytes(int64(len(abstract)))
	b.ReportAllocs()
	for b.Loop() {
		pairs = Append(pairs[:0], abstract)
	}
}
