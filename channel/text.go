package channel

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf16"

	"broadsheet"
)

const (
	maxTitle   = 250 // characters; the longest real titles have about 300
	maxSummary = 400 // three lines on a wide screen
	maxReason  = 200
	maxNames   = 3 // authors before “and others”
	maxName    = 80
	maxURL     = 2000 // what all receivers take
)

// plain makes one line of a text: no control characters, no marks that turn its
// direction or cannot be seen, and at most so many characters. The rest of a text
// that is longer is not looked at.
func plain(text string, most int) string {
	var b strings.Builder
	n, space := 0, false
	for _, r := range text {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			space = b.Len() > 0
			continue
		case invisible(r):
			continue
		}
		width := max(1, utf16.RuneLen(r))
		if space {
			width++
		}
		if n+width+1 > most { // the last is for the mark of a cut
			return b.String() + "…"
		}
		if space {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		n, space = n+width, false
	}
	return b.String()
}

// invisible has format characters, among them all bidirectional controls (Unicode
// Standard Annex #9) and zero-width ones, and what is no character at all. The two
// joiners stay, without which Persian and several scripts of India are misspelt.
func invisible(r rune) bool {
	if r == '\u200c' || r == '\u200d' {
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs) || r == unicode.ReplacementChar ||
		r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0000
}

// safeURL returns an http address without what could end it in any markup, or "".
func safeURL(address string) string {
	u, err := url.Parse(address)
	if err != nil || len(address) > maxURL || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return ""
	}
	u.RawQuery = strings.NewReplacer("|", "%7C", "<", "%3C", ">", "%3E", `"`, "%22", "'", "%27", " ", "%20").Replace(u.RawQuery)
	text := u.String()
	if strings.ContainsAny(text, "<>\"|` ") || strings.ContainsFunc(text, func(r rune) bool { return r > '~' || r < '!' }) {
		return "" // such as a host with quotes
	}
	return text
}

// clean makes all texts of a digest plain and all addresses safe.
func (d Digest) clean() Digest {
	d.Title, d.Preheader, d.URL = plain(d.Title, maxTitle), plain(d.Preheader, maxTitle), safeURL(d.URL)
	items := make([]Item, len(d.Items))
	for i, it := range d.Items {
		it.ID = broadsheet.ID(plain(string(it.ID), maxTitle))
		it.Title, it.URL = plain(it.Title, maxTitle), safeURL(it.URL)
		it.Summary, it.Reason, it.Code = plain(it.Summary, maxSummary), plain(it.Reason, maxReason), safeURL(it.Code)
		it.Title = cmp.Or(it.Title, string(it.ID), "Untitled") // no receiver takes a link without a text
		items[i] = it
	}
	d.Items = items
	return d
}

// byline names the first authors and the counts.
func (it *Item) byline() string {
	var names []string
	for _, a := range it.Authors[:min(len(it.Authors), maxNames)] {
		if a = plain(a, maxName); a != "" {
			names = append(names, a)
		}
	}
	line := strings.Join(names, ", ")
	if len(it.Authors) > maxNames {
		line += " and others"
	}
	parts := []string{line}
	if line == "" {
		parts = nil
	}
	if it.Upvotes > 0 {
		parts = append(parts, fmt.Sprintf("▲ %d", it.Upvotes))
	}
	if it.Comments > 0 {
		parts = append(parts, fmt.Sprintf("%d comments", it.Comments))
	}
	return strings.Join(parts, " · ")
}

// more says how many papers were left out.
func more(n int) string {
	if n == 1 {
		return "1 paper more"
	}
	return fmt.Sprintf("%d papers more", n)
}

// length counts as JavaScript does, as the receivers do or more strictly.
func length(text string) int {
	n := 0
	for _, r := range text {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}
