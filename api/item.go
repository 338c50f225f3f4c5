package api

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"broadsheet"
)

// An item is an element of a list. Each field is there because some client reads
// it. Hugging Face has some of them only in the paper, and huggingface_hub reads
// them only beside it. Left out on purpose: authors and comments beside the paper,
// which that client would put in the place of its own.
type item struct {
	Paper paper `json:"paper"`

	ID                    string   `json:"id"`
	Title                 string   `json:"title"`
	Summary               string   `json:"summary"`
	PublishedAt           string   `json:"publishedAt"`
	SubmittedOnDailyAt    string   `json:"submittedOnDailyAt"`
	SubmittedBy           *person  `json:"submittedBy,omitempty"`
	Upvotes               int      `json:"upvotes"`
	NumComments           int      `json:"numComments"`
	DiscussionID          string   `json:"discussionId"`
	Thumbnail             string   `json:"thumbnail"`
	MediaURLs             []string `json:"mediaUrls"`
	GithubRepo            string   `json:"githubRepo,omitempty"`
	ProjectPage           string   `json:"projectPage,omitempty"`
	Summarized            string   `json:"ai_summary,omitempty"`
	Keywords              []string `json:"ai_keywords,omitempty"`
	IsAuthorParticipating bool     `json:"isAuthorParticipating"`
}

// A paper is what is told of one work, in a list or alone.
type paper struct {
	ID                    string   `json:"id"`
	Title                 string   `json:"title"`
	Summary               string   `json:"summary"`
	Authors               []author `json:"authors"` // never null
	PublishedAt           string   `json:"publishedAt"`
	SubmittedOnDailyAt    string   `json:"submittedOnDailyAt"`
	SubmittedOnDailyBy    person   `json:"submittedOnDailyBy"`
	SubmittedBy           person   `json:"submittedBy"`
	Upvotes               int      `json:"upvotes"`
	NumComments           int      `json:"numComments"`
	DiscussionID          string   `json:"discussionId"`
	Thumbnail             string   `json:"thumbnail"`
	MediaURLs             []string `json:"mediaUrls"`
	GithubRepo            string   `json:"githubRepo,omitempty"`
	ProjectPage           string   `json:"projectPage,omitempty"`
	Summarized            string   `json:"ai_summary,omitempty"` // the TL;DR, in the authors' words
	Keywords              []string `json:"ai_keywords,omitempty"`
	IsAuthorParticipating bool     `json:"isAuthorParticipating"`

	Broadsheet broadsheet.Exchange `json:"broadsheet"`
}

type author struct {
	ID     string `json:"_id"`
	Name   string `json:"name"`
	Hidden bool   `json:"hidden"`
}

// A person is an account. Some clients read its name from user, others from name.
type person struct {
	ID              string `json:"_id"`
	AvatarURL       string `json:"avatarUrl"`
	Fullname        string `json:"fullname"`
	Name            string `json:"name"`
	User            string `json:"user"`
	Type            string `json:"type"`
	IsPro           bool   `json:"isPro"`
	IsHf            bool   `json:"isHf"`
	IsHfAdmin       bool   `json:"isHfAdmin"`
	IsMod           bool   `json:"isMod"`
	FollowerCount   int    `json:"followerCount"`
	IsUserFollowing bool   `json:"isUserFollowing"`
}

// machine is who has submitted what nobody has: clients want somebody.
var machine = broadsheet.Person{Name: "Broadsheet", User: "broadsheet"}

// newItem tells of a paper in a list.
func newItem(r *broadsheet.Record, base string) item {
	p := newPaper(r, base)
	return item{
		Paper: p, ID: p.ID, Title: p.Title, Summary: p.Summary, PublishedAt: p.PublishedAt,
		SubmittedOnDailyAt: p.SubmittedOnDailyAt, SubmittedBy: &p.SubmittedBy,
		Upvotes: p.Upvotes, NumComments: p.NumComments, DiscussionID: p.DiscussionID, Thumbnail: p.Thumbnail, MediaURLs: p.MediaURLs,
		GithubRepo: p.GithubRepo, ProjectPage: p.ProjectPage, Summarized: p.Summarized, Keywords: p.Keywords,
	}
}

func newPaper(r *broadsheet.Record, base string) paper {
	entry := place(r)
	submitted := entry.SubmittedAt
	if submitted.IsZero() {
		submitted = entry.Date.Time()
	}
	by := newPerson(cmp.Or(entry.SubmittedBy, &machine), base)
	return paper{
		ID: string(r.ID), Title: r.Title, Summary: r.Abstract, Authors: newAuthors(r),
		PublishedAt: stamp(published(r, entry.Date)), SubmittedOnDailyAt: stamp(submitted), SubmittedOnDailyBy: by, SubmittedBy: by,
		Upvotes: r.Upvotes(), NumComments: r.CommentCount(), DiscussionID: objectID("discussion", string(r.ID)),
		Thumbnail: base + "/favicon.ico", MediaURLs: []string{},
		GithubRepo: r.Link(broadsheet.LinkCode), ProjectPage: r.Link(broadsheet.LinkProject), Summarized: r.TLDR, Keywords: r.Keywords,
		Broadsheet: newExchange(r),
	}
}

// place returns the entry that a paper is shown with; where nobody has submitted
// it, one of the day in whose edition it stands.
func place(r *broadsheet.Record) broadsheet.Entry {
	if len(r.Entries) > 0 {
		return r.Entries[0]
	}
	return broadsheet.Entry{Date: cmp.Or(r.EditionDay(), r.Date())}
}

// published returns a time for the date of the first version, which may be known
// only to the year or not at all. Clients need a time; what is really known is in
// the part for other instances.
func published(r *broadsheet.Record, fallback broadsheet.Date) time.Time {
	if len(r.Versions) > 0 && broadsheet.DateOf(r.Versions[0].At.UTC()) == r.Published {
		return r.Versions[0].At
	}
	return cmp.Or(r.Date(), fallback).Time()
}

// newExchange tells another instance what is known here as it is known.
func newExchange(r *broadsheet.Record) broadsheet.Exchange {
	x := broadsheet.Exchange{Tallies: r.Tallies, Published: r.Published, Categories: r.Categories, TLDR: r.TLDR}
	if r.Inferred == "" { // the other computes for itself what nobody has stated
		x.Announced = r.Announced
	}
	if x.Tallies == nil {
		x.Tallies = []broadsheet.Tally{}
	}
	if len(r.Entries) > 0 {
		x.Entry = &r.Entries[0]
	}
	return x
}

func newAuthors(r *broadsheet.Record) []author {
	authors := make([]author, len(r.Authors))
	for i, a := range r.Authors {
		authors[i] = author{ID: objectID("author", string(r.ID)+" "+strconv.Itoa(i)+" "+a.Name), Name: a.Name}
	}
	return authors
}

func newPerson(p *broadsheet.Person, base string) person {
	user := cmp.Or(p.User, p.Name)
	return person{ID: objectID("person", user), AvatarURL: base + "/favicon.ico", Fullname: p.Name, Name: user, User: user, Type: "user"}
}

// objectID makes the 24 hexadecimal digits of an id there from what we know a
// thing by. They are the same on every instance.
func objectID(kind, of string) string {
	sum := sha256.Sum256([]byte(kind + ":" + of))
	return hex.EncodeToString(sum[:12])
}

// stamp writes a time as huggingface_hub reads it in all its versions: UTC, with
// milliseconds, and Z.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
