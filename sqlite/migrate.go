package sqlite

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"

	"broadsheet"
)

//go:embed migrations/*.sql
var migrations embed.FS

// appID marks a file as Broadsheet's (PRAGMA application_id): "Brod".
const appID = 0x42726f64

func migrationNames() []string {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(names) == 0 {
		panic("sqlite: no migrations in the binary")
	}
	slices.Sort(names)
	return names
}

// migrate applies the migrations that the file lacks, each in a transaction with
// the new version (PRAGMA user_version). Migrations only go forward; a file of a
// newer release is refused, not damaged.
func (db *DB) migrate(ctx context.Context) error {
	names := migrationNames()
	have, err := db.version(ctx)
	if err != nil {
		return err
	}
	for i := have; i < len(names); i++ {
		script, err := migrations.ReadFile(names[i])
		if err != nil {
			return fmt.Errorf("sqlite: %w", err)
		}
		tx, err := db.write.BeginTx(ctx, nil)
		if err != nil {
			return fmt.Errorf("sqlite: migrate: %w", err)
		}
		defer tx.Rollback() // does nothing after Commit
		stmts := fmt.Sprintf("%s;\nPRAGMA application_id = %d; PRAGMA user_version = %d;", script, appID, i+1)
		if _, err := tx.ExecContext(ctx, stmts); err != nil {
			return fmt.Errorf("sqlite: %s: %w", names[i], err)
		}
		if err := tx.Commit(); err != nil {
			return fmt.Errorf("sqlite: %s: %w", names[i], err)
		}
	}
	return nil
}

// version returns how many migrations the file has seen, and refuses files that
// this program cannot have made.
func (db *DB) version(ctx context.Context) (int, error) {
	pool := db.write
	if pool == nil {
		pool = db.read
	}
	var app, version, tables int
	err := pool.QueryRowContext(ctx, `SELECT (SELECT application_id FROM pragma_application_id),
		(SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)`).Scan(&app, &version, &tables)
	if err != nil {
		return 0, fmt.Errorf("sqlite: read version: %w", err)
	}
	if app != appID && tables > 0 {
		return 0, broadsheet.Errorf(broadsheet.Conflict, "The file is a database of another program: choose another data directory.")
	}
	if n := len(migrationNames()); version > n {
		return 0, broadsheet.Errorf(broadsheet.Conflict,
			"The database was written by a newer Broadsheet (schema %d, this program knows %d): use the newer program.", version, n)
	}
	return version, nil
}

// checkVersion is for readers, which cannot migrate.
func (db *DB) checkVersion(ctx context.Context) error {
	v, err := db.version(ctx)
	if err == nil && v < len(migrationNames()) {
		err = broadsheet.Errorf(broadsheet.Conflict,
			"The database was written by an older Broadsheet: run broadsheet serve or import once to bring it up to date.")
	}
	return err
}
