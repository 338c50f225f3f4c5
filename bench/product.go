package main

import (
	"context"
	"strings"

	"broadsheet/search"
)

// product measures Broadsheet's search as its pages use it. Queries are typed as people
// do: words as they are, phrases in quotation marks, AND between words that must all be there.
type product struct{}

// productBatch is how many papers are added at a time, as by a large import.
const productBatch = 20_000

func (product) build(j job) error {
	e, err := search.Open(j.Index, search.Options{})
	if err != nil {
		return err
	}
	defer e.Close()
	return j.time(building{
		add: func() (docs int, err error) {
			docs, err = addPapers(e, j.Corpus)
			if err != nil {
				return docs, err
			}
			return docs, e.Commit(nil)
		},
		merge: func() error {
			if err := e.Optimize(context.Background(), nil); err != nil {
				return err
			}
			return e.Commit(nil)
		},
		close: e.Close,
	})
}

func addPapers(e *search.Engine, corpus string) (docs int, err error) {
	var papers []search.Paper
	err = indexCorpus(corpus, 1, func() func([]document) error {
		return func(list []document) error {
			for _, d := range list {
				docs++
				papers = append(papers, paperOf(d))
			}
			if len(papers) < productBatch && list != nil {
				return nil
			}
			err := e.Update(context.Background(), papers, nil)
			papers = papers[:0]
			return err
		}
	})
	return docs, err
}

func paperOf(d document) search.Paper {
	return search.Paper{ID: d.ID, Title: d.Title, Abstract: d.Text, Day: search.Unknown}
}

func (product) query(j job) error {
	e, err := search.OpenReadOnly(j.Index)
	if err != nil {
		return err
	}
	defer e.Close()
	return j.measure(func(q query, k int) ([]string, work, error) {
		res, err := e.Search(context.Background(), search.Request{Text: typed(q), Limit: k})
		ids := make([]string, len(res.Hits))
		for i, h := range res.Hits {
			ids[i] = h.ID
		}
		return ids, workOf(res.Work), err
	}, func(*meta) {})
}

// typed returns a query as somebody would type it.
func typed(q query) string {
	switch q.Kind {
	case "phrase":
		return `"` + q.Text + `"`
	case "and":
		return strings.Join(strings.Fields(q.Text), " AND ")
	}
	return q.Text
}
