// Package gist says what a paper is about in few words of its own: one or two
// sentences of its abstract, and three to eight phrases of its title and abstract.
// Nothing is made up; a sentence comes with its place in the abstract.
//
// Sentences are chosen by their role (problem, task, idea, result), which a small
// model tells from their words and their place: Model.Likely. Phrases are ranked by
// how much they resemble the keywords that authors give: Model.Score. Package
// gist/learn makes both models.
package gist

import (
	"slices"
	"strings"
	"unicode/utf8"

	"broadsheet"
	"broadsheet/tex"
)

// Derive sets what follows from a paper's title and abstract: Gist and Keyphrases.
// It depends on nothing else, so that equal texts have equal ones.
func (m *Model) Derive(p *broadsheet.Paper) {
	p.Gist = m.Gist(p.Abstract)
	p.Keyphrases = m.Keyphrases(p.Title, p.Abstract)
}

const (
	// maxGist bounds the characters of both sentences: what is read at a glance.
	maxGist = 320

	// An abstract that is not much longer than its gist, or has fewer sentences, is
	// its own gist.
	minAbstract  = 450
	minSentences = 3

	// minLength leaves out headings and exclamations.
	minLength = 40

	// maxAbstract bounds what is read; the longest real abstract has 20 kB.
	maxAbstract = 32 << 10

	// minResult is how likely a sentence must be a result to stand beside the idea.
	minResult = 0.3

	// taskShare is what being a task counts beside being an idea: abstracts that say
	// what they do in one sentence are both, but so is the first sentence of many, which
	// only says what the field is about.
	taskShare = 0.35

	// announced is added for a sentence that says that it is this paper which does it.
	announced = 0.6

	// leaning is taken from a sentence that begins by pointing back, as in "This
	// makes it …": alone it says less.
	leaning = 0.25
)

// Gist returns the one or two sentences of an abstract that say most of what the
// paper does, in the abstract's order: what it sets out to do or how, and a result
// if there is room for it. There are none for a short abstract, or where every
// sentence is too long.
func (m *Model) Gist(abstract string) []broadsheet.Sentence {
	if len(abstract) < minAbstract || len(abstract) > maxAbstract {
		return nil
	}
	spans := Sentences(abstract)
	if len(spans) < minSentences {
		return nil
	}
	c := chooser{s: abstract, spans: spans, likely: m.Likely(abstract, spans)}
	idea := c.best(maxGist, c.asIdea)
	if idea < 0 {
		return nil
	}
	left := maxGist - 1 - c.length(idea)
	result := c.best(left, func(i int) float64 {
		if p := c.likely[i][Result]; i > idea && p >= minResult {
			return p
		}
		return 0
	})
	chosen := []broadsheet.Sentence{c.sentence(idea)}
	if result >= 0 {
		chosen = append(chosen, c.sentence(result))
	}
	return chosen
}

type chooser struct {
	s      string
	spans  []Span
	likely [][roles]float64
}

// best returns the sentence of at most limit characters with the highest score above
// zero, or -1.
func (c *chooser) best(limit int, score func(int) float64) int {
	best, top := -1, 0.0
	for i := range c.spans {
		if n := c.length(i); n < minLength || n > limit || !c.presentable(i) {
			continue
		}
		if s := score(i); s > top {
			best, top = i, s
		}
	}
	return best
}

func (c *chooser) asIdea(i int) float64 {
	p := c.likely[i]
	s := p[Idea] + taskShare*p[Task] + 0.05
	if pointsBack(c.text(i)) {
		s -= leaning
	}
	if announces(c.text(i)) {
		s += announced
	}
	return s
}

// announcements are how abstracts say that what follows is their own.
var announcements = []string{"we propose", "we present", "we introduce", "we develop", "we study", "we investigate", "we describe",
	"we design", "we formulate", "we explore", "we address", "we consider", "we analyze", "we analyse", "we prove", "we construct", "we establish",
	"this paper", "this work", "this article", "this study", "this letter", "our approach", "our method", "is presented", "are presented", "is proposed", "is introduced",
	"are investigated", "is investigated", "are studied", "is studied", "here we", "here, we"}

func announces(s string) bool {
	s = strings.ToLower(s)
	return slices.ContainsFunc(announcements, func(a string) bool { return strings.Contains(s, a) })
}

func (c *chooser) text(i int) string { return c.spans[i].trim(c.s).Of(c.s) }

func (c *chooser) length(i int) int { return utf8.RuneCountInString(c.text(i)) }

// presentable leaves out sentences that lead elsewhere, and pieces of a text that was
// cut or listed.
func (c *chooser) presentable(i int) bool {
	t := c.text(i)
	return !strings.Contains(t, "http") && !strings.Contains(t, "github.com") && !hasCommand(t) &&
		strings.ContainsRune(".!?。)\"”’", lastRune(t))
}

// hasCommand reports whether a command of TeX stands in a text outside mathematics:
// one that only its authors know, or \cite.
func hasCommand(s string) bool {
	if !strings.Contains(s, `\`) {
		return false
	}
	at := 0
	for _, m := range tex.Math(s) {
		if strings.Contains(s[at:m[0]], `\`) {
			return true
		}
		at = m[1]
	}
	return strings.Contains(s[at:], `\`)
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

var backward = set(`this these it they such those he she both here instead however thus hence then therefore moreover furthermore
	additionally also finally consequently meanwhile second third next similarly`)

func pointsBack(s string) bool {
	first, rest, _ := strings.Cut(strings.ToLower(s), " ")
	second, _, _ := strings.Cut(rest, " ")
	if first == "this" || first == "here," { // this paper shows; here, we
		return second != "paper" && second != "work" && second != "article" && second != "study" && second != "we" && second != "survey"
	}
	return backward[strings.TrimRight(first, ",")]
}

func (c *chooser) sentence(i int) broadsheet.Sentence {
	p := c.spans[i].trim(c.s)
	likely := c.likely[i]
	likely[Other], likely[Problem] = 0, 0 // chosen for what it does
	return broadsheet.Sentence{Role: Best(likely).String(), Start: p.Start, End: p.End, Text: p.Of(c.s)}
}
