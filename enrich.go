package broadsheet

import (
	"context"
	"time"
)

// An Enricher asks one service what it knows of papers that are here already. It
// keeps nothing.
type Enricher interface {
	// Name is the service's name for people, for the sync command and in
	// Source.Name and Measure.Source, such as "openalex". It does not change.
	Name() string

	// Batch is how many papers one call of Enrich takes at most.
	Batch() int

	// Wants reports whether the service can be asked for a paper at all: it must
	// have an ID or a link by which the service knows papers.
	Wants(p *Record) bool

	// Enrich asks for papers that it Wants. An error of kind Invalid says that
	// the service refuses this batch, which a smaller one may mend; one of kind
	// Unavailable that it is worth another try later.
	Enrich(ctx context.Context, papers []Record) (Enriched, error)
}

// Enriched is what a service answered for a batch.
type Enriched struct {
	// Papers has an entry for each paper that the service has spoken of, in any
	// order. One that is missing was not answered for, and is asked for again.
	Papers []Enrichment

	// Rest, unless zero, is when the service may be asked again: what may be
	// asked of it by then is used up.
	Rest time.Time
}

// An Enrichment is what a service answered for one paper.
type Enrichment struct {
	Paper   ID
	Found   bool // the service knows the paper
	Figures []Figure

	// Record has what the service says of the paper besides, nil for nothing.
	Record *Record
}

// A Figure is one number of an Enrichment.
type Figure struct {
	Kind  MeasureKind
	Value int64
}

// An Answer is in short what came of asking a service for a paper.
type Answer string

// The answers.
const (
	AnswerFound   Answer = "found"
	AnswerUnknown Answer = "unknown" // the service does not know the paper
	AnswerFailed  Answer = "failed"  // nothing that could be used
	AnswerNone    Answer = "none"    // it was not asked: nothing to ask by
)

// The ages of papers at which services are asked in another rhythm, and the
// rhythms, in days. A paper's first two weeks decide whether it is a trend, and
// services take a day or two to know it. In the first months counts move each
// week. Those of old papers hardly move in half a year, and what a service has
// not learned of in two years it will not learn of.
const (
	freshAge, freshRhythm   = 14, 1
	recentAge, recentRhythm = 90, 7
	youngAge, youngRhythm   = 730, 30
	oldRhythm               = 180
)

// Due returns the day on which a service should be asked again for a paper of
// which it gave an answer on a day, "" for never. A paper that was never asked
// for is due at once. One without a date counts as young.
func Due(published, answered Date, answer Answer) Date {
	age := ageOn(published, answered)
	switch {
	case answer == AnswerFailed: // the cause is hardly the paper
		return answered.AddDays(1)
	case age < freshAge:
		return answered.AddDays(freshRhythm)
	case age < recentAge:
		return answered.AddDays(recentRhythm)
	case age < youngAge:
		return answered.AddDays(youngRhythm)
	case answer == AnswerUnknown:
		return ""
	}
	return answered.AddDays(oldRhythm)
}

// ageOn returns how many days old a paper is on a day.
func ageOn(published, day Date) int {
	if published == "" {
		return recentAge
	}
	return int(day.Time().Sub(published.Time()).Hours() / 24)
}
