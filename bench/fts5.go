package main

import (
	"bufio"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"unicode"

	_ "modernc.org/sqlite"
)

// fts5 measures the full-text index of SQLite through one of its drivers: a table
// without content, Porter's stems. It keeps no stop words of its own, so they are left out of
// queries here. A row's number is the line of its id in a file beside.
type fts5 struct{ driver string }

func (f fts5) files(j job) (db, ids string) {
	return filepath.Join(j.Index, "fts5.db"), filepath.Join(j.Index, "ids.txt")
}

func (f fts5) build(j job) error {
	file, ids := f.files(j)
	if err := os.MkdirAll(j.Index, 0o777); err != nil {
		return err
	}
	db, err := sql.Open(f.driver, file)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	defer db.Close()
	for _, s := range []string{"PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-262144",
		"CREATE VIRTUAL TABLE f USING fts5(body, content='', tokenize='porter unicode61')"} {
		if _, err := db.Exec(s); err != nil {
			return err
		}
	}
	return j.time(building{
		add: func() (docs int, err error) {
			err = writeFile(ids, func(w *bufio.Writer) { docs, err = f.add(db, j.Corpus, w) })
			return docs, err
		},
		merge: func() error {
			_, err := db.Exec("INSERT INTO f(f) VALUES('optimize'); VACUUM")
			return err
		},
		close: db.Close,
	})
}

// add inserts the documents in one transaction.
func (f fts5) add(db *sql.DB, corpus string, ids *bufio.Writer) (docs int, err error) {
	tx, err := db.Begin()
	if err != nil {
		return 0, err
	}
	defer tx.Rollback() // does nothing after Commit
	insert, err := tx.Prepare("INSERT INTO f(rowid, body) VALUES(?, ?)")
	if err != nil {
		return 0, err
	}
	err = indexCorpus(corpus, 1, func() func([]document) error {
		return func(list []document) error {
			for _, d := range list {
				docs++
				fmt.Fprintln(ids, d.ID)
				if _, err := insert.Exec(docs, d.body()); err != nil {
					return err
				}
			}
			return nil
		}
	})
	if err != nil {
		return docs, err
	}
	return docs, tx.Commit()
}

func (f fts5) query(j job) error {
	file, idFile := f.files(j)
	db, err := sql.Open(f.driver, "file:"+file+"?mode=ro")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(runtime.GOMAXPROCS(0))
	db.SetMaxIdleConns(runtime.GOMAXPROCS(0))
	text, err := os.ReadFile(idFile)
	if err != nil {
		return err
	}
	ids := strings.Split(string(text), "\n")
	rank, err := db.Prepare("SELECT rowid FROM f WHERE f MATCH ? ORDER BY rank LIMIT ?")
	if err != nil {
		return err
	}
	return j.measure(func(q query, k int) ([]string, work, error) {
		match := matchExpression(q)
		if match == "" {
			return nil, work{}, nil
		}
		hits, err := rowIDs(rank, match, k, ids)
		return hits, work{}, err
	}, func(*meta) {})
}

func rowIDs(rank *sql.Stmt, match string, k int, ids []string) (hits []string, err error) {
	rows, err := rank.Query(match, k)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var row int
		if err := rows.Scan(&row); err != nil {
			return nil, err
		}
		if row < 1 || row > len(ids) {
			return nil, fmt.Errorf("row %d, at most %d expected", row, len(ids))
		}
		hits = append(hits, ids[row-1])
	}
	return hits, rows.Err()
}

// matchExpression returns a query in the language of FTS5, "" if nothing is left of it.
func matchExpression(q query) string {
	words := strings.FieldsFunc(strings.ToLower(q.Text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	words = slices.DeleteFunc(words, func(w string) bool { return luceneStops[w] })
	if len(words) == 0 {
		return ""
	}
	between := `" OR "`
	switch q.Kind {
	case "and":
		between = `" AND "`
	case "phrase":
		between = ` `
	}
	return `"` + strings.Join(words, between) + `"`
}
