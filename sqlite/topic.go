package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"broadsheet"
)

var _ broadsheet.TopicStore = (*DB)(nil)

// Topics implements broadsheet.TopicStore.
func (db *DB) Topics(ctx context.Context) ([]broadsheet.Topic, error) {
	return db.topics(ctx, `ORDER BY t.name, t.slug, e.place`)
}

// Topic implements broadsheet.TopicStore.
func (db *DB) Topic(ctx context.Context, slug string) (broadsheet.Topic, error) {
	found, err := db.topics(ctx, `WHERE t.slug = ? ORDER BY e.place`, slug)
	if err != nil {
		return broadsheet.Topic{}, err
	}
	if len(found) == 0 {
		return broadsheet.Topic{}, noTopic(slug)
	}
	return found[0], nil
}

func noTopic(slug string) error {
	return broadsheet.Errorf(broadsheet.NotFound, "There is no topic %s here.", broadsheet.Printable(slug, 60))
}

// topics reads topics with their examples. The rows of one follow each other.
func (db *DB) topics(ctx context.Context, which string, args ...any) (list []broadsheet.Topic, err error) {
	rows, err := db.read.QueryContext(ctx, `SELECT t.slug, t.name, e.paper FROM topics t JOIN topic_examples e ON e.slug = t.slug `+which, args...)
	if err != nil {
		return nil, fmt.Errorf("sqlite: topics: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var t broadsheet.Topic
		var paper broadsheet.ID
		if err := rows.Scan(&t.Slug, &t.Name, &paper); err != nil {
			return nil, fmt.Errorf("sqlite: topics: %w", err)
		}
		if n := len(list); n == 0 || list[n-1].Slug != t.Slug {
			list = append(list, t)
		}
		last := &list[len(list)-1]
		last.Examples = append(last.Examples, paper)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: topics: %w", err)
	}
	return list, nil
}

// PutTopic implements broadsheet.TopicStore.
func (db *DB) PutTopic(ctx context.Context, t broadsheet.Topic) error {
	if err := t.Validate(); err != nil {
		return err
	}
	return db.inTx(ctx, "topics", func(tx *sql.Tx) error {
		var others int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM topics WHERE slug <> ?`, t.Slug).Scan(&others); err != nil {
			return err
		}
		if others >= broadsheet.MaxTopics {
			return broadsheet.Errorf(broadsheet.Conflict, "There are %d topics already, which is the most.", others)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO topics (slug, name) VALUES (?, ?) ON CONFLICT (slug) DO UPDATE SET name = excluded.name`, t.Slug, t.Name)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM topic_examples WHERE slug = ?`, t.Slug); err != nil {
			return err
		}
		for i, id := range t.Examples {
			if _, err := tx.ExecContext(ctx, `INSERT INTO topic_examples (slug, place, paper) VALUES (?, ?, ?)`, t.Slug, i, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// RemoveTopic implements broadsheet.TopicStore.
func (db *DB) RemoveTopic(ctx context.Context, slug string) error {
	return db.inTx(ctx, "topics", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM topics WHERE slug = ?`, slug)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			if err == nil {
				err = noTopic(slug)
			}
			return err
		}
		return nil
	})
}
