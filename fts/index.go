// Package fts finds papers through SQLite's FTS5, in one file beside the store.
// It is a [broadsheet.Searcher].
//
// The index is derived: it follows the store's log of changes ([Index.Follow])
// and keeps the number of the last change it has seen in the same transaction as
// the text, so that it can be killed at any instant and deleted at any time. It
// does not keep the text itself.
//
// A word is what SQLite's unicode61 tokenizer takes for one, without accents and
// reduced to its stem by Porter's algorithm. Scripts that write no spaces are
// therefore found by whole runs of characters, or by the beginning of one.
package fts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"broadsheet"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// FileName is the name of the index in its directory.
const FileName = "fts.db"

// version numbers the format of the file. Raise it with any change of the schema
// or of how papers are read into it; Open then starts over.
//
//	1: title, abstract and authors
const version = 1

// The schema. docs.first and docs.last bound the days that the date of
// publication covers (see digits), NULL when it is unknown; docs.categories has a
// space before and after each. The FTS5 table keeps no text, as the store has it.
//
// The settings of FTS5 are kept in the file. With them the 383,595 papers that we
// measure with are indexed half as fast again as with its defaults: hashsize makes
// each batch one segment, and automerge merges 16 of them at a time rather than 4.
const schema = `
	CREATE TABLE meta (seq INTEGER NOT NULL);
	INSERT INTO meta VALUES (0);
	CREATE TABLE docs (
		n          INTEGER PRIMARY KEY,
		id         TEXT NOT NULL UNIQUE,
		first      INTEGER,
		last       INTEGER,
		categories TEXT NOT NULL
	);
	CREATE VIRTUAL TABLE text USING fts5(title, abstract, authors, ` + tokenizer + `,
		content='', contentless_delete=1);
	INSERT INTO text (text, rank) VALUES ('hashsize', 32 << 20), ('automerge', 16);
	`

const tokenizer = `tokenize='porter unicode61 remove_diacritics 2'`

// Index is a search index. Its methods may be called from several goroutines,
// and Search answers while Follow writes.
type Index struct {
	write *sql.DB // one connection, as SQLite has one writer; nil when opened to read
	read  *sql.DB
	mem   *sql.DB // for Highlight: each connection is a database of its own in memory

	batch, maxRanked int // see the constants; tests set less
}

// What can be wrong with a file that SQLite finds nothing wrong with.
var (
	errStale   = errors.New("index of another version")
	errDamaged = errors.New("not what this program wrote")
)

// Open opens the index in dir, or makes an empty one there. A file that is damaged
// or of another version is replaced by an empty one, since it is quicker to index
// again than to mend: Indexed is then 0.
func Open(ctx context.Context, dir string) (*Index, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("fts: open: %w", err)
	}
	path := filepath.Join(dir, FileName)
	x, err := open(ctx, path)
	if errors.Is(err, errStale) || isDamage(err) {
		if err = remove(path); err == nil {
			x, err = open(ctx, path)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("fts: open %s: %w", path, explain(err))
	}
	return x, nil
}

// OpenReadOnly opens the index in dir beside a process that may be writing it.
// NotFound when there is none.
func OpenReadOnly(ctx context.Context, dir string) (*Index, error) {
	path := filepath.Join(dir, FileName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, broadsheet.Errorf(broadsheet.NotFound, "There is no search index in %s: run `broadsheet reindex`.", dir)
	}
	x, err := openReader(ctx, path, "mode=ro")
	if c := code(err); c == sqlite3.SQLITE_CANTOPEN || c == sqlite3.SQLITE_READONLY {
		// SQLite cannot keep its shared file on a medium that nobody may write;
		// without a log, nobody is writing there either.
		if _, statErr := os.Stat(path + "-wal"); errors.Is(statErr, fs.ErrNotExist) {
			x, err = openReader(ctx, path, "immutable=1")
		}
	}
	if err != nil {
		return nil, fmt.Errorf("fts: open %s: %w", path, explain(err))
	}
	return x, nil
}

func openReader(ctx context.Context, path, mode string) (*Index, error) {
	x := newIndex(path, mode)
	if err := x.probe(ctx); err != nil {
		x.Close()
		return nil, err
	}
	return x, nil
}

func open(ctx context.Context, path string) (*Index, error) {
	x := newIndex(path, "_pragma=query_only(1)")
	// A commit is not synced to disk at once (synchronous=NORMAL in WAL mode): a
	// power cut may lose the last batches, and Follow repeats them.
	x.write = pool(path, "_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=cache_size(-32768)", 1)
	if err := x.create(ctx); err != nil {
		x.Close()
		return nil, err
	}
	return x, nil
}

