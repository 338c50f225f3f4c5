package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"broadsheet"
)

var _ broadsheet.OutboxStore = (*DB)(nil)

// A planner has the statements that PutPlanned needs again and again.
type planner struct {
	ctx                         context.Context
	move, digest, outbox, paper *sql.Stmt
}

func newPlanner(ctx context.Context, tx *sql.Tx) (p planner, err error) {
	p.ctx = ctx
	for _, s := range []struct {
		stmt **sql.Stmt
		text string
	}{
		{&p.move, `UPDATE subscriptions SET next = ?, through = ?, state = 'active', paused_until = ''
			WHERE id = ? AND next = ? AND (state = 'active' OR state = 'paused')`},
		{&p.digest, `INSERT INTO digests (subscription, slot, first, through, picks, others) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`},
		{&p.outbox, `INSERT INTO outbox (kind, subscription, digest, domain, state, attempts, next, holder, until, error, created, done)
			VALUES ('digest', ?, ?, ?, 'waiting', 0, ?4, '', 0, '', ?4, 0)`},
		{&p.paper, `INSERT INTO seen (reader, paper) SELECT (SELECT reader FROM subscriptions WHERE id = ?1), n FROM (
			SELECT n FROM papers WHERE id = ?2 UNION SELECT paper FROM aliases WHERE id = ?2) WHERE true ON CONFLICT DO NOTHING`},
	} {
		if *s.stmt, err = tx.PrepareContext(ctx, s.text); err != nil {
			return p, err
		}
	}
	return p, nil
}

// PutPlanned implements broadsheet.OutboxStore.
func (db *DB) PutPlanned(ctx context.Context, list []broadsheet.Planned, now time.Time) (stored int, err error) {
	err = db.inTx(ctx, "plan digests", func(tx *sql.Tx) error {
		stored = 0
		p, err := newPlanner(ctx, tx) // closed with tx
		if err != nil {
			return err
		}
		for i := range list {
			took, err := p.put(&list[i], now)
			if err != nil {
				return err
			}
			if took && list[i].Digest != nil {
				stored++
			}
		}
		return nil
	})
	return stored, err
}

// put stores what became due of one subscription, unless that has changed.
func (p *planner) put(due *broadsheet.Planned, now time.Time) (bool, error) {
	res, err := p.move.ExecContext(p.ctx, milli(due.Next), due.Through, due.Subscription, milli(due.Due))
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 || due.Digest == nil {
		return err == nil && n > 0, err
	}
	d := due.Digest
	picks, err := json.Marshal(d.Picks)
	if err != nil {
		return false, err
	}
	if res, err = p.digest.ExecContext(p.ctx, due.Subscription, milli(d.Slot), d.First, d.Through, string(picks), d.Others); err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err // this slot has its digest
	}
	id, err := res.LastInsertId()
	if err != nil {
		return false, err
	}
	if _, err := p.outbox.ExecContext(p.ctx, due.Subscription, id, due.Domain, milli(now)); err != nil {
		return false, err
	}
	for _, pick := range d.Picks {
		if _, err := p.paper.ExecContext(p.ctx, due.Subscription, pick.Paper); err != nil {
			return false, err
		}
	}
	return true, nil
}

// A subscription is asked to be confirmed once in askEvery, and askDaily times a day,
// so that nobody can have us flood an address.
const (
	askEvery = time.Hour
	askDaily = 3
)

// AskToConfirm implements broadsheet.OutboxStore.
func (db *DB) AskToConfirm(ctx context.Context, subscription int64, domain string, now time.Time) error {
	return db.inTx(ctx, "ask to confirm", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `INSERT INTO outbox (kind, subscription, domain, state, attempts, next, holder, until, error, created, done)
			SELECT 'confirm', ?1, ?2, 'waiting', 0, ?3, '', 0, '', ?3, 0
			WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE subscription = ?1 AND kind = 'confirm' AND created > ?4)
			AND (SELECT count(*) FROM outbox WHERE subscription = ?1 AND kind = 'confirm' AND created > ?5) < ?6`,
			subscription, domain, milli(now), milli(now.Add(-askEvery)), milli(now.AddDate(0, 0, -1)), askDaily)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return broadsheet.Errorf(broadsheet.Unavailable, "This address was sent a question less than an hour ago: look for it, or try again later.")
		}
		return nil
	})
}

// fromOutbox are deliveries with their subscriptions and digests.
const fromOutbox = ` FROM outbox o JOIN subscriptions s ON s.id = o.subscription JOIN readers r ON r.id = s.reader LEFT JOIN digests d ON d.id = o.digest `

const deliveryColumns = subscriptionColumns + `, o.id, o.kind, o.state, o.attempts, o.next, o.error, o.created, o.done,
	coalesce(d.id, 0), coalesce(d.slot, 0), coalesce(d.first, ''), coalesce(d.through, ''), coalesce(d.picks, '[]'), coalesce(d.others, 0)`

func readDeliveries(ctx context.Context, q querier, which string, args ...any) (list []broadsheet.Delivery, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+deliveryColumns+fromOutbox+which, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var d broadsheet.Delivery
		var next, created, done, slot int64
		var picks []byte
		d.Subscription, err = scanSubscription(rows, &d.ID, &d.Kind, &d.State, &d.Attempts, &next, &d.Error, &created, &done,
			&d.Digest.ID, &slot, &d.Digest.First, &d.Digest.Through, &picks, &d.Digest.Others)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(picks, &d.Digest.Picks); err != nil {
			return nil, fmt.Errorf("picks of digest %d: %w", d.Digest.ID, err)
		}
		d.Next, d.Created, d.Done, d.Digest.Slot = fromMilli(next), fromMilli(created), fromMilli(done), fromMilli(slot)
		d.Digest.Subscription = d.Subscription.ID
		list = append(list, d)
	}
	return list, rows.Err()
}

