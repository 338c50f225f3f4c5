package edition

import (
	"fmt"
	"math"

	"broadsheet"
)

// What people did counts by the logarithm of one more than its number: the first
// vote tells more than the hundredth, and the score of a paper is a sum. A weight
// says what a doubling is worth against a doubling of imported votes.
const (
	// A vote of the instance's own readers counts for what the edition is for.
	votesWeight = 1.5
	// The unit of all.
	upvotesWeight = 1.0
	// A comment takes longer than a vote, but a quarrel brings many.
	commentsWeight = 0.25
	// Who saves a paper means to read it.
	savesWeight = 0.5
	// Stars are given to code by ten times as many people as vote on papers, and
	// for many reasons: they count by tens, and little.
	starsWeight = 0.25
	starsUnit   = 10
	// That code gains stars now is news; how many it has is history.
	starsPerDayWeight = 0.5
)

// predictedWeight is what the surest prediction is worth: a third of a first vote.
// With fieldShare it follows that no prediction stands above a vote of the same
// day, whatever the fields: at most 3/2 of a third against at least half of one.
const predictedWeight = math.Ln2 / 3

// The field of a paper. A field that has drawn more than its part of the edition
// is held back, and one that has drawn less is helped, so that a large field does
// not drown the rest.
const (
	// fieldWeight is how much of a field's lead is taken: with 1 a field that draws
	// ten times as much would need ten times the votes for the same place, which
	// ranks a paper by its field's luck. With a quarter it needs 1.8 times.
	fieldWeight = 0.25
	// fieldSmoothing is added to what each field drew, in votes: what a few votes
	// more or less say of a field on one day is chance.
	fieldSmoothing = 20.0
	// fieldShare bounds the term by this part of what a paper drew itself: help is
	// given to votes, and where nobody voted there is nothing to help.
	fieldShare = 0.5
	// fieldMost bounds the term: no field's papers need more than 1.4 times the votes.
	fieldMost = math.Ln2 / 2
)

// halfLifeShare is the part of a period after which votes count half, and
// leastHalfLife its least length in days. A paper of the first day of a week has
// had six days more to gather votes than one of the last; in the history that was
// measured, most come in the first two days and the total doubles once in the
// following week. A third of the period keeps the order of a month's page from
// being that of its last days.
const (
	halfLifeShare = 1.0 / 3
	leastHalfLife = 1.0
)

// A Term is one part of a score.
type Term = broadsheet.Term

// A Context is what a score needs to know besides the paper's own signals. [NewContext]
// makes it.
type Context struct {
	Last     broadsheet.Date    // ages are counted to this day
	HalfLife float64            // days after which votes count half; 0 is leastHalfLife
	Fields   map[string]float64 // what each field's papers have drawn together, by FieldOf

	mean  float64 // of Fields
	quiet bool    // leave the notes out: ranking a month needs the numbers alone
}

func (c Context) term(name string, value float64, note string, args ...any) Term {
	t := Term{Name: name, Value: value}
	if !c.quiet {
		t.Note = fmt.Sprintf(note, args...)
	}
	return t
}

// Score applies the formula to one paper. The score is the sum of the terms, added
// in their order; a term that is 0 is left out.
func Score(s broadsheet.Signals, c Context) broadsheet.Standing {
	terms := c.drawn(s)
	own := sum(terms)
	st := broadsheet.Standing{Predicted: len(terms) == 1 && terms[0].Name == predictedName}
	for _, t := range []Term{c.field(s, own), c.age(s)} {
		if t.Value != 0 {
			terms = append(terms, t)
		}
	}
	st.Terms, st.Score = terms, sum(terms)
	return st
}

const predictedName = "predicted"

// drawn returns the terms of what people did about a paper in the period, or, where
// nobody did anything, of what is predicted.
func (c Context) drawn(s broadsheet.Signals) []Term {
	var terms []Term
	add := func(name string, weight, unit float64, now, before int) {
		gained := max(0, now) - max(0, before)
		if gained <= 0 {
			return
		}
		value := weight * math.Log1p(float64(gained)/unit)
		if before > 0 {
			terms = append(terms, c.term(name, value, "%d of %d", gained, now))
			return
		}
		terms = append(terms, c.term(name, value, "%d", gained))
	}
	b := s.Before
	add("votes here", votesWeight, 1, s.Votes, b.Votes)
	add("votes", upvotesWeight, 1, s.Upvotes, b.Upvotes)
	add("comments", commentsWeight, 1, s.Comments, b.Comments)
	add("saves", savesWeight, 1, s.Saves, b.Saves)
	add("stars", starsWeight, starsUnit, s.Stars, b.Stars)
	if v := s.StarsPerDay; v > 0 && v <= math.MaxInt64 {
		terms = append(terms, c.term("stars a day", starsPerDayWeight*math.Log1p(v), "%.1f", v))
	}
	if len(terms) == 0 && s.Interest > 0 {
		v := min(s.Interest, 1)
		terms = append(terms, c.term(predictedName, predictedWeight*v, "more interest than for %.0f %% of papers", 100*v))
	}
	return terms
}

// mass is what a paper has drawn, in votes: that many alone would give its terms.
func mass(s broadsheet.Signals) float64 {
	return math.Expm1(min(sum(Context{quiet: true}.drawn(s)), maxLogMass))
}

// maxLogMass keeps sums of masses finite, far above what any paper can draw.
const maxLogMass = 100

// field returns the term that sets a paper's field against the others.
func (c Context) field(s broadsheet.Signals, own float64) Term {
	name := FieldOf(s.Category)
	if _, known := c.Fields[name]; !known || name == "" {
		return Term{}
	}
	lead := math.Log((c.Fields[name] + fieldSmoothing) / (c.mean + fieldSmoothing))
	most := min(fieldMost, fieldShare*own)
	return c.term("field", max(-most, min(-fieldWeight*lead, most)), "%s drew %.1f times the mean of fields", name, math.Exp(lead))
}

// age returns the term of a paper's age.
func (c Context) age(s broadsheet.Signals) Term {
	if !s.Day.IsDay() || !c.Last.IsDay() || s.Day >= c.Last {
		return Term{}
	}
	days := c.Last.Time().Sub(s.Day.Time()).Hours() / 24
	half := max(c.HalfLife, leastHalfLife)
	return c.term("age", -math.Ln2*days/half, "%.0f before the latest day; votes count half after %.1f days", days, half)
}

func sum(terms []Term) (s float64) {
	for _, t := range terms {
		s += t.Value
	}
	return s
}
