package ingest

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"strings"

	"broadsheet"
	"broadsheet/arxiv"
	"broadsheet/beir"
	"broadsheet/biorxiv"
	"broadsheet/hfpapers"
	"broadsheet/openreview"
)

// A format is a form in which papers come.
type format struct {
	name string
	read func(io.Reader, origin) iter.Seq2[broadsheet.Record, error]
}

// formats are the forms that import understands, in the order in which they are
// listed to people.
var formats = []format{
	{"arxiv-json", func(r io.Reader, _ origin) iter.Seq2[broadsheet.Record, error] { return arxiv.ReadJSON(r) }},
	{"arxiv-oai", func(r io.Reader, _ origin) iter.Seq2[broadsheet.Record, error] { return arxiv.ReadOAI(r) }},
	{"arxiv-atom", func(r io.Reader, _ origin) iter.Seq2[broadsheet.Record, error] { return arxiv.ReadAtom(r) }},
	{"arxiv-rss", func(r io.Reader, _ origin) iter.Seq2[broadsheet.Record, error] { return arxiv.ReadRSS(r) }},
	{"hf-daily", func(r io.Reader, o origin) iter.Seq2[broadsheet.Record, error] {
		return hfpapers.ReadDaily(r, hfpapers.Options{Day: o.date, Fallback: o.guessed})
	}},
	{"hf-page", func(r io.Reader, o origin) iter.Seq2[broadsheet.Record, error] { return hfpapers.ReadPage(r, o.date) }},
	{"biorxiv", func(r io.Reader, _ origin) iter.Seq2[broadsheet.Record, error] { return biorxiv.ReadDetails(r) }},
	{"openreview", func(r io.Reader, _ origin) iter.Seq2[broadsheet.Record, error] { return openreview.ReadNotes(r) }},
	{"beir", func(r io.Reader, o origin) iter.Seq2[broadsheet.Record, error] { return beir.ReadCorpus(r, o.dataset) }},
	{"jsonl", func(r io.Reader, _ origin) iter.Seq2[broadsheet.Record, error] { return ReadJSONL(r) }},
}

// FormatNames returns the names of the formats, separated by commas.
func FormatNames() string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return strings.Join(names, ", ")
}

// guess tells the format from the first bytes of a file.
func guess(head []byte) (format, error) {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(text) == 0 {
		return format{}, broadsheet.Errorf(broadsheet.Invalid, "it is empty.")
	}
	name := ""
	switch text[0] {
	case '<':
		for _, x := range []struct{ root, name string }{
			{"<OAI-PMH", "arxiv-oai"}, {"<feed", "arxiv-atom"}, {"<rss", "arxiv-rss"},
		} {
			if bytes.Contains(text, []byte(x.root)) {
				name = x.name
				break
			}
		}
	case '[':
		if has := keys(text[1:]); has["paper"] || has["id"] && has["upvotes"] {
			name = "hf-daily"
		} else if bytes.HasPrefix(bytes.TrimLeft(text[1:], " \t\r\n"), []byte("]")) {
			name = "hf-daily" // an empty day
		}
	case '{':
		name = guessObject(keys(text))
	default:
		if bytes.Contains(text, []byte("Get trending papers in your email inbox!")) {
			name = "hf-page"
		}
	}
	for _, f := range formats {
		if f.name == name {
			return f, nil
		}
	}
	return format{}, broadsheet.Errorf(broadsheet.Invalid,
		"it is %s, and not in a form that can be imported: %s. If it is one of these after all, say so with --format; "+
			"anything else can be written as JSON lines with id, title, abstract and authors (doc/data.md).", describe(text), FormatNames())
}

// services are told by names that only their answers have.
var services = []struct{ mark, name string }{
	{`"https://openalex.org/`, "an answer of OpenAlex"},
	{`"message-type"`, "an answer of Crossref"},
	{`"paperId"`, "an answer of Semantic Scholar"},
	{`"rel_doi"`, "an answer of bioRxiv that is not one to details"},
	{`"venueid"`, "an answer of OpenReview that is not one to notes"}, {`"invitations"`, "an answer of OpenReview that is not one to notes"},
}

// magics are how files begin that must be unpacked or converted first.
var magics = []struct{ mark, name string }{
	{"PK\x03\x04", "a zip archive, which must be unpacked first"}, {"\xfd7zXZ", "packed with xz, and must be unpacked first"},
	{"BZh", "packed with bzip2, and must be unpacked first"},
	{"\xff\xfe", "text in UTF-16, which must be converted to UTF-8 first"}, {"\xfe\xff", "text in UTF-16, which must be converted to UTF-8 first"},
	{"SQLite format 3", "a database"}, {"%PDF", "a PDF"},
}

// describe says what a file is that cannot be imported.
func describe(text []byte) string {
	for _, s := range services {
		if bytes.Contains(text, []byte(s.mark)) {
			return s.name
		}
	}
	for _, m := range magics {
		if bytes.HasPrefix(text, []byte(m.mark)) {
			return m.name
		}
	}
	switch text[0] {
	case '<':
		return "XML or HTML"
	case '[':
		return "a JSON list"
	case '{':
		if has := keys(text); has["error"] || has["message"] {
			return `the error message of a service, "` + broadsheet.Printable(string(bytes.TrimSpace(text)), 120) + `"`
		}
		return "JSON"
	}
	return "text"
}

func guessObject(has map[string]bool) string {
	switch {
	case has["_id"] && (has["text"] || has["title"]):
		return "beir"
	case has["paper"], has["date"] && has["answer"], has["summary"] && has["upvotes"] && has["id"]:
		return "hf-daily"
	case has["id"] && (has["authors_parsed"] || has["submitter"] && has["versions"]):
		return "arxiv-json"
	case has["messages"] && has["collection"]:
		return "biorxiv"
	case has["notes"]:
		return "openreview"
	case has["title"] && (has["id"] || has["arxiv_id"]) && !has["referenced_works"]: // OpenAlex has the first two as well
		return "jsonl"
	}
	return ""
}

// keys returns the names in the first JSON object of text, as far as text goes.
func keys(text []byte) map[string]bool {
	dec := json.NewDecoder(bytes.NewReader(text))
	found := map[string]bool{}
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return found
	}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			break
		}
		name, ok := t.(string)
		if !ok {
			break
		}
		found[name] = true
		var skip json.RawMessage
		if dec.Decode(&skip) != nil {
			break
		}
	}
	return found
}
