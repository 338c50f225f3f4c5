package broadsheet

import (
	"slices"
	"strings"
	"unicode"
)

// ParseAuthors splits a list of authors written as one text, as arXiv and most
// conferences do: "A. Smith (1), B. Jones, Jr. and C. Brown (2) ((1) MIT, (2)
// CERN)". Names stay as they are written, TeX accents included. No name is
// lost: where the text is odd, a name comes out with what stood around it. Plain
// names joined by ", " are read as the same names again.
//
// It understands names parted by a comma, semicolon, colon, "and" or "&";
// suffixes after a comma; affiliations in parentheses behind a name, or numbers
// there with a legend at the end; "for the X Collaboration"; "with an appendix
// by". A parenthesis inside a name is a nickname: "You (Joe) Zhou".
func ParseAuthors(s string) []Author {
	l := authorList{s: strings.Join(strings.Fields(s), " ")}
	l.ends = matchBrackets(l.s)
	l.scan()
	l.finish()
	l.resolve()
	return l.authors
}

// An authorList is the state of reading one list. Every step is linear in the
// text, however it is built.
type authorList struct {
	s       string
	ends    []int32 // for each opening bracket, where it is closed; nil without brackets
	authors []Author
	cites   map[int][]string  // by author: keys into the legend
	cited   map[string]bool   // all those keys
	legend  map[string]string // key to affiliation
	groups  [][2]int          // parentheses in the name being read
	behind  []string          // affiliations behind the last author
	and     bool              // the name being read stands behind "and"
}

// scan goes over the text once and cuts it into names.
func (l *authorList) scan() {
	start := 0
	for i := 0; i < len(l.s); i++ {
		end := l.closing(i)
		switch n, and := l.separator(i); {
		case n > 0:
			l.name(start, i)
			l.and = and
			i += n - 1
			start = i + 1
		case l.s[i] == '\\':
			i++ // an escaped character, or the mark of a TeX accent
		case l.s[i] == '(' && end > 0:
			if l.legendToEnd(start, i, end) {
				l.readLegend(i, len(l.s))
				return
			}
			l.groups = append(l.groups, [2]int{i, end})
			if keysOf(l.s[i+1:end]) != nil {
				// No name has a number inside, so it ends here even where the
				// comma was forgotten.
				l.name(start, end+1)
				start = end + 1
			}
			i = end
		case end > 0:
			i = end // a comma inside braces parts nothing
		}
	}
	l.name(start, len(l.s))
}

// separator returns the length of the separator of names at i, or 0, and
// whether it is a word for "and".
func (l *authorList) separator(i int) (n int, and bool) {
	switch l.s[i] {
	case ',', ';', ':':
		return 1, false
	case 0xE3, 0xEF: // the first byte of East Asian punctuation
		for _, sep := range []string{"、", "，", "；", "："} {
			if strings.HasPrefix(l.s[i:], sep) {
				return len(sep), false
			}
		}
	case 'a', 'A', '&', '\\':
		if i > 0 && !isBoundary(l.s[i-1]) {
			return 0, false
		}
		for _, word := range []string{"and", "AND", "&amp;", "&", `\&`, `\and`} {
			rest, ok := strings.CutPrefix(l.s[i:], word)
			if ok && (rest == "" || isBoundary(rest[0])) {
				return len(word), true
			}
		}
	}
	return 0, false
}

func isBoundary(b byte) bool { return strings.IndexByte(" ,;:()", b) >= 0 }

func (l *authorList) closing(i int) int {
	if l.ends == nil {
		return 0
	}
	return int(l.ends[i])
}

// matchBrackets returns, at the place of each parenthesis or brace that is
// closed again, where. A bracket without its partner is plain text.
func matchBrackets(s string) []int32 {
	if !strings.ContainsAny(s, "({") || len(s) > 1<<30 {
		return nil
	}
	ends := make([]int32, len(s))
	var round, curly []int32
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			round = append(round, int32(i))
		case '{':
			curly = append(curly, int32(i))
		case ')':
			round = closeBracket(ends, round, i)
		case '}':
			curly = closeBracket(ends, curly, i)
		}
	}
	return ends
}

