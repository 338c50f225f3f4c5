package github

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/internal/reply/replytest"
)

func paper(id broadsheet.ID, links ...string) broadsheet.Record {
	p := replytest.Paper(id, "About "+string(id))
	for _, l := range links {
		p.Links = append(p.Links, broadsheet.Link{Kind: broadsheet.LinkCode, URL: l, Source: "text"})
	}
	return p
}

func papers() []broadsheet.Record {
	return []broadsheet.Record{
		paper("2503.99001", "https://github.com/ada/sheep"), paper("2503.99002", "https://github.com/bob/gone"),
		paper("2503.99003", "https://github.com/Ada/Sheep.git/tree/main"), paper("2503.99004", "https://github.com/eve/old"),
	}
}

func stars(id broadsheet.ID, n int64) broadsheet.Enrichment {
	return broadsheet.Enrichment{Paper: id, Found: true, Figures: []broadsheet.Figure{{Kind: broadsheet.Stars, Value: n}}}
}

const limit = `"rateLimit": {"cost": 1, "remaining": 4999, "resetAt": "2026-03-04T06:00:00Z"}`

func TestEnrich(t *testing.T) {
	moved := stars("2503.99004", 5)
	moved.Record = &broadsheet.Record{Paper: broadsheet.Paper{
		ID: "2503.99004", Title: "About 2503.99004", Links: []broadsheet.Link{{Kind: broadsheet.LinkCode, URL: "https://github.com/eve/new", Source: "github"}},
		Sources: []broadsheet.Source{{Name: "github", Record: "eve/new"}},
	}}
	const sheep, old = `"r0": {"nameWithOwner": "ada/sheep", "stargazerCount": 1234}`, `"r2": {"nameWithOwner": "eve/new", "stargazerCount": 5}`
	const gone = `{"type": "NOT_FOUND", "path": ["r1"], "locations": [{"line": 1}], "message": "Could not resolve to a Repository with the name 'bob/gone'."}`
	for _, tt := range []struct {
		name, answer string
		want         broadsheet.Enriched
	}{
		{"all, one gone, one moved", `{"data": {` + limit + `,` + old + `,"r1": null,` + sheep + `}, "errors": [` + gone + `]}`,
			broadsheet.Enriched{Papers: []broadsheet.Enrichment{stars("2503.99001", 1234), {Paper: "2503.99002"}, stars("2503.99003", 1234), moved}}},
		{"a null that nobody explains", `{"data": {"r0": null, "r1": null,` + old + `}}`, broadsheet.Enriched{Papers: []broadsheet.Enrichment{moved}}},
		{"an error of another kind", `{"data": {` + sheep + `, "r1": null, "r2": null}, "errors": [{"type": "FORBIDDEN", "path": ["r1"]}, {"path": [5], "type": 7}, "x"]}`,
			broadsheet.Enriched{Papers: []broadsheet.Enrichment{stars("2503.99001", 1234), stars("2503.99003", 1234)}}},
		{"counts that are none", `{"data": {"r0": {"stargazerCount": -1}, "r1": {"stargazerCount": 1e20}, ` + old + `}}`, broadsheet.Enriched{Papers: []broadsheet.Enrichment{moved}}},
		{"a move to where no repository is", `{"data": {"r2": {"nameWithOwner": "../x\"}", "stargazerCount": 5}}}`, broadsheet.Enriched{Papers: []broadsheet.Enrichment{stars("2503.99004", 5)}}},
		{"the last points", `{"data": {"rateLimit": {"cost": 1, "remaining": 1, "resetAt": "2026-03-04T06:00:00Z"}, ` + sheep + `}}`,
			broadsheet.Enriched{Papers: []broadsheet.Enrichment{stars("2503.99001", 1234), stars("2503.99003", 1234)}, Rest: time.Date(2026, 3, 4, 6, 0, 0, 0, time.UTC)}},
		{"a reset in a thousand years", `{"data": {"rateLimit": {"cost": 1, "remaining": 0, "resetAt": "3026-03-04T06:00:00Z"}, ` + sheep + `}}`,
			broadsheet.Enriched{Papers: []broadsheet.Enrichment{stars("2503.99001", 1234), stars("2503.99003", 1234)}, Rest: time.Date(2026, 3, 5, 5, 6, 8, 0, time.UTC)}},
		{"no points, in one word", `{"errors": [{"type": "RATE_LIMIT", "message": "API rate limit already exceeded"}]}`, broadsheet.Enriched{Rest: time.Date(2026, 3, 4, 6, 6, 8, 0, time.UTC)}},
		{"no points, in the other", `{"data": null, "errors": [{"type": "RATE_LIMITED"}]}`, broadsheet.Enriched{Rest: time.Date(2026, 3, 4, 6, 6, 8, 0, time.UTC)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := replytest.Serve(t, replytest.Text(200, tt.answer))
			got, err := New(s.URL, replytest.Key, s.Options()).Enrich(t.Context(), papers())
			if err != nil {
				t.Fatal(err)
			}
			slices.SortFunc(got.Papers, func(a, b broadsheet.Enrichment) int { return strings.Compare(string(a.Paper), string(b.Paper)) })
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			r := s.Requests()[0]
			var asked question
			if err := json.Unmarshal([]byte(r.Body), &asked); err != nil {
				t.Fatal(err)
			}
			want := "query($o0:String!,$n0:String!,$o1:String!,$n1:String!,$o2:String!,$n2:String!){rateLimit{cost remaining resetAt}" +
				" r0:repository(owner:$o0,name:$n0){nameWithOwner stargazerCount} r1:repository(owner:$o1,name:$n1){nameWithOwner stargazerCount}" +
				" r2:repository(owner:$o2,name:$n2){nameWithOwner stargazerCount}}"
			names := map[string]string{"o0": "ada", "n0": "sheep", "o1": "bob", "n1": "gone", "o2": "eve", "n2": "old"}
			if diff := cmp.Diff(want, asked.Query) + cmp.Diff(names, asked.Variables); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			if r.Method != "POST" || r.Path != "/graphql" || r.Header.Get("Authorization") != "bearer "+replytest.Key {
				t.Errorf("asked %+v", r)
			}
		})
	}
}

