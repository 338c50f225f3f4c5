package broadsheet

import (
	"slices"
	"strings"
	"unicode"
)

const (
	// sameTitleWords is how many words a title needs to tell a work from another by
	// the same first author: "Notes on Kettles" does not.
	sameTitleWords = 4

	// sameYears is how far apart a preprint and its publication may be.
	sameYears = 2
)

// SameWork reports whether two papers are surely one work, though no source says so:
// their sources are different ones, they stand in different registers of ids, their
// first authors have one family name, and they have a DOI in common or one title of
// at least four words and years of publication at most two apart.
//
// Each condition keeps apart what was found to be different: two ids of one register,
// or two papers that one source knows, are two works, even under one DOI (a paper and
// its second part, a chapter and its book).
func SameWork(a, b *Paper) bool {
	if len(a.Authors) == 0 || len(b.Authors) == 0 || !MayBeOne(a, b) {
		return false
	}
	who := familyKey(a.Authors[0].Name)
	if who == "" || who != familyKey(b.Authors[0].Name) {
		return false
	}
	if slices.ContainsFunc(a.DOIs(), func(d string) bool { return slices.Contains(b.DOIs(), d) }) {
		return true
	}
	ay, by := a.Date(), b.Date()
	if ay == "" || by == "" || ay.Year()-by.Year() > sameYears || by.Year()-ay.Year() > sameYears {
		return false
	}
	key := TitleKey(a.Title)
	return strings.Count(key, " ") >= sameTitleWords-1 && key == TitleKey(b.Title)
}

// MayBeOne reports whether nothing speaks against two papers being one work: no
// source knows both, and they have no two ids of one register.
func MayBeOne(a, b *Paper) bool {
	for _, s := range a.Sources {
		if slices.ContainsFunc(b.Sources, func(o Source) bool { return o.Name == s.Name }) {
			return false
		}
	}
	for _, x := range append(a.Aliases[:len(a.Aliases):len(a.Aliases)], a.ID) {
		for _, y := range append(b.Aliases[:len(b.Aliases):len(b.Aliases)], b.ID) {
			if x != y && x.Scheme() == y.Scheme() {
				return false
			}
		}
	}
	return true
}

// DOIs returns the DOIs of a paper in lower case, also those by which it is known.
func (p *Paper) DOIs() []string {
	all := strings.Fields(strings.ToLower(p.DOI))
	for _, id := range append(p.Aliases[:len(p.Aliases):len(p.Aliases)], p.ID) {
		if id.Scheme() == "doi" {
			all = append(all, id.Local())
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// familyKey returns the last word of a family name in lower case, by which two ways
// to write a name are compared: "Ludwig van der Berg", "van der Berg, L.". It is ""
// for a group.
func familyKey(name string) string {
	if isGroup(name) {
		return ""
	}
	if family, given, ok := strings.Cut(name, ","); ok && !isSuffix(strings.TrimSpace(given)) {
		name = family
	}
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return unicode.IsSpace(r) || r == ',' })
	for n := len(words); n > 1 && isSuffix(words[n-1]); n = len(words) {
		words = words[:n-1]
	}
	if len(words) == 0 || !hasLetter(words[len(words)-1]) {
		return ""
	}
	return strings.TrimRight(words[len(words)-1], ".")
}