func closeBracket(ends, open []int32, i int) []int32 {
	if len(open) == 0 {
		return open
	}
	ends[open[len(open)-1]] = int32(i)
	return open[:len(open)-1]
}

// name takes what stands between two separators: a name, and parentheses.
func (l *authorList) name(from, to int) {
	groups := l.groups
	l.groups = l.groups[:0]
	first := len(groups) // of those at the end, which are no nickname
	for first > 0 && strings.TrimSpace(l.s[groups[first-1][1]+1:to]) == "" {
		first--
		to = groups[first][0]
	}
	l.add(l.s[from:to])
	for _, g := range groups[first:] {
		l.note(g[0], g[1])
	}
}

// add appends a name, or what belongs to the name before.
func (l *authorList) add(name string) {
	name = strings.Trim(name, " *†‡§¶#")
	for _, others := range []string{"et al.", "et al"} {
		name = strings.TrimRight(trimSuffixFold(name, others), " ")
	}
	if !hasLetter(name) {
		return
	}
	if last := len(l.authors) - 1; last >= 0 {
		before := l.authors[last].Name
		switch {
		case isSuffix(name) && !isSuffix(before[strings.LastIndexByte(before, ' ')+1:]):
			l.authors[last].Name += " " + name
			return
		case l.and && pluralOf(before, name) && l.behind == nil && l.cites[last] == nil:
			name = before + " and " + name
			l.authors = l.authors[:last]
		}
	}
	for _, n := range cutCollaboration(name) {
		l.finish()
		l.authors = append(l.authors, Author{Name: n})
	}
}

// note takes the parentheses at l.s[open:end+1] behind the last name.
func (l *authorList) note(open, end int) {
	text := strings.TrimSpace(l.s[open+1 : end])
	last := len(l.authors) - 1
	keys := keysOf(text)
	switch {
	case last < 0:
		l.add(l.s[open : end+1])
	case keys != nil:
		if l.cites == nil {
			l.cites, l.cited = map[int][]string{}, map[string]bool{}
		}
		l.cites[last] = append(l.cites[last], keys...)
		for _, k := range keys {
			l.cited[k] = true
		}
	case l.holdsLegend(open, end):
		l.readLegend(open+1, end)
	case cutLead(text) != text:
		for i, name := range strings.Split(text, " and ") { // for the X Collaboration, with an appendix by
			l.and = i > 0
			l.add(name)
		}
	case hasLetter(text):
		l.behind = append(l.behind, text)
	}
}

// finish gives the last author the affiliations that stood behind the name.
func (l *authorList) finish() {
	if len(l.behind) > 0 {
		l.authors[len(l.authors)-1].Affiliation = strings.Join(l.behind, "; ")
		l.behind = nil
	}
}

// holdsLegend reports whether the parentheses hold "(1) MIT, (2) CERN".
func (l *authorList) holdsLegend(open, end int) bool {
	for open++; open < end && l.s[open] == ' '; open++ {
	}
	inner := l.closing(open)
	return l.s[open] == '(' && inner > 0 && keysOf(l.s[open+1:inner]) != nil
}

// legendToEnd reports whether a legend without parentheses of its own starts at
// the key at i: one that a name cites, at the start of an item, before a text.
func (l *authorList) legendToEnd(start, i, end int) bool {
	if len(l.cited) == 0 || strings.TrimSpace(l.s[start:i]) != "" {
		return false
	}
	keys := keysOf(l.s[i+1 : end])
	rest := strings.TrimLeft(l.s[end+1:], " ")
	return len(keys) == 1 && l.cited[keys[0]] && rest != "" && !isBoundary(rest[0])
}

