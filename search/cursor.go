package search

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"

	"broadsheet/search/topk"
)

// ErrCursor is in the chain of errors about cursors that no Response had, or that of
// another question.
var ErrCursor = errors.New("search: the cursor does not belong to this question")

// A mark is a place in the list of hits: behind a hit. As a cursor it is written in
// base64 (RFC 4648, section 5): version u8, checksum u32 of the question and what
// follows, part u8, key i64, id.
type mark struct {
	tier int   // of the list's
	head bool  // among the first hits, which are in an order of their own
	key  int64 // the hit's final score in the head, else its key in package topk
	id   string
}

const (
	cursorVersion = 1
	cursorHead    = 1 + 4 + 1 + 8
)

// encode returns the mark as the cursor of a question.
func (m *mark) encode(question string) string {
	b := make([]byte, cursorHead, cursorHead+len(m.id))
	b[0] = cursorVersion
	b[5] = byte(m.tier) << 1
	if m.head {
		b[5] |= 1
	}
	binary.LittleEndian.PutUint64(b[6:], uint64(m.key))
	b = append(b, m.id...)
	binary.LittleEndian.PutUint32(b[1:], cursorSum(question, b[5:]))
	return base64.RawURLEncoding.EncodeToString(b)
}

// decodeCursor reads a cursor. None is no mark.
func decodeCursor(cursor, question string) (*mark, error) {
	if cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) < cursorHead || b[0] != cursorVersion ||
		binary.LittleEndian.Uint32(b[1:]) != cursorSum(question, b[5:]) {
		return nil, ErrCursor
	}
	return &mark{int(b[5] >> 1), b[5]&1 != 0, int64(binary.LittleEndian.Uint64(b[6:])), string(b[cursorHead:])}, nil
}

func cursorSum(question string, b []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	return crc32.Update(crc32.Checksum([]byte(question), table), table, b)
}

// hit returns the mark as a hit for package topk.
func (m *mark) hit(byNumber bool) *topk.Hit {
	if byNumber {
		return &topk.Hit{ID: m.id, Number: m.key}
	}
	return &topk.Hit{ID: m.id, Score: uint32(m.key)}
}
