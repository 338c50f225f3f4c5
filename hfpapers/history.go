package hfpapers

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"time"

	"broadsheet"
	"broadsheet/internal/stream"
)

// maxVotes is more than anything is voted for; what is above it is a mistake.
const maxVotes = 1 << 30

// A Past is one paper of a history of Daily Papers, as collections on the Hub keep
// them: a paper of a day a line, with what its votes became.
type Past struct {
	Record broadsheet.Record // its tally is the last that is known
	Counts []Counted         // oldest first; may be empty
}

// Counted are the votes that a paper had on a day.
type Counted struct {
	Day     broadsheet.Date
	Upvotes int
}

// pastLine is a line of a history. The votes are the greatest of three: when it was
// taken, later, and of the days in between.
type pastLine struct {
	Date      string   `json:"date"`
	ID        string   `json:"arxiv_id"`
	Title     string   `json:"title"`
	Abstract  string   `json:"abstract"`
	Authors   []string `json:"authors"`
	Published string   `json:"published_at"`
	Github    string   `json:"github"`
	Project   string   `json:"project_page"`
	Upvotes   *int     `json:"upvotes"`
	Later     *int     `json:"upvotes_later"`
	Comments  int      `json:"num_comments"`
	History   [][2]any `json:"upvote_history"`
}

// ReadHistory reads a history of Daily Papers in JSON lines. A line that cannot be
// taken is a *broadsheet.BadRecord, and the next one follows. A paper whose votes
// are not known has no tally.
func ReadHistory(r io.Reader) iter.Seq2[Past, error] {
	return func(yield func(Past, error) bool) {
		n := 0
		for l, err := range stream.Lines(r, maxItem) {
			n++
			var p Past
			switch {
			case err != nil:
				yield(Past{}, fmt.Errorf("hfpapers: history: %w", err))
				return
			case len(l.Text) == 0 && !l.TooLong:
				continue
			}
			if p, err = pastOf(l); err != nil {
				err = &broadsheet.BadRecord{Number: n, Line: l.Number, Reason: err.Error()}
			}
			if !yield(p, err) {
				return
			}
		}
	}
}

func pastOf(text stream.Line) (p Past, err error) {
	if text.TooLong {
		return p, fmt.Errorf("it has more than %d MiB", maxItem>>20)
	}
	var l pastLine
	if err := json.Unmarshal(text.Text, &l); err != nil {
		return p, fmt.Errorf("it is no JSON object of a history: %w", err)
	}
	r := &p.Record
	if r.ID, err = broadsheet.ParseID(l.ID); err != nil {
		return p, err
	}
	if !isDay(broadsheet.Date(l.Date)) {
		return p, fmt.Errorf("its date is %q, expected a day like 2025-03-11", broadsheet.Printable(l.Date, 40))
	}
	r.Title, r.Abstract = l.Title, l.Abstract
	for _, name := range l.Authors {
		r.Authors = append(r.Authors, broadsheet.Author{Name: name})
	}
	r.Published, _ = broadsheet.ParseDate(l.Published)
	if at, err := time.Parse(time.RFC3339, l.Published); err == nil {
		r.Versions = []broadsheet.Version{{Number: 1, At: at}}
	}
	for _, k := range []broadsheet.Link{{Kind: broadsheet.LinkCode, URL: l.Github}, {Kind: broadsheet.LinkProject, URL: l.Project}} {
		if k.URL = broadsheet.WebURL(k.URL); k.URL != "" {
			r.Links = append(r.Links, k)
		}
	}
	r.Entries = []broadsheet.Entry{{Date: broadsheet.Date(l.Date)}}
	r.Sources = []broadsheet.Source{{Name: sourceName, Date: broadsheet.Date(l.Date)}}
	votes := -1
	for _, v := range []*int{l.Upvotes, l.Later} {
		if v != nil {
			votes = max(votes, *v)
		}
	}
	for _, h := range l.History {
		day, _ := h[0].(string)
		n, ok := h[1].(float64)
		if !ok || n < 0 || n > maxVotes || !isDay(broadsheet.Date(day)) {
			return p, fmt.Errorf("its history of votes has %v, expected pairs of a day and a number", h)
		}
		p.Counts = append(p.Counts, Counted{broadsheet.Date(day), int(n)})
		votes = max(votes, int(n))
	}
	if votes >= 0 {
		r.Tallies = []broadsheet.Tally{{Source: "hf", Upvotes: votes, Comments: l.Comments}}
	}
	if votes > maxVotes {
		return p, fmt.Errorf("it has %d votes", votes)
	}
	return p, r.Validate()
}
