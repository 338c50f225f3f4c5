package digest

import (
	"testing"

	"broadsheet"

	"github.com/google/go-cmp/cmp"
)

func TestReasons(t *testing.T) {
	desk := NewDesk(Interests{
		Terms:      map[string]float64{"Agents": 1, "diffusion models": 1, "AI": 0.5},
		Categories: map[string]float64{"cs.CV": 1},
		Authors:    map[string]float64{"Ada Able": 1},
		Variety:    1,
	})
	paper := func(id broadsheet.ID, title string, more func(*broadsheet.Paper)) broadsheet.Record {
		r := broadsheet.Record{Paper: broadsheet.Paper{ID: id, Title: title}}
		if more != nil {
			more(&r.Paper)
		}
		return r
	}
	c := New(Options{K: 9, Weight: desk.Weight})
	for _, cand := range desk.Candidates([]broadsheet.Record{
		paper("2599.00001", "Agents for AI", func(p *broadsheet.Paper) { p.Authors = []broadsheet.Author{{Name: "ada able"}} }),
		paper("2599.00002", "Diffusion  models", nil),
		paper("2599.00003", "Agents and tulips", nil),
		paper("2599.00004", "Roses", func(p *broadsheet.Paper) { p.Categories = []string{"cs.CV"} }),
		paper("2599.00005", "Violets", nil),
		paper("2599.00006", "The", nil),
		paper("2599.00007", "Taken back", func(p *broadsheet.Paper) { p.Status = broadsheet.StatusDeleted }),
	}) {
		c.Insert(cand)
	}
	got := map[broadsheet.ID]string{}
	for _, p := range c.Choose() {
		got[p.ID] = p.Reason
	}
	want := map[broadsheet.ID]string{
		"2599.00001": "By Ada Able, whom you follow, on Agents and AI.",
		"2599.00002": "On diffusion models, which nothing above covers.",
		"2599.00003": "More on Agents, this time with tulips.",
		"2599.00004": "The first here from cs.CV.",
		"2599.00005": "Something else: violets.",
		"2599.00006": "Close to what you read.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

func TestNewIsWhatNoPickAboveHas(t *testing.T) {
	c := New(Options{K: 3})
	share := func(names ...string) (fs []Feature) {
		for i, n := range names {
			fs = append(fs, Feature{Topic, n, 0.9 - float64(i)/10})
		}
		return fs
	}
	c.Insert(Candidate{ID: "a", Relevance: 3, Features: share("x", "y")})
	c.Insert(Candidate{ID: "b", Relevance: 2, Features: share("y", "z")})
	c.Insert(Candidate{ID: "c", Relevance: 1, Features: share("x", "z")})
	var got [][]Feature
	for _, p := range c.Choose() {
		got = append(got, p.New)
	}
	want := [][]Feature{{{Topic, "x", 0.9}, {Topic, "y", 0.8}}, {{Topic, "z", 0.8}}, nil}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("new features (-want +got):\n%s", diff)
	}
}

func TestLearn(t *testing.T) {
	day := []broadsheet.Record{
		{Paper: broadsheet.Paper{ID: "2599.00001", Title: "Tulips in gardens", Abstract: "We grow tulips.", Categories: []string{"bio.GA"}}},
		{Paper: broadsheet.Paper{ID: "2599.00002", Title: "Roses in gardens", Abstract: "We grow roses."}},
		{Paper: broadsheet.Paper{ID: "2599.00003", Title: "Tulips again", Abstract: "They grow."}},
	}
	in := Learn(day[:1], NewUsage(day))
	if in.Terms["tulips"] <= in.Terms["gardens"] || in.Terms["gardens"] <= in.Terms["grow"] || in.Categories["bio.GA"] != 1 {
		t.Errorf("learned %v and %v", in.Terms, in.Categories)
	}
	desk := NewDesk(in)
	roses, tulips, same := desk.Candidate(day[1]).Relevance, desk.Candidate(day[2]).Relevance, desk.Candidate(day[0]).Relevance
	if !(roses < tulips && tulips < same && same <= 1) {
		t.Errorf("relevance of roses %g, tulips %g, the liked one %g", roses, tulips, same)
	}
}

// FuzzCandidate: whatever a paper and a reader are, a choice can be made of it.
func FuzzCandidate(f *testing.F) {
	f.Add("Agents for AI", "We show agents.", "cs.CV", "Ada Able", "agents", 1.0)
	f.Add("\xff\u202e", "--- - \x00", "", "", "-", -1.0)
	f.Fuzz(func(t *testing.T, title, abstract, category, author, term string, weight float64) {
		r := broadsheet.Record{Paper: broadsheet.Paper{ID: "2599.00001", Title: title, Abstract: abstract,
			Categories: []string{category}, Authors: []broadsheet.Author{{Name: author}}}}
		other := r
		other.ID, other.Title = "2599.00002", abstract
		in := Learn([]broadsheet.Record{other}, NewUsage([]broadsheet.Record{r, other}))
		in.Terms[term], in.Categories[category], in.Authors = weight, weight, map[string]float64{author: weight}
		desk := NewDesk(in)
		c := New(Options{K: 2, Weight: desk.Weight})
		for _, cand := range desk.Candidates([]broadsheet.Record{r, other}) {
			if !(cand.Relevance >= 0 && cand.Relevance <= 1) {
				t.Fatalf("relevance is %g", cand.Relevance)
			}
			c.Insert(cand)
		}
		checkLevels(t, c)
		picks := c.Choose()
		if len(picks) != 2 {
			t.Fatalf("%d picks", len(picks))
		}
		for _, p := range picks {
			if p.Reason == "" || !(p.Gain >= 0) {
				t.Errorf("pick %+v", p)
			}
		}
	})
}
