package arxiv

import (
	"regexp"
	"slices"
	"strings"

	"broadsheet"
)

// groups are the sets of OAI-PMH that hold all others, each with its archives
// (https://info.arxiv.org/help/oa/index.html, "Sets").
var groups = map[string][]string{
	"cs": {"cs"}, "econ": {"econ"}, "eess": {"eess"}, "math": {"math"}, "q-bio": {"q-bio"}, "q-fin": {"q-fin"}, "stat": {"stat"},
	"physics": {"astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nlin", "nucl-ex", "nucl-th", "physics", "quant-ph"},
}

// setForm is group, group:archive or group:archive:CATEGORY.
var setForm = regexp.MustCompile(`^[a-z]+(-[a-z]+)?(:[a-z]+(-[a-z]+)?(:[A-Za-z]+(-[a-z]+)?)?)?$`)

// maxSets bounds the sets of a harvest: a place in it names them all, and has at
// most 4 KiB. arXiv has some 150 categories.
const maxSets = 80

// parseSets returns the sets of OAI-PMH that an operator means, sorted, without
// those that another one holds.
func parseSets(names []string) ([]string, error) {
	var sets []string
	for _, name := range names {
		set, ok := parseSet(strings.TrimSpace(name))
		if !ok {
			return nil, broadsheet.Errorf(broadsheet.Invalid,
				"\"%s\" is not a part of arXiv: write a category like cs.AI, an archive like hep-th or a group like physics.", broadsheet.Printable(name, 40))
		}
		sets = append(sets, set)
	}
	slices.Sort(sets)
	sets = slices.Compact(sets)
	sets = slices.DeleteFunc(slices.Clone(sets), func(set string) bool { return holds(without(sets, set), set) })
	if len(sets) > maxSets {
		return nil, broadsheet.Errorf(broadsheet.Invalid,
			"%d parts of arXiv are too many to be harvested one by one, at most %d are: name archives or groups in place of their categories.", len(sets), maxSets)
	}
	return sets, nil
}

func without(sets []string, set string) []string {
	return slices.DeleteFunc(slices.Clone(sets), func(s string) bool { return s == set })
}

// holds reports whether one of the sets is set or holds it.
func holds(sets []string, set string) bool {
	return slices.ContainsFunc(sets, func(s string) bool { return s == set || strings.HasPrefix(set, s+":") })
}

func parseSet(name string) (string, bool) {
	if strings.Contains(name, ":") {
		group, _, _ := strings.Cut(name, ":")
		return name, setForm.MatchString(name) && groups[group] != nil
	}
	if groups[name] != nil {
		return name, true
	}
	archive, class, hasClass := strings.Cut(name, ".")
	for group, archives := range groups {
		if slices.Contains(archives, archive) {
			set := group + ":" + archive
			if hasClass {
				set += ":" + class
			}
			return set, setForm.MatchString(set)
		}
	}
	return "", false
}

// feeds returns what the feeds of a set are called, those of all of arXiv for no
// sets.
func feeds(sets []string) []string {
	if len(sets) == 0 {
		for group := range groups {
			sets = append(sets, group)
		}
	}
	var names []string
	for _, set := range sets {
		switch part := strings.Split(set, ":"); len(part) {
		case 1:
			names = append(names, groups[set]...)
		case 2:
			names = append(names, part[1])
		default:
			names = append(names, part[1]+"."+part[2])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