// LeaseDeliveries implements broadsheet.OutboxStore.
func (db *DB) LeaseDeliveries(ctx context.Context, holder string, now, until time.Time, limit int) (list []broadsheet.Delivery, err error) {
	err = db.inTx(ctx, "lease deliveries", func(tx *sql.Tx) error {
		var ids string
		err := tx.QueryRowContext(ctx, `SELECT json_group_array(id) FROM (
			SELECT id FROM outbox WHERE state = 'waiting' AND next <= ?1 AND until <= ?1 ORDER BY next, id LIMIT ?2)`,
			milli(now), limit).Scan(&ids)
		if err != nil || ids == "[]" {
			return err
		}
		const these = ` IN (SELECT value FROM json_each(?1))`
		if _, err := tx.ExecContext(ctx, `UPDATE outbox SET holder = ?2, until = ?3 WHERE id`+these, ids, holder, milli(until)); err != nil {
			return err
		}
		list, err = readDeliveries(ctx, tx, `WHERE o.id`+these+` ORDER BY o.next, o.id`, ids)
		return err
	})
	return list, err
}

// Wanted implements broadsheet.OutboxStore.
func (db *DB) Wanted(ctx context.Context, delivery int64, holder string) (bool, error) {
	var n int
	stmt, err := db.wanted.on(ctx, db.read, `SELECT count(*) FROM outbox o JOIN subscriptions s ON s.id = o.subscription
		WHERE o.id = ? AND o.state = 'waiting' AND o.holder = ? AND s.state = CASE o.kind WHEN 'confirm' THEN 'pending' ELSE 'active' END`)
	if err == nil {
		err = stmt.QueryRowContext(ctx, delivery, holder).Scan(&n)
	}
	if err != nil {
		return false, fmt.Errorf("sqlite: delivery %d: %w", delivery, err)
	}
	return n > 0, nil
}

// FinishDeliveries implements broadsheet.OutboxStore. What was dropped while it was on
// its way is noted as what became of it, so that the reason for which a reader was
// struck off stands with the message that met it.
func (db *DB) FinishDeliveries(ctx context.Context, holder string, list []broadsheet.Attempt) error {
	return db.inTx(ctx, "finish deliveries", func(tx *sql.Tx) error {
		stmt, err := tx.PrepareContext(ctx, `UPDATE outbox SET state = ?1, next = ?2, error = ?3, holder = '', until = 0,
			done = CASE ?1 WHEN 'waiting' THEN 0 ELSE ?4 END,
			attempts = attempts + CASE WHEN ?1 = 'dropped' OR ?7 THEN 0 ELSE 1 END
			WHERE id = ?5 AND holder = ?6 AND (state = 'waiting' OR state = 'dropped' AND ?1 IN ('delivered', 'dead'))`)
		if err != nil {
			return err
		}
		defer stmt.Close()
		for _, a := range list {
			if _, err := stmt.ExecContext(ctx, a.State, milli(a.Next), a.Error, milli(a.At), a.Delivery, holder, a.Untried); err != nil {
				return err
			}
		}
		return nil
	})
}

// ReleaseDeliveries implements broadsheet.OutboxStore.
func (db *DB) ReleaseDeliveries(ctx context.Context, holder string) error {
	return db.inTx(ctx, "release deliveries", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE outbox SET holder = '', until = 0 WHERE state = 'waiting' AND holder <> '' AND (?1 = '' OR holder = ?1)`, holder)
		return err
	})
}

// Deliveries implements broadsheet.OutboxStore.
func (db *DB) Deliveries(ctx context.Context, state broadsheet.DeliveryState, limit int) ([]broadsheet.Delivery, error) {
	list, err := readDeliveries(ctx, db.read, `WHERE o.state = ? ORDER BY o.done DESC, o.id DESC LIMIT ?`, state, limit)
	if err != nil {
		return nil, fmt.Errorf("sqlite: deliveries: %w", err)
	}
	return list, nil
}

// CountDeliveries implements broadsheet.OutboxStore.
func (db *DB) CountDeliveries(ctx context.Context) (map[broadsheet.DeliveryState]int, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT state, count(*) FROM outbox GROUP BY state`)
	if err != nil {
		return nil, fmt.Errorf("sqlite: count deliveries: %w", err)
	}
	defer rows.Close()
	counts := map[broadsheet.DeliveryState]int{}
	for rows.Next() {
		var state broadsheet.DeliveryState
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, fmt.Errorf("sqlite: count deliveries: %w", err)
		}
		counts[state] = n
	}
	return counts, rows.Err()
}

// SendAgain implements broadsheet.OutboxStore.
func (db *DB) SendAgain(ctx context.Context, delivery int64, now time.Time) error {
	return db.inTx(ctx, "send again", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE outbox SET state = 'waiting', attempts = 0, next = ?, error = '', done = 0 WHERE id = ? AND state = 'dead'`, milli(now), delivery)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return broadsheet.Errorf(broadsheet.NotFound, "There is no failed delivery %d.", delivery)
		}
		return nil
	})
}
