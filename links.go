package broadsheet

import (
	"net/url"
	"strings"
)

// codeHosts are the hosts whose addresses with an owner and a name are
// repositories.
var codeHosts = map[string]bool{"github.com": true, "gitlab.com": true, "bitbucket.org": true, "codeberg.org": true}

// FindLinks returns the addresses of code and project pages in texts, in order,
// each once. An address in running text ends before the punctuation that closes
// its sentence.
func FindLinks(texts ...string) []Link {
	var links []Link
	seen := map[string]bool{}
	for _, text := range texts {
		starts := addressStarts{text: text}
		for at := starts.after(0); at >= 0; {
			end := at + strings.IndexFunc(text[at:], endsAddress)
			if end < at {
				end = len(text)
			}
			raw := trimAddress(text[at:end])
			if l, ok := linkTo(raw); ok && !seen[l.URL] && !insideHost(text[:at], raw) {
				seen[l.URL] = true
				l.Source = SourceText
				links = append(links, l)
			}
			at = starts.after(end)
		}
	}
	return links
}

// trimAddress cuts off the punctuation that closes a sentence or a bracket
// around an address.
func trimAddress(raw string) string {
	const closing = ".,;:!?'*_"
	raw = strings.TrimRight(raw, closing)
	for _, pair := range []string{"()", "[]"} {
		if strings.Count(raw, pair[:1]) < strings.Count(raw, pair[1:]) {
			raw = strings.TrimRight(strings.TrimRight(raw, pair[1:]), closing)
		}
	}
	return raw
}

// insideHost reports whether an address without a scheme only ends the name of
// another host, as in gist.github.com.
func insideHost(before, raw string) bool {
	if before == "" || strings.Contains(raw, "://") {
		return false
	}
	c := before[len(before)-1]
	return c == '.' || c == '-' || c == '@' || c == '/' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// addressPrefixes are how addresses start: with a scheme, or with the name of a
// host that authors write without one.
var addressPrefixes = [...]string{"https://", "http://", "github.com/", "www.github.com/", "gitlab.com/"}

// addressStarts finds one start after another. It remembers where each prefix
// comes next, so that a text is read once for each and not once for each address.
type addressStarts struct {
	text string
	next [len(addressPrefixes)]int // len(text)+1: never again
}

// after returns the first start at or after i, or -1.
func (a *addressStarts) after(i int) int {
	best := len(a.text) + 1
	for p, prefix := range addressPrefixes {
		if a.next[p] < i || i == 0 {
			a.next[p] = len(a.text) + 1
			if n := strings.Index(a.text[i:], prefix); n >= 0 {
				a.next[p] = i + n
			}
		}
		best = min(best, a.next[p])
	}
	if best > len(a.text) {
		return -1
	}
	return best
}

func endsAddress(r rune) bool {
	return r <= ' ' || r == 0x7f || strings.ContainsRune("<>\"{}|\\^`$", r) || r > 0x7e
}

// linkTo says what kind of link an address in a paper's own text is. Addresses
// of papers are not links to something else.
func linkTo(raw string) (Link, bool) {
	if !strings.Contains(raw, "://") {
		raw = "https://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return Link{}, false
	}
	host := strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	if !strings.Contains(host, ".") || len(raw) > 500 {
		return Link{}, false
	}
	path := strings.Trim(u.EscapedPath(), "/")
	if codeHosts[host] {
		owner, rest, _ := strings.Cut(path, "/")
		if owner == "" || rest == "" {
			return Link{}, false
		}
		return Link{Kind: LinkCode, URL: "https://" + host + "/" + strings.TrimSuffix(path, ".git")}, true
	}
	switch {
	case host == "arxiv.org", strings.HasSuffix(host, ".arxiv.org"), host == "doi.org", host == "dx.doi.org",
		host == "creativecommons.org", host == "orcid.org":
		return Link{}, false
	case strings.HasSuffix(host, ".github.io"), strings.HasSuffix(host, ".gitlab.io"):
		return Link{Kind: LinkProject, URL: raw}, true
	}
	// Elsewhere a bare host is an institution or a tool that the text mentions.
	if path == "" {
		return Link{}, false
	}
	return Link{Kind: LinkProject, URL: raw}, true
}

// WebURL returns s if it is an http or https address that can stand on a page,
// else "".
func WebURL(s string) string {
	s = strings.TrimSpace(s)
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(s) > 2000 || u.User != nil {
		return ""
	}
	return s
}
