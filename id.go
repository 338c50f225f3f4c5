package broadsheet

import (
	"crypto/sha256"
	"encoding/base32"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An ID is the canonical text by which a paper is known. An arXiv identifier
// stands bare ("2503.01234", "hep-th/9901001"); all others carry a scheme
// ("doi:10.1/x", "acl:2023.acl-long.1", "openreview:AbC", "local:…"). An ID made
// by ParseID has no version, no control character and no "." or ".." segment, so
// it can stand in a URL path.
type ID string

// maxID bounds the bytes of an ID; the longest DOIs in use have about 200.
const maxID = 400

var (
	doiForm = regexp.MustCompile(`^10\.\d{4,9}(?:\.\d+)*/\S+$`)
	schemed = regexp.MustCompile(`^([a-z][a-z0-9.+-]{0,63}):(.+)$`)
)

// archives are the archives of arXiv that gave out identifiers before April
// 2007 (https://info.arxiv.org/help/arxiv_identifier.html).
var archives = map[string]bool{
	"acc-phys": true, "adap-org": true, "alg-geom": true, "ao-sci": true, "astro-ph": true, "atom-ph": true,
	"bayes-an": true, "chao-dyn": true, "chem-ph": true, "cmp-lg": true, "comp-gas": true, "cond-mat": true,
	"cs": true, "dg-ga": true, "funct-an": true, "gr-qc": true, "hep-ex": true, "hep-lat": true, "hep-ph": true,
	"hep-th": true, "math": true, "math-ph": true, "mtrl-th": true, "nlin": true, "nucl-ex": true,
	"nucl-th": true, "patt-sol": true, "physics": true, "plasm-ph": true, "q-alg": true, "q-bio": true,
	"quant-ph": true, "solv-int": true, "supr-con": true, "test": true,
}

// ParseID reads an ID as people and programs write it: canonical, with a
// version, with an "arXiv:" or "doi:" prefix, as an OAI identifier, or as the
// address of the paper at arXiv, Hugging Face, alphaXiv, doi.org, the ACL
// Anthology, OpenReview or any Broadsheet. Versions are dropped.
func ParseID(s string) (ID, error) {
	in := s
	s = strings.TrimSpace(s)
	bad := func(why string) (ID, error) {
		return "", Errorf(Invalid, "\"%s\" is not a paper id: %s.", Printable(in, 80), why)
	}
	switch {
	case s == "":
		return "", Errorf(Invalid, "A paper id is missing: write it like 2503.01234, hep-th/9901001 or doi:10.1000/182.")
	case len(s) > maxID:
		return bad("it is too long")
	case !utf8.ValidString(s):
		return bad("it is not valid UTF-8")
	}
	if id, ok := arXivID(strings.ToLower(s)); ok {
		return id, nil // before addresses: math.GT/0309136 could be one
	}
	if id, ok := fromURL(s); ok {
		if id == "" {
			return bad("no paper is known to stand at such an address")
		}
		s = id
	}
	low := strings.ToLower(s)
	arxivOnly := false
	for _, p := range []string{"arxiv:", "oai:arxiv.org:"} {
		if rest, ok := strings.CutPrefix(low, p); ok {
			low, s, arxivOnly = strings.TrimSpace(rest), strings.TrimSpace(s[len(p):]), true
		}
	}
	if id, ok := arXivID(low); ok {
		return id, nil
	}
	if arxivOnly {
		return bad("arXiv ids look like 2503.01234 or hep-th/9901001")
	}
	if d := strings.TrimPrefix(low, "doi:"); doiForm.MatchString(d) {
		if rest, ok := strings.CutPrefix(d, "10.48550/arxiv."); ok {
			if id, ok := arXivID(rest); ok {
				return id, nil
			}
		}
		if why := unsafePath(d); why != "" {
			return bad(why)
		}
		return ID("doi:" + d), nil
	}
	m := schemed.FindStringSubmatch(s)
	if m == nil {
		// Schemes are lower case in the canonical form, whatever was typed.
		if i := strings.IndexByte(s, ':'); i > 0 {
			m = schemed.FindStringSubmatch(strings.ToLower(s[:i]) + s[i:])
		}
	}
	if m == nil {
		return bad("write it like 2503.01234, hep-th/9901001, doi:10.1000/182 or acl:2023.acl-long.1")
	}
	switch m[1] {
	case "doi":
		return bad("a DOI looks like doi:10.1000/182")
	case "http", "https", "javascript", "data", "file", "mailto":
		return bad("no paper is known to stand at such an address")
	}
	if why := unsafePath(m[2]); why != "" {
		return bad(why)
	}
	return ID(m[1] + ":" + m[2]), nil
}

// arXivID reads a lower-case arXiv identifier and drops version and subject
// class: "2503.01234v2", "math.gt/0309136". It is called for every record of an
// import, hence by hand.
func arXivID(s string) (ID, bool) {
	if len(s) < 9 {
		return "", false
	}
	if i := strings.LastIndexByte(s, 'v'); i > 0 && i < len(s)-1 && len(s)-i <= 4 && digits(s[i+1:]) {
		s = s[:i]
	}
	if n := len(s); (n == 9 || n == 10) && s[4] == '.' && digits(s[:4]) && digits(s[5:]) && month(s[2:4]) {
		return ID(s), true
	}
	archive, number, ok := strings.Cut(s, "/")
	archive, class, hasClass := strings.Cut(archive, ".")
	if !ok || !archives[archive] || hasClass && len(class) < 2 || len(number) != 7 || !digits(number) || !month(number[2:4]) {
		return "", false
	}
	return ID(archive + "/" + number), true
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func month(s string) bool { return s >= "01" && s <= "12" }

// fromURL finds the identifier in the address of a paper. The second result is
// false when s is no address at all; the first is empty for an address of
// something else.
func fromURL(s string) (string, bool) {
	if !strings.Contains(s, "://") {
		host, _, ok := strings.Cut(s, "/")
		if !ok || !strings.Contains(host, ".") || strings.Contains(host, ":") || strings.HasPrefix(host, "10.") {
			return "", false
		}
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return "", true
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	path := strings.Trim(u.Path, "/")
	first, rest, _ := strings.Cut(path, "/")
	rest = strings.TrimSuffix(strings.TrimSuffix(rest, ".pdf"), ".md")
	switch {
	case host == "arxiv.org" || strings.HasSuffix(host, ".arxiv.org") || host == "alphaxiv.org" || host == "ar5iv.org":
		switch first {
		case "abs", "pdf", "html", "format", "src", "e-print", "ps", "overview", "papers":
			return rest, true
		}
	case host == "doi.org" || host == "dx.doi.org":
		return "doi:" + path, true
	case host == "aclanthology.org":
		return "acl:" + strings.TrimSuffix(path, ".pdf"), path != ""
	case host == "openreview.net" && (first == "forum" || first == "pdf"):
		if id := u.Query().Get("id"); id != "" {
			return "openreview:" + id, true
		}
	case first == "papers" && rest != "":
		return rest, true
	}
	return "", true
}

// unsafePath says why s may not be the local part of an ID, or "".
func unsafePath(s string) string {
	for _, r := range s {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune("\\\"`{}^|", r) {
			return "it has the character " + Printable(string(r), 1) + ", which no id may have"
		}
	}
	for seg := range strings.SplitSeq(s, "/") {
		if seg == "" || seg == "." || seg == ".." {
			return "an empty, \".\" or \"..\" part cannot stand in an id"
		}
	}
	return ""
}

// LocalID returns the ID of a paper of which only the title is known. Titles
// that differ only in case, spacing, accents' form or punctuation have one ID.
func LocalID(title string) ID {
	sum := sha256.Sum256([]byte(TitleKey(title)))
	return ID("local:" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:10])))
}

