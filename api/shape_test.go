package api_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/api"
)

// bare has nothing that a paper may lack.
var bare = broadsheet.Record{Paper: broadsheet.Paper{ID: "local:aaaaaaaaaaaaaaaa", Title: "Bare", Announced: "2026-01-05",
	Sources: []broadsheet.Source{{Name: "jsonl"}}}}

// full has everything.
func full() broadsheet.Record {
	r := paperOf("2912.00001", "2026-01-05", 1, "dot")
	r.Authors = append(r.Authors, broadsheet.Author{Name: "Bo Sample", Affiliation: "Kettle Institute"})
	r.Published, r.TLDR, r.Keywords, r.Categories = "2025-12", "It whistles.", []string{"kettle"}, []string{"cs.LG"}
	r.Links = []broadsheet.Link{{Kind: "code", URL: "https://github.com/example/kettle", Source: "jsonl"}, {Kind: "project", URL: "https://kettles.example/p", Source: "jsonl"}}
	r.Entries[0].SubmittedAt = time.Date(2026, 1, 5, 7, 8, 9, 123456789, time.UTC)
	r.Tallies = []broadsheet.Tally{{Source: "hf", Upvotes: 5, Comments: 2}, {Source: "other.example", Upvotes: 3}}
	return r
}

// What clients of Hugging Face rely on: what they cannot do without is there, and
// what makes huggingface_hub stumble is not.
func TestShape(t *testing.T) {
	i := newInstance(t, api.Server{BaseURL: "https://papers.example.org"}, full(), bare)
	items := decode[[]map[string]any](t, i.get(t, "/api/daily_papers?date=2026-01-05&sort=upvotes", 200))
	if len(items) != 2 {
		t.Fatalf("%d items, want 2", len(items))
	}
	for _, it := range items {
		p := it["paper"].(map[string]any)
		for _, name := range strings.Fields("id title summary publishedAt submittedOnDailyAt thumbnail discussionId upvotes numComments isAuthorParticipating mediaUrls submittedBy") {
			if it[name] == nil || p[name] == nil {
				t.Errorf("%v: %s is missing: %v beside the paper, %v within", it["id"], name, it[name], p[name])
			}
		}
		for _, name := range []string{"authors", "comments", "published_at", "submitted_at", "submitted_by", "linked_models"} {
			if _, ok := it[name]; ok {
				t.Errorf("%v: %s beside the paper would take the place of the client's own", it["id"], name)
			}
		}
		if _, ok := p["authors"].([]any); !ok {
			t.Errorf("%v: authors are %v", it["id"], p["authors"])
		}
		for _, who := range []any{it["submittedBy"], p["submittedOnDailyBy"]} {
			for _, name := range strings.Fields("_id avatarUrl fullname name user type isPro isHf isHfAdmin isMod followerCount isUserFollowing") {
				if who.(map[string]any)[name] == nil {
					t.Errorf("%v: a person has no %s: %v", it["id"], name, who)
				}
			}
		}
		walk(t, it)
	}
	for _, name := range strings.Fields("ai_summary ai_keywords githubRepo projectPage") {
		if items[0][name] == nil {
			t.Errorf("%s is missing beside the paper", name)
		}
		if _, ok := items[1][name]; ok {
			t.Errorf("%s is there, and nothing is known of it", name)
		}
	}
	if items[0]["upvotes"] != 8.0 || items[1]["upvotes"] != 0.0 || items[1]["submittedBy"].(map[string]any)["user"] != "broadsheet" {
		t.Errorf("votes %v and %v", items[0]["upvotes"], items[1]["upvotes"])
	}
}

var (
	hexID  = regexp.MustCompile(`^[0-9a-f]{24}$`)
	zulu   = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
	wholes = regexp.MustCompile(`^\d+$`)
)

// walk checks what holds everywhere in an answer.
func walk(t *testing.T, v any) {
	t.Helper()
	switch v := v.(type) {
	case nil:
		t.Error("something is null")
	case []any:
		for _, e := range v {
			walk(t, e)
		}
	case map[string]any:
		for name, e := range v {
			s, _ := e.(string)
			switch {
			case name == "broadsheet":
				continue // for other instances only
			case (name == "_id" || name == "discussionId") && !hexID.MatchString(s):
				t.Errorf("%s is %v, want 24 hexadecimal digits", name, e)
			case strings.HasSuffix(name, "At") && !zulu.MatchString(s):
				t.Errorf("%s is %v, want a time as 2026-01-05T00:00:00.000Z", name, e)
			}
			if n, ok := e.(float64); ok {
				if b, _ := json.Marshal(n); !wholes.Match(b) {
					t.Errorf("%s is %s, want a whole number", name, b)
				}
			}
			walk(t, e)
		}
	}
}
