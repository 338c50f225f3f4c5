package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"broadsheet"
)

var _ broadsheet.MeasureStore = (*DB)(nil)

// keepDaily is how long a measure keeps a count of each day on which it changed.
// A year of days is what a curve of the last year can show; of the time before it
// one a month will do.
const keepDaily = 365

// PutAnswers implements broadsheet.MeasureStore.
func (db *DB) PutAnswers(ctx context.Context, source string, answers []broadsheet.Answered) error {
	for i := range answers {
		if err := checkAnswer(source, &answers[i]); err != nil {
			return err
		}
	}
	return db.writeMeasures(ctx, func(tx *sql.Tx) error {
		k := &keeper{ctx: ctx, tx: tx, stmts: map[string]*sql.Stmt{}} // its statements end with the transaction
		for i := range answers {
			if err := k.putAnswer(source, &answers[i]); err != nil {
				return fmt.Errorf("paper %s: %w", answers[i].Paper, err)
			}
		}
		if !slices.ContainsFunc(answers, func(a broadsheet.Answered) bool {
			return a.Answer == broadsheet.AnswerFound || a.Answer == broadsheet.AnswerUnknown
		}) {
			return nil // it did not answer
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO services (source, answered) VALUES (?, ?)
			ON CONFLICT (source) DO UPDATE SET answered = excluded.answered`, source, db.Now().Unix())
		return err
	})
}

func checkAnswer(source string, a *broadsheet.Answered) error {
	if source == "" || a.Answer == "" || !a.Day.IsDay() || a.Due != "" && !a.Due.IsDay() {
		return broadsheet.Errorf(broadsheet.Invalid, "An answer for %s has no source, no answer or no day.", a.Paper)
	}
	for _, m := range a.Measures {
		m.Source, m.Since, m.Counted = source, a.Day, a.Day
		if err := m.Validate(); err != nil {
			return &broadsheet.Error{Kind: broadsheet.Invalid, Text: fmt.Sprintf("A measure of %s cannot be kept.", a.Paper), Err: err}
		}
	}
	return nil
}

// writeMeasures runs f in a transaction.
func (db *DB) writeMeasures(ctx context.Context, f func(*sql.Tx) error) error {
	if db.write == nil {
		return broadsheet.Errorf(broadsheet.Conflict, "The database is open for reading only.")
	}
	tx, err := db.write.BeginTx(ctx, nil)
	if err == nil {
		defer tx.Rollback() // does nothing after Commit
		if err = f(tx); err == nil {
			err = tx.Commit()
		}
	}
	if err != nil {
		return explain(fmt.Errorf("sqlite: measures: %w", err), db.path)
	}
	return nil
}

// A keeper writes answers within a transaction. It prepares each statement once.
type keeper struct {
	ctx   context.Context
	tx    *sql.Tx
	stmts map[string]*sql.Stmt
}

func (k *keeper) prepare(query string) (*sql.Stmt, error) {
	if stmt := k.stmts[query]; stmt != nil {
		return stmt, nil
	}
	stmt, err := k.tx.PrepareContext(k.ctx, query)
	k.stmts[query] = stmt
	return stmt, err
}

func (k *keeper) exec(query string, args ...any) error {
	stmt, err := k.prepare(query)
	if err == nil {
		_, err = stmt.ExecContext(k.ctx, args...)
	}
	return err
}

// scan reads the one row of a query.
func (k *keeper) scan(query string, args []any, to ...any) error {
	stmt, err := k.prepare(query)
	if err != nil {
		return err
	}
	return stmt.QueryRowContext(k.ctx, args...).Scan(to...)
}

func (k *keeper) putAnswer(source string, a *broadsheet.Answered) error {
	var n int64
	err := k.scan(`SELECT n FROM papers WHERE id = ?1 UNION ALL SELECT paper FROM aliases WHERE id = ?1 LIMIT 1`, []any{a.Paper}, &n)
	if err == sql.ErrNoRows {
		return nil
	}
	if err != nil {
		return err
	}
	due := sql.NullString{String: string(a.Due), Valid: a.Due != ""}
	err = k.exec(`INSERT INTO asked (paper, source, answer, day, due) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (paper, source) DO UPDATE SET answer = excluded.answer, day = excluded.day, due = excluded.due`,
		n, source, a.Answer, a.Day, due)
	for _, m := range a.Measures {
		if err == nil {
			err = k.putMeasure(n, broadsheet.Measure{Kind: m.Kind, Source: source, Value: m.Value, Since: a.Day})
		}
	}
	return err
}

// putMeasure keeps one count. A day that lies before the last one, of a clock that
// was set back, changes nothing.
func (k *keeper) putMeasure(n int64, m broadsheet.Measure) error {
	var day, seen broadsheet.Date
	var value int64
	err := k.scan(`SELECT day, seen, value FROM measures WHERE paper = ? AND kind = ? AND source = ? ORDER BY day DESC LIMIT 1`,
		[]any{n, m.Kind, m.Source}, &day, &seen, &value)
	const end = `UPDATE measures SET seen = ? WHERE paper = ? AND kind = ? AND source = ? AND day = ?`
	switch {
	case err == sql.ErrNoRows:
	case err != nil:
		return err
	case m.Since < seen:
		return nil
	case m.Value == value:
		return k.exec(end, m.Since, n, m.Kind, m.Source, day)
	case m.Since == seen && day < seen: // the last row ends earlier: today has another count
		if err := k.exec(end, seen.AddDays(-1), n, m.Kind, m.Source, day); err != nil {
			return err
		}
	}
	err = k.exec(`INSERT INTO measures (paper, kind, source, day, seen, value) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (paper, kind, source, day) DO UPDATE SET seen = excluded.seen, value = excluded.value`,
		n, m.Kind, m.Source, m.Since, m.Since, m.Value)
	if err != nil {
		return err
	}
	return k.thin(n, m)
}

// thin drops all but the first row of each month that is long past.
func (k *keeper) thin(n int64, m broadsheet.Measure) error {
	return k.exec(`DELETE FROM measures AS m WHERE paper = ?1 AND kind = ?2 AND source = ?3 AND day < ?4
		AND EXISTS (SELECT 1 FROM measures f WHERE f.paper = ?1 AND f.kind = ?2 AND f.source = ?3
			AND f.day < m.day AND f.day >= substr(m.day, 1, 7))`, n, m.Kind, m.Source, m.Since.AddDays(-keepDaily))
}

// yieldMeasures and moveMeasures give the measures of a paper that becomes part of another to that
// one. Of two histories of one kind and source the one that counted more stands:
// woven together they would zigzag.
const (
	yieldMeasures = `DELETE FROM measures AS m WHERE paper = ?1 AND coalesce((SELECT max(value) FROM measures o
		WHERE o.paper = ?2 AND o.kind = m.kind AND o.source = m.source), -1) >
		(SELECT max(value) FROM measures s WHERE s.paper = ?1 AND s.kind = m.kind AND s.source = m.source)`
	moveMeasures = `INSERT INTO measures SELECT ?1, kind, source, day, seen, value FROM measures m WHERE paper = ?2
		AND NOT EXISTS (SELECT 1 FROM measures s WHERE s.paper = ?1 AND s.kind = m.kind AND s.source = m.source)`
	// What was unknown by one name may be known by the other.
	forgetAsked = `DELETE FROM asked WHERE paper = ? AND answer <> 'found'`
)

// unite moves what services said of one paper to another, before it is removed.
func (b *batch) unite(to, from *row) error {
	for _, query := range []string{yieldMeasures, moveMeasures} {
		if _, err := b.exec(query, to.n, from.n); err != nil {
			return err
		}
	}
	return nil
}

// renamed lets services be asked anew for a paper that has another name.
func (b *batch) renamed(r *row) error {
	_, err := b.exec(forgetAsked, r.n)
	return err
}

// numbered finds the rows of papers by ID or alias: the place j in the list that
// is the first parameter, and the row n.
const numbered = `WITH wanted AS (
	SELECT j.key AS j, j.value AS id, coalesce(p.n, a.paper) AS n
	FROM json_each(?1) j LEFT JOIN papers p ON p.id = j.value LEFT JOIN aliases a ON p.n IS NULL AND a.id = j.value) `

// Measures implements broadsheet.MeasureStore.
func (db *DB) Measures(ctx context.Context, ids []broadsheet.ID) (map[broadsheet.ID][]broadsheet.Measure, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("sqlite: measures: %w", err)
	}
	rows, err := db.read.QueryContext(ctx, numbered+`
		SELECT w.id, m.kind, m.source, m.value, m.day, m.seen FROM (SELECT DISTINCT id, n FROM wanted) w JOIN measures m ON m.paper = w.n
		WHERE m.day = (SELECT max(day) FROM measures l WHERE l.paper = m.paper AND l.kind = m.kind AND l.source = m.source)
		ORDER BY w.id, m.kind, m.source`, string(list))
	if err != nil {
		return nil, fmt.Errorf("sqlite: measures: %w", err)
	}
	defer rows.Close()
	found := map[broadsheet.ID][]broadsheet.Measure{}
	for rows.Next() {
		var id broadsheet.ID
		var m broadsheet.Measure
		if err := rows.Scan(&id, &m.Kind, &m.Source, &m.Value, &m.Since, &m.Counted); err != nil {
			return nil, fmt.Errorf("sqlite: measures: %w", err)
		}
		found[id] = append(found[id], m)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: measures: %w", err)
	}
	return found, nil
}

// History implements broadsheet.MeasureStore.
func (db *DB) History(ctx context.Context, id broadsheet.ID, kind broadsheet.MeasureKind, source string) ([]broadsheet.Measure, error) {
	rows, err := db.read.QueryContext(ctx, `
		SELECT value, day, seen FROM measures WHERE kind = ?2 AND source = ?3
		AND paper = coalesce((SELECT n FROM papers WHERE id = ?1), (SELECT paper FROM aliases WHERE id = ?1))
		ORDER BY day`, id, kind, source)
	if err != nil {
		return nil, fmt.Errorf("sqlite: history: %w", err)
	}
	defer rows.Close()
	var list []broadsheet.Measure
	for rows.Next() {
		m := broadsheet.Measure{Kind: kind, Source: source}
		if err := rows.Scan(&m.Value, &m.Since, &m.Counted); err != nil {
			return nil, fmt.Errorf("sqlite: history: %w", err)
		}
		list = append(list, m)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: history: %w", err)
	}
	return list, nil
}

const (
	ofPaper    = `paper = w.n AND kind = ?2 AND source = ?3`
	risesQuery = numbered + `
		SELECT w.j, l.value, l.seen, b.value, b.day, b.seen FROM wanted w
		JOIN measures l ON l.paper = w.n AND l.kind = ?2 AND l.source = ?3
			AND l.day = (SELECT max(day) FROM measures WHERE ` + ofPaper + `)
		JOIN measures b ON b.paper = w.n AND b.kind = ?2 AND b.source = ?3
			AND b.day = coalesce((SELECT max(day) FROM measures WHERE ` + ofPaper + ` AND day <= ?4), (SELECT min(day) FROM measures WHERE ` + ofPaper + `))`
)

// Rises implements broadsheet.MeasureStore. Three places are looked up in the
// table's own order for each paper, however long its history is.
func (db *DB) Rises(ctx context.Context, q broadsheet.RiseQuery) ([]broadsheet.Rise, error) {
	list, err := json.Marshal(q.Papers)
	if err != nil {
		return nil, fmt.Errorf("sqlite: rises: %w", err)
	}
	rows, err := db.read.QueryContext(ctx, risesQuery,
		string(list), q.Kind, q.Source, q.Since)
	if err != nil {
		return nil, fmt.Errorf("sqlite: rises: %w", err)
	}
	defer rows.Close()
	rises := make([]broadsheet.Rise, len(q.Papers))
	for rows.Next() {
		var j int
		var last, base broadsheet.Measure
		if err := rows.Scan(&j, &last.Value, &last.Counted, &base.Value, &base.Since, &base.Counted); err != nil {
			return nil, fmt.Errorf("sqlite: rises: %w", err)
		}
		rises[j] = broadsheet.RiseBetween(base, last, q.Since)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: rises: %w", err)
	}
	return rises, nil
}
