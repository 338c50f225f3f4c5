package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"broadsheet"
	"broadsheet/beir"
	"broadsheet/embed/train"
	"broadsheet/ingest"
	"broadsheet/meaning"
	"broadsheet/search/eval"
)

// evalDepth is how many hits of each query are judged at most.
const evalDepth = 100

var evalCommand = command{
	name: "eval", short: "measure how well search answers judged questions", extra: modelSettings, json: true,
	help: `
Reads a test collection in BEIR form, indexes it in a throw-away directory, asks
every judged query, and prints nDCG@10, recall@100 and MRR@10 with 95 % confidence
intervals. --run writes the rankings for trec_eval. A document with the name of
the query is left out: it is the question itself. Questions are read as ordinary text,
without operators. All files may be compressed with gzip.

--adapt measures, lets the model of meaning learn the documents, and measures again;
it sees neither questions nor judgements. --adapt-to learns other documents instead,
which shows what is forgotten.

    broadsheet eval --corpus scifact/corpus.jsonl.gz --queries scifact/queries.jsonl --qrels scifact/qrels.tsv
    broadsheet eval --method semantic --adapt --corpus scifact/corpus.jsonl.gz --queries scifact/queries.jsonl --qrels scifact/qrels.tsv`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		var t evalTask
		fs.StringVar(&t.corpus, "corpus", "", "the documents: a BEIR corpus.jsonl `file`")
		fs.StringVar(&t.queries, "queries", "", "the questions: a BEIR queries.jsonl `file`")
		fs.StringVar(&t.qrels, "qrels", "", "the judgements: a `file` of query-id, corpus-id, score")
		fs.StringVar(&t.run, "run", "", "write the rankings to this TREC run `file`")
		fs.IntVar(&t.depth, "depth", evalDepth, "ask for so many `hits`, up to 100: with 10, the work is that of a page")
		method := fs.String("method", "adaptive", methodHelp)
		fs.BoolVar(&t.adapt, "adapt", false, "measure again after the model has learned the documents")
		fs.StringVar(&t.adaptTo, "adapt-to", "", "measure again after the model has learned the documents of this BEIR corpus.jsonl `file`")
		return func(ctx context.Context, m *Main, args []string) error {
			if len(args) > 0 || t.corpus == "" || t.queries == "" || t.qrels == "" {
				return usagef("name --corpus, --queries and --qrels")
			}
			if t.depth < 10 || t.depth > evalDepth {
				return usagef("--depth %d: choose 10 to %d", t.depth, evalDepth)
			}
			var err error
			if t.method, err = parseMethod(*method); err != nil {
				return err
			}
			return m.eval(ctx, t)
		}
	},
}

// An evalTask names the files of a test collection.
type evalTask struct {
	corpus, queries, qrels, run string
	method                      broadsheet.Method
	adapt                       bool
	adaptTo                     string
	depth                       int
}

// evalResult is the JSON of eval. Each interval holds 95 % of resampled means.
type evalResult struct {
	Collection string     `json:"collection"`
	Queries    int        `json:"queries"`
	Method     string     `json:"method"`
	NDCG       float64    `json:"ndcg@10"`
	NDCGCI     [2]float64 `json:"ndcg@10_ci"`
	Recall     float64    `json:"recall@100"`
	RecallCI   [2]float64 `json:"recall@100_ci"`
	MRR        float64    `json:"mrr@10"`
	MRRCI      [2]float64 `json:"mrr@10_ci"`
	Work       evalWork   `json:"work"`

	Depth int `json:"depth"` // hits asked for

	Adapted *evalResult `json:"adapted,omitempty"` // the same after the model has learned
}

// evalWork is what the answers cost.
type evalWork struct {
	Documents int     `json:"documents"`
	Matched   float64 `json:"matched_per_query"` // documents that the search found, in the mean
	Postings  float64 `json:"postings_per_query"`
	Vectors   float64 `json:"vectors_per_query"`
	Reranked  float64 `json:"reranked_per_query"`
	Cost      float64 `json:"cost_per_query"` // all of the work, in postings
	P50MS     float64 `json:"p50_ms"`
	P95MS     float64 `json:"p95_ms"`
}

func (m *Main) eval(ctx context.Context, t evalTask) (err error) {
	if t.adapt || t.adaptTo != "" {
		if err := m.checkBuiltin(); err != nil {
			return err
		}
	}
	c, err := m.openCollection(ctx, t)
	if err != nil {
		return err
	}
	defer c.Close()
	l, queries, judged, res := c.library, c.queries, c.judged, c.result
	run, done, err := openRun(t.run)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	if t.adapt || t.adaptTo != "" {
		before := res
		if err := m.judge(ctx, l, queries, judged, io.Discard, &before); err != nil {
			return err
		}
		if err := m.adaptFor(ctx, l, t.adaptTo); err != nil {
			return err
		}
		after := res
		res, res.Adapted = before, &after
		if err := m.judge(ctx, l, queries, judged, run, &after); err != nil {
			return err
		}
	} else if err := m.judge(ctx, l, queries, judged, run, &res); err != nil {
		return err
	}
	return m.printEval(res)
}

