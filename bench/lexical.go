package main

import (
	"context"
	"runtime"
	"sync"

	"broadsheet/search/index"
	"broadsheet/search/topk"
)

// lexical measures Broadsheet's index and its evaluation of queries by themselves: one
// field, no further signals, as the other engines are measured.
type lexical struct {
	analyzer func() analyzer
	count    int  // matches are counted up to here
	lucene   bool // lengths and ranking are Lucene's
}

// An analyzer makes terms of text. It is used by one goroutine.
type analyzer interface {
	// document appends the tokens of a text. length is that for BM25, in words.
	document(dst []index.Token, text string) (tokens []index.Token, length int)
	// query appends the words of a query, each once per place.
	query(dst []index.Token, text string) []index.Token
	stop(term string) bool
}

// buildBytes is how large a builder gets before its documents become a segment.
const buildBytes = 64 << 20

func (l lexical) settings(dir string) (index.Settings, error) {
	if l.lucene {
		return luceneSettings(dir)
	}
	return index.Settings{Ranking: index.Ranking{K1: 1.2, B: 0.75, TitleWeight: 1}, Lengths: index.DefaultLengths}, nil
}

func (l lexical) build(j job) error {
	if l.lucene {
		if err := compareLengths(j.Index, j.Corpus); err != nil {
			return err
		}
	}
	set, err := l.settings(j.Index)
	if err != nil {
		return err
	}
	x, err := index.Open(j.Index, set, index.Options{NoMerge: true})
	if err != nil {
		return err
	}
	defer x.Close()
	return j.time(building{
		add: func() (int, error) {
			if err := indexCorpus(j.Corpus, runtime.GOMAXPROCS(0), func() func([]document) error { return l.adder(x) }); err != nil {
				return 0, err
			}
			return x.Stats().Docs, x.Commit(nil)
		},
		merge: func() error {
			if err := x.MergeAll(context.Background(), nil); err != nil {
				return err
			}
			return x.Commit(nil)
		},
		close: x.Close,
	})
}

// adder returns what adds the batches of one worker.
func (l lexical) adder(x *index.Index) func([]document) error {
	a, b := l.analyzer(), x.NewBuilder()
	var doc index.Document
	return func(batch []document) error {
		for _, d := range batch {
			doc.ID = d.ID
			doc.Abstract, doc.AbstractLength = a.document(doc.Abstract[:0], d.body())
			if err := b.Add(&doc); err != nil {
				return err
			}
		}
		if batch != nil && b.Size() < buildBytes {
			return nil
		}
		err := x.Install(b, nil)
		b = x.NewBuilder()
		return err
	}
}

func (l lexical) query(j job) error {
	set, err := l.settings(j.Index)
	if err != nil {
		return err
	}
	x, err := index.OpenReadOnly(j.Index, set)
	if err != nil {
		return err
	}
	defer x.Close()
	snap := x.Snapshot()
	defer snap.Release()
	return j.measure(l.searcher(snap), func(m *meta) {
		m.PostingBytes = postingBytes(x, snap)
	})
}

func (l lexical) searcher(snap *index.Snapshot) searcher {
	analyzers := sync.Pool{New: func() any { return l.analyzer() }}
	return func(q query, k int) ([]string, work, error) {
		a := analyzers.Get().(analyzer)
		compiled := compile(a, q)
		analyzers.Put(a)
		compiled.K, compiled.Count = k, l.count
		res, err := topk.Search(context.Background(), snap, &compiled)
		ids := make([]string, len(res.Hits))
		for i, h := range res.Hits {
			ids[i] = h.ID
		}
		return ids, workOf(res.Work), err
	}
}

func workOf(w topk.Work) work {
	return work{float64(w.Postings), float64(w.Scored), float64(w.Candidates), float64(w.Positions)}
}

// compile makes a query of the engine. A word that is there twice counts twice, and
// stop words count in phrases only.
func compile(a analyzer, q query) (c topk.Query) {
	words := a.query(nil, q.Text)
	c.All = q.Kind == "and" || q.Kind == "phrase"
	seen := map[string]int{}
	for _, w := range words {
		if a.stop(w.Term) {
			continue
		}
		if i, ok := seen[w.Term]; ok {
			c.Clauses[i][0].Boost++
			continue
		}
		seen[w.Term] = len(c.Clauses)
		c.Clauses = append(c.Clauses, topk.Clause{{Field: index.Text, Text: w.Term, Boost: 1}})
	}
	if q.Kind == "phrase" && len(words) > 0 {
		c.Phrase = &topk.Phrase{Field: index.Text}
		for _, w := range words {
			c.Phrase.Terms = append(c.Phrase.Terms, w.Term)
			c.Phrase.Offsets = append(c.Phrase.Offsets, w.Pos-words[0].Pos)
		}
	}
	return c
}

// postingBytes returns how many bytes a posting takes in the mean, without positions.
func postingBytes(x *index.Index, snap *index.Snapshot) float64 {
	sum := 0
	for _, v := range snap.Views {
		v.Terms(index.Text, "", func(_ []byte, df int) bool {
			sum += df
			return true
		})
	}
	return float64(x.Stats().Postings) / float64(max(1, sum))
}
