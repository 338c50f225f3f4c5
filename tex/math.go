package tex

import "strings"

// skim finds the mathematics in the text, and the braces outside it.
func (r *reader) skim() {
	var open []int
	m := finder{s: r.s}
	for i := 0; i < len(r.s); {
		if end := m.math(i); end > i {
			r.maths = append(r.maths, [2]int{i, end})
			i = end
			continue
		}
		switch r.s[i] {
		case '\\':
			i++
		case '{':
			open = append(open, i)
		case '}':
			if n := len(open); n > 0 {
				if r.ends == nil {
					r.ends = map[int]int{}
				}
				r.ends[open[n-1]] = i
				open = open[:n-1]
			}
		}
		i++
	}
}

// A finder finds mathematics. What it has looked for in vain it does not look for
// again, so that all its looking is linear in the text.
type finder struct {
	s    string
	none map[string]bool // closing marks that do not come any more
}

// math returns the end of the mathematics that begins at i, or 0.
func (m *finder) math(i int) int {
	switch s := m.s[i:]; {
	case s[0] == '$':
		return m.dollars(i)
	case s[0] != '\\':
		return 0
	case strings.HasPrefix(s, `\(`):
		return m.closing(i+2, `\)`)
	case strings.HasPrefix(s, `\[`):
		return m.closing(i+2, `\]`)
	case strings.HasPrefix(s, `\begin{`):
		name, _, ok := strings.Cut(s[len(`\begin{`):min(len(s), 40)], "}")
		if !ok || m.none["env"] {
			return 0
		}
		end := m.closing(i, `\end{`+name+`}`)
		if end == 0 { // one that is not closed ends the search: names could be all different
			m.miss("env")
		}
		return end
	}
	return 0
}

// closing returns the end of mark behind from, or 0.
func (m *finder) closing(from int, mark string) int {
	if m.none[mark] {
		return 0
	}
	if n := strings.Index(m.s[from:], mark); n >= 0 {
		return from + n + len(mark)
	}
	m.miss(mark)
	return 0
}

func (m *finder) miss(mark string) {
	if m.none == nil {
		m.none = map[string]bool{}
	}
	m.none[mark] = true
}

// dollars returns the end of $…$ or $$…$$ at i, or 0 for a sign that nothing
// closes within its paragraph.
func (m *finder) dollars(i int) int {
	mark := "$"
	if strings.HasPrefix(m.s[i:], "$$") {
		mark = "$$"
	}
	if m.none[mark] {
		return 0
	}
	for j := i + len(mark); j < len(m.s); j++ {
		switch {
		case m.s[j] == '\\':
			j++
		case strings.HasPrefix(m.s[j:], mark):
			return j + len(mark)
		case strings.HasPrefix(m.s[j:], "\n\n"):
			return 0 // mathematics holds no empty line, and neither sign is looked at again
		}
	}
	m.miss(mark)
	return 0
}

// Math returns where the mathematics in s is, in order, as half-open ranges of bytes.
func Math(s string) [][2]int {
	if !strings.ContainsAny(s, `$\`) {
		return nil
	}
	r := reader{s: s}
	r.skim()
	return r.maths
}
