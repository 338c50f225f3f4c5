package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"broadsheet"
)

var _ broadsheet.SignalStore = (*DB)(nil)

// signals are the columns of broadsheet.Signals for the papers of a period. Those
// that were only announced come from the index alone.
// Stars, which few papers have, are added by addStars.
const signals = `SELECT * FROM (
	SELECT p.n, p.id id, m.day day, m.place place, p.published, p.category, p.upvotes, p.comments, coalesce(i.score, 0)
	FROM (SELECT paper, min(day) day, place FROM entries WHERE day BETWEEN ?1 AND ?2 GROUP BY paper) m
	JOIN papers p ON p.n = m.paper LEFT JOIN interest i ON i.paper = p.n
	UNION ALL
	SELECT p.n, p.id, p.day, NULL, p.published, p.category, p.upvotes, p.comments, coalesce(i.score, 0)
	FROM papers p LEFT JOIN interest i ON i.paper = p.n WHERE p.day BETWEEN ?1 AND ?2
) ORDER BY place IS NULL, day, place, id`

// Signals implements broadsheet.SignalStore.
func (db *DB) Signals(ctx context.Context, p broadsheet.Period) ([]broadsheet.Signals, error) {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("sqlite: signals of %s: %w", p, err)
	}
	defer tx.Rollback()
	out, _, err := readSignals(ctx, tx, p)
	return out, err
}

// readSignals returns the signals of a period's papers, and their numbers.
func readSignals(ctx context.Context, tx *sql.Tx, p broadsheet.Period) ([]broadsheet.Signals, []int64, error) {
	rows, err := tx.QueryContext(ctx, signals, p.First, p.Last)
	if err != nil {
		return nil, nil, fmt.Errorf("sqlite: signals of %s: %w", p, err)
	}
	defer rows.Close()
	var out []broadsheet.Signals
	var numbers []int64
	for rows.Next() {
		var s broadsheet.Signals
		var n int64
		var place sql.NullInt64
		if err := rows.Scan(&n, &s.ID, &s.Day, &place, &s.Published, &s.Category, &s.Upvotes, &s.Comments, &s.Interest); err != nil {
			return nil, nil, fmt.Errorf("sqlite: signals of %s: %w", p, err)
		}
		s.Place = int(place.Int64)
		out, numbers = append(out, s), append(numbers, n)
	}
	if err := rows.Err(); err != nil {
		return nil, nil, fmt.Errorf("sqlite: signals of %s: %w", p, err)
	}
	return out, numbers, addStars(ctx, tx, out, numbers)
}

// risen are the papers whose tally grew within a period, with the last day on which
// it did, and what it was before the period: the last tally before it, else the
// first one there is.
const risen = `
	WITH touched AS (SELECT paper, max(day) day, min(day) first FROM tallies WHERE day BETWEEN ?1 AND ?2 GROUP BY paper),
	known AS (
		SELECT t.paper, t.day, t.first, (SELECT max(day) FROM tallies b WHERE b.paper = t.paper AND b.day < ?1) before
		FROM touched t
	)
	SELECT p.n, p.id, k.day, p.published, p.category, p.upvotes, p.comments, b.upvotes, b.comments
	FROM known k
	JOIN tallies b ON b.paper = k.paper AND b.day = coalesce(k.before, k.first)
	JOIN papers p ON p.n = k.paper
	WHERE p.upvotes > b.upvotes OR p.comments > b.comments
	ORDER BY p.id`

// Moving implements broadsheet.SignalStore.
func (db *DB) Moving(ctx context.Context, p broadsheet.Period) ([]broadsheet.Signals, error) {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // both parts of one moment
	if err != nil {
		return nil, fmt.Errorf("sqlite: what moves in %s: %w", p, err)
	}
	defer tx.Rollback()
	out, numbers, err := readSignals(ctx, tx, p)
	if err != nil {
		return nil, err
	}
	stands := make(map[int64]bool, len(numbers))
	for _, n := range numbers {
		stands[n] = true // and all that was done about it was done in these days
	}
	for _, read := range []func(context.Context, *sql.Tx, broadsheet.Period) ([]broadsheet.Signals, []int64, error){readRises, readStarRises} {
		rising, known, err := read(ctx, tx, p)
		if err != nil {
			return nil, err
		}
		rising, known = without(stands, rising, known)
		if err := addGains(ctx, tx, rising, known, p); err != nil {
			return nil, err
		}
		for i, s := range rising {
			if s.Upvotes > s.Before.Upvotes || s.Comments > s.Before.Comments || s.Stars > s.Before.Stars {
				out, stands[known[i]] = append(out, s), true
			}
		}
	}
	return out, nil
}

