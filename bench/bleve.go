package main

import (
	"context"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"
	"github.com/blevesearch/bleve/v2/mapping"
	search "github.com/blevesearch/bleve/v2/search/query"
	bleveindex "github.com/blevesearch/bleve_index_api"
)

const (
	bleveField = "body"
	bleveBatch = 1000
)

func bleveMapping() mapping.IndexMapping {
	field := bleve.NewTextFieldMapping()
	field.Analyzer = en.AnalyzerName
	field.Store, field.IncludeInAll, field.DocValues = false, false, false
	field.IncludeTermVectors = true // positions, which phrases need
	doc := bleve.NewDocumentMapping()
	doc.Dynamic = false
	doc.AddFieldMappingsAt(bleveField, field)
	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer, m.DefaultMapping, m.ScoringModel = en.AnalyzerName, doc, bleveindex.BM25Scoring
	return m
}

func buildBleve(j job) error {
	x, err := bleve.NewUsing(j.Index, bleveMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return err
	}
	return j.time(building{
		add:   func() (int, error) { return addBleve(x, j.Corpus) },
		merge: func() error { return mergeBleve(x) },
		close: func() error {
			if err := x.Close(); err != nil {
				return err
			}
			// Segments that are merged go when the index is opened next.
			again, err := bleve.Open(j.Index)
			if err != nil {
				return err
			}
			time.Sleep(2 * time.Second)
			return again.Close()
		},
	})
}

// addBleve has one worker read; Bleve analyses each batch on all cores by itself.
func addBleve(x bleve.Index, corpus string) (docs int, err error) {
	batch := x.NewBatch()
	flush := func() error {
		err := x.Batch(batch)
		batch.Reset()
		return err
	}
	err = indexCorpus(corpus, 1, func() func([]document) error {
		return func(list []document) error {
			for _, d := range list {
				docs++
				if err := batch.Index(d.ID, map[string]any{bleveField: d.body()}); err != nil {
					return err
				}
			}
			if batch.Size() >= bleveBatch || list == nil {
				return flush()
			}
			return nil
		}
	})
	return docs, err
}

func mergeBleve(x bleve.Index) error {
	advanced, err := x.Advanced()
	if err != nil {
		return err
	}
	return advanced.(*scorch.Scorch).ForceMerge(context.Background(), &mergeplan.SingleSegmentMergePlanOptions)
}

func queryBleve(j job) error {
	x, err := bleve.OpenUsing(j.Index, map[string]any{"read_only": true})
	if err != nil {
		return err
	}
	defer x.Close()
	return j.measure(func(q query, k int) ([]string, work, error) {
		res, err := x.Search(bleve.NewSearchRequestOptions(bleveQuery(q), k, 0, false))
		if err != nil {
			return nil, work{}, err
		}
		ids := make([]string, len(res.Hits))
		for i, h := range res.Hits {
			ids[i] = h.ID
		}
		return ids, work{}, nil
	}, func(*meta) {})
}

func bleveQuery(q query) search.Query {
	if q.Kind == "phrase" {
		p := bleve.NewMatchPhraseQuery(q.Text)
		p.SetField(bleveField)
		return p
	}
	m := bleve.NewMatchQuery(q.Text)
	m.SetField(bleveField)
	if q.Kind == "and" {
		m.SetOperator(search.MatchQueryOperatorAnd)
	}
	return m
}
