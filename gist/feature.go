package gist

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Role is what a sentence of an abstract does.
type Role uint8

// The roles, in the order of the weights. Other is a sentence of no role: an address,
// a remark.
const (
	Other Role = iota
	Problem
	Task
	Idea
	Result
	roles
)

var roleNames = [roles]string{"other", "problem", "task", "idea", "result"}

func (r Role) String() string { return roleNames[r] }

// Roles returns all roles in order.
func Roles() []Role { return []Role{Other, Problem, Task, Idea, Result} }

// featureBits is the size of the table that features are hashed into: large enough
// that few of the 60,000 features of the labelled abstracts meet, and 80 kB as bytes.
const featureBits = 14

// maxWords bounds the words of a sentence that are looked at.
const maxWords = 100

// Features returns the features of each sentence of an abstract. They are hashes of: words and pairs of words; the first words; the
// place among the sentences; the length; signs of measurement and of addresses; and
// the first words of the sentences around.
func Features(s string, spans []Span) [][]uint32 {
	all := make([][]uint32, len(spans))
	openings := make([]string, len(spans))
	words := make([][]string, len(spans))
	for i, p := range spans {
		words[i] = wordsOf(p.Of(s))
		openings[i] = strings.Join(words[i][:min(2, len(words[i]))], " ")
	}
	for i := range spans {
		f := featurer{out: make([]uint32, 0, 2*len(words[i])+24)}
		f.words(words[i])
		f.place(i, len(spans))
		f.add("n", bucket(len(words[i])))
		f.signs(spans[i].Of(s))
		if i > 0 {
			f.add("before", openings[i-1])
		}
		if i+1 < len(spans) {
			f.add("after", openings[i+1])
		}
		all[i] = f.out
	}
	return all
}

type featurer struct{ out []uint32 }

func (f *featurer) add(parts ...string) {
	sum := hash(parts...)
	f.out = append(f.out, (sum^sum>>featureBits)&(1<<featureBits-1))
}

// hash is FNV-1a of the parts, each with a zero behind.
func hash(parts ...string) uint32 {
	h := uint32(2166136261)
	for _, p := range parts {
		for i := range len(p) {
			h = (h ^ uint32(p[i])) * 16777619
		}
		h *= 16777619
	}
	return h ^ h>>15
}

func (f *featurer) words(ws []string) {
	for i, w := range ws {
		f.add("w", w)
		if i > 0 {
			f.add("w", ws[i-1], w)
		}
	}
	for n := 1; n <= min(3, len(ws)); n++ {
		f.add(append([]string{"first"}, ws[:n]...)...)
	}
}

// place says where the sentence stands: the first and last few by number, all by
// fifths.
func (f *featurer) place(i, n int) {
	f.add("from start", bucket(min(i, 5)))
	f.add("from end", bucket(min(n-1-i, 4)))
	f.add("fifth", bucket(5*i/n))
	f.add("of", bucket(min(n, 10)), "fifth", bucket(5*i/n))
}

func (f *featurer) signs(s string) {
	if strings.Contains(s, "%") {
		f.add("percent")
	}
	if strings.Contains(s, "http") || strings.Contains(s, "github") {
		f.add("address")
	}
	if strings.ContainsFunc(s, unicode.IsDigit) {
		f.add("digit")
	}
	if strings.Contains(s, "$") {
		f.add("mathematics")
	}
	if strings.HasSuffix(strings.TrimSpace(s), "?") {
		f.add("question")
	}
}

// bucket names a number, larger ones more coarsely.
func bucket(n int) string {
	if n > 9 {
		n = 10 + min((n-10)/8, 9)
	}
	return string(rune('A' + n))
}

// wordsOf returns the words of a sentence in lower case, numbers as 0.
func wordsOf(s string) []string {
	var ws []string
	for len(s) > 0 && len(ws) < maxWords {
		i := strings.IndexFunc(s, isWordRune)
		if i < 0 {
			break
		}
		s = s[i:]
		end := strings.IndexFunc(s, func(r rune) bool { return !isWordRune(r) && r != '-' && r != '\'' && r != '’' })
		if end < 0 {
			end = len(s)
		}
		w := s[:end]
		s = s[end:]
		if first, _ := utf8.DecodeRuneInString(w); unicode.IsDigit(first) {
			w = "0"
		}
		ws = append(ws, strings.ToLower(strings.TrimRight(w, "-'’")))
	}
	return ws
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
