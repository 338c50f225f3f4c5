package eval

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestMistype(t *testing.T) {
	const text = "A survey of (early) exits, by layers"
	for kind := range Slips + 1 {
		for seed := range uint64(50) {
			got := Mistype(text, 2, kind, rand.New(rand.NewPCG(seed, 0)))
			if again := Mistype(text, 2, kind, rand.New(rand.NewPCG(seed, 0))); got != again {
				t.Fatalf("%q and %q by the same seed", got, again)
			}
			was, is, differ := strings.Fields(text), strings.Fields(got), 0
			if len(was) != len(is) {
				t.Fatalf("%q has other words", got)
			}
			for i := range was {
				if was[i] != is[i] {
					differ++
				}
			}
			if differ != 2 {
				t.Errorf("kind %d, seed %d: %q has %d words that differ, want 2", kind, seed, got, differ)
			}
		}
	}
	if got := Mistype("to be or not", 3, Swapped, rand.New(rand.NewPCG(1, 0))); got != "to be or not" {
		t.Errorf("%q: short words were mistyped", got)
	}
}