func newIndex(path, readers string) *Index {
	n := max(4, runtime.GOMAXPROCS(0))
	return &Index{
		read:      pool(path, readers+"&_pragma=cache_size(-8192)", n),
		mem:       pool("", "", n),
		batch:     batch,
		maxRanked: maxRanked,
	}
}

// pool opens a file with up to n connections; path "" is a database in memory.
// Settings travel in the address, since a PRAGMA sent through a pool reaches only
// the connection that happened to be free.
func pool(path, settings string, n int) *sql.DB {
	address := "file::memory:"
	if path != "" {
		if abs, err := filepath.Abs(path); err == nil {
			path = filepath.ToSlash(abs)
		}
		if path[0] != '/' { // C:/…
			path = "/" + path
		}
		u := url.URL{Scheme: "file", Path: path, RawQuery: "_pragma=busy_timeout(10000)&" + settings}
		address = u.String()
	}
	db, err := sql.Open("sqlite", address)
	if err != nil {
		panic(err) // the driver is linked in; nothing is opened yet
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db
}

// create makes the tables in an empty file, and probes any other.
func (x *Index) create(ctx context.Context) error {
	tx, err := x.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	var tables int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return err
	}
	if tables == 0 {
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(`%s; PRAGMA user_version = %d`, schema, version)); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return x.probe(ctx)
}

// probe reads a little of each part of the file, which finds one that is of
// another version or not whole; Check reads all of it.
func (x *Index) probe(ctx context.Context) error {
	var v int
	if err := x.read.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&v); err != nil {
		return err
	}
	if v != version {
		return errStale
	}
	var found any
	err := x.read.QueryRowContext(ctx, `
		SELECT seq + (SELECT count(*) FROM docs WHERE id = '') + (SELECT count(*) FROM text('"a"'))
		FROM meta`).Scan(&found)
	switch _, ok := found.(int64); {
	case err == nil && !ok, errors.Is(err, sql.ErrNoRows):
		return errDamaged
	case code(err) == sqlite3.SQLITE_ERROR: // a table is missing or not what it was
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	return err
}

// remove deletes the file. Its log goes last: SQLite ignores a log without a file.
func remove(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Close closes the index. Nothing is lost without it.
func (x *Index) Close() error {
	err := errors.Join(x.mem.Close(), x.read.Close())
	if x.write != nil {
		err = errors.Join(err, x.write.Close()) // last, as the last one tidies the log away
	}
	return err
}

// Indexed returns the number of the last change that the index has seen.
func (x *Index) Indexed(ctx context.Context) (int64, error) {
	var seq int64
	if err := x.read.QueryRowContext(ctx, `SELECT seq FROM meta`).Scan(&seq); err != nil {
		return 0, fmt.Errorf("fts: indexed: %w", explain(err))
	}
	return seq, nil
}

// Check reads the whole index and reports the first thing found wrong with it. It
// takes some ten seconds for 400,000 papers.
func (x *Index) Check(ctx context.Context) error {
	var found string // quick_check asks FTS5 to check its own tables, too
	if err := x.read.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&found); err != nil {
		return fmt.Errorf("fts: check: %w", explain(cause(ctx, err)))
	}
	if found != "ok" {
		return damaged(errors.New(found))
	}
	var docs, texts int64
	err := x.read.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM docs), (SELECT count(*) FROM text_docsize)`).Scan(&docs, &texts)
	if err != nil {
		return fmt.Errorf("fts: check: %w", explain(err))
	}
	if docs != texts {
		return damaged(fmt.Errorf("%d papers, but %d texts", docs, texts))
	}
	return nil
}

// explain says in a sentence what the operator can do about an error of SQLite.
func explain(err error) error {
	switch {
	case errors.Is(err, errStale):
		return &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err,
			Text: "The search index was made by another version of this program: run `broadsheet reindex`."}
	case isDamage(err):
		return damaged(err)
	case code(err) == sqlite3.SQLITE_FULL:
		return &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err,
			Text: "The disk is full, so the search index cannot grow. It follows as soon as there is room."}
	}
	return err
}

func damaged(err error) error {
	return &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err,
		Text: "The search index is damaged: run `broadsheet reindex`. No paper is lost."}
}

func isDamage(err error) bool {
	c := code(err)
	return c == sqlite3.SQLITE_CORRUPT || c == sqlite3.SQLITE_NOTADB || errors.Is(err, errDamaged)
}

// code returns the primary result code of SQLite in err's chain, or 0.
func code(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}
