package broadsheet

import (
	"context"
	"fmt"
	"time"
)

// A MeasureKind says what a service counted.
type MeasureKind string

// The kinds of measures.
const (
	Stars                MeasureKind = "stars"                 // of the paper's repository
	Citations            MeasureKind = "citations"             // works that cite the paper
	InfluentialCitations MeasureKind = "influential-citations" // those that build on it, as Semantic Scholar judges
)

// MaxMeasure is more than anything is counted to; what is above it is a mistake
// or a joke.
const MaxMeasure = 1_000_000_000_000

// A Measure is a number that a service counted for a paper, and the days between
// which it stood: counts that stay the same are one measure with a later end.
type Measure struct {
	Kind    MeasureKind `json:"kind"`
	Source  string      `json:"source"` // the service, by the name of its Enricher
	Value   int64       `json:"value"`
	Since   Date        `json:"since"`   // first day on which it was counted so
	Counted Date        `json:"counted"` // last day on which it was counted so
}

// Validate reports why no store may keep the measure.
func (m *Measure) Validate() error {
	switch {
	case m.Kind == "" || m.Source == "" || checkText("measure", string(m.Kind)+m.Source, 100) != nil:
		return fmt.Errorf("measure: it has no kind or no source, or they cannot be kept")
	case m.Value < 0 || m.Value > MaxMeasure:
		return fmt.Errorf("measure: %d %s is no count", m.Value, m.Kind)
	case !m.Since.IsDay() || !m.Counted.IsDay() || m.Counted < m.Since:
		return fmt.Errorf("measure: from \"%s\" to \"%s\" are not two days", Printable(string(m.Since), 20), Printable(string(m.Counted), 20))
	}
	return nil
}

// A Rise is how fast a measure grows.
type Rise struct {
	Value   int64   // the latest
	Counted Date    // when; "" says that nothing was ever counted
	PerDay  float64 // since the day that was asked for, or since the first count; below 0 if it fell
}

// A RiseQuery asks how fast one measure of many papers grows.
type RiseQuery struct {
	Kind   MeasureKind
	Source string
	Since  Date // the growth from this day on is meant
	Papers []ID
}

// An Answered is what a service said of one paper, as a store keeps it.
type Answered struct {
	Paper    ID
	Answer   Answer
	Day      Date      // on which it answered
	Due      Date      // when to ask again; "" is never
	Measures []Measure // their days are Day
}

// A ServiceState is what a store remembers of a service.
type ServiceState struct {
	Source   string
	Answered time.Time // when it last did; zero for never
	Rest     time.Time // it must not be asked before; zero for no matter
}

// A MeasureStore keeps what services counted, and when each paper is to be asked
// for again. Papers are named by any of their IDs; those that are not there are
// passed over. When two papers become one, so do their measures.
type MeasureStore interface {
	// PutAnswers keeps the answers of a service in one transaction. A count that
	// did not change makes the last one end later; a day has one count of a kind;
	// those of more than a year ago are thinned to one a month.
	PutAnswers(ctx context.Context, source string, answers []Answered) error

	// Measures returns the latest measure of each kind and source for each of the
	// papers, ordered by kind and source. What was never counted has none.
	Measures(ctx context.Context, ids []ID) (map[ID][]Measure, error)

	// History returns all measures of a kind and a source, oldest first.
	History(ctx context.Context, id ID, kind MeasureKind, source string) ([]Measure, error)

	// Rises answers a RiseQuery, one Rise for each paper in its order.
	Rises(ctx context.Context, q RiseQuery) ([]Rise, error)

	// DueFor returns at most limit papers that a service should be asked for on a
	// day: those it was never asked for, the latest arrivals first, in turns with
	// those that are due again, longest due first.
	DueFor(ctx context.Context, source string, day Date, limit int) ([]ID, error)

	// Services returns what is known of the services that answered or rest.
	Services(ctx context.Context) ([]ServiceState, error)

	// Rest keeps that a service must not be asked before a time.
	Rest(ctx context.Context, source string, until time.Time) error
}

// RiseBetween returns the rise from a base, which is the count of the day since or
// the first there is, to the last count.
func RiseBetween(base, last Measure, since Date) Rise {
	r := Rise{Value: last.Value, Counted: last.Counted}
	from := base.Since
	if from < since { // it stood on the day since, or at least till it was last counted
		from = min(since, base.Counted)
	}
	if days := last.Counted.Time().Sub(from.Time()).Hours() / 24; days >= 1 {
		r.PerDay = float64(last.Value-base.Value) / days
	}
	return r
}
