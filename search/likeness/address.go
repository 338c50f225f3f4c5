package likeness

import "strings"

// marks are what addresses have in them.
var marks = []string{"://", "www.", "github.", ".com", ".org", ".io/", ".net/", ".edu/"}

// blankAddresses puts blanks in place of addresses, which are no words, so that nothing
// else moves.
func blankAddresses(s string) string {
	var out []byte
	at := 0
	for f := range strings.FieldsSeq(s) {
		at += strings.Index(s[at:], f)
		if isAddress(f) {
			if out == nil {
				out = []byte(s)
			}
			for i := range len(f) {
				out[at+i] = ' '
			}
		}
		at += len(f)
	}
	if out == nil {
		return s
	}
	return string(out)
}

func isAddress(word string) bool {
	if !strings.Contains(word, ".") && !strings.Contains(word, "://") {
		return false
	}
	for _, m := range marks {
		if strings.Contains(word, m) {
			return true
		}
	}
	return false
}
