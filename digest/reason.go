package digest

import (
	"cmp"
	"slices"
	"strings"
)

// namedInReason is how many features of a kind a reason names: three are read at
// a glance.
const namedInReason = 3

// explain fills in what a pick covers that no pick above it does, and says so in
// a sentence. It is called before the pick is counted.
func (c *choice) explain(pick *Pick, it *item) {
	shares := slices.Clone(it.shares)
	slices.SortStableFunc(shares, func(a, b share) int {
		return cmp.Compare(b.worth*c.open[b.feature], a.worth*c.open[a.feature])
	})
	var again string // a topic that was covered before
	var named []Feature
	heaviest := map[Kind]float64{}
	for _, s := range shares {
		key := c.features.known[s.feature].key
		switch {
		case s.worth == 0:
		case c.open[s.feature] == 1:
			f := Feature{key.kind, key.name, s.covers}
			pick.New = append(pick.New, f)
			heaviest[f.Kind] = max(heaviest[f.Kind], s.worth)
			if s.worth >= heaviest[f.Kind]/2 { // a word in passing is no reason
				named = append(named, f)
			}
		case again == "" && key.kind == Topic:
			again = key.name
		}
	}
	pick.Reason = reason(named, again, len(c.picks) == 0)
}

// reason is a sentence for people. The reader's own topics and authors come
// before what the paper brings of itself.
func reason(fresh []Feature, again string, first bool) string {
	var parts []string
	if names := namesOf(fresh, Author); names != nil {
		parts = append(parts, "By "+join(names)+", whom you follow")
	}
	if names := namesOf(fresh, Topic); names != nil {
		part := "on " + join(names)
		if !first && len(parts) == 0 {
			part += ", which nothing above covers"
		}
		parts = append(parts, part)
	}
	if names := namesOf(fresh, Category); names != nil && len(parts) == 0 {
		parts = append(parts, "the first here from "+join(names))
	}
	if len(parts) == 0 && again != "" {
		part := "more on " + again
		if names := namesOf(fresh, Word); names != nil {
			part += ", this time with " + join(names)
		}
		parts = append(parts, part)
	}
	if names := namesOf(fresh, Word); names != nil && len(parts) == 0 {
		parts = append(parts, "something else: "+join(names))
	}
	if len(parts) == 0 {
		return "Close to what you read."
	}
	return upperFirst(strings.Join(parts, ", ")) + "."
}

func namesOf(features []Feature, kind Kind) []string {
	var names []string
	for _, f := range features {
		if f.Kind == kind && len(names) < namedInReason {
			names = append(names, f.Name)
		}
	}
	return names
}

// join makes "a, b and c".
func join(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

func upperFirst(s string) string {
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}
