package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/term"
	"golang.org/x/text/width"

	"broadsheet"
)

// How often progress is shown, and over how long its rate is taken.
const (
	redrawPeriod = 200 * time.Millisecond // on a terminal
	printPeriod  = 10 * time.Second       // elsewhere: short work says nothing
	rateWindow   = 10 * time.Second
	barCells     = 12
	minLabel     = 18 // columns that a label is not cut below while facts can go
	usualColumns = 80 // where the terminal does not tell
)

// A progress says how far long work is: on a terminal in one line that is drawn
// again and again, elsewhere (a log, a pipe) in a plain line now and then. All
// methods may be called from several goroutines. Other lines for the same place
// go through Println, so that they and the drawn line do not mix.
type progress struct {
	w          io.Writer
	isTerminal bool
	label      string
	total      int64            // bytes, or whatever Add counts; 0 when not known
	now        func() time.Time // the clock
	columns    func() int       // of the terminal
	period     time.Duration    // between two lines

	mu       sync.Mutex
	records  int
	bytes    int64
	rejected int
	note     string // in place of a count
	started  time.Time
	shown    time.Time // when the last line was
	drawn    int       // columns that the drawn line takes
	samples  []sample  // of the last rateWindow, oldest first
	done     bool
}

type sample struct {
	at      time.Time
	records int
	bytes   int64
}

// newProgress begins to show work on w. The bytes of compressed input are the
// compressed ones, since only their total is known.
func newProgress(w io.Writer, isTerminal bool, label string, totalBytes int64) *progress {
	p := &progress{w: w, isTerminal: isTerminal, label: broadsheet.Printable(label, 200), total: totalBytes, period: printPeriod}
	if isTerminal {
		p.period = redrawPeriod
	}
	p.now, p.columns = time.Now, func() int { return columnsOf(w) }
	p.start()
	return p
}

func (p *progress) start() {
	p.started = p.now()
	p.shown = p.started
	p.samples = []sample{{at: p.started}}
}

// Add counts work done since the last call.
func (p *progress) Add(records int, bytes int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.records += records
	p.bytes += bytes
	p.show()
}

// SetRejected sets the number of records that were refused so far.
func (p *progress) SetRejected(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rejected = n
	p.show()
}

// SetNote says in words how far the work is, where nothing is counted.
func (p *progress) SetNote(note string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.note = broadsheet.Printable(note, 200)
	p.show()
}

// Println writes a line of its own above the progress.
func (p *progress) Println(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	fmt.Fprintln(p.w, line)
}

// Done takes the drawn line away. Nothing is shown afterwards.
func (p *progress) Done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	p.done = true
}

// show writes a line when one is due.
func (p *progress) show() {
	now := p.now()
	if p.done || now.Sub(p.shown) < p.period {
		return
	}
	p.shown = now
	p.samples = append(p.samples, sample{now, p.records, p.bytes})
	for len(p.samples) > 2 && now.Sub(p.samples[1].at) >= rateWindow {
		p.samples = p.samples[1:]
	}
	if !p.isTerminal {
		fmt.Fprintln(p.w, p.label+": "+strings.Join(p.facts(), ", "))
		return
	}
	// The last column stays free: some terminals begin a new line behind it.
	line := p.line(p.columns() - 1)
	n := cells(line)
	// Spaces clear what is left of a longer line on every terminal, unlike an
	// escape sequence.
	fmt.Fprint(p.w, "\r"+line+strings.Repeat(" ", max(p.drawn-n, 0)))
	p.drawn = n
}

func (p *progress) clear() {
	if p.drawn > 0 {
		fmt.Fprint(p.w, "\r"+strings.Repeat(" ", p.drawn)+"\r")
		p.drawn = 0
	}
}

// line returns the progress in at most limit columns. What matters least goes
// first: the bar, then the end of the label, then the facts from the right.
func (p *progress) line(limit int) string {
	facts := p.facts()
	full := p.label + "  "
	if p.total > 0 {
		full += bar(p.fraction()) + "  "
	}
	if full += strings.Join(facts, "  "); cells(full) <= limit {
		return full
	}
	for ; len(facts) > 0; facts = facts[:len(facts)-1] {
		rest := "  " + strings.Join(facts, "  ")
		if room := limit - cells(rest); room >= minLabel || room >= cells(p.label) || len(facts) == 1 && room > 0 {
			return cut(p.label, room) + rest
		}
	}
	return cut(p.label, limit)
}

// facts returns what there is to say, most important first.
func (p *progress) facts() []string {
	var facts []string
	if p.note != "" {
		return []string{p.note, clock(p.now().Sub(p.started))}
	}
	if p.total > 0 {
		facts = append(facts, fmt.Sprintf("%d%%", int(p.fraction()*100)))
	}
	facts = append(facts, thousands(p.records)+" papers")
	first, last := p.samples[0], p.samples[len(p.samples)-1]
	seconds := last.at.Sub(first.at).Seconds()
	if seconds > 0 {
		facts = append(facts, thousands(int(float64(last.records-first.records)/seconds))+"/s")
	}
	if perSecond := float64(last.bytes-first.bytes) / seconds; p.total > 0 && seconds > 0 && perSecond > 0 {
		left := float64(max(p.total-p.bytes, 0)) / perSecond
		facts = append(facts, clock(time.Duration(min(left, 1e6)*float64(time.Second)))+" left")
	} else if p.total <= 0 {
		facts = append(facts, clock(last.at.Sub(p.started)))
	}
	if p.rejected > 0 {
		facts = append(facts, thousands(p.rejected)+" rejected")
	}
	return facts
}

func (p *progress) fraction() float64 {
	return min(max(float64(p.bytes)/float64(p.total), 0), 1)
}

// bar draws a fraction in eighths of a cell.
func bar(fraction float64) string {
	eighths := []rune(" ▏▎▍▌▋▊▉")
	n := int(fraction * barCells * 8)
	s := strings.Repeat("█", n/8)
	if n%8 > 0 {
		s += string(eighths[n%8])
	}
	return s + strings.Repeat(" ", barCells-(n+7)/8)
}

// clock writes a duration as 0:16 or 1:02:05.
func clock(d time.Duration) string {
	s := int(d.Seconds() + 0.5)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// cells returns how many columns s takes on a terminal.
func cells(s string) int {
	n := 0
	for _, r := range s {
		n += cellsOf(r)
	}
	return n
}

// cut shortens s to at most limit columns.
func cut(s string, limit int) string {
	if cells(s) <= limit {
		return s
	}
	n := 0
	for i, r := range s {
		if n += cellsOf(r); n >= limit {
			s = s[:i]
			break
		}
	}
	if limit < 1 {
		return ""
	}
	return s + "…"
}

func cellsOf(r rune) int {
	if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) || unicode.Is(unicode.Cf, r) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

func columnsOf(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
			return columns
		}
	}
	return usualColumns
}
