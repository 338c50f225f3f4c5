package broadsheet

import (
	"cmp"
	"slices"
)

// allVersions returns the versions of which a source has told in either of two
// records; where both tell of one, as src has it.
func allVersions(source string, f field, known, in, src *Paper) []Version {
	other := known
	if src == known {
		other = in
	}
	if o := owner(other.Sources, other, f); o == nil || o.Name != source {
		return src.Versions
	}
	return addVersions(src.Versions, other.Versions)
}

// addVersions returns versions and those of more that are not among them, oldest
// first. Some sources (bioRxiv) tell of one version at a time, in any order.
func addVersions(versions, more []Version) []Version {
	out := slices.Clone(versions)
	for _, v := range more {
		if !slices.ContainsFunc(out, func(o Version) bool { return o.Number == v.Number }) {
			out = append(out, v)
		}
	}
	slices.SortStableFunc(out, func(a, b Version) int { return cmp.Compare(a.Number, b.Number) })
	return out
}
