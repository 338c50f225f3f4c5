// Package arxiv reads the forms in which arXiv gives out its metadata: answers
// of the OAI-PMH service, of the query API, the daily feeds, and the snapshot
// that it publishes as one JSON object a line.
//
// Each reader yields records as they arrive and keeps one at a time. A
// [broadsheet.BadRecord] names a record that is refused, and the next one
// follows; any other error ends the sequence.
//
// A [Service] asks arXiv itself, at the pace that arXiv asks for: by night what has
// changed, with [Service.Changes]; in the morning what was announced, with
// [Service.Announcements]; and single papers that nobody here knows, with
// [Service.Lookup].
package arxiv

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet"
)

// maxRecord bounds one record in bytes. The largest real ones, with 5,000
// authors, have some 500 kB.
const maxRecord = 4 << 20

// newRecord returns a record with what every record must have, or without an ID
// if that cannot be read.
func newRecord(id, title string) (rec broadsheet.Record, err error) {
	if rec.ID, err = paperID(id); err != nil {
		return rec, err
	}
	if strings.TrimSpace(title) == "" {
		return rec, errors.New("title: it is empty, and every paper has one")
	}
	rec.Title = title
	return rec, nil
}

func paperID(text string) (broadsheet.ID, error) {
	if strings.TrimSpace(text) == "" {
		return "", errors.New("id: there is none")
	}
	id, err := broadsheet.ParseID(text)
	if err != nil {
		return "", fmt.Errorf("id: %s", strings.TrimSuffix(broadsheet.TextFor(err), "."))
	}
	if id.Scheme() != "arxiv" {
		return "", fmt.Errorf("id: \"%s\" is not an arXiv id like 2503.01234 or hep-th/9901001", broadsheet.Printable(text, 80))
	}
	return id, nil
}

// day reads a date that may be missing.
func day(field, text string) (broadsheet.Date, error) {
	if strings.TrimSpace(text) == "" {
		return "", nil
	}
	d, err := broadsheet.ParseDate(text)
	if err != nil {
		return "", fmt.Errorf("%s: \"%s\" is not a date like 2025-03-11", field, broadsheet.Printable(text, 40))
	}
	return d, nil
}

// mailTime reads a time as in mail (RFC 5322), in the zone that it carries.
func mailTime(field, text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{"Mon, 2 Jan 2006 15:04:05 GMT", "Mon, 2 Jan 2006 15:04:05 -0700"} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() > 0 {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%s: \"%s\" is not a time like Mon, 2 Apr 2007 19:18:42 GMT", field, broadsheet.Printable(text, 40))
}

// A version is a revision as arXivRaw and the snapshot write it.
type version struct {
	Name    string `xml:"version,attr" json:"version"` // "v1"
	Created string `xml:"date" json:"created"`
	Size    string `xml:"size" json:"size"`
}

// setVersions takes over the revisions of a paper and the dates they tell.
func setVersions(p *broadsheet.Paper, versions []version) error {
	for _, v := range versions {
		number, ok := strings.CutPrefix(v.Name, "v")
		n, err := strconv.Atoi(number)
		if err != nil || !ok || n < 1 || n > 999 {
			return fmt.Errorf("version: \"%s\" is not a version like v1", broadsheet.Printable(v.Name, 20))
		}
		var at time.Time
		if strings.TrimSpace(v.Created) != "" {
			if at, err = mailTime("version "+v.Name, v.Created); err != nil {
				return err
			}
		}
		p.Versions = append(p.Versions, broadsheet.Version{Number: n, At: at.UTC(), Size: strings.TrimSpace(v.Size)})
	}
	slices.SortStableFunc(p.Versions, func(a, b broadsheet.Version) int { return a.Number - b.Number })
	if len(p.Versions) == 0 {
		return nil
	}
	if first := p.Versions[0]; !first.At.IsZero() {
		p.Published = broadsheet.DateOf(first.At)
	}
	if last := p.Versions[len(p.Versions)-1]; !last.At.IsZero() {
		setUpdated(p, broadsheet.DateOf(last.At))
	}
	return nil
}

// setUpdated notes when the latest version came, unless that is the first one.
func setUpdated(p *broadsheet.Paper, d broadsheet.Date) {
	if d != p.Published {
		p.Updated = d
	}
}

// list splits at blanks and drops repetitions, as of categories.
func list(text string) []string {
	var out []string
	for _, s := range strings.Fields(text) {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// nextDOI finds where two DOIs touch. One may have commas and semicolons inside,
// so only one before the next "10." parts them.
var nextDOI = strings.NewReplacer(",10.", " 10.", ";10.", " 10.")

// dois separates several DOIs by one blank.
func dois(text string) string {
	var out []string
	for _, d := range list(nextDOI.Replace(text)) {
		d = strings.Trim(d, ",;")
		for _, prefix := range []string{"https://doi.org/", "http://dx.doi.org/", "doi:"} {
			if len(d) > len(prefix) && strings.EqualFold(d[:len(prefix)], prefix) {
				d = d[len(prefix):]
			}
		}
		if d != "" {
			out = append(out, d)
		}
	}
	return strings.Join(out, " ")
}

// authors reads the parts of one name that the source has set apart. It may come
// out as none, as where arXiv lists the colon behind a collaboration, or as two,
// as in "A. Smith for the X Collaboration", which arXiv takes for one.
func authors(affiliations []string, parts ...string) []broadsheet.Author {
	var at []string
	for _, a := range affiliations {
		if a = strings.Join(strings.Fields(a), " "); a != "" {
			at = append(at, a)
		}
	}
	found := broadsheet.ParseAuthors(strings.Join(parts, " "))
	if len(found) > 0 && len(at) > 0 {
		found[0].Affiliation = strings.Join(at, "; ")
	}
	return found
}
