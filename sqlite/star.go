package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"broadsheet"
)

// starDays is over how many days before the last count the growth of stars is told:
// repositories are counted once in some days, and a day's stars are few.
const starDays = 7

// stars are the last count of the stars of papers in each source, and the one that
// stood on a day before it: ?2, or starDays before the last count where that is "".
const stars = `
	WITH last AS (
		SELECT paper, source, max(day) day, seen, value FROM measures
		WHERE kind = 'stars' AND paper IN (SELECT value FROM json_each(?1)) GROUP BY paper, source
	), based AS (
		SELECT l.*, coalesce(
			(SELECT max(day) FROM measures b WHERE b.paper = l.paper AND b.kind = 'stars' AND b.source = l.source
				AND b.day <= CASE ?2 WHEN '' THEN date(l.seen, ?3) ELSE ?2 END),
			(SELECT min(day) FROM measures b WHERE b.paper = l.paper AND b.kind = 'stars' AND b.source = l.source)) base
		FROM last l
	)
	SELECT l.paper, l.day, l.seen, l.value, b.day, b.seen, b.value
	FROM based l JOIN measures b ON b.paper = l.paper AND b.kind = 'stars' AND b.source = l.source AND b.day = l.base`

// A starred paper's last count of stars, and an earlier one.
type starred struct{ base, last broadsheet.Measure }

// readStars returns the stars of those of the papers, by number, that have any: of
// several sources the greatest.
func readStars(ctx context.Context, tx *sql.Tx, numbers []int64, since broadsheet.Date) (map[int64]starred, error) {
	list, err := json.Marshal(numbers)
	if err != nil {
		return nil, fmt.Errorf("sqlite: stars: %w", err)
	}
	rows, err := tx.QueryContext(ctx, stars, string(list), since, fmt.Sprintf("-%d days", starDays))
	if err != nil {
		return nil, fmt.Errorf("sqlite: stars: %w", err)
	}
	defer rows.Close()
	found := map[int64]starred{}
	for rows.Next() {
		var n int64
		var s starred
		if err := rows.Scan(&n, &s.last.Since, &s.last.Counted, &s.last.Value, &s.base.Since, &s.base.Counted, &s.base.Value); err != nil {
			return nil, fmt.Errorf("sqlite: stars: %w", err)
		}
		if known, ok := found[n]; !ok || s.last.Value > known.last.Value {
			found[n] = s
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: stars: %w", err)
	}
	return found, nil
}

// addStars fills in the stars of papers, whose numbers are given beside.
func addStars(ctx context.Context, tx *sql.Tx, papers []broadsheet.Signals, numbers []int64) error {
	found, err := readStars(ctx, tx, numbers, "")
	if err != nil || len(found) == 0 {
		return err
	}
	for i, n := range numbers {
		if s, ok := found[n]; ok {
			rise := broadsheet.RiseBetween(s.base, s.last, s.last.Counted.AddDays(-starDays))
			papers[i].Stars, papers[i].StarsPerDay = int(s.last.Value), max(0, rise.PerDay)
		}
	}
	return nil
}

// addGains fills in the stars of papers that rise in a period, and how many they had
// before it.
func addGains(ctx context.Context, tx *sql.Tx, papers []broadsheet.Signals, numbers []int64, p broadsheet.Period) error {
	if len(papers) == 0 {
		return nil
	}
	if err := addStars(ctx, tx, papers, numbers); err != nil {
		return err
	}
	found, err := readStars(ctx, tx, numbers, p.First.AddDays(-1))
	if err != nil {
		return err
	}
	for i, n := range numbers {
		papers[i].Before.Stars = int(found[n].base.Value)
	}
	return nil
}

// gainedStars are the papers whose stars were counted anew within a period.
const gainedStars = `
	SELECT p.n, p.id, max(m.day), p.published, p.category, p.upvotes, p.comments
	FROM measures m JOIN papers p ON p.n = m.paper
	WHERE m.kind = 'stars' AND m.day BETWEEN ?1 AND ?2 GROUP BY m.paper ORDER BY p.id`

// readStarRises returns the signals of papers whose stars grew within a period, with
// their numbers. Their votes are all of before it.
func readStarRises(ctx context.Context, tx *sql.Tx, p broadsheet.Period) (papers []broadsheet.Signals, numbers []int64, err error) {
	rows, err := tx.QueryContext(ctx, gainedStars, p.First, p.Last)
	if err != nil {
		return nil, nil, fmt.Errorf("sqlite: stars of %s: %w", p, err)
	}
	defer rows.Close()
	for rows.Next() {
		s := broadsheet.Signals{Rising: true}
		var n int64
		if err := rows.Scan(&n, &s.ID, &s.Day, &s.Published, &s.Category, &s.Upvotes, &s.Comments); err != nil {
			return nil, nil, fmt.Errorf("sqlite: stars of %s: %w", p, err)
		}
		s.Before.Upvotes, s.Before.Comments = s.Upvotes, s.Comments
		papers, numbers = append(papers, s), append(numbers, n)
	}
	if err := rows.Err(); err != nil {
		return nil, nil, fmt.Errorf("sqlite: stars of %s: %w", p, err)
	}
	return papers, numbers, nil
}
