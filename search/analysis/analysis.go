// Package analysis turns text into the terms that an index stores and a query
// asks for. Both sides use the same [Analyzer], so that what is asked as it is
// written is found.
//
// # Words
//
// Words follow Unicode Standard Annex 29, word boundaries: letters and digits
// run together (rules WB5, WB8–10), an apostrophe between letters belongs to the
// word (WB6–7, for ' and ’ only), a point between digits to the number (WB11–12;
// a comma only before exactly three digits), and combining marks and format
// characters never divide (WB4). It departs from the annex where papers do:
//
//   - Chinese, Japanese and Korean text becomes overlapping pairs of characters,
//     katakana and hangul too (WB13 would keep katakana whole), a lone character
//     a term of its own. Thai and other scripts without blanks stay whole runs.
//   - "C++", "ResUNet++" and "C#" keep their signs.
//   - A colon never joins, nor does a point between words. An underscore joins
//     only as a TeX subscript.
//   - Control and bidirectional characters are passed over inside words; a byte
//     that is not UTF-8 divides, as the U+FFFD does that often replaces it.
//
// A word longer than [MaxRunes] is cut for its term, not in its offsets.
//
// # Terms
//
// A term is in lower case and without accents (ß is ss, æ ae, ø o, ł l), with
// ligatures, full-width, raised, lowered and mathematical letters as plain ones,
// and a Greek letter that stands alone by its name. If only a to z are left it is
// stemmed by Snowball's English stemmer (Porter2). [Stop] words are not, and no
// other word's term is a stop word.
//
// # Compounds
//
// The parts of a compound ("state-of-the-art") are words with positions of their
// own. A compound of two, one of which is short ("k-NN", "pre-trained",
// "COVID-19"), is often written as one word, and yields that besides, as a [Joined]
// term. What is written as one ("DeepSpeech", "GPT4") yields [Part] terms where the
// parts are long enough to be asked for. In real abstracts all these are 2 to 4 %
// of the terms. They let "GPT4", "GPT-4" and "gpt 4" find each other:
//
//	text    terms of position p        of p+1   is found by the query
//	gpt 4   gpt                        4        gpt 4; GPT-4 by its words; GPT4 by its Parts
//	GPT-4   gpt, gpt4 (Joined)         4        gpt 4; GPT-4 by either; GPT4 by itself
//	GPT4    gpt4, gpt (Part), 4 (Part)          gpt 4; GPT-4 by either; GPT4 by itself
//
// A query therefore asks, for a word with Parts, for the word or for all its
// Parts, and for a compound with a Joined form, for that or for all its words.
// Within a phrase, Parts do not follow each other.
//
// # TeX
//
// Accents (\"o, {\'e}, \v{s}) and letters (\ss, \ell, \alpha) become the
// characters they mean, braces, dollars and markup (\emph, \mathcal) vanish
// without dividing a word, signs (\times, \leq) divide, and any other command is
// the word that its name is (\log). What is raised or lowered belongs to the word
// before it when it is short: "$\ell_1$", "ℓ₁" and "l1" are one term, as are
// "CO$_2$" and "CO2"; but "10^5" and "10⁵" are 10 and 5.
package analysis

import (
	"math"

	"github.com/blevesearch/snowballstem"
)

// A Kind says what a term stands for.
type Kind uint8

const (
	Word   Kind = iota // a word of the text
	Stop               // a function word, kept for phrases: see IsStop
	Bigram             // two neighbouring characters of Chinese, Japanese or Korean, or a lone one
	Part               // a part of a word that is written in one: "speech" of "DeepSpeech"
	Joined             // a compound's parts as one word: "knn" of "k-NN"
)

// Counts reports whether the term is one of the words that a text consists of.
// The other kinds are further forms of these and make no text longer.
func (k Kind) Counts() bool { return k < Part }

// A Token is one occurrence of a term in a text.
type Token struct {
	// Term is what the index stores: folded and stemmed.
	Term string
	// Exact is the word before it was stemmed and lost its accents, where that
	// differs from Term, else "". It is in lower case, composed, without the
	// possessive 's, TeX and compatibility forms ("ﬁ", "ℓ₁").
	Exact string
	// Pos is the number of the word in the text, from 0. All forms of a word
	// have its number; a Joined form has that of the compound's first word.
	Pos uint32
	// Start and End are the bytes of the text between which the word stands.
	Start, End uint32
	Kind       Kind
}

const (
	// MaxRunes is the length in runes at which a word's term is cut. The longest
	// words of real papers, names of chemical compounds apart, have 45.
	MaxRunes = 64

	// maxCached bounds the words that an Analyzer remembers: as many as 10,000
	// abstracts have, in some 13 MiB.
	maxCached = 1 << 16

	// maxCachedBytes keeps words that will hardly occur again out of the cache,
	// and bounds its bytes.
	maxCachedBytes = 40
)

// An Analyzer divides text into tokens. It remembers the words that it has seen,
// so it gets faster with use, and it must not be used concurrently.
type Analyzer struct {
	known    map[string]*word
	frequent [1 << slotBits]slot

	// Reused by every text.
	env    *snowballstem.Env
	clean  []byte  // the word in hand: see scanner.word
	joined []byte  // the compound in hand
	found  []Token // of Highlight
}

// New returns an Analyzer.
func New() *Analyzer {
	return &Analyzer{known: make(map[string]*word), env: snowballstem.NewEnv("")}
}

// Append appends the tokens of text, in order of position and, where that is
// equal, with the word before its other forms. It takes time linear in the text
// and, for words seen before, no memory but that of dst. The tokens hold no part
// of text. What lies beyond 4 GiB is left out.
func (a *Analyzer) Append(dst []Token, text string) []Token {
	if limit := uint64(math.MaxUint32); uint64(len(text)) > limit {
		text = text[:limit]
	}
	s := scanner{Analyzer: a, text: text, tokens: dst}
	s.scan()
	return s.tokens
}

// lookup returns the forms of a clean word.
func (a *Analyzer) lookup(clean string) *word {
	if w := a.known[clean]; w != nil {
		return w
	}
	return a.learn(clean)
}

// lookupBytes is lookup of a buffer, which is not kept.
func (a *Analyzer) lookupBytes(clean []byte) *word {
	if w := a.known[string(clean)]; w != nil {
		return w
	}
	return a.learn(string(clean))
}

// learn makes the forms of a word and, unless it is overlong, remembers them. A
// full memory is emptied: Zipf's law fills it with the frequent words at once.
func (a *Analyzer) learn(clean string) *word {
	w := a.forms(clean)
	if len(clean) <= maxCachedBytes {
		if len(a.known) >= maxCached {
			clear(a.known)
		}
		a.known[w.clean] = w
	}
	return w
}
