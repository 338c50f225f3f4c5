package broadsheet

import (
	"net/url"
	"strings"
)

// codeHosts are the hosts whose addresses with an owner and a name are
// repositories.
var codeHosts = map[string]bool{"github.com": true, "gitlab.com": true, "bitbucket.org": true, "codeberg.org": true}

// codePlaces are further hosts on which an address with a path is one of code.
var codePlaces = map[string]bool{"anonymous.4open.science": true, "git.io": true, "pypi.org": true, "cran.r-project.org": true,
	"sourceforge.net": true, "crates.io": true, "code.google.com": true, "sr.ht": true, "git.sr.ht": true}

// libraries are hosts of journals, proceedings, preprints and catalogues, which
// comments name to say where a paper appeared. They are matched with what stands
// before them, as in link.springer.com.
var libraries = words(`arxiv.org doi.org imstat.org cbs.nl ieee.org projecteuclid.org sciencedirect.com elsevier.com springer.com
	springerlink.com nature.com science.org sciencemag.org aps.org iop.org acm.org aclanthology.org aclweb.org neurips.cc nips.cc mlr.press openreview.net
	thecvf.com tandfonline.com wiley.com mdpi.com oup.com jstor.org ams.org emis.de eptcs.org lmcs-online.org episciences.org msp.org
	wikipedia.org handle.net semanticscholar.org researchgate.net scholar.google.com inspirehep.net adsabs.harvard.edu biorxiv.org
	medrxiv.org ssrn.com pnas.org aip.org rsc.org aanda.org copernicus.org frontiersin.org plos.org creativecommons.org orcid.org
	dagstuhl.de ceur-ws.org jmlr.org tlt.org worldscientific.com degruyter.com siam.org cambridge.org royalsocietypublishing.org
	airccj.org ijcai.org aaai.org isca-speech.org usenix.org lmcs.org theoretics.org scipost.org quantum-journal.org zbmath.org hal.science archives-ouvertes.fr acs.org melba-journal.org`)

func words(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}

// inLibrary reports whether a host or one above it is among the libraries.
func inLibrary(host string) bool {
	for {
		if libraries[host] {
			return true
		}
		_, above, ok := strings.Cut(host, ".")
		if !ok {
			return false
		}
		host = above
	}
}

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
	if i := strings.Index(raw, "]("); i > 0 { // [address](address), of Markdown
		raw = raw[:i]
	}
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
	if strings.HasSuffix(before, "ttps: //") || strings.HasSuffix(before, "ttp: //") {
		return false // a scheme that was torn off
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
	case inLibrary(host), isDocument(path):
		return Link{}, false
	case strings.HasSuffix(host, ".github.io"), strings.HasSuffix(host, ".gitlab.io"):
		return Link{Kind: LinkProject, URL: raw}, true
	case path != "" && (codePlaces[host] || strings.HasPrefix(host, "gitlab.") || strings.HasPrefix(host, "git.")):
		return Link{Kind: LinkCode, URL: raw}, true
	}
	// Elsewhere a bare host is an institution or a tool that the text mentions.
	if path == "" {
		return Link{}, false
	}
	return Link{Kind: LinkProject, URL: raw}, true
}

// isDocument reports whether a path is that of a paper rather than of a page.
func isDocument(path string) bool {
	path = strings.ToLower(path)
	for _, end := range []string{".pdf", ".ps", ".ps.gz", ".abs.html"} {
		if strings.HasSuffix(path, end) {
			return true
		}
	}
	return false
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
