package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"broadsheet"
)

// neverAsked finds the latest papers for which a service was never asked. The
// numbers of all papers are read from the smallest index, not from the table with
// the documents, which is a hundred times as large.
const neverAsked = `
	SELECT p.id FROM (
		SELECT q.n FROM papers q INDEXED BY papers_title
		WHERE NOT EXISTS (SELECT 1 FROM asked a WHERE a.paper = q.n AND a.source = ?1)
		ORDER BY +q.n DESC LIMIT ?2) latest
	JOIN papers p ON p.n = latest.n ORDER BY p.n DESC`

// dueAgain finds the papers that have been due for longest; of equals the latest.
const dueAgain = `
	SELECT p.id FROM (
		SELECT paper, due FROM asked WHERE source = ?1 AND due <= ?3 ORDER BY due, paper DESC LIMIT ?2) a
	JOIN papers p ON p.n = a.paper ORDER BY a.due, a.paper DESC`

// DueFor implements broadsheet.MeasureStore.
func (db *DB) DueFor(ctx context.Context, source string, day broadsheet.Date, limit int) ([]broadsheet.ID, error) {
	fresh, err := db.idsOf(ctx, neverAsked, source, limit)
	if err != nil {
		return nil, err
	}
	again, err := db.idsOf(ctx, dueAgain, source, limit, day)
	if err != nil {
		return nil, err
	}
	var ids []broadsheet.ID
	for i := 0; len(ids) < limit && i < max(len(fresh), len(again)); i++ {
		if i < len(fresh) {
			ids = append(ids, fresh[i])
		}
		if i < len(again) && len(ids) < limit {
			ids = append(ids, again[i])
		}
	}
	return ids, nil
}

func (db *DB) idsOf(ctx context.Context, query string, args ...any) (ids []broadsheet.ID, err error) {
	rows, err := db.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("sqlite: due: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id broadsheet.ID
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("sqlite: due: %w", err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: due: %w", err)
	}
	return ids, nil
}

// Services implements broadsheet.MeasureStore.
func (db *DB) Services(ctx context.Context) ([]broadsheet.ServiceState, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT source, answered, rest FROM services ORDER BY source`)
	if err != nil {
		return nil, fmt.Errorf("sqlite: services: %w", err)
	}
	defer rows.Close()
	var list []broadsheet.ServiceState
	for rows.Next() {
		var s broadsheet.ServiceState
		var answered, rest sql.NullInt64
		if err := rows.Scan(&s.Source, &answered, &rest); err != nil {
			return nil, fmt.Errorf("sqlite: services: %w", err)
		}
		if answered.Valid {
			s.Answered = time.Unix(answered.Int64, 0).UTC()
		}
		if rest.Valid {
			s.Rest = time.Unix(rest.Int64, 0).UTC()
		}
		list = append(list, s)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: services: %w", err)
	}
	return list, nil
}

// Rest implements broadsheet.MeasureStore.
func (db *DB) Rest(ctx context.Context, source string, until time.Time) error {
	return db.writeMeasures(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO services (source, rest) VALUES (?, ?)
			ON CONFLICT (source) DO UPDATE SET rest = excluded.rest`, source, until.Unix())
		return err
	})
}