// readLegend reads "(1) MIT, (2) CERN" at l.s[from:to].
func (l *authorList) readLegend(from, to int) {
	if l.legend == nil {
		l.legend = map[string]string{}
	}
	key, start := "", from
	entry := func(end int) {
		if text := strings.Trim(l.s[start:end], " ,;.:"); key != "" && text != "" && l.legend[key] == "" {
			l.legend[key] = text
		}
	}
	for i := from; i < to; i++ {
		end := l.closing(i)
		if l.s[i] == '\\' {
			i++
		}
		if end == 0 || end >= to {
			continue
		}
		if keys := keysOf(l.s[i+1 : end]); l.s[i] == '(' && len(keys) == 1 {
			entry(i)
			key, start = keys[0], end+1
		}
		i = end
	}
	entry(to)
}

// affiliationShare bounds the bytes of all affiliations taken from the legend,
// as a multiple of the text: a hostile one could make gigabytes of repetitions.
const affiliationShare = 16

// resolve replaces the keys behind the names by what the legend says.
func (l *authorList) resolve() {
	spare := affiliationShare * len(l.s)
	for i := range l.authors {
		var found []string
		for _, key := range l.cites[i] {
			if text := l.legend[key]; text != "" && spare >= len(text) {
				spare -= len(text)
				found = append(found, text)
			}
		}
		if a := &l.authors[i]; len(found) > 0 {
			if a.Affiliation != "" {
				found = slices.Insert(found, 0, a.Affiliation)
			}
			a.Affiliation = strings.Join(found, "; ")
		}
	}
}

// keysOf returns the keys in "1", "1,2", "2 and 4" or "a", or nil for a text
// that is something else.
func keysOf(text string) []string {
	if len(text) > 40 {
		return nil
	}
	var keys []string
	for _, k := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,;&", r) }) {
		switch {
		case k == "and":
		case len(k) == 1 && k >= "a" && k <= "z", len(k) <= 3 && strings.Trim(k, "0123456789") == "":
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		default:
			return nil
		}
	}
	return keys
}

// cutCollaboration returns the person and the group in "A. Smith for the X
// Collaboration", each without the words that lead to it.
func cutCollaboration(name string) []string {
	for _, lead := range []string{" for ", " on behalf of "} {
		person, rest, ok := strings.Cut(name, lead)
		if ok && isGroup(rest) && !isGroup(person) && hasLetter(person) {
			return []string{cutLead(person), cutLead(lead[1:] + rest)}
		}
	}
	return []string{cutLead(name)}
}

// cutLead returns name without the words that say why it is there.
func cutLead(name string) string {
	for again := true; again; {
		again = false
		for _, lead := range []string{"for ", "on behalf of ", "in collaboration with ", "appendix by ", "an appendix by ",
			"with an appendix by ", "with appendices by ", "with an appendix jointly written with "} {
			if len(name) > len(lead) && strings.EqualFold(name[:len(lead)], lead) && hasLetter(name[len(lead):]) {
				name, again = strings.TrimLeft(name[len(lead):], " "), true
			}
		}
	}
	return name
}

func isGroup(name string) bool {
	for _, word := range strings.Fields(strings.ToLower(name)) {
		switch strings.TrimSuffix(word, "s") {
		case "collaboration", "consortium", "experiment", "group", "team":
			return true
		}
	}
	return false
}

// pluralOf reports whether name ends one name of groups that before began: the
// H1 and ZEUS Collaborations.
func pluralOf(before, name string) bool {
	before, name = strings.ToLower(before), strings.ToLower(name)
	return strings.HasSuffix(name, "collaborations") && !isGroup(before) &&
		(strings.HasPrefix(before, "the ") || strings.Contains(before, " for the ") || strings.Contains(before, " on behalf of the "))
}

func isSuffix(s string) bool {
	switch s {
	case "II", "III", "IV", "PhD", "Ph.D.", "Ph. D.", "Ph.D", "Ph. D", "M.D.", "M. D.", "M.D", "M. D":
		return true
	}
	s = strings.TrimSuffix(s, ".")
	return strings.EqualFold(s, "jr") || strings.EqualFold(s, "sr")
}

func hasLetter(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

func trimSuffixFold(s, suffix string) string {
	if n := len(s) - len(suffix); n >= 0 && strings.EqualFold(s[n:], suffix) && (n == 0 || s[n-1] == ' ') {
		return s[:n]
	}
	return s
}
