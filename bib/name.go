package bib

import (
	"slices"
	"strings"
)

// A name is a person's name in the parts that citation formats ask for, or a
// literal, which has no parts: a collaboration, a single name, or what cannot be
// told apart. Given is never empty in a name that is not a literal.
type name struct {
	given    string
	particle string // in lower case: "van der"
	family   string
	suffix   string // "Jr.", "III"
	literal  string
}

// Particles begin a family name. Those with a capital are taken only behind a
// given name, as in "Luc Van Gool"; "Bin" and "Do" are not among them, since
// they are mostly second given names.
var (
	particles = words(`van von vom der den de del della delle degli dell di da dal dos das do du des la las le les los lo
		ten ter te te el al zu zur zum af av 't op in't v. d' bin ibn abu ben`)
	capitalParticles = words(`Van Von Vander Der Den De Dela Del Della Delle Degli Dell Di Da Dal Dos Du La Las Le Los Lo
		Ten Ter El Al Abu Ben Ibn Mac Mc San Santa St.`)

	// Van and Le before one of these are Vietnamese given names.
	vietnamese = words("nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly trinh dinh truong luong")

	// Connectors join two family names: "Ramón y Cajal", "Silva e Souza".
	connectors = words("y e i")

	suffixes = words("jr sr ii iii iv") // not "v", which is an initial far more often

	corporate = words(`collaboration collaborations consortium team teams group project committee institute university
		laboratory organization organisation foundation initiative network`)
)

func words(s string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// parseName takes a name apart that is written "Given Family", "Family, Given"
// or "Family, Jr., Given".
func parseName(s string) name {
	ws := strings.Fields(s)
	if len(ws) < 2 || slices.ContainsFunc(ws, isCorporate) {
		return name{literal: s}
	}
	parts := strings.Split(s, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	var n name
	switch {
	case len(parts) == 1:
		n = natural(ws)
	case len(parts) == 2 && isSuffix(parts[1]):
		n = natural(strings.Fields(parts[0]))
		n.suffix = parts[1]
	case len(parts) == 2:
		n = inverted(parts[0], parts[1], "")
	case len(parts) == 3 && isSuffix(parts[1]):
		n = inverted(parts[0], parts[2], parts[1])
	case len(parts) == 3 && isSuffix(parts[2]):
		n = inverted(parts[0], parts[1], parts[2])
	}
	if n.given == "" || n.family == "" {
		return name{literal: s}
	}
	return n
}

// isCorporate reports whether a word belongs to the name of a group of people,
// or joins two names.
func isCorporate(w string) bool {
	w = strings.ToLower(strings.TrimFunc(w, func(r rune) bool { return !isWordRune(r) }))
	return corporate[w] || w == "and" || w == ""
}

func isSuffix(w string) bool { return suffixes[strings.ToLower(strings.TrimSuffix(w, "."))] }

func natural(ws []string) name {
	var n name
	if last := len(ws) - 1; last >= 2 && isSuffix(ws[last]) {
		n.suffix, ws = ws[last], ws[:last]
	}
	start := len(ws) - 1
	if start >= 3 && connectors[ws[start-1]] {
		start -= 2
	}
	for start > 0 && (particles[ws[start-1]] || start > 1 && isCapitalParticle(ws[start-1], ws[start])) {
		start--
	}
	if start < 1 {
		return name{}
	}
	n.given = strings.Join(ws[:start], " ")
	n.particle, n.family = splitParticle(ws[start:])
	return n
}

func isCapitalParticle(w, next string) bool {
	return capitalParticles[w] && !vietnamese[fold(next)]
}

func inverted(family, given, suffix string) name {
	n := name{given: given, suffix: suffix}
	n.particle, n.family = splitParticle(strings.Fields(family))
	return n
}

// splitParticle cuts the particles in lower case off the front of a family name.
func splitParticle(ws []string) (particle, family string) {
	i := 0
	for i < len(ws)-1 && particles[ws[i]] {
		i++
	}
	return strings.Join(ws[:i], " "), strings.Join(ws[i:], " ")
}

// fullFamily returns the family name with its particle, or the literal.
func (n name) fullFamily() string {
	if n.literal != "" {
		return n.literal
	}
	return strings.TrimLeft(n.particle+" "+n.family, " ")
}
