package fts

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"broadsheet"
)

// Weights of an occurrence in the title, the abstract and the authors for BM25. A
// title says what a paper is about in few words; a name in the authors is rarely
// meant by chance, but should not outweigh a title.
const weights = `4.0, 1.0, 3.0`

const (
	// enough papers with all words are an answer; with fewer, the papers with any
	// of the words follow.
	enough = 10

	// maxRanked bounds the papers that one stage scores, at some 4 µs each: FTS5
	// looks up the length of every one. On larger sets, see searcher.split and
	// searcher.relax.
	maxRanked = 25_000

	// maxScored bounds the words that are scored when any of them will do.
	maxScored = 16

	// above separates the scores of two runs. BM25 gives at most 2.2 times the
	// logarithm of the number of papers for a word, and there are maxWords words.
	above = 2500
)

// Search answers q. Papers with all of its words come first. Only if there are
// fewer than ten, the other papers that have any of its rarer words follow; what
// is quoted or excluded and the filters hold for them, too. A question without
// words lists the newest papers. Papers of equal score are ordered by ID.
//
// A filter by date keeps the papers that may have been published then: one dated
// 2024 matches any part of 2024, one without a date matches none.
func (x *Index) Search(ctx context.Context, q broadsheet.Query) (broadsheet.Hits, error) {
	if err := checkText(q.Text); err != nil {
		return broadsheet.Hits{}, err
	}
	hits, err := x.search(ctx, q)
	if err != nil {
		return broadsheet.Hits{}, fmt.Errorf("fts: search: %w", explain(cause(ctx, err)))
	}
	return hits, nil
}

// cause returns why ctx ended, if it did: SQLite only says "interrupted".
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func checkText(text string) error {
	if len(text) > broadsheet.MaxQuery {
		return broadsheet.Errorf(broadsheet.Invalid, "The question is too long: it has %d bytes, and at most %d are read.",
			len(text), broadsheet.MaxQuery)
	}
	return nil
}

func (x *Index) search(ctx context.Context, q broadsheet.Query) (broadsheet.Hits, error) {
	// One transaction, so that counts and hits are of the same moment.
	tx, err := x.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return broadsheet.Hits{}, err
	}
	defer tx.Rollback()
	s := &searcher{ctx: ctx, tx: tx, maxRanked: x.maxRanked}
	s.filter(q)
	runs, err := s.plan(newQuestion(q.Text))
	if err != nil {
		return broadsheet.Hits{}, err
	}
	hits, err := s.page(runs, max(0, q.Offset), max(0, q.Limit))
	if err != nil {
		return broadsheet.Hits{}, err
	}
	total := 0
	for _, r := range runs {
		total += r.count
	}
	return broadsheet.Hits{Hits: hits, Total: total, Trace: s.trace}, nil
}

// A searcher answers one query.
type searcher struct {
	ctx   context.Context
	tx    *sql.Tx
	where string // the filters, as "AND …" over docs d
	args  []any  // of where
	trace []broadsheet.Stage

	maxRanked int
}

// A run is a part of the answer. All expressions are FTS5's, "" for none.
type run struct {
	match  string // the papers, and what is scored; "" for all papers
	within string // only papers that match this, too
	except string // no papers that match this
	count  int    // papers in the run
	ranked bool   // by score, else newest first
}

func (s *searcher) filter(q broadsheet.Query) {
	and := func(cond string, args ...any) {
		s.where += " AND " + cond
		s.args = append(s.args, args...)
	}
	switch {
	case q.Category == "":
	case strings.Contains(q.Category, "."):
		and("instr(d.categories, ?)", " "+q.Category+" ")
	default: // a whole archive
		and("(instr(d.categories, ?) OR instr(d.categories, ?))", " "+q.Category+" ", " "+q.Category+".")
	}
	if from := digits(q.From, '0'); from != nil {
		and("d.last >= ?", from)
	}
	if to := digits(q.To, '9'); to != nil {
		and("d.first <= ?", to)
	}
}

// plan returns the runs of the answer, in order. It does not depend on the page
// that is asked for, so pages neither repeat nor miss a paper.
func (s *searcher) plan(q question) ([]run, error) {
	if len(q.all) == 0 {
		r := run{except: join(q.not, " OR ")}
		err := s.count("newest", &r)
		return []run{r}, err
	}
	all := run{match: q.every()}
	if err := s.count("all words", &all); err != nil {
		return nil, err
	}
	switch {
	case all.count > s.maxRanked:
		return s.split(q, all)
	case all.count < enough && len(q.words) > 1:
		return s.relax(q, all)
	}
	all.ranked = true
	return []run{all}, nil
}

// split takes the papers with all words in the title out of a run that is too
// large to rank. Where a part is still too large, its words are so common that a
// score would say little, and the newest come first.
func (s *searcher) split(q question, all run) ([]run, error) {
	title := run{match: q.titles()}
	if err := s.count("all words in the title", &title); err != nil {
		return nil, err
	}
	in, out := title.count, all.count-title.count
	return []run{
		{match: all.match, within: title.match, count: in, ranked: in <= s.maxRanked},
		{match: all.match, except: title.match, count: out, ranked: out <= s.maxRanked},
	}, nil
}

