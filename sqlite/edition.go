package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"broadsheet"
)

// members are the papers of a period, each once, with the entry that put them
// there: its first of these days. A submitted paper comes before an announced
// one; place 0 marks the latter.
const members = `
	WITH members (paper, day, place) AS (
		SELECT paper, min(day), place FROM entries WHERE day BETWEEN ?1 AND ?2 GROUP BY paper
		UNION ALL
		SELECT n, day, NULL FROM papers WHERE day BETWEEN ?1 AND ?2
	)`

// orders are the ORDER BY clauses. Ties fall back to the order of the source,
// and then to the ID, so that paging is stable. Trending is not known here: there
// is one formula, and package edition has it.
var orders = map[broadsheet.Order]string{
	broadsheet.ByUpvotes:   `p.upvotes DESC, `,
	broadsheet.ByPublished: `p.published DESC, `,
}

const tieBreak = `m.place IS NULL, m.day, m.place, p.id`

// Edition implements broadsheet.EditionStore.
func (db *DB) Edition(ctx context.Context, q broadsheet.EditionQuery) (broadsheet.Edition, error) {
	ed := broadsheet.Edition{Period: q.Period}
	order, ok := orders[q.Order]
	if !ok {
		order = orders[broadsheet.ByUpvotes]
	}
	limit := q.Limit
	if limit <= 0 {
		limit = -1
	}
	first, last := q.Period.First, q.Period.Last
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // count and page of one moment
	if err != nil {
		return ed, fmt.Errorf("sqlite: edition %s: %w", q.Period, err)
	}
	defer tx.Rollback()
	err = tx.QueryRowContext(ctx, members+`SELECT count(*) FROM members`, first, last).Scan(&ed.Total)
	if err != nil {
		return ed, fmt.Errorf("sqlite: edition %s: %w", q.Period, err)
	}
	rows, err := tx.QueryContext(ctx, members+`
		SELECT p.doc FROM (
			SELECT p.n, row_number() OVER (ORDER BY `+order+tieBreak+`) place
			FROM members m JOIN papers p ON p.n = m.paper
			ORDER BY 2 LIMIT ?3 OFFSET ?4
		) page JOIN papers p ON p.n = page.n ORDER BY page.place`, first, last, limit, q.Offset)
	if err != nil {
		return ed, fmt.Errorf("sqlite: edition %s: %w", q.Period, err)
	}
	if ed.Papers, err = collect(rows); err != nil {
		return ed, err
	}
	for i := range ed.Papers {
		ed.Papers[i].Within(q.Period)
	}
	return ed, nil
}

// Neighbours implements broadsheet.EditionStore.
func (db *DB) Neighbours(ctx context.Context, p broadsheet.Period) (before, after broadsheet.Date, err error) {
	var b, a sql.NullString
	err = db.read.QueryRowContext(ctx, `
		SELECT
			(SELECT max(d) FROM (SELECT max(day) d FROM entries WHERE day < ?1 UNION ALL SELECT max(day) FROM papers WHERE day < ?1)),
			(SELECT min(d) FROM (SELECT min(day) d FROM entries WHERE day > ?2 UNION ALL SELECT min(day) FROM papers WHERE day > ?2))`,
		p.First, p.Last).Scan(&b, &a)
	if err != nil {
		return "", "", fmt.Errorf("sqlite: neighbours of %s: %w", p, err)
	}
	return broadsheet.Date(b.String), broadsheet.Date(a.String), nil
}
