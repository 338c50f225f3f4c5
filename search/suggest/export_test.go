package suggest

// EditDistance is editDistance of texts.
func EditDistance(a, b string) int { return editDistance([]rune(a), []rune(b)) }

// PhrasesOf returns the phrases of a title.
func PhrasesOf(title string) (list []string) {
	NewPhraseCounter(1).each(title, func(p []byte) { list = append(list, string(p)) })
	return list
}
