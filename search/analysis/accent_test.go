package analysis

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

// TestEveryCharacter holds the tables to what must be true of any entry.
func TestEveryCharacter(t *testing.T) {
	for r := range rune(0x20000) { // beyond are ideographs and what is not assigned
		if !utf8.ValidRune(r) {
			continue
		}
		once := Fold(string(r))
		if again := Fold(once); again != once {
			t.Errorf("%U %q is folded to %q, and that to %q", r, r, once, again)
		}
		if upper := unicode.ToUpper(r); unicode.ToLower(upper) == r && Fold(string(upper)) != once {
			t.Errorf("%U %q is folded to %q, its capital %q to %q", r, r, once, upper, Fold(string(upper)))
		}
		switch c := decode(string(r), 0); {
		case c.end != utf8.RuneLen(r):
			t.Errorf("%U: decode ends at %d", r, c.end)
		case (c.kind == letter || c.kind == digit) && once == "":
			t.Errorf("%U %q is a letter that leaves nothing", r, r)
		case (c.kind == digit || c.kind == raised) && (once < "0" || once > "9" || len(once) != 1):
			t.Errorf("%U %q is the digit %q", r, r, once)
		}
	}
}

func TestAccents(t *testing.T) {
	for _, a := range accents {
		for i, r := range []rune(a.pairs) {
			if unicode.ToLower(r) != r {
				t.Errorf("%U, pair %d: %q is no small letter", a.mark, i/2, r)
			}
		}
		if !isAccent(a.mark) {
			t.Errorf("%U is no accent", a.mark)
		}
	}
	for pair, c := range composed {
		if withoutAccent(c) != withoutAccent(pair[0]) {
			t.Errorf("%q is not %q without its accent", c, pair[0])
		}
	}
	if c, ok := compose('E', '\u0301'); c != 'É' || !ok {
		t.Errorf("E and an acute accent are %q, want É", c)
	}
}

// Words whose stem is a stop word, such as "wills", must stay apart from it.
func TestNoStemIsAStopWord(t *testing.T) {
	a := New()
	for stop := range stopWords {
		for _, suffix := range []string{"s", "es", "ed", "ing", "ly", "e", "y"} {
			if f := a.form(stop + suffix); f.kind == Word && IsStop(f.term) {
				t.Errorf("%q has the stop word %q for its term", stop+suffix, f.term)
			}
		}
	}
}
