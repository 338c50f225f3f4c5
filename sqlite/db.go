// Package sqlite keeps everything in one SQLite file, through a driver written
// in Go, so that a release is a single binary.
//
// SQLite has one writer. DB therefore has two pools: write, with exactly one
// connection that begins every transaction IMMEDIATE, and read, with several.
// Settings travel in the DSN, because a PRAGMA sent through a pool reaches only
// the connection that happened to be free.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"time"

	sqlite3 "modernc.org/sqlite"

	"broadsheet"
)

// A DB is an open database. It implements broadsheet.PaperStore and
// broadsheet.EditionStore.
type DB struct {
	write *sql.DB // nil when read-only
	read  *sql.DB
	path  string

	wanted statement // asked for each message

	// Now tells the time of changes; tests replace it.
	Now func() time.Time

	// Derive, where it is set, fills in the fields of a paper that follow from its
	// title and abstract. It is called for the paper as it stands after merging, so
	// that they are those of the text that holds, whoever said it.
	Derive func(*broadsheet.Paper)
}

// Open opens the database file at path, creating it if there is none, and
// brings its schema up to date. Only one process may have a file open this way.
func Open(ctx context.Context, path string) (*DB, error) {
	if err := create(ctx, path); err != nil {
		return nil, err
	}
	write, err := openPool(path, 1, "_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=wal_autocheckpoint(4096)")
	if err != nil {
		return nil, err
	}
	db := &DB{write: write, path: path, Now: time.Now}
	if err := db.migrate(ctx); err != nil {
		write.Close()
		return nil, explain(err, path)
	}
	if db.read, err = openPool(path, max(4, runtime.NumCPU()), "_pragma=query_only(1)"); err != nil {
		write.Close()
		return nil, err
	}
	return db, nil
}

// pageSize is that of a new file. A document has about 1.5 kB: larger pages than
// SQLite's 4 kB hold several, which makes an import 1.7 times as fast and the
// file 15 % smaller (measured on 383,595 papers).
const pageSize = 16 << 10

// create makes a new file with its page size, which cannot be set any more once
// the file is in WAL mode.
func create(ctx context.Context, path string) error {
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		return nil
	}
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath())
	if err != nil {
		return fmt.Errorf("sqlite: create %s: %w", path, err)
	}
	defer pool.Close()
	_, err = pool.ExecContext(ctx, fmt.Sprintf("PRAGMA page_size = %d; PRAGMA application_id = %d;", pageSize, appID))
	return explain(err, path)
}

// OpenReadOnly opens an existing database for reading, beside a process that may
// be writing it.
func OpenReadOnly(ctx context.Context, path string) (*DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, explain(err, path)
	}
	db, err := openReader(ctx, path, "mode=ro")
	if code := resultCode(err); code == codeReadonly || code == codeCantOpen {
		// SQLite keeps a shared file beside a database in WAL mode, and cannot on a
		// medium that nobody may write. Without a log nobody is writing there either.
		if _, statErr := os.Stat(path + "-wal"); errors.Is(statErr, os.ErrNotExist) {
			db, err = openReader(ctx, path, "immutable=1")
		}
	}
	return db, explain(err, path)
}

func openReader(ctx context.Context, path, mode string) (*DB, error) {
	read, err := openPool(path, max(4, runtime.NumCPU()), mode)
	if err != nil {
		return nil, err
	}
	db := &DB{read: read, path: path, Now: time.Now}
	if err := db.checkVersion(ctx); err != nil {
		read.Close()
		return nil, err
	}
	return db, nil
}

// openPool opens a pool of at most n connections. synchronous=FULL makes every
// commit durable when it returns, whatever happens to the machine's power. The
// log is folded into the file at 64 MB, not 4, so that a long import writes each
// index page fewer times.
func openPool(path string, n int, more string) (*sql.DB, error) {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=busy_timeout(10000)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_pragma=cache_size(-32000)&_pragma=temp_store(MEMORY)&" + more
	pool, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("sqlite: open %s: %w", path, err)
	}
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	return pool, nil
}

// Close releases the file. What was committed stays.
func (db *DB) Close() error {
	var errs []error
	if db.read != nil {
		errs = append(errs, db.read.Close())
	}
	if db.write != nil {
		// Leave one tidy file behind: fold the log into the database.
		db.write.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
		errs = append(errs, db.write.Close())
	}
	return errors.Join(errs...)
}

