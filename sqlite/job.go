package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"broadsheet"
)

var _ broadsheet.JobStore = (*DB)(nil)

// milli and fromMilli keep a time as Unix milliseconds, the zero time as 0.
func milli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMilli(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

// Jobs implements broadsheet.JobStore.
func (db *DB) Jobs(ctx context.Context) (list []broadsheet.Job, err error) {
	return readJobs(ctx, db.read, `ORDER BY name`)
}

// A querier is a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func readJobs(ctx context.Context, q querier, which string, args ...any) (list []broadsheet.Job, err error) {
	rows, err := q.QueryContext(ctx, `SELECT name, grp, cursor, next, holder, until, started, finished, done, failures, error, note FROM jobs `+which, args...)
	if err != nil {
		return nil, fmt.Errorf("sqlite: jobs: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var j broadsheet.Job
		var next, until, started, finished, done int64
		if err := rows.Scan(&j.Name, &j.Group, &j.Cursor, &next, &j.Holder, &until, &started, &finished, &done, &j.Failures, &j.Error, &j.Note); err != nil {
			return nil, fmt.Errorf("sqlite: jobs: %w", err)
		}
		j.Next, j.Until, j.Started, j.Finished, j.Done = fromMilli(next), fromMilli(until), fromMilli(started), fromMilli(finished), fromMilli(done)
		list = append(list, j)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: jobs: %w", err)
	}
	return list, nil
}

// PutJob implements broadsheet.JobStore.
func (db *DB) PutJob(ctx context.Context, name, group string, next time.Time) error {
	return db.inTx(ctx, "job "+name, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO jobs (name, grp, cursor, next, holder, until, started, finished, done, failures, error, note)
			VALUES (?1, ?2, '', ?3, '', 0, 0, 0, 0, 0, '', '')
			ON CONFLICT (name) DO UPDATE SET grp = excluded.grp, next = excluded.next WHERE grp <> excluded.grp OR next <> excluded.next`,
			name, group, milli(next))
		return err
	})
}

// Lease implements broadsheet.JobStore.
func (db *DB) Lease(ctx context.Context, name, holder string, now, until time.Time) (j broadsheet.Job, err error) {
	err = db.inTx(ctx, "job "+name, func(tx *sql.Tx) error {
		found, err := readJobs(ctx, tx, `WHERE name = ?`, name)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return broadsheet.Errorf(broadsheet.NotFound, "There is no job %s.", broadsheet.Printable(name, 60))
		}
		j = found[0]
		busy, err := readJobs(ctx, tx, `WHERE (name = ?1 OR grp = ?2) AND holder <> '' AND until > ?3 LIMIT 1`, name, j.Group, milli(now))
		if err != nil {
			return err
		}
		if len(busy) > 0 {
			return broadsheet.Errorf(broadsheet.Conflict, "%s is at %s, until %s at least.", busy[0].Holder, busy[0].Name, busy[0].Until.Format(time.TimeOnly))
		}
		j.Holder, j.Until, j.Started, j.Note = holder, until, now, ""
		_, err = tx.ExecContext(ctx, `UPDATE jobs SET holder = ?2, until = ?3, started = ?4, note = '' WHERE name = ?1`, name, holder, milli(until), milli(now))
		return err
	})
	return j, err
}

// Extend implements broadsheet.JobStore.
func (db *DB) Extend(ctx context.Context, name, holder string, until time.Time, note string) error {
	return db.asHolder(ctx, name, `UPDATE jobs SET until = ?3, note = ?4 WHERE name = ?1 AND holder = ?2`, name, holder, milli(until), note)
}

// SaveCursor implements broadsheet.JobStore.
func (db *DB) SaveCursor(ctx context.Context, name, holder, cursor string, complete []broadsheet.Coverage) error {
	return db.inTx(ctx, "job "+name, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE jobs SET cursor = CASE ?3 WHEN '' THEN cursor ELSE ?3 END WHERE name = ?1 AND holder = ?2`, name, holder, cursor)
		if err := held(res, err, name); err != nil {
			return err
		}
		return cover(ctx, tx, complete)
	})
}

// Finish implements broadsheet.JobStore.
func (db *DB) Finish(ctx context.Context, name, holder string, r broadsheet.Run) error {
	return db.asHolder(ctx, name, `UPDATE jobs SET holder = '', until = 0, finished = ?3, next = ?4, error = ?5, note = ?6,
		failures = CASE ?5 WHEN '' THEN 0 ELSE failures + 1 END,
		done = CASE ?5 WHEN '' THEN ?3 ELSE done END
		WHERE name = ?1 AND holder = ?2`, name, holder, milli(r.At), milli(r.Next), r.Error, r.Note)
}

// asHolder writes what only the holder of a job's lease may.
func (db *DB) asHolder(ctx context.Context, name, stmt string, args ...any) error {
	return db.inTx(ctx, "job "+name, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, stmt, args...)
		return held(res, err, name)
	})
}

// held tells whether a write as the holder of a job's lease has met it.
func held(res sql.Result, err error, name string) error {
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return broadsheet.Errorf(broadsheet.Conflict, "The lease of the job %s was lost.", name)
	}
	return nil
}

// BreakLeases implements broadsheet.JobStore.
func (db *DB) BreakLeases(ctx context.Context) error {
	return db.inTx(ctx, "jobs", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE jobs SET holder = '', until = 0 WHERE holder <> ''`)
		return err
	})
}