func TestFailures(t *testing.T) {
	bad := append(replytest.Failures(tries),
		replytest.Bad{Name: "nothing but an error", Kind: broadsheet.Invalid, Requests: 1,
			Answer: replytest.Text(200, `{"errors": [{"message": "the key `+replytest.Key+` cannot be parsed"}]}`)},
		replytest.Bad{Name: "an empty answer", Answer: replytest.Text(200, `{}`), Kind: broadsheet.Invalid, Requests: 1})
	replytest.Fails(t, bad, papers(), func(s *replytest.Service) broadsheet.Enricher {
		return New(s.URL, replytest.Key, s.Options())
	})
}

func TestParseRepository(t *testing.T) {
	for address, want := range map[string]repository{
		"https://github.com/ada/sheep":                          {"ada", "sheep"},
		"http://www.GitHub.com/Ada-L/sheep.count_2/tree/main/x": {"Ada-L", "sheep.count_2"},
		"https://github.com/ada/sheep.git":                      {"ada", "sheep"},
		"https://github.com/ada/sheep?tab=readme#top":           {"ada", "sheep"},
	} {
		if got, ok := parseRepository(address); !ok || got != want {
			t.Errorf("%s: %v, %v", address, got, ok)
		}
	}
	for _, address := range []string{
		"", "github.com/ada/sheep", "https://gitlab.com/ada/sheep", "https://github.com/ada", "https://github.com/ada/", "https://github.com//sheep",
		"https://github.com/ada/..", "https://github.com/orgs/ada", "https://github.com/-ada/sheep", "https://github.com/ada-/sheep",
		`https://github.com/ada/sheep"){viewer{login}}`, "https://github.com/ada/sh%22eep", "https://github.com.evil.example/ada/sheep",
		"https://x@github.com/ada/sheep", "https://github.com/" + strings.Repeat("a", 40) + "/sheep", "https://github.com/ada/" + strings.Repeat("a", 101),
		"https://github.com/ad\u00e4/sheep", "https://gist.github.com/ada/sheep",
	} {
		if got, ok := parseRepository(address); ok {
			t.Errorf("%s is %v", address, got)
		}
	}
}

// The first repository at GitHub counts, after other places and other links.
func TestRepositoryOf(t *testing.T) {
	p := paper("2503.99001", "https://gitlab.com/a/b", "https://github.com/ada/sheep", "https://github.com/bob/other")
	p.Links = append([]broadsheet.Link{{Kind: broadsheet.LinkProject, URL: "https://github.com/page/project"}}, p.Links...)
	if got, ok := repositoryOf(&p); !ok || got != (repository{"ada", "sheep"}) {
		t.Errorf("%v, %v", got, ok)
	}
	none := paper("2503.99001", "https://gitlab.com/a/b")
	if c := New(URL, "", replytest.Serve(t, nil).Options()); c.Wants(&none) || !c.Wants(&p) {
		t.Error("what is wanted is not what has a repository")
	}
}

// A full batch is one question, and its text has only what we wrote.
func FuzzQuestion(f *testing.F) {
	f.Add("https://github.com/ada/sheep", []byte(`{"data": {`+limit+`, "r0": {"nameWithOwner": "eve/new", "stargazerCount": 5}}}`))
	f.Add(`https://github.com/a"/b}`, []byte(`{"errors": [{"type": "NOT_FOUND", "path": ["r0"]}]}`))
	f.Fuzz(func(t *testing.T, address string, text []byte) {
		list := []broadsheet.Record{paper("2503.99001", address), paper("2503.99002", address)}
		q := newQuestion(list)
		if strings.ContainsAny(q.Query, "\"'\\\n#") || len(q.Variables) > 2 {
			t.Errorf("%q makes %+v", address, q)
		}
		var a answer
		if json.Unmarshal(text, &a) == nil {
			replytest.Check(t, list, q.read(&a))
			a.rest(time.Now())
		}
	})
}