// inTx does what belongs together in one transaction.
func (db *DB) inTx(ctx context.Context, what string, do func(*sql.Tx) error) error {
	if db.write == nil {
		return broadsheet.Errorf(broadsheet.Conflict, "The database is open for reading only.")
	}
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return explain(fmt.Errorf("sqlite: %s: %w", what, err), db.path)
	}
	defer tx.Rollback() // does nothing after Commit
	if err := do(tx); err != nil {
		return explain(fmt.Errorf("sqlite: %s: %w", what, err), db.path)
	}
	if err := tx.Commit(); err != nil {
		return explain(fmt.Errorf("sqlite: %s: %w", what, err), db.path)
	}
	return nil
}

// Check verifies every page and index of the file and that the derived columns
// and tables agree in number with the documents. It returns what is wrong, in
// sentences; none means sound.
func (db *DB) Check(ctx context.Context) ([]string, error) {
	var wrong []string
	for _, pragma := range []string{"PRAGMA integrity_check(20)", "PRAGMA foreign_key_check"} {
		found, err := db.pragma(ctx, pragma)
		wrong = append(wrong, found...)
		if isDamage(err) { // so bad that the check itself fails
			wrong = append(wrong, err.Error())
		} else if err != nil {
			return wrong, fmt.Errorf("sqlite: %s: %w", pragma, err)
		}
	}
	return wrong, nil
}

// pragma runs a check and returns its rows other than "ok", each as one text.
func (db *DB) pragma(ctx context.Context, pragma string) (found []string, err error) {
	rows, err := db.read.QueryContext(ctx, pragma)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		cells, to := make([]any, len(cols)), make([]any, len(cols))
		for i := range cells {
			to[i] = &cells[i]
		}
		if err := rows.Scan(to...); err != nil {
			return found, err
		}
		if s := fmt.Sprint(cells...); s != "ok" {
			found = append(found, s)
		}
	}
	return found, rows.Err()
}

// Backup writes a consistent copy of the database to path, which must not
// exist, while others read and write. The copy is compact and has no log file.
func (db *DB) Backup(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return broadsheet.Errorf(broadsheet.Conflict, "%s exists already: choose another name for the backup.", path)
	}
	pool, err := openPool(db.path, 1, "") // the readers' connections refuse to write any file
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := pool.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		os.Remove(path)
		if isDamage(err) {
			path = db.path // it is not the copy that is damaged
		}
		return explain(fmt.Errorf("sqlite: backup: %w", err), path)
	}
	return nil
}

// SQLite's result codes that an operator can act on
// (https://sqlite.org/rescode.html).
const (
	codeBusy     = 5
	codeReadonly = 8
	codeIOErr    = 10
	codeCorrupt  = 11
	codeFull     = 13
	codeCantOpen = 14
	codeNotADB   = 26
)

// explain turns a failure of the file or its disk into a sentence that says what
// to do.
func explain(err error, path string) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, os.ErrNotExist) {
		return &broadsheet.Error{Kind: broadsheet.NotFound, Err: err,
			Text: fmt.Sprintf("There is no database at %s yet: run broadsheet import FILE first.", path)}
	}
	kind, text := broadsheet.Unavailable, ""
	switch resultCode(err) {
	case codeFull, codeIOErr:
		text = "The disk is full or failing at " + path + ": free some space and run the command again. What was stored before is safe."
	case codeReadonly, codeCantOpen:
		text = "Broadsheet may not write to " + path + ": check the owner and the permissions of the file and its directory."
	case codeCorrupt, codeNotADB:
		kind = broadsheet.Invalid
		text = path + " is damaged or not a Broadsheet database: run broadsheet doctor, or restore a backup."
	case codeBusy:
		text = "Another process keeps " + path + " busy: try again in a moment."
	default:
		return err
	}
	return &broadsheet.Error{Kind: kind, Text: text, Err: err}
}

// resultCode returns the primary result code of SQLite in err's chain, or 0.
func resultCode(err error) int {
	if e, ok := errors.AsType[*sqlite3.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

func isDamage(err error) bool {
	code := resultCode(err)
	return code == codeCorrupt || code == codeNotADB
}
