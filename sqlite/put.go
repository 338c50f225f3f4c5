package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"broadsheet"
)

// Put implements broadsheet.PaperStore.
//
// One transaction holds one batch: what is known of its papers is read with
// three queries, whatever the size of the batch; records are then merged in
// order in memory and written as they are decided.
func (db *DB) Put(ctx context.Context, records []broadsheet.Record) ([]broadsheet.Outcome, error) {
	if db.write == nil {
		return nil, broadsheet.Errorf(broadsheet.Conflict, "The database is open for reading only.")
	}
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, db.putError(err)
	}
	defer tx.Rollback() // does nothing after Commit

	b := &batch{ctx: ctx, tx: tx, now: db.Now(), fill: db.Derive, byID: map[broadsheet.ID]*row{}, byTitle: map[int64][]*row{}, byDOI: map[string][]*row{}}
	defer b.close()
	titles := make([]title, len(records))
	for i := range records {
		titles[i] = titleOf(records[i].Title)
	}
	if err := b.load(records, titles); err != nil {
		return nil, db.putError(err)
	}
	outcomes := make([]broadsheet.Outcome, len(records))
	for i := range records {
		if outcomes[i], err = b.put(&records[i], titles[i]); err != nil {
			return nil, db.putError(fmt.Errorf("put %s: %w", records[i].ID, err))
		}
	}
	if b.writes == 0 {
		return outcomes, nil // an unchanged batch leaves the file untouched
	}
	b.close()
	if err := tx.Commit(); err != nil {
		return nil, db.putError(err)
	}
	return outcomes, nil
}

func (db *DB) putError(err error) error {
	return explain(fmt.Errorf("sqlite: put: %w", err), db.path)
}

// A row is a paper as it stands in the running transaction.
type row struct {
	n   int64
	id  broadsheet.ID
	key int64
	doi string
	doc []byte
	rec *broadsheet.Record // doc, decoded when needed
}

func (r *row) record() (*broadsheet.Record, error) {
	if r.rec == nil {
		r.rec = new(broadsheet.Record)
		if err := json.Unmarshal(r.doc, r.rec); err != nil {
			return nil, fmt.Errorf("document of paper %s: %w", r.id, err)
		}
	}
	return r.rec, nil
}

// A batch is one Put at work.
type batch struct {
	ctx     context.Context
	tx      *sql.Tx
	now     time.Time
	byID    map[broadsheet.ID]*row // by ID and by alias
	byTitle map[int64][]*row       // papers that may share a title with a record
	byDOI   map[string][]*row      // and a DOI
	writes  int
	fill    func(*broadsheet.Paper) // DB.Derive, or nil

	stmts map[string]*sql.Stmt
	buf   bytes.Buffer
}

// exec runs a statement that the batch prepares once.
func (b *batch) exec(query string, args ...any) (sql.Result, error) {
	stmt := b.stmts[query]
	if stmt == nil {
		var err error
		if stmt, err = b.tx.PrepareContext(b.ctx, query); err != nil {
			return nil, err
		}
		if b.stmts == nil {
			b.stmts = map[string]*sql.Stmt{}
		}
		b.stmts[query] = stmt
	}
	b.writes++
	return stmt.ExecContext(b.ctx, args...)
}

func (b *batch) close() {
	for _, s := range b.stmts {
		s.Close()
	}
	b.stmts = nil
}

// put decides about one record.
func (b *batch) put(in *broadsheet.Record, t title) (broadsheet.Outcome, error) {
	known, others, err := b.resolve(in, t)
	if err != nil {
		return "", err
	}
	if known == nil {
		if in.Status == broadsheet.StatusDeleted && in.Title == "" {
			return broadsheet.Unchanged, nil // it was never here
		}
		return broadsheet.Added, b.insert(in)
	}
	if same, err := b.same(known, in); same || err != nil {
		return broadsheet.Unchanged, err
	}
	old, err := known.record()
	if err != nil {
		return "", err
	}
	oldID, next := known.id, *old
	next.ID = bestID(known.id, in.ID, others)
	if next.ID != oldID { // it has found its name
		next.Aliases = append(next.Aliases[:len(next.Aliases):len(next.Aliases)], oldID)
	}
	for _, o := range others {
		rec, err := o.record()
		if err != nil {
			return "", err
		}
		next = broadsheet.Merge(next, *rec)
		if err := b.unite(known, o); err != nil {
			return "", err
		}
		if err := b.remove(o, known); err != nil {
			return "", err
		}
	}
	next = b.merge(next, *in, &old.Paper)
	doc, err := b.encode(&next)
	if err != nil {
		return "", err
	}
	if bytes.Equal(doc, known.doc) {
		return broadsheet.Unchanged, nil
	}
	if err := b.update(known, old, &next, doc); err != nil {
		return "", err
	}
	for _, o := range others {
		if err := b.log(o.id, broadsheet.ChangedID); err != nil {
			return "", err
		}
	}
	if len(others) > 0 || oldID != next.ID || in.ID != next.ID && len(next.Aliases) > len(old.Aliases) {
		return broadsheet.MergedPapers, b.renamed(known)
	}
	return broadsheet.Updated, nil
}

// merge merges a record into what is known and fills in what follows from the text:
// anew only where the text is another than told's, so that a record that says nothing
// new costs little, and changes nothing after a new release that tells papers
// otherwise. Rederive is for that.
func (b *batch) merge(known, in broadsheet.Record, told *broadsheet.Paper) broadsheet.Record {
	out := broadsheet.Merge(known, in)
	switch {
	case told != nil && told.Title == out.Title && told.Abstract == out.Abstract && (told.Keyphrases != nil || told.Gist != nil):
		out.Keyphrases, out.Gist = told.Keyphrases, told.Gist
	case b.fill != nil:
		b.fill(&out.Paper)
	}
	return out
}

