package fts

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet"
)

const (
	passageWords = 40
	maxWordRunes = 40 // a longer one is cut, as is text without spaces

	// What FTS5 puts around a match: characters for private use, which are taken
	// out of the text first.
	matchStart, matchEnd = '\ue000', '\ue001'
)

// Highlight marks what matches q in each paper: its whole title, and a passage of
// its abstract with "…" where that was cut. Of a question in words only those
// about the subject are marked.
//
// The papers are put into a table in memory with the index's own tokenizer, so
// that what is marked is what was found.
func (x *Index) Highlight(ctx context.Context, q broadsheet.Query, papers []broadsheet.Record) ([]broadsheet.Highlights, error) {
	if err := checkText(q.Text); err != nil {
		return nil, err
	}
	texts := make([][2]string, len(papers))
	for i := range papers {
		texts[i] = [2]string{clean(papers[i].Title), clean(papers[i].Abstract)}
	}
	question := newQuestion(q.Text)
	if terms := append(question.content(), question.quoted...); len(terms) > 0 {
		if err := x.mark(ctx, join(terms, " OR "), texts); err != nil {
			return nil, fmt.Errorf("fts: highlight: %w", cause(ctx, err))
		}
	}
	marked := make([]broadsheet.Highlights, len(papers))
	for i, t := range texts {
		title, marks := unmark(t[0])
		marked[i].Title = spans(title, marks)
		abstract, marks := unmark(t[1])
		marked[i].Abstract = passage(abstract, marks)
	}
	return marked, nil
}

// clean takes out what would be read as a mark, and the NUL at which FTS5 ends.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == matchStart || r == matchEnd || r == 0 {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// mark puts marks around the matches in those texts that have any. The table is
// made and filled in a transaction that is rolled back, so nothing of it stays.
func (x *Index) mark(ctx context.Context, match string, texts [][2]string) error {
	tx, err := x.mem.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, `CREATE VIRTUAL TABLE shown USING fts5(title, abstract, `+tokenizer+`)`); err != nil {
		return err
	}
	put, err := tx.PrepareContext(ctx, `INSERT INTO shown (rowid, title, abstract) VALUES (?, ?, ?)`)
	if err != nil {
		return err
	}
	for i, t := range texts {
		if _, err := put.ExecContext(ctx, i, t[0], t[1]); err != nil {
			return err
		}
	}
	rows, err := tx.QueryContext(ctx, `SELECT rowid, highlight(shown, 0, ?1, ?2), highlight(shown, 1, ?1, ?2) FROM shown(?3)`,
		string(matchStart), string(matchEnd), match)
	if err != nil {
		return err
	}
	return scanMarked(rows, texts)
}

func scanMarked(rows *sql.Rows, texts [][2]string) error {
	defer rows.Close()
	for rows.Next() {
		var i int
		var t [2]string
		if err := rows.Scan(&i, &t[0], &t[1]); err != nil {
			return err
		}
		texts[i] = t
	}
	return rows.Err()
}

// A piece is a part of a text, from start to before end.
type piece struct{ start, end int }

// unmark takes the marks out of a text and returns what stood between them.
func unmark(s string) (plain string, marks []piece) {
	var b strings.Builder
	for _, r := range s {
		switch r {
		case matchStart:
			marks = append(marks, piece{start: b.Len()})
		case matchEnd:
			marks[len(marks)-1].end = b.Len()
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), marks
}

// spans divides a text at its marks.
func spans(text string, marks []piece) []broadsheet.Span {
	var out []broadsheet.Span
	add := func(s string, match bool) {
		if s != "" {
			out = append(out, broadsheet.Span{Text: s, Match: match})
		}
	}
	at := 0
	for _, m := range marks {
		add(text[at:m.start], false)
		add(text[m.start:m.end], true)
		at = m.end
	}
	add(text[at:], false)
	return out
}

// passage cuts a text to the passageWords words that hold the most marks, with the
// marks in the middle of them.
func passage(text string, marks []piece) []broadsheet.Span {
	words := fields(text)
	if len(words) <= passageWords {
		return spans(text, marks)
	}
	from := densest(words, marks)
	start, end := words[from].start, words[from+passageWords-1].end
	var inside []piece
	for _, m := range marks {
		if m = (piece{max(m.start, start) - start, min(m.end, end) - start}); m.start < m.end {
			inside = append(inside, m)
		}
	}
	out := spans(text[start:end], inside)
	if from > 0 {
		out = append([]broadsheet.Span{{Text: "…"}}, out...)
	}
	if from+passageWords < len(words) {
		out = append(out, broadsheet.Span{Text: "…"})
	}
	return out
}

// fields returns the words of a text as spaces divide them.
func fields(text string) (words []piece) {
	runes := 0
	for i, r := range text {
		switch {
		case unicode.IsSpace(r):
			runes = 0
		case runes == 0 || runes == maxWordRunes:
			words = append(words, piece{i, i + utf8.RuneLen(r)})
			runes = 1
		default:
			words[len(words)-1].end = i + utf8.RuneLen(r)
			runes++
		}
	}
	return words
}

// densest returns the first of the passageWords words that hold the most marks.
func densest(words, marks []piece) int {
	// The marked words, by number.
	var marked []int
	for i, w := range words {
		for len(marks) > 0 && marks[0].end <= w.start {
			marks = marks[1:]
		}
		if len(marks) > 0 && marks[0].start < w.end {
			marked = append(marked, i)
		}
	}
	// first and last bound the best group of them.
	first, last, most := 0, 0, 0
	for i, j := 0, 0; j < len(marked); j++ {
		for marked[j]-marked[i] >= passageWords {
			i++
		}
		if j-i+1 > most {
			first, last, most = marked[i], marked[j], j-i+1
		}
	}
	return min(max(0, (first+last+1-passageWords)/2), len(words)-passageWords)
}
