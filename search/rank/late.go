// Package rank puts candidates in one order: it fuses what several retrievers found, and
// looks again, word by word, at the best of them.
package rank

import (
	"slices"

	"broadsheet/search/vector"
)

// A Word of a question counts with a weight.
type Word struct {
	Number uint16 // in the vocabulary of the model
	Weight float32
}

// Late scores texts by late interaction: each word of the question counts how near the
// nearest word of the text is (MaxSim: Khattab and Zaharia, "ColBERT", SIGIR 2020). The
// score is the weighted mean, 1 for a text that has every word. It is kept for its memory,
// and is not safe for concurrent use.
type Late struct {
	words   *vector.Words
	asked   []Word
	sum     float32
	place   []int32  // by word of the vocabulary: its row of near + 1, of this question
	seen    []uint32 // words of the texts so far
	fresh   []uint32 // of these, still to be compared
	near    []float32
	columns []float32
	best    []float32
	compare vector.Comparison
}

// leastNear is how near a word has to be to stand for another. Any text has words that
// are a little nearer than others to any question.
const leastNear = 0.3

// Start begins a question of some words.
func (l *Late) Start(words *vector.Words, asked []Word) {
	if l.words != words {
		l.words, l.place, l.seen = words, make([]int32, words.Len()), nil
	}
	for _, w := range l.seen {
		l.place[w] = 0
	}
	l.asked, l.seen, l.near, l.sum = slices.Clone(asked), l.seen[:0], l.near[:0], 0
	l.best = make([]float32, len(asked))
	for _, w := range asked {
		l.sum += w.Weight
	}
}

// Compared returns how many pairs of words have been compared.
func (l *Late) Compared() int { return len(l.seen) * len(l.asked) }

// Add prepares for texts with these words. Texts are prepared for together, as many as
// can be, since a word that several have is compared once.
func (l *Late) Add(text []uint16) {
	for _, w := range text {
		if int(w) < len(l.place) && l.place[w] == 0 {
			l.place[w] = int32(len(l.seen) + len(l.fresh) + 1)
			l.fresh = append(l.fresh, uint32(w))
		}
	}
}

// flush compares the words that were added.
func (l *Late) flush() {
	n, m := len(l.asked), len(l.fresh)
	if m == 0 {
		return
	}
	if cap(l.columns) < m {
		l.columns = make([]float32, m)
	}
	from := len(l.near)
	l.near = slices.Grow(l.near, n*m)[:from+n*m]
	for i, a := range l.asked {
		column := l.columns[:m]
		l.compare.Near(column, l.words, a.Number, l.fresh)
		for j, s := range column {
			switch {
			case l.fresh[j] == uint32(a.Number):
				s = 1
			case s < leastNear:
				s = 0
			}
			l.near[from+j*n+i] = s
		}
	}
	l.seen, l.fresh = append(l.seen, l.fresh...), l.fresh[:0]
}

// Score returns the score of a text, of which all words have been added.
func (l *Late) Score(text []uint16) float32 {
	l.flush()
	n := len(l.asked)
	if n == 0 || l.sum == 0 {
		return 0
	}
	clear(l.best)
	for _, w := range text {
		if int(w) >= len(l.place) || l.place[w] == 0 {
			continue
		}
		row := l.near[int(l.place[w]-1)*n:][:n]
		for i, s := range row {
			l.best[i] = max(l.best[i], s)
		}
	}
	score := float32(0)
	for i, b := range l.best {
		score += float32(l.asked[i].Weight * b)
	}
	return score / l.sum
}
