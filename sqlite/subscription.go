package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"broadsheet"
)

var _ broadsheet.SubscriptionStore = (*DB)(nil)

// subscriptionColumns are those that scanSubscription reads, of s and r.
const subscriptionColumns = `s.id, r.id, r.channel, r.address, r.key, s.view, s.rhythm, s.minute, s.zone, s.size, s.lang,
	s.state, s.paused_until, s.created, s.confirmed, s.next, s.through`

const fromSubscriptions = ` FROM subscriptions s JOIN readers r ON r.id = s.reader `

// scanSubscription reads a subscription and further columns.
func scanSubscription(rows interface{ Scan(...any) error }, more ...any) (s broadsheet.Subscription, err error) {
	var view string
	var created, confirmed, next int64
	into := append([]any{&s.ID, &s.Reader.ID, &s.Reader.Channel, &s.Reader.Address, &s.Reader.Key, &view, &s.Rhythm, &s.Minute, &s.Zone,
		&s.Size, &s.Lang, &s.State, &s.PausedUntil, &created, &confirmed, &next, &s.Through}, more...)
	if err := rows.Scan(into...); err != nil {
		return s, err
	}
	s.Created, s.Confirmed, s.Next = fromMilli(created), fromMilli(confirmed), fromMilli(next)
	s.View, err = broadsheet.ParseView(view)
	return s, err
}

func readSubscriptions(ctx context.Context, q querier, which string, args ...any) (list []broadsheet.Subscription, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+subscriptionColumns+fromSubscriptions+which, args...)
	if err != nil {
		return nil, fmt.Errorf("sqlite: subscriptions: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		s, err := scanSubscription(rows)
		if err != nil {
			return nil, fmt.Errorf("sqlite: subscriptions: %w", err)
		}
		list = append(list, s)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: subscriptions: %w", err)
	}
	return list, nil
}

// one returns the only subscription of a list.
func one(list []broadsheet.Subscription, err error) (broadsheet.Subscription, error) {
	if err == nil && len(list) == 0 {
		err = broadsheet.Errorf(broadsheet.NotFound, "There is no such subscription.")
	}
	if err != nil {
		return broadsheet.Subscription{}, err
	}
	return list[0], nil
}

// Subscribe implements broadsheet.SubscriptionStore.
func (db *DB) Subscribe(ctx context.Context, s broadsheet.Subscription) (stored broadsheet.Subscription, isNew bool, err error) {
	if err := s.Validate(); err != nil {
		return s, false, err
	}
	err = db.inTx(ctx, "subscribe", func(tx *sql.Tx) error {
		if s.Reader.ID, err = putReader(ctx, tx, s.Reader); err != nil {
			return err
		}
		known, err := readSubscriptions(ctx, tx, `WHERE s.reader = ? ORDER BY s.id`, s.Reader.ID)
		if err != nil {
			return err
		}
		for _, k := range known {
			if k.View == s.View {
				stored = k
				return nil
			}
		}
		if len(known) >= broadsheet.MaxSubscriptions {
			return broadsheet.Errorf(broadsheet.Conflict, "There are %d subscriptions for this address already, which is the most: end one first.", len(known))
		}
		isNew, stored = true, s
		stored.ID, err = insertSubscription(ctx, tx, &s)
		return err
	})
	return stored, isNew, err
}

// putReader returns the number of a reader, whom it makes known.
func putReader(ctx context.Context, tx *sql.Tx, r broadsheet.Reader) (id int64, err error) {
	err = tx.QueryRowContext(ctx, `INSERT INTO readers (channel, address, key) VALUES (?, ?, ?)
		ON CONFLICT (channel, key) DO UPDATE SET key = excluded.key RETURNING id`, r.Channel, r.Address, r.Key).Scan(&id)
	return id, err
}

func insertSubscription(ctx context.Context, tx *sql.Tx, s *broadsheet.Subscription) (int64, error) {
	res, err := tx.ExecContext(ctx, `INSERT INTO subscriptions
		(reader, view, rhythm, minute, zone, size, lang, state, paused_until, created, confirmed, next, through)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.Reader.ID, s.View.String(), s.Rhythm, s.Minute, s.Zone, s.Size, s.Lang, s.State, s.PausedUntil,
		milli(s.Created), milli(s.Confirmed), milli(s.Next), s.Through)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// Subscription implements broadsheet.SubscriptionStore.
func (db *DB) Subscription(ctx context.Context, id int64) (broadsheet.Subscription, error) {
	return one(readSubscriptions(ctx, db.read, `WHERE s.id = ?`, id))
}

// SubscriptionsOf implements broadsheet.SubscriptionStore.
func (db *DB) SubscriptionsOf(ctx context.Context, reader int64) ([]broadsheet.Subscription, error) {
	return readSubscriptions(ctx, db.read, `WHERE s.reader = ? ORDER BY s.id`, reader)
}

// Subscribers implements broadsheet.SubscriptionStore.
func (db *DB) Subscribers(ctx context.Context, after int64, limit int) ([]broadsheet.Subscription, error) {
	return readSubscriptions(ctx, db.read, `WHERE s.id > ? ORDER BY s.id LIMIT ?`, after, limit)
}

// UpdateSubscription implements broadsheet.SubscriptionStore.
func (db *DB) UpdateSubscription(ctx context.Context, id int64, change func(*broadsheet.Subscription) error) (s broadsheet.Subscription, err error) {
	err = db.inTx(ctx, "subscription", func(tx *sql.Tx) error {
		if s, err = one(readSubscriptions(ctx, tx, `WHERE s.id = ?`, id)); err != nil {
			return err
		}
		reader := s.Reader
		if err := change(&s); err != nil {
			return err
		}
		if err := s.Validate(); err != nil {
			return err
		}
		s.ID, s.Reader = id, reader
		_, err := tx.ExecContext(ctx, `UPDATE subscriptions SET view = ?, rhythm = ?, minute = ?, zone = ?, size = ?, lang = ?, state = ?,
			paused_until = ?, created = ?, confirmed = ?, next = ?, through = ? WHERE id = ?`,
			s.View.String(), s.Rhythm, s.Minute, s.Zone, s.Size, s.Lang, s.State, s.PausedUntil,
			milli(s.Created), milli(s.Confirmed), milli(s.Next), s.Through, id)
		return err
	})
	return s, err
}

// Suppress implements broadsheet.SubscriptionStore.
func (db *DB) Suppress(ctx context.Context, reader int64, why broadsheet.SubscriptionState) error {
	return db.inTx(ctx, "suppress", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE subscriptions SET state = ? WHERE reader = ?`, why, reader)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE outbox SET state = 'dropped', done = ?
			WHERE state = 'waiting' AND subscription IN (SELECT id FROM subscriptions WHERE reader = ?)`, db.Now().UnixMilli(), reader)
		return err
	})
}

// Due implements broadsheet.SubscriptionStore.
func (db *DB) Due(ctx context.Context, now time.Time, limit int) ([]broadsheet.Subscription, error) {
	return readSubscriptions(ctx, db.read, `WHERE s.next > 0 AND s.next <= ? AND (s.state = 'active' OR s.state = 'paused')
		ORDER BY s.next, s.id LIMIT ?`, milli(now), limit)
}
