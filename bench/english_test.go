package main

import (
	"slices"
	"testing"

	"broadsheet/search/index"
)

func TestEnglishAnalyzer(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []index.Token
	}{
		{"The Rivers of the North", []index.Token{{Term: "river", Pos: 1}, {Term: "north", Pos: 4}}},
		{"the ferryman's boats, possibly", []index.Token{{Term: "ferryman", Pos: 1}, {Term: "boat", Pos: 2}, {Term: "possibl", Pos: 3}}},
		{"3.14 k-NN", []index.Token{{Term: "3.14", Pos: 0}, {Term: "k", Pos: 1}, {Term: "nn", Pos: 2}}},
		{"", nil},
	} {
		if got := newEnglishAnalyzer().query(nil, tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("%q: %v, want %v", tt.text, got, tt.want)
		}
	}
}

func TestLuceneLengths(t *testing.T) {
	for b := 1; b < 256; b++ {
		if luceneLengths[b] <= luceneLengths[b-1] {
			t.Fatalf("length %d of byte %d does not rise", luceneLengths[b], b)
		}
	}
	// As SmallFloat.byte4ToInt has them.
	for b, want := range map[int]uint32{0: 0, 24: 24, 39: 39, 40: 40, 41: 42, 47: 54, 48: 56, 49: 60, 255: 2013265944} {
		if got := luceneLengths[b]; got != want {
			t.Errorf("byte %d: length %d, want %d", b, got, want)
		}
	}
}
