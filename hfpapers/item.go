package hfpapers

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"broadsheet"
)

// The names under which Hugging Face is known: the provenance of what the API
// says, whichever call said it, and its tally.
const (
	sourceName = "hf-daily"
	tallyName  = "hf"
)

// source is the provenance of what an answer says.
func (o Options) source() string {
	if o.From == "" {
		return sourceName
	}
	return broadsheet.SourceInstance + o.From
}

// tally is the name of what the service that answered has counted itself.
func (o Options) tally() string { return cmp.Or(o.From, tallyName) }

// A paper is what the API says of a paper, alone or within an item of a list.
// Fields that we do not use may have any form. ai_summary is left out: a TL;DR
// here is a sentence of the authors, and that one is a machine's.
type paper struct {
	ID                 string          `json:"id"`
	Title              string          `json:"title"`
	Summary            string          `json:"summary"`
	Authors            []author        `json:"authors"`
	PublishedAt        string          `json:"publishedAt"`
	SubmittedOnDailyAt string          `json:"submittedOnDailyAt"`
	SubmittedOnDailyBy *account        `json:"submittedOnDailyBy"`
	Upvotes            json.RawMessage `json:"upvotes"`
	NumComments        json.RawMessage `json:"numComments"`
	GithubRepo         string          `json:"githubRepo"`
	ProjectPage        string          `json:"projectPage"`
	Keywords           []string        `json:"ai_keywords"`

	Broadsheet *broadsheet.Exchange `json:"broadsheet"` // what only a Broadsheet says
}

type author struct {
	Name   string `json:"name"`
	Hidden bool   `json:"hidden"`
}

type account struct {
	Fullname string `json:"fullname"`
	Name     string `json:"name"`
	User     string `json:"user"`
}

// An item is an element of a list. Some servers repeat fields of the paper
// beside it, and a paper that stands alone has them nowhere else.
type item struct {
	paper
	Paper            *paper          `json:"paper"`
	SubmittedBy      *account        `json:"submittedBy"`
	HighlightedTitle json.RawMessage `json:"highlightedTitle"` // only in answers of a search
	Error            json.RawMessage `json:"error"`
}

// record reads one item. With an error it returns the ID, if it got that far.
// Line breaks within the abstract are left as they are sent.
func record(raw []byte, place int, a answer, o Options) (broadsheet.Record, error) {
	var rec broadsheet.Record
	it, err := decode(raw)
	if err != nil {
		return rec, err
	}
	p := it.whole()
	switch {
	case p.ID == "" && it.Error != nil:
		return rec, fmt.Errorf("it is an error and not a paper: %s", broadsheet.Printable(string(it.Error), 120))
	case p.ID == "":
		return rec, errors.New("paper.id is missing")
	}
	if rec.ID, err = broadsheet.ParseID(p.ID); err != nil {
		return rec, fmt.Errorf("paper.id: %s", strings.TrimSuffix(broadsheet.TextFor(err), "."))
	}
	rec.Title, rec.Abstract = oneLine(p.Title), strings.TrimSpace(p.Summary)
	if rec.Title == "" {
		return rec, errors.New("paper.title is missing")
	}
	if p.PublishedAt != "" {
		if rec.Published, err = broadsheet.ParseDate(p.PublishedAt); err != nil {
			return rec, badTime("paper.publishedAt", p.PublishedAt)
		}
	}
	rec.Authors, rec.Keywords, rec.Links = p.authors(), p.keywords(), p.links(o.source())
	if rec.Tallies, err = p.tallies(o); err != nil {
		return rec, err
	}
	if rec.Entries, err = it.entries(&p, place, a, o); err != nil {
		return rec, err
	}
	if p.Broadsheet != nil {
		if err := exchange(&rec, p.Broadsheet, o); err != nil {
			return rec, err
		}
	}
	said := rec.Published
	if len(rec.Entries) > 0 {
		said = rec.Entries[0].Date
	}
	rec.Sources = []broadsheet.Source{{Name: o.source(), Date: said}}
	return rec, nil
}

func decode(raw []byte) (*item, error) {
	// encoding/json would replace such bytes without a word.
	if !utf8.Valid(raw) {
		return nil, errors.New("it is not valid UTF-8")
	}
	it := new(item)
	err := json.Unmarshal(raw, it)
	if typ, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		want := map[reflect.Kind]string{reflect.Slice: "an array", reflect.String: "a string", reflect.Bool: "true or false"}
		return nil, fmt.Errorf("%s is of type %s, expected %s", cmp.Or(typ.Field, "it"), typ.Value,
			cmp.Or(want[typ.Type.Kind()], "an object"))
	}
	return it, err
}

