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
		for len(text) > 0 {
			i := indexAddress(text)
			if i < 0 {
				break
			}
			end := i + strings.IndexFunc(text[i:], endsAddress)
			if end < i {
				end = len(text)
			}
			raw := strings.TrimRight(text[i:end], ".,;:!?'*_")
			text = text[end:]
			if strings.Count(raw, "(") < strings.Count(raw, ")") {
				raw = strings.TrimRight(strings.TrimRight(raw, ")"), ".,;:")
			}
			l, ok := linkTo(raw)
			if ok && !seen[l.URL] {
				seen[l.URL] = true
				l.Source = SourceText
				links = append(links, l)
			}
		}
	}
	return links
}

// indexAddress finds where an address starts: at its scheme, or at the name of a
// host that authors write without one.
func indexAddress(s string) int {
	best := -1
	for _, p := range []string{"https://", "http://", "github.com/", "www.github.com/", "gitlab.com/"} {
		if i := strings.Index(s, p); i >= 0 && (best < 0 || i < best) {
			best = i
		}
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
