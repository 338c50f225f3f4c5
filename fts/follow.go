package fts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"broadsheet"
)

// batch is how many changes are applied in one transaction. More gains no speed
// worth the memory (2,000 papers have some 4 MB).
const batch = 2000

// Follow applies the changes of store after Indexed, until there are none. Each
// batch commits its text together with its change number, so that it resumes where
// it was when it ends early. progress, which may be nil, hears after each batch
// what is indexed and which change was the last when Follow began.
//
// When the store's log is shorter than what the index has seen, the store has been
// put back to an older state, and the index starts over.
func (x *Index) Follow(ctx context.Context, store broadsheet.PaperStore, progress func(indexed, last int64)) error {
	if x.write == nil {
		return errors.New("fts: follow: the index was opened to read only")
	}
	if err := x.follow(ctx, store, progress); err != nil {
		return fmt.Errorf("fts: follow: %w", err)
	}
	return nil
}

func (x *Index) follow(ctx context.Context, store broadsheet.PaperStore, progress func(indexed, last int64)) error {
	stats, err := store.Stats(ctx)
	if err != nil {
		return err
	}
	seq, err := x.Indexed(ctx)
	if err != nil {
		return err
	}
	if seq > stats.LastChange {
		if err := x.reset(ctx); err != nil {
			return err
		}
		seq = 0
	}
	for {
		changes, err := store.Changes(ctx, seq, x.batch)
		if err != nil || len(changes) == 0 {
			return err
		}
		// The papers are read after the changes, so they are at least as new.
		ids := touched(changes)
		papers, err := store.Papers(ctx, ids)
		if err != nil {
			return err
		}
		seq = changes[len(changes)-1].Seq
		if err := x.apply(ctx, ids, papers, seq); err != nil {
			return err
		}
		if progress != nil {
			progress(seq, max(seq, stats.LastChange))
		}
	}
}

// reset empties the index.
func (x *Index) reset(ctx context.Context) error {
	return x.update(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec(`
			DELETE FROM docs;
			INSERT INTO text (text) VALUES ('delete-all');
			UPDATE meta SET seq = 0`)
		return err
	})
}

// touched returns the papers whose text may have changed, each once.
func touched(changes []broadsheet.Change) []broadsheet.ID {
	var ids []broadsheet.ID
	seen := map[broadsheet.ID]bool{}
	for _, c := range changes {
		if c.Kind != broadsheet.ChangedPlace && !seen[c.Paper] {
			seen[c.Paper] = true
			ids = append(ids, c.Paper)
		}
	}
	return ids
}

// apply brings ids to the state that papers shows: a paper that is not there under
// its own ID, or is deleted, is taken out. What a change said does not matter, so
// applying it twice equals once.
func (x *Index) apply(ctx context.Context, ids []broadsheet.ID, papers []broadsheet.Record, seq int64) error {
	present := map[broadsheet.ID]*broadsheet.Paper{}
	for i := range papers {
		if p := &papers[i].Paper; p.Status != broadsheet.StatusDeleted {
			present[p.ID] = p
		}
	}
	// First all rows of docs, then all texts: SQLite guards an upsert by a savepoint,
	// at which FTS5 writes out what it has gathered. By turns would be half as fast.
	return x.update(ctx, func(tx *sql.Tx) error {
		gone, err := removeDocs(tx, ids, present)
		if err != nil {
			return err
		}
		here, err := putDocs(tx, present)
		if err != nil {
			return err
		}
		if err := writeTexts(ctx, tx, gone, here); err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE meta SET seq = ?`, seq)
		return err
	})
}

// update runs f in a transaction. The statements do not watch ctx themselves, as
// that costs a goroutine each; f looks at it between papers.
func (x *Index) update(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := x.write.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return explain(err)
	}
	defer tx.Rollback() // does nothing after Commit
	if err := f(tx); err != nil {
		return explain(err)
	}
	return explain(tx.Commit())
}

// removeDocs removes those of ids that are not present, and returns their numbers.
func removeDocs(tx *sql.Tx, ids []broadsheet.ID, present map[broadsheet.ID]*broadsheet.Paper) (gone []int64, err error) {
	remove, err := tx.Prepare(`DELETE FROM docs WHERE id = ? RETURNING n`)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if present[id] != nil {
			continue
		}
		var n int64
		switch err := remove.QueryRow(string(id)).Scan(&n); {
		case err == nil:
			gone = append(gone, n)
		case !errors.Is(err, sql.ErrNoRows):
			return nil, err
		}
	}
	return gone, nil
}

// A doc is a paper with its number here.
type doc struct {
	n     int64
	paper *broadsheet.Paper
}

// putDocs adds or updates the papers in docs, in the order of their IDs.
func putDocs(tx *sql.Tx, present map[broadsheet.ID]*broadsheet.Paper) ([]doc, error) {
	put, err := tx.Prepare(`
		INSERT INTO docs (id, first, last, categories) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET first = excluded.first, last = excluded.last, categories = excluded.categories
		RETURNING n`)
	if err != nil {
		return nil, err
	}
	docs := make([]doc, 0, len(present))
	for _, id := range slices.Sorted(maps.Keys(present)) {
		d := doc{paper: present[id]}
		first, last := digits(d.paper.Date(), '0'), digits(d.paper.Date(), '9')
		categories := " " + strings.Join(d.paper.Categories, " ") + " "
		if err := put.QueryRow(string(id), first, last, categories).Scan(&d.n); err != nil {
			return nil, err
		}
		docs = append(docs, d)
	}
	return docs, nil
}

func writeTexts(ctx context.Context, tx *sql.Tx, gone []int64, here []doc) error {
	remove, err := tx.Prepare(`DELETE FROM text WHERE rowid = ?`)
	if err != nil {
		return err
	}
	for _, n := range gone {
		if _, err := remove.Exec(n); err != nil {
			return err
		}
	}
	put, err := tx.Prepare(`INSERT OR REPLACE INTO text (rowid, title, abstract, authors) VALUES (?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	for _, d := range here {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if _, err := put.Exec(d.n, d.paper.Title, d.paper.Abstract, strings.Join(d.paper.AuthorNames(), "\n")); err != nil {
			return err
		}
	}
	return nil
}

// digits returns a date as a number, yyyymmdd, with the digits that are not known
// filled by pad: with '0' it is not after, with '9' not before any day that the
// date covers. NULL for an unknown date.
func digits(d broadsheet.Date, pad byte) any {
	s := strings.ReplaceAll(string(d), "-", "")
	n, err := strconv.Atoi(s + strings.Repeat(string(pad), max(0, 8-len(s))))
	if s == "" || err != nil {
		return nil
	}
	return n
}