// whole returns the paper with what it lacks taken from beside it; but not
// publishedAt, which lists give there in the time of New York marked as UTC.
func (it *item) whole() paper {
	if it.Paper == nil {
		return it.paper
	}
	p, beside := *it.Paper, &it.paper
	p.ID = cmp.Or(p.ID, beside.ID)
	p.Title = cmp.Or(p.Title, beside.Title)
	p.Summary = cmp.Or(p.Summary, beside.Summary)
	p.SubmittedOnDailyAt = cmp.Or(p.SubmittedOnDailyAt, beside.SubmittedOnDailyAt)
	p.SubmittedOnDailyBy = cmp.Or(p.SubmittedOnDailyBy, beside.SubmittedOnDailyBy)
	p.GithubRepo = cmp.Or(p.GithubRepo, beside.GithubRepo)
	p.ProjectPage = cmp.Or(p.ProjectPage, beside.ProjectPage)
	if !given(p.Upvotes) {
		p.Upvotes = beside.Upvotes
	}
	if !given(p.NumComments) {
		p.NumComments = beside.NumComments
	}
	if p.Keywords == nil {
		p.Keywords = beside.Keywords
	}
	return p
}

// daily reports whether the item is one of a day's list, where somebody put it.
func (it *item) daily(o Options) bool {
	return it.Paper != nil && !given(it.HighlightedTitle) && (it.SubmittedBy != nil || given(it.NumComments) || o.Fallback != "")
}

// entries returns the item's place in the edition of its day, if it has one.
func (it *item) entries(p *paper, place int, a answer, o Options) ([]broadsheet.Entry, error) {
	var at time.Time
	if s := p.SubmittedOnDailyAt; s != "" {
		t, err := time.Parse(time.RFC3339, s)
		if at = t.UTC(); err != nil || !isDay(broadsheet.DateOf(at)) {
			return nil, badTime("paper.submittedOnDailyAt", s)
		}
	}
	e := broadsheet.Entry{Place: place, SubmittedAt: at, SubmittedBy: cmp.Or(p.SubmittedOnDailyBy, it.SubmittedBy).person()}
	switch {
	case o.Day != "":
		e.Date = o.Day
	case a.bad != "":
		return nil, errors.New(a.bad)
	case a.day != "":
		e.Date = a.day
	case !at.IsZero():
		e.Date = broadsheet.DateOf(at)
		if !it.daily(o) {
			e.Place = 0 // its place among what a search found says nothing of that day
		}
	case !it.daily(o):
		return nil, nil
	case o.Fallback != "":
		e.Date = o.Fallback
	default:
		return nil, errors.New("no edition day: pass --date YYYY-MM-DD")
	}
	return []broadsheet.Entry{e}, nil
}

func (a *account) person() *broadsheet.Person {
	if a == nil {
		return nil
	}
	user := oneLine(cmp.Or(a.User, a.Name))
	name := cmp.Or(oneLine(a.Fullname), oneLine(a.Name), user)
	if name == "" {
		return nil
	}
	return &broadsheet.Person{Name: name, User: user}
}

// authors leaves out those who have asked the service to be hidden, and names
// that are blank.
func (p *paper) authors() []broadsheet.Author {
	var authors []broadsheet.Author
	for _, a := range p.Authors {
		if name := oneLine(a.Name); name != "" && !a.Hidden {
			authors = append(authors, broadsheet.Author{Name: name})
		}
	}
	return authors
}

func (p *paper) keywords() []string {
	var words []string
	for _, k := range p.Keywords {
		if k = oneLine(k); k != "" && !slices.Contains(words, k) && len(words) < maxKeywords {
			words = append(words, k)
		}
	}
	return words
}

// maxKeywords bounds a list that is searched for each of its elements; real ones
// have at most 40.
const maxKeywords = 200

// links ignores what is no web address: it is a courtesy, not a reason to refuse
// the paper.
func (p *paper) links(source string) []broadsheet.Link {
	var links []broadsheet.Link
	for _, l := range []broadsheet.Link{
		{Kind: broadsheet.LinkCode, URL: broadsheet.WebURL(p.GithubRepo), Source: source},
		{Kind: broadsheet.LinkProject, URL: broadsheet.WebURL(p.ProjectPage), Source: source},
	} {
		if l.URL != "" {
			links = append(links, l)
		}
	}
	return links
}

// tallies returns the counts, or nothing when none is given: a missing count
// must not reset a known one.
func (p *paper) tallies(o Options) ([]broadsheet.Tally, error) {
	if !given(p.Upvotes) && !given(p.NumComments) {
		return nil, nil
	}
	votes, err := count("upvotes", p.Upvotes)
	if err != nil {
		return nil, err
	}
	comments, err := count("numComments", p.NumComments)
	if err != nil {
		return nil, err
	}
	return []broadsheet.Tally{{Source: o.tally(), Upvotes: votes, Comments: comments}}, nil
}

// count reads a number of things. Programs that keep answers in tables write
// whole numbers as 12.0.
func count(field string, raw json.RawMessage) (int, error) {
	if !given(raw) {
		return 0, nil
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || f < 0 || f > math.MaxInt32 || f != math.Trunc(f) {
		return 0, fmt.Errorf("%s is %s, expected a whole number that is not negative", field, broadsheet.Printable(string(raw), 40))
	}
	return int(f), nil
}

// given reports whether a field is there and not null.
func given(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

func badTime(field, s string) error {
	return fmt.Errorf(`%s is "%s", expected a time like 2025-03-11T08:30:00.000Z`, field, broadsheet.Printable(s, 40))
}

// oneLine returns s with every run of white space as one space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
