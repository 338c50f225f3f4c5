package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"broadsheet"
)

var (
	_ broadsheet.PaperStore   = (*DB)(nil)
	_ broadsheet.EditionStore = (*DB)(nil)
)

// Paper implements broadsheet.PaperStore.
func (db *DB) Paper(ctx context.Context, id broadsheet.ID) (broadsheet.Record, error) {
	var doc []byte
	err := db.read.QueryRowContext(ctx, `
		SELECT doc FROM papers WHERE id = ?1
		UNION ALL
		SELECT doc FROM aliases a JOIN papers ON n = a.paper WHERE a.id = ?1
		LIMIT 1`, id).Scan(&doc)
	if errors.Is(err, sql.ErrNoRows) {
		return broadsheet.Record{}, broadsheet.Errorf(broadsheet.NotFound, "There is no paper %s here.", id)
	}
	if err != nil {
		return broadsheet.Record{}, fmt.Errorf("sqlite: paper %s: %w", id, err)
	}
	return decode(doc)
}

func decode(doc []byte) (r broadsheet.Record, err error) {
	if err = json.Unmarshal(doc, &r); err != nil {
		err = fmt.Errorf("sqlite: document of a paper: %w", err)
	}
	return r, err
}

// Papers implements broadsheet.PaperStore.
func (db *DB) Papers(ctx context.Context, ids []broadsheet.ID) ([]broadsheet.Record, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("sqlite: papers: %w", err)
	}
	rows, err := db.read.QueryContext(ctx, `
		SELECT coalesce(p.doc, q.doc)
		FROM json_each(?) j
		LEFT JOIN papers p ON p.id = j.value
		LEFT JOIN aliases a ON p.n IS NULL AND a.id = j.value
		LEFT JOIN papers q ON q.n = a.paper
		WHERE p.n IS NOT NULL OR q.n IS NOT NULL
		ORDER BY j.key`, string(list))
	if err != nil {
		return nil, fmt.Errorf("sqlite: papers: %w", err)
	}
	return collect(rows)
}

// collect decodes rows of documents and closes them.
func collect(rows *sql.Rows) ([]broadsheet.Record, error) {
	defer rows.Close()
	var out []broadsheet.Record
	var doc sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&doc); err != nil {
			return nil, fmt.Errorf("sqlite: papers: %w", err)
		}
		r, err := decode(doc)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: papers: %w", err)
	}
	return out, nil
}

// All implements broadsheet.PaperStore. One statement reads one snapshot.
func (db *DB) All(ctx context.Context) iter.Seq2[broadsheet.Record, error] {
	return func(yield func(broadsheet.Record, error) bool) {
		rows, err := db.read.QueryContext(ctx, `SELECT doc FROM papers ORDER BY n`)
		if err != nil {
			yield(broadsheet.Record{}, explain(fmt.Errorf("sqlite: all papers: %w", err), db.path))
			return
		}
		defer rows.Close()
		var doc sql.RawBytes
		for rows.Next() {
			if err := rows.Scan(&doc); err != nil {
				yield(broadsheet.Record{}, explain(fmt.Errorf("sqlite: all papers: %w", err), db.path))
				return
			}
			if r, err := decode(doc); !yield(r, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(broadsheet.Record{}, explain(fmt.Errorf("sqlite: all papers: %w", err), db.path))
		}
	}
}

// Changes implements broadsheet.PaperStore.
func (db *DB) Changes(ctx context.Context, after int64, limit int) ([]broadsheet.Change, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT seq, paper, kind, at FROM changes WHERE seq > ? ORDER BY seq LIMIT ?`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("sqlite: changes: %w", err)
	}
	defer rows.Close()
	var out []broadsheet.Change
	for rows.Next() {
		var c broadsheet.Change
		var at int64
		if err := rows.Scan(&c.Seq, &c.Paper, &c.Kind, &at); err != nil {
			return nil, fmt.Errorf("sqlite: changes: %w", err)
		}
		c.At = time.Unix(at, 0).UTC()
		out = append(out, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: changes: %w", err)
	}
	return out, nil
}

// Stats implements broadsheet.PaperStore. Counting reads the smallest index, not
// the papers; the rest is answered from the ends of indexes.
func (db *DB) Stats(ctx context.Context) (broadsheet.Stats, error) {
	var s broadsheet.Stats
	var first, last sql.NullString
	err := db.read.QueryRowContext(ctx, `
		SELECT (SELECT count(*) FROM papers), (SELECT coalesce(max(seq), 0) FROM changes),
			(SELECT min(d) FROM (SELECT min(day) d FROM entries UNION ALL SELECT min(day) FROM papers WHERE day IS NOT NULL)),
			(SELECT max(d) FROM (SELECT max(day) d FROM entries UNION ALL SELECT max(day) FROM papers WHERE day IS NOT NULL))`).
		Scan(&s.Papers, &s.LastChange, &first, &last)
	if err != nil {
		return s, fmt.Errorf("sqlite: stats: %w", err)
	}
	s.FirstDay, s.LastDay = broadsheet.Date(first.String), broadsheet.Date(last.String)
	return s, nil
}
