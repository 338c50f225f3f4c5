package neardup

import (
	"strings"
	"testing"
	"time"
)

const kettle = `Boiling water takes time that nobody has. We present a kettle that learns when its owner gets up, and
heats no more water than the cups that will be asked for. In a kitchen with five people it halves the energy of a
plain kettle and is never late by more than a minute. We also show that noise in the bedroom is a better sign than the
alarm clock, and that a kettle should not be told what day it is.`

const teapot = `Porcelain keeps tea warm for twenty minutes. We cover a pot with wool and measure, over one winter, how
the temperature falls with the thickness of the cover and with the number of times that somebody lifts the lid. A
simple law with two constants describes all that we saw, and says that a cover of two centimetres is enough for any
family that drinks its tea in one hour.`

func TestSame(t *testing.T) {
	revised := strings.Replace(kettle, "In a kitchen with five people it halves", "In two kitchens with nine people it nearly halves", 1)
	first := kettle[:strings.Index(kettle, "We also show")]
	for _, tt := range []struct {
		name                   string
		title, abstract        string
		otherTitle, otherAbstr string
		want                   bool
	}{
		{"copy", "A Kettle That Learns", kettle, "A Kettle that learns.", kettle, true},
		{"revision", "A Kettle That Learns", kettle, "Learning Kettles", revised, true},
		{"abridged", "A Kettle That Learns", kettle, "Learning to boil a kettle", first, true},
		{"no abstract", "When to Boil the Water", kettle, "When to boil the water", "", true},
		{"written anew", "When to Boil the Water", kettle, "When to boil the water", first + teapot, true},
		{"TeX and case", "The $\\alpha$-Kettle", kettle, "THE {\\alpha} KETTLE", strings.ToUpper(kettle), true},

		{"another paper", "A Kettle That Learns", kettle, "A Cover for a Teapot", teapot, false},
		{"same title by chance", "Editorial", kettle, "Editorial", teapot, false},
		{"short title, no abstract", "Editorial", kettle, "Editorial", "", false},
		{"nothing", "", "", "", "", false},
		{"part of a series", "Learning Kettles I", kettle, "Learning Kettles II", kettle, false},
		{"another year", "Proceedings of the Kettle Workshop 2019", kettle, "Proceedings of the Kettle Workshop 2020", kettle, false},
		{"later part", "Learning Kettles and their Noise", kettle, "Learning Teapots, II: their Lids", kettle, false},
		{"comment", "A Kettle That Learns", kettle, "Comment on \"A Kettle That Learns\"", first, false},
		{"boilerplate", "Bread", "This paper has been accepted.", "Butter", "This paper has been accepted.", false},
	} {
		got, reason := Same(tt.title, tt.abstract, tt.otherTitle, tt.otherAbstr)
		if got != tt.want || reason == "" {
			t.Errorf("%s: Same = %v, %q; want %v", tt.name, got, reason, tt.want)
		}
	}
}

func FuzzSame(f *testing.F) {
	f.Add("A Kettle", kettle, "A Teapot", teapot)
	f.Add("Part I", "", "Part II", "x")
	f.Fuzz(func(t *testing.T, titleA, abstractA, titleB, abstractB string) {
		ab, reasonAB := Same(titleA, abstractA, titleB, abstractB)
		ba, reasonBA := Same(titleB, abstractB, titleA, abstractA)
		if ab != ba || reasonAB == "" || reasonBA == "" {
			t.Errorf("one way %v, %q; the other %v, %q", ab, reasonAB, ba, reasonBA)
		}
		long := strings.Repeat("w ", 50) + titleA
		if same, reason := Same(long, kettle, long, kettle); !same {
			t.Errorf("a paper is not itself: %s", reason)
		}
	})
}

// A long text is compared in its beginning only.
func TestSameIsBounded(t *testing.T) {
	long := strings.Repeat("kettle and lid ", 1<<20)
	began := time.Now()
	Same(long, long, long, long+"x")
	// It takes some milliseconds.
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func BenchmarkSame(b *testing.B) {
	b.SetBytes(int64(len(kettle) + len(teapot)))
	b.ReportAllocs()
	for b.Loop() {
		Same("A Kettle That Learns", kettle, "A Cover for a Teapot", teapot)
	}
}
