package tex

// Maths returns the mathematics in s.
func Maths(s string) []string {
	r := reader{s: s}
	r.skim()
	var found []string
	for _, m := range r.maths {
		found = append(found, s[m[0]:m[1]])
	}
	return found
}
