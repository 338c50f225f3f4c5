package analysis

// stopWords are the words that carry grammar and no subject. The first line is
// the list of Lucene's English analyser but for "no" and "not", which turn a
// title into another ("Attention Is Not All You Need"). The second has what makes
// a question a sentence and what authors say of themselves. Missing on purpose
// are "all", "you", "need", "one", "more", "from" and "about": titles are told
// apart by them.
var stopWords = set(`
	a an and are as at be but by for if in into is it of on or such that the their then there these they this to was will with
	am been can could did do does had has have how i its our should than those we were what when where which who whose why would`)

// IsStop reports whether a term is a stop word: one of some 60 English
// function words, which the index keeps for phrases and a ranking should pass over.
func IsStop(term string) bool { return stopWords[term] }
