//go:build sqlite_fts5 && cgo

package main

import _ "github.com/mattn/go-sqlite3"

func init() {
	f := fts5{"sqlite3"}
	engines = append(engines, &engine{name: "fts5c", what: "SQLite FTS5 in C (github.com/mattn/go-sqlite3), Porter", build: f.build, query: f.query})
}
