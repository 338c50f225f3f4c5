package digest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"broadsheet"
	"broadsheet/internal/need"

	"github.com/klauspost/compress/zstd"
)

// A day is the real papers of one day, and a reader made up for it.
type day struct {
	date   string
	papers []broadsheet.Record
	usage  *Usage
	liked  []broadsheet.Record // of another day
}

// A corpusLine is what is used of a line of the corpus.
type corpusLine struct {
	ID         broadsheet.ID   `json:"id"`
	Title      string          `json:"title"`
	Abstract   string          `json:"abstract"`
	Categories string          `json:"categories"`
	Published  broadsheet.Date `json:"published"`
}

// realDays returns days of real papers, drawn at random from all days that have
// at least so many, each with a reader.
func realDays(t *testing.T, days, papers int, seed uint64) []day {
	t.Helper()
	count := map[string]int{}
	eachLine(t, func(line []byte, date string) { count[date]++ })
	var dates []string
	for date, n := range count {
		if n >= papers {
			dates = append(dates, date)
		}
	}
	slices.Sort(dates)
	rng := rand.New(rand.NewPCG(seed, seed))
	rng.Shuffle(len(dates), func(i, j int) { dates[i], dates[j] = dates[j], dates[i] })
	if len(dates) < days {
		t.Fatalf("the corpus has %d days with %d papers, want %d", len(dates), papers, days)
	}
	return giveReaders(readDays(t, dates[:days]), rng)
}

// eachLine calls f with the lines whose papers were announced or put up on a
// known day.
func eachLine(t *testing.T, f func(line []byte, date string)) {
	t.Helper()
	file, err := os.Open(need.Corpora(t, "data", "papers.jsonl.zst"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unpacked, err := zstd.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer unpacked.Close()
	lines := bufio.NewScanner(unpacked)
	lines.Buffer(nil, 16<<20)
	key := []byte(`"published": "`)
	for lines.Scan() {
		line := lines.Bytes()
		at := bytes.LastIndex(line, key)
		dated := bytes.Contains(line, []byte(`"date_kind": "announced"`)) || bytes.Contains(line, []byte(`"date_kind": "exact"`))
		if from := at + len(key); at >= 0 && dated && len(line) > from+10 {
			f(line, string(line[from:from+10]))
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

func readDays(t *testing.T, dates []string) []day {
	t.Helper()
	days := make([]day, len(dates))
	at := map[string]int{}
	for i, date := range dates {
		at[date] = i
		days[i].date = date
	}
	eachLine(t, func(line []byte, date string) {
		i, ok := at[date]
		if !ok {
			return
		}
		var l corpusLine
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatal(err)
		}
		days[i].papers = append(days[i].papers, broadsheet.Record{Paper: broadsheet.Paper{
			ID: l.ID, Title: l.Title, Abstract: l.Abstract, Categories: strings.Fields(l.Categories), Published: l.Published,
		}})
	})
	return days
}

// giveReaders makes a reader for each day who liked, of the day before in the
// sample, two papers at random and the one most like each: two interests.
func giveReaders(days []day, rng *rand.Rand) []day {
	for i := range days {
		days[i].usage = NewUsage(days[i].papers)
	}
	for i := range days {
		other := &days[(i+len(days)-1)%len(days)]
		for range 2 {
			p := other.papers[rng.IntN(len(other.papers))]
			days[i].liked = append(days[i].liked, p, nearest(other, p))
		}
	}
	return days
}

func nearest(d *day, to broadsheet.Record) (best broadsheet.Record) {
	like, highest := NewDesk(Learn([]broadsheet.Record{to}, d.usage)), -1.0
	for _, p := range d.papers {
		if r := like.Candidate(p).Relevance; p.ID != to.ID && r > highest {
			best, highest = p, r
		}
	}
	return best
}

// desk is the day's reader, for the words of the day.
func (d *day) desk(variety float64) *Desk {
	in := Learn(d.liked, d.usage)
	in.Variety = variety
	return NewDesk(in)
}
