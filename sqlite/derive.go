package sqlite

import (
	"bytes"
	"context"
	"fmt"

	"broadsheet"
)

// rederiveBatch is the number of papers that Rederive looks at in one transaction,
// so that it can be interrupted and holds little.
const rederiveBatch = 1000

// Rederive fills in anew, for all papers, what follows from their texts, and returns
// how many came out different. Each of those is logged as a change. Interrupted, it
// can be run again.
func (db *DB) Rederive(ctx context.Context) (changed int, err error) {
	if db.Derive == nil {
		return 0, nil
	}
	for after := int64(0); after >= 0; {
		var n int
		if after, n, err = db.rederive(ctx, after); err != nil {
			return changed, explain(fmt.Errorf("sqlite: derive: %w", err), db.path)
		}
		changed += n
	}
	return changed, nil
}

// rederive does one batch and returns the number of its last paper, or -1 if there
// was none.
func (db *DB) rederive(ctx context.Context, after int64) (last int64, changed int, err error) {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return 0, 0, err
	}
	defer tx.Rollback() // does nothing after Commit
	b := &batch{ctx: ctx, tx: tx, now: db.Now(), fill: db.Derive, byID: map[broadsheet.ID]*row{}, byTitle: map[int64][]*row{}, byDOI: map[string][]*row{}}
	defer b.close()
	rows, err := b.after(after)
	if err != nil || len(rows) == 0 {
		return -1, 0, err
	}
	for _, r := range rows {
		last = r.n
		old, err := r.record()
		if err != nil {
			return 0, 0, err
		}
		next := *old
		b.fill(&next.Paper)
		doc, err := b.encode(&next)
		if err != nil {
			return 0, 0, err
		}
		if bytes.Equal(doc, r.doc) {
			continue
		}
		if err := b.update(r, old, &next, doc); err != nil {
			return 0, 0, err
		}
		changed++
	}
	if changed == 0 {
		return last, 0, nil
	}
	b.close()
	return last, changed, tx.Commit()
}

// after returns the papers that follow the one of a number.
func (b *batch) after(n int64) (out []*row, err error) {
	rows, err := b.tx.QueryContext(b.ctx, `SELECT n, id, title_key, coalesce(doi, ''), doc FROM papers WHERE n > ? ORDER BY n LIMIT ?`, n, rederiveBatch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		r := new(row)
		if err := rows.Scan(&r.n, &r.id, &r.key, &r.doi, &r.doc); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}
