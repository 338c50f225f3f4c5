package indexer

import (
	"math"

	"broadsheet"
	"broadsheet/search"
	"broadsheet/search/query"
)

// day is a day in seconds.
const day = 24 * 60 * 60

// A paper that is dated only to a month or a year is ordered by the first day of that,
// and bears its date as one more id, datedPrefix + "2024-05": a filter for dates finds it
// by this wherever it may have been published then. No source has such ids.
const datedPrefix = "dated:"

// paperOf returns what of a record is searchable.
func paperOf(r *broadsheet.Record) search.Paper {
	p := search.Paper{
		ID: string(r.ID), Title: r.Title, Abstract: r.Abstract, Authors: r.AuthorNames(), Categories: r.Categories,
		Source: sourceOf(r), Votes: int64(r.Upvotes()), Day: search.Unknown,
		Code: r.Link(broadsheet.LinkCode) != "", Project: r.Link(broadsheet.LinkProject) != "",
	}
	d := r.Date()
	if first, _, ok := days(d); ok {
		p.Day = first
		if !d.IsDay() {
			p.Aliases = append(p.Aliases, datedPrefix+string(d))
		}
	}
	for _, a := range r.Aliases {
		p.Aliases = append(p.Aliases, string(a))
	}
	return p
}

// sourceOf returns the name of the best source that has content.
func sourceOf(r *broadsheet.Record) string {
	for _, s := range r.Sources {
		if !s.Deleted {
			return s.Name
		}
	}
	return ""
}

// days returns the first and the last day that a date covers, counted from 1970-01-01.
func days(d broadsheet.Date) (first, last int64, ok bool) {
	t := d.Time()
	if d == "" || t.IsZero() {
		return 0, 0, false
	}
	end := t
	switch len(d) {
	case len("2006"):
		end = t.AddDate(1, 0, -1)
	case len("2006-01"):
		end = t.AddDate(0, 1, -1)
	}
	return t.Unix() / day, end.Unix() / day, true
}

// filterOf returns what has to hold of papers besides the text of a question.
func filterOf(q broadsheet.Query) query.Query {
	var all query.And
	if q.Category != "" {
		all = append(all, query.Category{Pattern: q.Category})
	}
	if n := datesOf(q.From, q.To); n != nil {
		all = append(all, n)
	}
	switch len(all) {
	case 0:
		return query.Query{}
	case 1:
		return query.Query{Root: all[0]}
	}
	return query.Query{Root: all}
}

// datesOf returns the papers that may have been published between two dates: one dated
// 2024 on any day of 2024, one without a date on none.
func datesOf(from, to broadsheet.Date) query.Node {
	first, _, bounded := days(from)
	_, last, ends := days(to)
	if !bounded && !ends {
		return nil
	}
	r := query.Range{Column: query.Date, From: math.MinInt64, To: math.MaxInt64}
	if ends {
		r.To = last
	}
	if !bounded {
		return r
	}
	if r.From = first; r.From > r.To {
		return r
	}
	// Of papers that are dated before the first day, these may yet be of a later one.
	anyOf := query.Or{r}
	for _, length := range []int{len("2006"), len("2006-01")} {
		d := broadsheet.Date(broadsheet.DateOf(from.Time())[:length])
		if begin, _, _ := days(d); begin < first {
			anyOf = append(anyOf, query.ID{Text: datedPrefix + string(d)})
		}
	}
	if len(anyOf) == 1 {
		return r
	}
	return anyOf
}