// A collection is indexed, and has judged queries.
type collection struct {
	dir     string
	library *library
	queries []beir.Query
	judged  map[string]eval.Judgements
	result  evalResult // without measures
}

func (c *collection) Close() error { return errors.Join(c.library.Close(), os.RemoveAll(c.dir)) }

// openCollection indexes a test collection in a throw-away directory.
func (m *Main) openCollection(ctx context.Context, t evalTask) (c *collection, err error) {
	c = new(collection)
	if c.queries, c.judged, err = readTask(t); err != nil {
		return nil, err
	}
	if c.dir, err = os.MkdirTemp("", "broadsheet-eval-*"); err != nil {
		return nil, fmt.Errorf("make a directory for the evaluation: %w", err)
	}
	if c.library, err = m.openForWriting(ctx, c.dir, "eval"); err != nil {
		os.RemoveAll(c.dir)
		return nil, err
	}
	var sum ingest.Summary
	if err = m.importFile(ctx, c.library, t.corpus, ingest.Options{Format: "beir"}, &sum); err == nil {
		err = m.catchUp(ctx, c.library)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	c.result = evalResult{Collection: collectionName(t.corpus), Queries: len(c.queries), Method: string(t.method), Depth: t.depth,
		Work: evalWork{Documents: sum.Added}}
	return c, nil
}

// openRun opens the file for rankings, if there is to be one.
func openRun(name string) (w io.Writer, done func() error, err error) {
	if name == "" {
		return io.Discard, func() error { return nil }, nil
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, nil, &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err, Text: fmt.Sprintf("%s cannot be written: %v.", name, cause(err))}
	}
	buf := bufio.NewWriter(f)
	return buf, func() error { return errors.Join(buf.Flush(), f.Close()) }, nil
}

// adaptFor lets the model learn the documents of a file, or those of the collection.
func (m *Main) adaptFor(ctx context.Context, l *library, name string) error {
	var texts []train.Text
	var err error
	if name != "" {
		_, texts, err = m.readCorpus(ctx, []string{name}, "beir", 1)
	} else {
		texts, err = meaning.Texts(ctx, l.store)
	}
	if err != nil {
		return err
	}
	lesson, err := meaning.Learn(ctx, texts, nil)
	if err != nil {
		return err
	}
	if lesson.Worse {
		return broadsheet.Errorf(broadsheet.Conflict, "What the model learned made it worse: titles found their abstracts with MRR@10 %.3f, and %.3f after.",
			lesson.Before, lesson.After)
	}
	r := meaning.Report{}
	if _, err := l.shelf.Keep(lesson, &r); err != nil {
		return err
	}
	m.log.Info("the model has learned the documents", "papers", len(texts), "words", lesson.Words, "before", lesson.Before, "after", lesson.After)
	return m.useWantedNow(ctx, l)
}

// readTask reads the queries that have judgements, in the order of their names,
// and the judgements.
func readTask(t evalTask) ([]beir.Query, map[string]eval.Judgements, error) {
	f, err := openFile(t.qrels)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	list, err := beir.ReadQrels(f)
	if err != nil {
		return nil, nil, err
	}
	judged := map[string]eval.Judgements{}
	for _, j := range list {
		if judged[j.Query] == nil {
			judged[j.Query] = eval.Judgements{}
		}
		judged[j.Query][j.Doc] = j.Grade
	}
	q, err := openFile(t.queries)
	if err != nil {
		return nil, nil, err
	}
	defer q.Close()
	var queries []beir.Query
	for query, err := range beir.ReadQueries(q) {
		if err != nil {
			return nil, nil, broadsheet.Errorf(broadsheet.Invalid, "%s: %v", t.queries, err)
		}
		if judged[query.ID] != nil {
			queries = append(queries, query)
		}
	}
	if len(queries) == 0 {
		return nil, nil, broadsheet.Errorf(broadsheet.Invalid, "No query of %s has a judgement in %s.", t.queries, t.qrels)
	}
	slices.SortFunc(queries, func(a, b beir.Query) int { return cmp.Compare(a.ID, b.ID) })
	return queries, judged, nil
}

