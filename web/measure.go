package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"broadsheet"
)

// A counted is what one service counted for a paper.
type counted struct {
	Text   string // "1,234 stars"
	More   string // "3 influential"
	Source string
	Date   dated
}

// measures shows what services counted for a paper. What goes wrong is logged.
func (s *site) measures(ctx context.Context, v *paperView, id broadsheet.ID) {
	if s.Measures == nil {
		return
	}
	found, err := s.Measures.Measures(ctx, []broadsheet.ID{id})
	if err == nil {
		v.addCounts(found[id])
		if i := slices.IndexFunc(found[id], func(m broadsheet.Measure) bool { return m.Kind == broadsheet.Stars }); i >= 0 {
			var history []broadsheet.Measure
			history, err = s.Measures.History(ctx, id, broadsheet.Stars, found[id][i].Source)
			v.Curve = drawCurve("stars", history)
		}
	}
	if err != nil && ctx.Err() == nil {
		s.Log.WarnContext(ctx, "a page goes without stars and citations", "paper", id, "err", err)
	}
}

func (v *paperView) addCounts(measures []broadsheet.Measure) {
	influential := map[string]string{}
	for _, m := range measures {
		if m.Kind == broadsheet.InfluentialCitations && m.Value > 0 {
			influential[m.Source] = count(int(m.Value)) + " influential"
		}
	}
	for _, m := range measures {
		c := counted{Source: sourceName(m.Source), Date: shortDate(m.Counted)}
		switch m.Kind {
		case broadsheet.Stars:
			c.Text = number(int(m.Value), "star")
			v.Stars = append(v.Stars, c)
		case broadsheet.Citations:
			c.Text, c.More = number(int(m.Value), "citation"), influential[m.Source]
			v.Citations = append(v.Citations, c)
		}
	}
}

// A curve is a line that shows how a count grew, with the words that say the same.
type curve struct {
	Words         string
	From          string // in short: "from 45 on 11 Mar 2025"
	Points        string // of an SVG polyline
	EndX, EndY    string
	Width, Height int
}

// The size of a curve in pixels: beside a line of text, and wide enough that a
// week of a year can be seen. The margin holds the stroke and the dot at the end.
const (
	curveWidth, curveHeight, curveMargin = 160, 32, 4
	// maxPoints is one for every other pixel; more only make the page longer.
	maxPoints = curveWidth / 2
)

// drawCurve draws counts over time, from the least to the largest, or nothing if
// there are none of two days.
func drawCurve(things string, history []broadsheet.Measure) *curve {
	points := corners(history)
	if len(points) < 2 {
		return nil
	}
	first, last := points[0], points[len(points)-1]
	low := slices.MinFunc(points, byValue).value
	high := slices.MaxFunc(points, byValue).value
	begin, end := broadsheet.DateOf(first.at).Short(), broadsheet.DateOf(last.at).Short()
	c := &curve{
		Width: curveWidth, Height: curveHeight, From: fmt.Sprintf("from %s on %s", count(int(first.value)), begin),
		Words: fmt.Sprintf("%s %s on %s, %s on %s", count(int(first.value)), things, begin, count(int(last.value)), end),
	}
	var line []string
	for _, p := range points {
		x := curveMargin + scale(p.at.Sub(first.at).Hours(), last.at.Sub(first.at).Hours())*(curveWidth-2*curveMargin)
		y := curveHeight - curveMargin - scale(float64(p.value-low), float64(high-low))*(curveHeight-2*curveMargin)
		c.EndX, c.EndY = fmt.Sprintf("%.1f", x), fmt.Sprintf("%.1f", y)
		line = append(line, c.EndX+","+c.EndY)
	}
	c.Points = strings.Join(line, " ")
	return c
}

// scale returns which part of a whole something is; of nothing, the half.
func scale(part, whole float64) float64 {
	if whole == 0 {
		return 0.5
	}
	return part / whole
}

// A corner is where a curve may turn.
type corner struct {
	at    time.Time
	value int64
}

func byValue(a, b corner) int { return cmp.Compare(a.value, b.value) }

// corners returns the beginnings and ends of counts, at most maxPoints of them.
func corners(history []broadsheet.Measure) (points []corner) {
	for _, m := range history {
		points = append(points, corner{m.Since.Time(), m.Value})
		if m.Counted != m.Since {
			points = append(points, corner{m.Counted.Time(), m.Value})
		}
	}
	if n := len(points); n > maxPoints {
		fewer := make([]corner, maxPoints)
		for i := range fewer {
			fewer[i] = points[i*(n-1)/(maxPoints-1)]
		}
		points = fewer
	}
	return points
}