// same reports whether a record is all that is known of its paper, which is the
// common case when a file is imported again, and needs no merging.
func (b *batch) same(known *row, in *broadsheet.Record) (bool, error) {
	if known.id != in.ID {
		return false, nil
	}
	rec, err := known.record()
	if err != nil {
		return false, err
	}
	alone := b.merge(broadsheet.Record{}, *in, &rec.Paper)
	doc, err := b.encode(&alone)
	return bytes.Equal(doc, known.doc), err
}

func (b *batch) insert(in *broadsheet.Record) error {
	next := b.merge(broadsheet.Record{}, *in, nil) // brings it into canonical form
	doc, err := b.encode(&next)
	if err != nil {
		return err
	}
	r := &row{id: next.ID, key: titleOf(next.Title).key, doi: doiOf(&next), doc: doc, rec: &next}
	res, err := b.exec(`INSERT INTO papers (id, title_key, day, published, upvotes, comments, category, doi, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.id, r.key, day(&next), next.Date(), next.Upvotes(), next.CommentCount(), primary(&next), orNull(r.doi), string(doc))
	if err != nil {
		return err
	}
	if r.n, err = res.LastInsertId(); err != nil {
		return err
	}
	b.byID[r.id] = r
	b.file(r)
	if err := b.derive(r, nil, &next); err != nil {
		return err
	}
	return b.log(r.id, broadsheet.ChangedText)
}

func (b *batch) update(r *row, old, next *broadsheet.Record, doc []byte) error {
	b.unfile(r)
	r.key, r.doi = titleOf(next.Title).key, doiOf(next)
	b.file(r)
	_, err := b.exec(`UPDATE papers SET id = ?, title_key = ?, day = ?, published = ?, upvotes = ?, comments = ?, category = ?, doi = ?, doc = ? WHERE n = ?`,
		next.ID, r.key, day(next), next.Date(), next.Upvotes(), next.CommentCount(), primary(next), orNull(r.doi), string(doc), r.n)
	if err != nil {
		return err
	}
	if err := b.derive(r, old, next); err != nil {
		return err
	}
	kind, err := b.changed(old, next)
	if err != nil {
		return err
	}
	if r.id != next.ID {
		if err := b.log(r.id, broadsheet.ChangedID); err != nil {
			return err
		}
		kind = broadsheet.ChangedText
	}
	r.id, r.doc, r.rec = next.ID, doc, next
	b.byID[r.id] = r
	return b.log(r.id, kind)
}

// changed tells a change of the paper from a change of its places and votes.
func (b *batch) changed(old, next *broadsheet.Record) (broadsheet.ChangeKind, error) {
	was, err := b.encode(&broadsheet.Record{Paper: old.Paper})
	if err != nil {
		return "", err
	}
	is, err := b.encode(&broadsheet.Record{Paper: next.Paper})
	if err != nil || bytes.Equal(was, is) {
		return broadsheet.ChangedPlace, err
	}
	return broadsheet.ChangedText, nil
}

// remove takes a paper out that has become part of another one. Its aliases and
// entries go with the row; the other paper takes them over. Who was sent it has
// seen the other.
func (b *batch) remove(r, into *row) error {
	_, err := b.exec(`INSERT INTO merged (was, paper) VALUES (?, ?)`, r.n, into.n)
	if err == nil {
		_, err = b.exec(`UPDATE merged SET paper = ?2 WHERE paper = ?1`, r.n, into.n)
	}
	if err == nil {
		_, err = b.exec(`DELETE FROM papers WHERE n = ?`, r.n)
	}
	delete(b.byID, r.id)
	b.unfile(r)
	return err
}

// derive writes the aliases and entries that next has and old lacks, neither of
// which is ever taken away from a document, and the tally of this day.
func (b *batch) derive(r *row, old, next *broadsheet.Record) error {
	var had []broadsheet.ID
	if old != nil {
		had = old.Aliases
	}
	for _, a := range next.Aliases {
		b.byID[a] = r
		if slices.Contains(had, a) {
			continue
		}
		if _, err := b.exec(`INSERT INTO aliases (id, paper) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET paper = excluded.paper`, a, r.n); err != nil {
			return err
		}
	}
	for _, e := range next.Entries {
		if _, err := b.exec(`INSERT INTO entries (day, paper, place) VALUES (?, ?, ?)
			ON CONFLICT (day, paper) DO UPDATE SET place = excluded.place`, e.Date, r.n, e.Place); err != nil {
			return err
		}
	}
	return b.tally(r, old, next)
}

func (b *batch) log(id broadsheet.ID, kind broadsheet.ChangeKind) error {
	_, err := b.exec(`INSERT INTO changes (paper, kind, at) VALUES (?, ?, ?)`, id, kind, b.now.Unix())
	return err
}

// encode returns the document of a record: the JSON of one line of an export.
// The same record always gives the same bytes.
func (b *batch) encode(r *broadsheet.Record) ([]byte, error) {
	b.buf.Reset()
	enc := json.NewEncoder(&b.buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return nil, err
	}
	return bytes.Clone(bytes.TrimSuffix(b.buf.Bytes(), []byte("\n"))), nil
}

// day returns the edition in which a paper stands without having been
// submitted, as a column.
func day(r *broadsheet.Record) any {
	if d := r.EditionDay(); d != "" && len(r.Entries) == 0 && r.Status != broadsheet.StatusDeleted {
		return d
	}
	return nil
}
