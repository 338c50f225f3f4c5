package github

import (
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/internal/reply"
)

// A repository is what two names make.
type repository struct{ owner, name string }

// key is equal for two spellings of one repository.
func (r repository) key() repository {
	return repository{strings.ToLower(r.owner), strings.ToLower(r.name)}
}

// The names that GitHub gives out.
var (
	ownerForm = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?$`)
	nameForm  = regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}$`)
)

// noOwners are first steps of addresses at GitHub that are pages of its own.
var noOwners = map[string]bool{
	"about": true, "apps": true, "collections": true, "explore": true, "features": true, "login": true, "marketplace": true,
	"orgs": true, "pricing": true, "search": true, "settings": true, "site": true, "sponsors": true, "topics": true, "users": true,
}

// parseRepository reads the names out of the address of a repository or of
// something in it.
func parseRepository(address string) (repository, bool) {
	rest, ok := strings.CutPrefix(address, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(address, "http://")
	}
	host, path, slash := strings.Cut(rest, "/")
	if host = strings.ToLower(host); !ok || !slash || host != "github.com" && host != "www.github.com" {
		return repository{}, false
	}
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	steps := strings.SplitN(path, "/", 3)
	if len(steps) < 2 {
		return repository{}, false
	}
	r := repository{steps[0], strings.TrimSuffix(steps[1], ".git")}
	good := ownerForm.MatchString(r.owner) && nameForm.MatchString(r.name) && r.name != "." && r.name != ".." && !noOwners[strings.ToLower(r.owner)]
	return r, good
}

// repositoryOf returns the first repository at GitHub among a paper's links: that
// which its best source names, or its own text names first.
func repositoryOf(p *broadsheet.Record) (repository, bool) {
	for _, l := range p.Links {
		if l.Kind != broadsheet.LinkCode {
			continue
		}
		if r, ok := parseRepository(l.URL); ok {
			return r, true
		}
	}
	return repository{}, false
}

// An answer has data and errors side by side: a repository that is not there is
// null and an error with its alias as the path, while the others are good.
type answer struct {
	Data   map[string]json.RawMessage `json:"data"`
	Errors reply.List[failure]        `json:"errors"`
}

type failure struct {
	Type    reply.Text             `json:"type"`
	Message reply.Text             `json:"message"`
	Path    reply.List[reply.Text] `json:"path"`
}

// read returns what was answered of the papers. A null without the word that
// there is no such repository says nothing.
func (q *question) read(a *answer) (out []broadsheet.Enrichment) {
	absent := map[string]bool{}
	for _, f := range a.Errors {
		if f.Type == "NOT_FOUND" && len(f.Path) > 0 {
			absent[string(f.Path[0])] = true
		}
	}
	for alias, papers := range q.papers {
		var found struct {
			Name  reply.Text  `json:"nameWithOwner"`
			Stars reply.Count `json:"stargazerCount"`
		}
		bad := json.Unmarshal(a.Data[alias], &found) != nil
		for _, p := range papers {
			switch {
			case absent[alias]:
				out = append(out, broadsheet.Enrichment{Paper: p.ID})
			case !bad && found.Stars.Known:
				out = append(out, broadsheet.Enrichment{
					Paper: p.ID, Found: true, Record: renamed(p, string(found.Name)),
					Figures: []broadsheet.Figure{{Kind: broadsheet.Stars, Value: found.Stars.N}},
				})
			}
		}
	}
	return out
}

// renamed returns a record with the new address of a repository that has moved,
// else nil.
func renamed(p *broadsheet.Record, to string) *broadsheet.Record {
	was, _ := repositoryOf(p)
	is, ok := parseRepository("https://github.com/" + to)
	if !ok || is.key() == was.key() {
		return nil
	}
	return reply.About(p, Name, to, func(n *broadsheet.Paper) {
		n.Links = []broadsheet.Link{{Kind: broadsheet.LinkCode, URL: "https://github.com/" + is.owner + "/" + is.name, Source: Name}}
	})
}

// limited reports whether the points of the hour are used up. Both words are in
// use.
func (a *answer) limited() bool {
	for _, f := range a.Errors {
		if f.Type == "RATE_LIMITED" || f.Type == "RATE_LIMIT" {
			return true
		}
	}
	return false
}

// restUnknown is how long the service is left alone when it says that the hour's
// points are used up, but not till when.
const restUnknown = time.Hour

// rest returns when points are given out again, if too few are left for another
// question.
func (a *answer) rest(now time.Time) time.Time {
	var limit struct {
		Cost, Remaining reply.Count
		ResetAt         time.Time
	}
	known := json.Unmarshal(a.Data["rateLimit"], &limit) == nil
	switch {
	case known && limit.Remaining.Known && limit.Remaining.N <= limit.Cost.N:
		return reply.Within(limit.ResetAt, now)
	case a.limited():
		return now.Add(restUnknown)
	}
	return time.Time{}
}

// complaint returns the first error's words, without the key.
func (a *answer) complaint(key string) string {
	if len(a.Errors) == 0 {
		return "no data and no errors"
	}
	f := a.Errors[0]
	text := string(f.Type) + " " + string(f.Message)
	if key != "" {
		text = strings.ReplaceAll(text, key, "[key]")
	}
	return broadsheet.Printable(text, 200)
}
