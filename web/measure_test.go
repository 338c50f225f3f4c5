package web

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
)

// A counter is a store of measures that pages read.
type counter struct {
	broadsheet.MeasureStore // pages do not call the rest
	latest, history         []broadsheet.Measure
	err                     error
}

func (c *counter) Measures(_ context.Context, ids []broadsheet.ID) (map[broadsheet.ID][]broadsheet.Measure, error) {
	return map[broadsheet.ID][]broadsheet.Measure{ids[0]: c.latest}, c.err
}

func (c *counter) History(context.Context, broadsheet.ID, broadsheet.MeasureKind, string) ([]broadsheet.Measure, error) {
	return c.history, c.err
}

func measure(kind broadsheet.MeasureKind, source string, n int64, since, last broadsheet.Date) broadsheet.Measure {
	return broadsheet.Measure{Kind: kind, Source: source, Value: n, Since: since, Counted: last}
}

func TestPaperWithMeasures(t *testing.T) {
	f := &fake{records: []broadsheet.Record{rich()}}
	s := server(f)
	c := &counter{
		latest: []broadsheet.Measure{
			measure(broadsheet.Citations, "openalex", 1, "2025-03-12", "2025-03-20"), measure(broadsheet.Citations, "s2", 1234, "2025-03-12", "2025-03-21"),
			measure(broadsheet.InfluentialCitations, "openalex", 0, "2025-03-12", "2025-03-20"), measure(broadsheet.InfluentialCitations, "s2", 7, "2025-03-12", "2025-03-21"),
			measure(broadsheet.Stars, "<script>", 2345, "2025-03-15", "2025-03-21"), measure("unheard-of", "x", 9, "2025-03-15", "2025-03-21"),
		},
		history: []broadsheet.Measure{
			measure(broadsheet.Stars, "<script>", 45, "2025-03-11", "2025-03-11"), measure(broadsheet.Stars, "<script>", 1195, "2025-03-13", "2025-03-13"),
			measure(broadsheet.Stars, "<script>", 2345, "2025-03-15", "2025-03-21"),
		},
	}
	s.Measures = c
	p := get(t, s.Handler(), "/papers/2503.77777").want(200)
	const facts = "Stars 2,345 stars at <script>, 21 Mar 2025 45 stars on 11 Mar 2025, 2,345 on 21 Mar 2025 from 45 on 11 Mar 2025 " +
		"Citations 1 citation at OpenAlex, 20 Mar 2025 1,234 citations (7 influential) at Semantic Scholar, 21 Mar 2025 Sources"
	if got := p.words("aside.facts"); !strings.Contains(got, facts) {
		t.Errorf("facts %q, want %q among them", got, facts)
	}
	// A day is a tenth of the width between the margins, a half of the stars half of the height.
	want := []string{"4.0,28.0 34.4,16.0 64.8,4.0 156.0,4.0"}
	if diff := cmp.Diff(want, p.attrs("svg.curve polyline", "points")); diff != "" {
		t.Errorf("curve (-want +got):\n%s", diff)
	}
	if got := p.attrs("svg.curve", "aria-label"); len(got) != 1 || got[0] != "45 stars on 11 Mar 2025, 2,345 on 21 Mar 2025" {
		t.Errorf("labelled %q", got)
	}

	// Without measures, or without their store, the page is as it was.
	c.err = errors.New("/var/x is on fire")
	if p := get(t, s.Handler(), "/papers/2503.77777").want(200); strings.Contains(p.words("main"), "stars") || strings.Contains(p.words("main"), "/var/x") {
		t.Errorf("a broken store shows %q", p.words("aside.facts"))
	}
}

func TestDrawCurve(t *testing.T) {
	day := broadsheet.Date("2025-03-01")
	var long []broadsheet.Measure
	for i := range 3000 {
		d := day.AddDays(i)
		long = append(long, measure(broadsheet.Stars, "github", int64(i*i), d, d))
	}
	c := drawCurve("stars", long)
	if n := len(strings.Fields(c.Points)); n != maxPoints || !strings.HasPrefix(c.Points, "4.0,28.0 ") || !strings.HasSuffix(c.Points, " 156.0,4.0") {
		t.Errorf("%d points: %s", n, c.Points)
	}
	for name, tt := range map[string]struct {
		history []broadsheet.Measure
		points  string
	}{
		"nothing":        {nil, ""},
		"one day":        {long[:1], ""},
		"it stays":       {[]broadsheet.Measure{measure("stars", "x", 5, day, day.AddDays(9))}, "4.0,16.0 156.0,16.0"},
		"it falls":       {[]broadsheet.Measure{measure("stars", "x", 5, day, day), measure("stars", "x", 1, day.AddDays(2), day.AddDays(2))}, "4.0,4.0 156.0,28.0"},
		"the most stars": {[]broadsheet.Measure{measure("stars", "x", 0, day, day), measure("stars", "x", broadsheet.MaxMeasure, day.AddDays(2), day.AddDays(2))}, "4.0,28.0 156.0,4.0"},
	} {
		got := ""
		if c := drawCurve("stars", tt.history); c != nil {
			got = c.Points
		}
		if got != tt.points {
			t.Errorf("%s: points %q, want %q", name, got, tt.points)
		}
	}
}
