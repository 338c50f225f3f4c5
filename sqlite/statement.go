package sqlite

import (
	"context"
	"database/sql"
	"sync"
)

// A statement is prepared when it is first needed and kept until its pool is closed,
// for questions that are asked thousands of times a second: to read one costs more
// than to answer it.
type statement struct {
	mu   sync.Mutex
	stmt *sql.Stmt
}

// on returns the statement on a pool, always the same text on the same one.
func (s *statement) on(ctx context.Context, pool *sql.DB, text string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stmt != nil {
		return s.stmt, nil
	}
	var err error
	s.stmt, err = pool.PrepareContext(ctx, text)
	return s.stmt, err
}