// judge asks every query and fills in the measures.
func (m *Main) judge(ctx context.Context, l *library, queries []beir.Query, judged map[string]eval.Judgements, run io.Writer, res *evalResult) error {
	bar := m.progress("asking", int64(len(queries)))
	defer bar.Done()
	var ndcg, recall, mrr, took []float64
	for _, q := range queries {
		start := time.Now()
		// One more than is judged, since the query itself may be among them.
		found, err := l.index.Search(ctx, broadsheet.Query{Text: cutText(q.Text, broadsheet.MaxQuery), Plain: true, Limit: res.Depth + 1,
			Method: broadsheet.Method(res.Method)})
		if err != nil {
			return err
		}
		took = append(took, float64(time.Since(start).Microseconds())/1000)
		hits, err := names(ctx, l, found.Hits, q.ID)
		if err != nil {
			return err
		}
		ranking := make([]string, len(hits))
		for i, h := range hits {
			ranking[i] = h.Doc
		}
		if err := eval.WriteRun(run, "broadsheet-"+res.Method, q.ID, hits); err != nil {
			return err
		}
		j := judged[q.ID]
		ndcg = append(ndcg, j.NDCG(ranking, 10))
		recall = append(recall, j.Recall(ranking, 100))
		mrr = append(mrr, j.ReciprocalRank(ranking, 10))
		res.Work.add(found, float64(len(queries)))
		bar.Add(1, 1)
	}
	slices.Sort(took)
	res.Work.P50MS, res.Work.P95MS = took[len(took)/2], took[len(took)*95/100]
	for _, v := range []struct {
		values []float64
		mean   *float64
		ci     *[2]float64
	}{{ndcg, &res.NDCG, &res.NDCGCI}, {recall, &res.Recall, &res.RecallCI}, {mrr, &res.MRR, &res.MRRCI}} {
		mean := eval.MeanOf(v.values)
		*v.mean, *v.ci = mean.Mean, [2]float64{mean.Low, mean.High}
	}
	return nil
}

// add adds the work of one of n answers.
func (w *evalWork) add(found broadsheet.Hits, n float64) {
	w.Matched += float64(found.Total) / n
	w.Postings += float64(found.Work.Postings) / n
	w.Vectors += float64(found.Work.Vectors) / n
	w.Reranked += float64(found.Work.Reranked) / n
	w.Cost += float64(found.Work.Cost) / n
}

// names returns the hits under the collection's own names, without the document
// that is the query itself.
func names(ctx context.Context, l *library, hits []broadsheet.Hit, query string) ([]eval.Scored, error) {
	ids := make([]broadsheet.ID, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	papers, err := l.store.Papers(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []eval.Scored
	for i, p := range papers {
		if doc := p.Sources[0].Record; doc != query && len(out) < evalDepth {
			out = append(out, eval.Scored{Doc: doc, Score: hits[i].Score})
		}
	}
	return out, nil
}

// cutText shortens s to at most max bytes, at a character.
func cutText(s string, max int) string {
	if len(s) <= max {
		return s
	}
	for max > 0 && !utf8.RuneStart(s[max]) {
		max--
	}
	return s[:max]
}

// collectionName is the directory that a corpus lies in, as BEIR has it.
func collectionName(corpus string) string {
	if abs, err := filepath.Abs(corpus); err == nil {
		return filepath.Base(filepath.Dir(abs))
	}
	return strings.TrimSuffix(filepath.Base(corpus), filepath.Ext(corpus))
}

func (m *Main) printEval(res evalResult) error {
	if m.json {
		return m.printJSON(res)
	}
	for _, r := range []*evalResult{&res, res.Adapted} {
		if r == nil {
			break
		}
		what := r.Method
		if r == res.Adapted {
			what += ", adapted"
		}
		if _, err := fmt.Fprintf(m.Stdout, `%s: %d queries over %s documents, %s
nDCG@10     %.4f  (%.4f to %.4f)
recall@100  %.4f  (%.4f to %.4f)
MRR@10      %.4f  (%.4f to %.4f)
matched     %.0f documents a query; %.1f ms at the median, %.1f ms at the 95th percentile
work        %.0f a query: %.0f postings, %.0f vectors, %.0f papers word by word
`, r.Collection, r.Queries, thousands(r.Work.Documents), what,
			r.NDCG, r.NDCGCI[0], r.NDCGCI[1], r.Recall, r.RecallCI[0], r.RecallCI[1], r.MRR, r.MRRCI[0], r.MRRCI[1],
			r.Work.Matched, r.Work.P50MS, r.Work.P95MS, r.Work.Cost, r.Work.Postings, r.Work.Vectors, r.Work.Reranked); err != nil {
			return err
		}
	}
	return nil
}
