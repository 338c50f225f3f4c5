package query

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// maxID bounds the bytes of an ID; the longest DOIs in use have about 200.
const maxID = 400

// The shapes of identifiers. Which archives gave out the old ones of arXiv is not
// asked, since nothing else is written so (https://info.arxiv.org/help/arxiv_identifier.html).
// A DOI is what Crossref recommends to look for, of any suffix
// (https://www.crossref.org/blog/dois-and-matching-regular-expressions/).
var (
	arXivForm = regexp.MustCompile(`^(?:(\d\d(?:0[1-9]|1[0-2])\.\d{4,5})|([a-z]+(?:-[a-z]+)?)(?:\.[a-z-]+)?(/\d\d(?:0[1-9]|1[0-2])\d{3}))(?:v\d{1,3})?$`)
	doiForm   = regexp.MustCompile(`^10\.\d{4,9}(?:\.\d+)*/\S+$`)
	schemed   = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9.+-]{0,63}):(\S+)$`)
)

// BareID reads a text that is nothing but the identifier of a paper, as people paste
// it: of arXiv, old or new, a DOI, or its address at arXiv, Hugging Face, alphaXiv or
// doi.org. Versions are dropped.
func BareID(text string) (ID, bool) {
	text = strings.TrimSpace(text)
	if len(text) > 2*maxID || strings.ContainsFunc(text, unicode.IsSpace) {
		return ID{}, false
	}
	if s, ok := fromAddress(text); ok {
		text = s
	}
	low := strings.ToLower(text)
	for _, p := range []string{"id:", "arxiv:", "doi:"} {
		low = strings.TrimPrefix(low, p)
	}
	low = strings.TrimRight(low, ".,;:") // of the sentence that it was copied from
	if len(low) > maxID || !isPlain(low) {
		return ID{}, false
	}
	if m := arXivForm.FindStringSubmatch(strings.TrimPrefix(low, "10.48550/arxiv.")); m != nil {
		return ID{m[1] + m[2] + m[3]}, true
	}
	if doiForm.MatchString(low) {
		return ID{"doi:" + low}, true
	}
	return ID{}, false
}

// readID reads an identifier of any scheme.
func readID(text string) (ID, bool) {
	if id, ok := BareID(text); ok {
		return id, true
	}
	m := schemed.FindStringSubmatch(text)
	if m == nil || len(text) > maxID || !isPlain(text) || fieldName(text) != "" || strings.HasPrefix(m[2], "//") {
		return ID{}, false
	}
	return ID{strings.ToLower(m[1]) + ":" + m[2]}, true
}

// isPlain reports whether s has only what an identifier may have.
func isPlain(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r) || r == '\\' || r == '*' || isQuote(r)
	})
}

// fromAddress returns the identifier in the address of a paper.
func fromAddress(s string) (string, bool) {
	for _, scheme := range []string{"https://", "http://"} {
		if hasPrefixFold(s, scheme) {
			s = s[len(scheme):]
			break
		}
	}
	host, path, ok := strings.Cut(s, "/")
	if !ok {
		return "", false
	}
	path, _, _ = strings.Cut(path, "#")
	path, _, _ = strings.Cut(path, "?")
	path = strings.Trim(path, "/")
	first, rest, _ := strings.Cut(path, "/")
	rest = strings.TrimSuffix(strings.TrimSuffix(rest, ".pdf"), ".md")
	switch strings.TrimPrefix(strings.ToLower(host), "www.") {
	case "arxiv.org", "export.arxiv.org", "ar5iv.org", "alphaxiv.org":
		return rest, first != "list"
	case "huggingface.co", "hf.co":
		return rest, first == "papers"
	case "doi.org", "dx.doi.org":
		path, err := url.PathUnescape(path)
		return path, err == nil
	}
	return "", false
}