// TitleKey returns what two spellings of one title share: its letters and
// digits in lower case, words separated by one space.
func TitleKey(title string) string {
	var b strings.Builder
	b.Grow(len(title))
	space := false
	for _, r := range title {
		if 'a' <= r && r <= 'z' && !space {
			b.WriteByte(byte(r))
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	if b.Len() == 0 { // a title of symbols only
		return strings.Join(strings.Fields(title), " ")
	}
	return b.String()
}

// Scheme returns the kind of the identifier: "arxiv", "doi", "acl", "local", …
func (id ID) Scheme() string {
	scheme, _, ok := strings.Cut(string(id), ":")
	if !ok {
		return "arxiv"
	}
	return scheme
}

// Local returns the identifier without its scheme.
func (id ID) Local() string {
	if _, rest, ok := strings.Cut(string(id), ":"); ok {
		return rest
	}
	return string(id)
}

// Path returns the address of the paper's page here, escaped: "/papers/…".
func (id ID) Path() string {
	return "/papers/" + strings.ReplaceAll(url.PathEscape(string(id)), "%2F", "/")
}

// URL returns the address of the paper at its publisher, or "".
func (id ID) URL() string {
	switch id.Scheme() {
	case "arxiv":
		return "https://arxiv.org/abs/" + string(id)
	case "doi":
		return "https://doi.org/" + strings.ReplaceAll(url.PathEscape(id.Local()), "%2F", "/")
	case "acl":
		return "https://aclanthology.org/" + url.PathEscape(id.Local())
	case "openreview":
		return "https://openreview.net/forum?id=" + url.QueryEscape(id.Local())
	}
	return ""
}

// PDF returns the address of the paper's PDF at its publisher, or "".
func (id ID) PDF() string {
	switch id.Scheme() {
	case "arxiv":
		return "https://arxiv.org/pdf/" + string(id)
	case "acl":
		return "https://aclanthology.org/" + url.PathEscape(id.Local()) + ".pdf"
	case "openreview":
		return "https://openreview.net/pdf?id=" + url.QueryEscape(id.Local())
	}
	return ""
}