// relax adds to the papers with all words those with any of the rarest words,
// taking words as long as what they find can be ranked. Commoner words count in the
// score, but do not make an answer by themselves.
func (s *searcher) relax(q question, all run) ([]run, error) {
	start := time.Now()
	words, counts, err := s.rarest(q.content())
	if err != nil {
		return nil, err
	}
	rare, sum := 0, 0
	for rare < len(words) && (rare == 0 || sum+counts[rare] <= s.maxRanked) {
		sum += counts[rare]
		rare++
	}
	s.stage("rare words", join(words[:rare], " "), sum, start)
	all.ranked = true
	if rare == 0 {
		return []run{all}, nil
	}
	some := run{match: q.any(words[:rare])}
	if err := s.count("any word", &some); err != nil {
		return nil, err
	}
	n := some.count - all.count
	rest := run{match: q.any(words), within: some.match, except: all.match, count: n, ranked: n <= s.maxRanked}
	return []run{all, rest}, nil
}

// rarest returns at most maxScored of the words, the rarest first, with the numbers
// of papers that have them. Words that no paper has are left out.
func (s *searcher) rarest(words []term) (rarest []term, counts []int, err error) {
	count := map[string]int{}
	for _, w := range words {
		n, err := s.int(`SELECT count(*) FROM text WHERE text MATCH ?`, w.String())
		if err != nil {
			return nil, nil, err
		}
		if n > 0 {
			count[w.String()] = n
			rarest = append(rarest, w)
		}
	}
	slices.SortStableFunc(rarest, func(a, b term) int { return cmp.Compare(count[a.String()], count[b.String()]) })
	rarest = rarest[:min(len(rarest), maxScored)]
	for _, w := range rarest {
		counts = append(counts, count[w.String()])
	}
	return rarest, counts, nil
}

// count counts a run and puts it into the trace.
func (s *searcher) count(name string, r *run) (err error) {
	start := time.Now()
	from, args := s.from(*r, s.where != "")
	r.count, err = s.int(`SELECT count(*) `+from, args...)
	s.stage(name, r.match, r.count, start)
	return err
}

// from returns FROM and WHERE of a run; docs costs a look-up for each paper. CROSS
// JOIN and + keep SQLite from starting FTS5 anew for each paper.
func (s *searcher) from(r run, docs bool) (string, []any) {
	from, n, args := `FROM docs d WHERE true`, `d.n`, []any{}
	if r.match != "" {
		from, n, args = `FROM text WHERE text MATCH ?`, `text.rowid`, []any{r.match}
		if docs {
			from = `FROM text CROSS JOIN docs d ON d.n = text.rowid WHERE text MATCH ?`
		}
	}
	if r.within != "" && r.within != r.match {
		from, args = from+` AND +`+n+` IN (SELECT rowid FROM text WHERE text MATCH ?)`, append(args, r.within)
	}
	if r.except != "" {
		from, args = from+` AND +`+n+` NOT IN (SELECT rowid FROM text WHERE text MATCH ?)`, append(args, r.except)
	}
	return from + s.where, append(args, s.args...)
}

// page returns the hits from offset on of the runs, one after the other.
func (s *searcher) page(runs []run, offset, limit int) ([]broadsheet.Hit, error) {
	start := time.Now()
	var hits []broadsheet.Hit
	for i, r := range runs {
		if want := limit - len(hits); want > 0 && offset < r.count {
			var err error
			if hits, err = s.hits(hits, r, float64(above*(len(runs)-1-i)), offset, want); err != nil {
				return nil, err
			}
		}
		offset = max(0, offset-r.count)
	}
	s.stage("hits", "", len(hits), start)
	return hits, nil
}

// hits appends a part of a run.
func (s *searcher) hits(hits []broadsheet.Hit, r run, bonus float64, offset, limit int) ([]broadsheet.Hit, error) {
	score, order := `0.0`, `d.first DESC, d.id`
	if r.ranked {
		score, order = `-bm25(text, `+weights+`)`, `score DESC, d.id`
	}
	from, args := s.from(r, true)
	rows, err := s.tx.QueryContext(s.ctx, `SELECT d.id, `+score+` AS score `+from+` ORDER BY `+order+` LIMIT ? OFFSET ?`,
		append(args, limit, offset)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var h broadsheet.Hit
		if err := rows.Scan(&h.ID, &h.Score); err != nil {
			return nil, fmt.Errorf("%w: %w", errDamaged, err)
		}
		h.Score += bonus
		hits = append(hits, h)
	}
	return hits, rows.Err()
}

func (s *searcher) int(query string, args ...any) (n int, err error) {
	err = s.tx.QueryRowContext(s.ctx, query, args...).Scan(&n)
	return n, err
}

func (s *searcher) stage(name, detail string, found int, start time.Time) {
	s.trace = append(s.trace, broadsheet.Stage{
		Name: name, Detail: detail, Found: found, TookMS: float64(time.Since(start).Microseconds()) / 1000})
}
