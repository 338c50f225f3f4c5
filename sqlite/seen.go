package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"broadsheet"
)

// Seen implements broadsheet.SubscriptionStore. Papers that are new have numbers near
// each other: of each reader only the rows between the least and the largest are read.
func (db *DB) Seen(ctx context.Context, readers []int64, papers []broadsheet.ID) (map[int64][]broadsheet.ID, error) {
	numbers, least, most, err := db.numbers(ctx, papers)
	if err != nil || len(numbers) == 0 {
		return nil, err
	}
	list, err := json.Marshal(readers)
	if err != nil {
		return nil, fmt.Errorf("sqlite: seen: %w", err)
	}
	rows, err := db.read.QueryContext(ctx, `SELECT s.reader, s.paper FROM json_each(?) r JOIN seen s ON s.reader = r.value AND s.paper BETWEEN ? AND ?`, string(list), least, most)
	if err != nil {
		return nil, fmt.Errorf("sqlite: seen: %w", err)
	}
	defer rows.Close()
	seen := map[int64][]broadsheet.ID{}
	for rows.Next() {
		var reader, n int64
		if err := rows.Scan(&reader, &n); err != nil {
			return nil, fmt.Errorf("sqlite: seen: %w", err)
		}
		if id, ok := numbers[n]; ok {
			seen[reader] = append(seen[reader], id)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: seen: %w", err)
	}
	return seen, nil
}

// numbers returns the numbers of papers, and of those that have become part of them,
// with the ids that were asked for, and the least and the largest.
func (db *DB) numbers(ctx context.Context, papers []broadsheet.ID) (found map[int64]broadsheet.ID, least, most int64, err error) {
	list, err := json.Marshal(papers)
	if err != nil {
		return nil, 0, 0, fmt.Errorf("sqlite: seen: %w", err)
	}
	rows, err := db.read.QueryContext(ctx, `
		WITH asked (id, n) AS (SELECT j.value, coalesce((SELECT n FROM papers WHERE id = j.value), (SELECT paper FROM aliases WHERE id = j.value)) FROM json_each(?) j)
		SELECT id, n FROM asked WHERE n IS NOT NULL
		UNION ALL SELECT a.id, m.was FROM asked a JOIN merged m ON m.paper = a.n`, string(list))
	if err != nil {
		return nil, 0, 0, fmt.Errorf("sqlite: seen: %w", err)
	}
	defer rows.Close()
	found = make(map[int64]broadsheet.ID, len(papers))
	for rows.Next() {
		var id broadsheet.ID
		var n int64
		if err := rows.Scan(&id, &n); err != nil {
			return nil, 0, 0, fmt.Errorf("sqlite: seen: %w", err)
		}
		if len(found) == 0 {
			least = n
		}
		found[n], least, most = id, min(least, n), max(most, n)
	}
	if err := rows.Err(); err != nil {
		return nil, 0, 0, fmt.Errorf("sqlite: seen: %w", err)
	}
	return found, least, most, nil
}

// Wishes implements broadsheet.SubscriptionStore.
func (db *DB) Wishes(ctx context.Context, readers []int64) (map[int64][]broadsheet.View, error) {
	list, err := json.Marshal(readers)
	if err != nil {
		return nil, fmt.Errorf("sqlite: wishes: %w", err)
	}
	rows, err := db.read.QueryContext(ctx, `SELECT s.reader, s.view FROM json_each(?) r JOIN subscriptions s ON s.reader = r.value
		WHERE s.state IN ('active', 'paused') ORDER BY s.reader, s.id`, string(list))
	if err != nil {
		return nil, fmt.Errorf("sqlite: wishes: %w", err)
	}
	defer rows.Close()
	wishes := map[int64][]broadsheet.View{}
	for rows.Next() {
		var reader int64
		var text string
		if err := rows.Scan(&reader, &text); err != nil {
			return nil, fmt.Errorf("sqlite: wishes: %w", err)
		}
		view, err := broadsheet.ParseView(text)
		if err != nil {
			return nil, fmt.Errorf("sqlite: wishes: %w", err)
		}
		wishes[reader] = append(wishes[reader], view)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: wishes: %w", err)
	}
	return wishes, nil
}
