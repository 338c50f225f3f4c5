package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"broadsheet"
)

var _ broadsheet.CoverageStore = (*DB)(nil)

// Cover implements broadsheet.CoverageStore.
func (db *DB) Cover(ctx context.Context, days []broadsheet.Coverage) error {
	return db.inTx(ctx, "cover", func(tx *sql.Tx) error { return cover(ctx, tx, days) })
}

func cover(ctx context.Context, tx *sql.Tx, days []broadsheet.Coverage) error {
	for _, d := range days {
		if !d.Day.IsDay() {
			return broadsheet.Errorf(broadsheet.Invalid, "\"%s\" is not a day.", broadsheet.Printable(string(d.Day), 40))
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO coverage (source, day, papers, at) VALUES (?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET papers = excluded.papers, at = excluded.at`, d.Source, d.Day, d.Papers, d.At.Unix())
		if err != nil {
			return err
		}
	}
	return nil
}

// Covered implements broadsheet.CoverageStore.
func (db *DB) Covered(ctx context.Context, source string, from, to broadsheet.Date) (list []broadsheet.Coverage, err error) {
	if to == "" {
		to = "9999-12-31"
	}
	rows, err := db.read.QueryContext(ctx, `SELECT source, day, papers, at FROM coverage WHERE source = ? AND day BETWEEN ? AND ? ORDER BY day`, source, from, to)
	if err != nil {
		return nil, fmt.Errorf("sqlite: covered: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var c broadsheet.Coverage
		var at int64
		if err := rows.Scan(&c.Source, &c.Day, &c.Papers, &at); err != nil {
			return nil, fmt.Errorf("sqlite: covered: %w", err)
		}
		c.At = time.Unix(at, 0).UTC()
		list = append(list, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: covered: %w", err)
	}
	return list, nil
}