// readRises returns the signals of the papers whose tally grew within a period, with
// their numbers.
func readRises(ctx context.Context, tx *sql.Tx, p broadsheet.Period) (papers []broadsheet.Signals, numbers []int64, err error) {
	rows, err := tx.QueryContext(ctx, risen, p.First, p.Last)
	if err != nil {
		return nil, nil, fmt.Errorf("sqlite: what moves in %s: %w", p, err)
	}
	defer rows.Close()
	for rows.Next() {
		s := broadsheet.Signals{Rising: true}
		var n int64
		if err := rows.Scan(&n, &s.ID, &s.Day, &s.Published, &s.Category, &s.Upvotes, &s.Comments, &s.Before.Upvotes, &s.Before.Comments); err != nil {
			return nil, nil, fmt.Errorf("sqlite: what moves in %s: %w", p, err)
		}
		papers, numbers = append(papers, s), append(numbers, n)
	}
	if err := rows.Err(); err != nil {
		return nil, nil, fmt.Errorf("sqlite: what moves in %s: %w", p, err)
	}
	return papers, numbers, nil
}

// without leaves those papers whose numbers are not known.
func without(known map[int64]bool, papers []broadsheet.Signals, numbers []int64) (rest []broadsheet.Signals, restNumbers []int64) {
	for i, n := range numbers {
		if !known[n] {
			rest, restNumbers = append(rest, papers[i]), append(restNumbers, n)
		}
	}
	return rest, restNumbers
}

// keepTallies is for how many days before its newest a paper keeps its tallies, with
// one from before them: twice the window of what trends.
const keepTallies = 28

// tally keeps what the tally of a paper is at the end of this day, or was at the end
// of the last one when it is new here, and forgets what no window looks at any more.
func (b *batch) tally(r *row, old, next *broadsheet.Record) error {
	var upvotes, comments int
	if old != nil {
		upvotes, comments = old.Upvotes(), old.CommentCount()
	}
	if next.Upvotes() == upvotes && next.CommentCount() == comments {
		return nil
	}
	today := broadsheet.DateOf(b.now.UTC())
	day := today
	if old == nil { // what was counted when it became known was counted before
		day = today.AddDays(-1)
	}
	_, err := b.exec(`INSERT INTO tallies (paper, day, upvotes, comments) VALUES (?, ?, ?, ?)
		ON CONFLICT (paper, day) DO UPDATE SET upvotes = excluded.upvotes, comments = excluded.comments`,
		r.n, day, next.Upvotes(), next.CommentCount())
	if err != nil || old == nil {
		return err
	}
	_, err = b.exec(`DELETE FROM tallies WHERE paper = ?1 AND day < (SELECT max(day) FROM tallies WHERE paper = ?1 AND day < ?2)`,
		r.n, today.AddDays(-keepTallies))
	return err
}

// PutInterest implements broadsheet.SignalStore.
func (db *DB) PutInterest(ctx context.Context, predicted []broadsheet.Prediction) error {
	if db.write == nil {
		return broadsheet.Errorf(broadsheet.Conflict, "The database is open for reading only.")
	}
	list, err := json.Marshal(predicted)
	if err != nil {
		return fmt.Errorf("sqlite: put interest: %w", err)
	}
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return explain(fmt.Errorf("sqlite: put interest: %w", err), db.path)
	}
	defer tx.Rollback() // does nothing after Commit
	rows, err := tx.QueryContext(ctx, `
		INSERT INTO interest (paper, score)
		SELECT p.n, json_extract(j.value, '$.Interest') FROM json_each(?) j JOIN papers p ON p.id = json_extract(j.value, '$.ID')
		WHERE true
		ON CONFLICT (paper) DO UPDATE SET score = excluded.score WHERE score <> excluded.score
		RETURNING paper`, string(list))
	var news int64
	if err == nil {
		for rows.Next() && err == nil {
			err = rows.Scan(&news)
		}
		err = cmp.Or(err, rows.Err(), rows.Close())
	}
	if err == nil && news != 0 {
		// Pages that were made of the old predictions learn of it.
		_, err = tx.ExecContext(ctx, `INSERT INTO changes (paper, kind, at) SELECT id, ?, ? FROM papers WHERE n = ?`,
			broadsheet.ChangedPlace, db.Now().Unix(), news)
	}
	if err != nil {
		return explain(fmt.Errorf("sqlite: put interest: %w", err), db.path)
	}
	if news == 0 {
		return nil
	}
	return explain(tx.Commit(), db.path)
}

// primary returns the first category of a paper, as a column.
func primary(r *broadsheet.Record) string {
	if len(r.Categories) > 0 {
		return r.Categories[0]
	}
	return ""
}
