package arxiv_test

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/arxiv"
	"broadsheet/internal/need"
)

type reader = func(io.Reader) iter.Seq2[broadsheet.Record, error]

var readers = map[string]reader{"oai": arxiv.ReadOAI, "atom": arxiv.ReadAtom, "rss": arxiv.ReadRSS, "json": arxiv.ReadJSON}

// read returns what a reader yields: records, and the words for what it refuses
// and how it ends.
func read(t testing.TB, f reader, r io.Reader) (records []broadsheet.Record, refused []string, end error) {
	t.Helper()
	for rec, err := range f(r) {
		if end != nil {
			t.Fatalf("the sequence goes on after its end: %v", end)
		}
		if bad, ok := errors.AsType[*broadsheet.BadRecord](err); ok {
			refused = append(refused, bad.Error())
		} else if err != nil {
			end = err
		} else {
			records = append(records, rec)
		}
	}
	return records, refused, end
}

func fixture(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func paper(p broadsheet.Paper) broadsheet.Record { return broadsheet.Record{Paper: p} }

func names(names ...string) []broadsheet.Author {
	var out []broadsheet.Author
	for _, n := range names {
		name, at, _ := strings.Cut(n, "/")
		out = append(out, broadsheet.Author{Name: name, Affiliation: at})
	}
	return out
}

func source(name string, date broadsheet.Date) []broadsheet.Source {
	return []broadsheet.Source{{Name: name, Date: date}}
}

func TestRead(t *testing.T) {
	for _, tt := range []struct {
		file    string
		read    reader
		want    []broadsheet.Record
		refused []string
	}{
		{"oai_arxiv.xml", arxiv.ReadOAI, []broadsheet.Record{
			paper(broadsheet.Paper{
				ID: "2511.99999", Title: "Limits on the orbit of a small\n  teapot & its lid",
				Abstract: "  We looked for $p < 1$ teapots\nbetween two planets and saw none.\n",
				Authors: names("Teapot Collaboration/Kettle Institute, Hill Street",
					`Mar\'ia de la Cruz Jr./Kettle Institute; Spout Laboratory`, "Plato"),
				Categories: []string{"hep-ex", "astro-ph.EP"}, Published: "2025-11-02", Updated: "2025-12-13",
				DOI: "10.1000/teapot.1 10.1000/(SICI)1234:2<3::AID>3.0.CO;2-A", Comments: "7 pages, no figures",
				JournalRef: "J. Kettles 12 (2025) 345", License: "http://creativecommons.org/licenses/by/4.0/",
				Sources: source("arxiv-oai", "2025-12-14"),
			}),
			paper(broadsheet.Paper{ID: "hep-ex/9912999", Status: broadsheet.StatusDeleted, Sources: source("arxiv-oai", "2025-12-13")}),
		}, []string{`record 1: 2599.00001: id: "2599.00001" is not a paper id: write it like 2503.01234, hep-th/9901001, doi:10.1000/182 or acl:2023.acl-long.1`}},

		{"oai_arxiv_2026.xml", arxiv.ReadOAI, []broadsheet.Record{
			paper(broadsheet.Paper{ID: "2602.99991", Title: "A new paper about kettles", Abstract: "Kettles 'boil'.",
				Authors: names("Ada Smith"), Categories: []string{"hep-ex"}, Published: "2026-02-11", Sources: source("arxiv-oai", "2026-02-12")}),
			// The day of its first version cannot be known from here.
			paper(broadsheet.Paper{ID: "2511.99999", Title: "An old paper in its third version",
				Authors: names("Ada Smith"), Categories: []string{"cs.LG"}, Updated: "2026-02-10", Sources: source("arxiv-oai", "2026-02-12")}),
		}, nil},

		{"oai_raw.xml", arxiv.ReadOAI, []broadsheet.Record{
			paper(broadsheet.Paper{ID: "2609.99990", Status: broadsheet.StatusDeleted, Sources: source("arxiv-oai-raw", "2026-09-25")}),
			paper(broadsheet.Paper{
				ID: "2609.99992", Title: "Teaching a kettle to whistle", Abstract: "A kettle's whistle is learnt from steam.",
				Authors: names("Ada Smith/Kettle Institute", `Bj{\o}rn Jones`,
					"Chen Wu/Kettle Institute; Spout Laboratory, Hill Street"),
				Categories: []string{"cs.LG", "cs.CL"}, Published: "2026-09-02", Updated: "2026-09-24",
				Versions: []broadsheet.Version{
					{Number: 1, At: time.Date(2026, 9, 2, 8, 26, 30, 0, time.UTC), Size: "12kb"},
					{Number: 2, At: time.Date(2026, 9, 24, 5, 29, 13, 0, time.UTC), Size: "1850kb"},
				},
				Comments: "3 pages", License: "http://arxiv.org/licenses/nonexclusive-distrib/1.0/", Sources: source("arxiv-oai-raw", "2026-09-25"),
			}),
		}, []string{`record 3: 2609.99993: version v1: "Wed, 41 Sep 2026 08:26:30 GMT" is not a time like Mon, 2 Apr 2007 19:18:42 GMT`}},

		{"atom.xml", arxiv.ReadAtom, []broadsheet.Record{
			paper(broadsheet.Paper{
				ID: "2511.99999", Title: "Limits on the orbit of a small\n  teapot", Abstract: "We looked for teapots.",
				Authors: names("Teapot Collaboration", "Ada Smith/Kettle Institute"), Categories: []string{"hep-ex", "astro-ph.EP"},
				Published: "2025-11-03", Updated: "2025-12-13", DOI: "10.1000/teapot.1", Comments: "7 pages",
				JournalRef: "J. Kettles 12 (2025) 345", Sources: source("arxiv-atom", "2025-12-13"),
			}),
			paper(broadsheet.Paper{ID: "math/9912999", Title: "On kettles", Abstract: "  They are round.\n", Authors: names("Ada Smith"),
				Published: "1999-12-31", Sources: source("arxiv-atom", "1999-12-31")}),
		}, nil},

		{"atom_feed.xml", arxiv.ReadAtom, []broadsheet.Record{
			paper(broadsheet.Paper{ID: "2609.99992", Title: "Teaching a kettle to whistle", Abstract: "A whistle is learnt.",
				Authors: names("Ada Smith", "Chen Wu"), Categories: []string{"cs.LG"}, Announced: "2026-09-24",
				License: "http://creativecommons.org/licenses/by/4.0/", Sources: source("arxiv-rss", "2026-09-24")}),
		}, nil},

		{"rss.xml", arxiv.ReadRSS, []broadsheet.Record{
			paper(broadsheet.Paper{ID: "2609.99992", Title: "Teaching a kettle to whistle",
				Abstract: "A whistle is learnt from steam.\nAbstract: this line is ours.",
				Authors:  names("Ada Smith/Kettle Institute, Hill Street", `Bj{\o}rn Jones Jr`), Categories: []string{"cs.LG", "cs.CL"},
				Announced: "2026-09-24", License: "http://creativecommons.org/licenses/by/4.0/", Sources: source("arxiv-rss", "2026-09-24")}),
			paper(broadsheet.Paper{ID: "2511.99999", Title: "Limits on the orbit of a small teapot", Abstract: "We looked for teapots.",
				Authors: names("Teapot Collaboration"), Categories: []string{"hep-ex"}, DOI: "10.1000/teapot.1",
				JournalRef: "J. Kettles 12 (2025) 345", Updated: "2026-09-24", Sources: source("arxiv-rss", "2026-09-24")}),
			paper(broadsheet.Paper{ID: "2609.99994", Title: "Cups and saucers", Abstract: "Cups.", Sources: source("arxiv-rss", "2026-09-24")}),
			paper(broadsheet.Paper{ID: "2609.99995", Title: "Read from the text alone", Abstract: "Saucers.",
				Announced: "2026-09-24", Sources: source("arxiv-rss", "2026-09-24")}),
		}, []string{`record 5: https://example.org/abs/2609.99996: id: "https://example.org/abs/2609.99996" is not a paper id: no paper is known to stand at such an address`}},

		{"rss_empty.xml", arxiv.ReadRSS, nil, nil},

		{"snapshot.jsonl", arxiv.ReadJSON, []broadsheet.Record{
			paper(broadsheet.Paper{
				ID: "0704.9999", Title: "Kettles at high\n  pressure", Abstract: "  They whistle.\n",
				Authors: names("A. Smith", "B. Jones Jr.", "C. Wu/Kettle Institute"), Categories: []string{"hep-ph", "physics.flu-dyn"},
				Published: "2007-04-02", Updated: "2007-07-24",
				Versions: []broadsheet.Version{
					{Number: 1, At: time.Date(2007, 4, 2, 19, 18, 42, 0, time.UTC)},
					{Number: 2, At: time.Date(2007, 7, 24, 20, 10, 27, 0, time.UTC)},
				},
				DOI: "10.1000/kettle.7", Comments: "37 pages, 15 figures", JournalRef: "J. Kettles 1, 2 (2007)", Sources: source("arxiv-json", "2008-11-26"),
			}),
			paper(broadsheet.Paper{
				ID: "hep-th/9901999", Title: "On cups", Abstract: "Round.", Authors: names("Plato"), Categories: []string{"hep-th"},
				Published: "1999-01-01", Versions: []broadsheet.Version{{Number: 1, At: time.Date(1999, 1, 1, 0, 0, 1, 0, time.UTC)}},
				License: "http://arxiv.org/licenses/nonexclusive-distrib/1.0/", Sources: source("arxiv-json", "1999-01-01"),
			}),
		}, nil},
	} {
		t.Run(tt.file, func(t *testing.T) {
			text := fixture(t, tt.file)
			for how, r := range map[string]io.Reader{
				"whole":          strings.NewReader(text),
				"byte by byte":   iotest.OneByteReader(strings.NewReader(text)),
				"in white space": strings.NewReader("\ufeff \n" + text + "\n \n"),
			} {
				got, refused, err := read(t, tt.read, r)
				if err != nil {
					t.Fatalf("%s: %v", how, err)
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%s: records (-want +got):\n%s", how, diff)
				}
				if how == "in white space" {
					continue // lines are counted from the first
				}
				if diff := cmp.Diff(tt.refused, refused); diff != "" {
					t.Errorf("%s: refused (-want +got):\n%s", how, diff)
				}
			}
		})
	}
}

// Whoever reads may stop at any record.
func TestReadStops(t *testing.T) {
	for name, file := range map[string]string{"oai": "oai_raw.xml", "atom": "atom.xml", "rss": "rss.xml", "json": "snapshot.jsonl"} {
		n := 0
		for range readers[name](strings.NewReader(fixture(t, file))) {
			n++
			break
		}
		if n != 1 {
			t.Errorf("%s: read %d records, want 1", name, n)
		}
	}
}

// Every prefix of a file gives the records before the cut and then says where it
// was cut.
func TestReadTruncated(t *testing.T) {
	for name, file := range map[string]string{"oai": "oai_raw.xml", "atom": "atom.xml", "rss": "rss.xml"} {
		text := strings.TrimSpace(fixture(t, file))
		whole, refused, _ := read(t, readers[name], strings.NewReader(text))
		for cut := range len(text) {
			got, bad, err := read(t, readers[name], strings.NewReader(text[:cut]))
			if err == nil || broadsheet.KindOf(err) != broadsheet.Invalid {
				t.Fatalf("%s cut at %d: %v, want an Invalid error", name, cut, err)
			}
			if len(got) > len(whole) || len(bad) > len(refused) || len(got) > 0 && !cmp.Equal(got, whole[:len(got)]) {
				t.Fatalf("%s cut at %d: other records than in the whole", name, cut)
			}
		}
	}
	text := fixture(t, "oai_raw.xml")
	for cut, want := range map[string]string{
		"<title>Teaching": "The file ends in the middle of record 2: it has been cut off.",
		"<resumption":     "The file ends behind record 3, before its own end: it has been cut off.",
		"<ListRecords":    "The file ends before its first record: it has been cut off.",
	} {
		_, _, err := read(t, arxiv.ReadOAI, strings.NewReader(text[:strings.Index(text, cut)]))
		if err == nil || err.Error() != want {
			t.Errorf("cut before %s: %v, want %q", cut, err, want)
		}
	}
}

func TestReadRefusesDocuments(t *testing.T) {
	const item = "<item><title>T</title><guid>2503.01234</guid></item>"
	for _, tt := range []struct{ name, in, want string }{
		{"rss", "", "The file is empty: expected an RSS feed of arXiv."},
		{"rss", "Rate exceeded.", `Line 1: expected XML, found the text "Rate exceeded.".`},
		{"rss", "<feed/>", "This is not an RSS feed of arXiv: its root element is <feed>, expected <rss>."},
		{"rss", "<!DOCTYPE html><html>", "This is a web page: expected XML as arXiv's interfaces give it out."},
		{"rss", `<!DOCTYPE rss [<!ENTITY a "aaaa">]><rss/>`, "A document type declaration is not accepted here: remove it."},
		{"rss", `<rss><channel><item><!DOCTYPE x></item></channel></rss>`, "A document type declaration is not accepted here: remove it."},
		{"rss", `<rss><channel><item><title>&lol;</title>`, "Line 1, in or before record 1: this is not well-formed XML: invalid character entity &lol;."},
		{"rss", "<rss>\n</feed>", "Line 2, in or before record 1: this is not well-formed XML: element <rss> closed by </feed>."},
		{"rss", "<rss/><rss/>", "Line 1: a second document begins behind the first. Give each in a file of its own."},
		{"rss", "<rss/>more", `Line 1: expected XML, found the text "more".`},
		{"rss", `<?xml version="1.0" encoding="koi8-r"?><rss/>`, `The file is in the character set "koi8-r": UTF-8, US-ASCII and ISO-8859-1 are read.`},
		{"rss", "\xff\xfe<\x00r\x00", `The file is in the character set "UTF-16": UTF-8, US-ASCII and ISO-8859-1 are read.`},
		{"rss", "<rss><channel>" + strings.Repeat("<item>", 100), "The XML nests more than 64 elements."},
		{"rss", "<rss><channel>" + item + "<item><title>" + strings.Repeat("long ", 1<<20), "Record 2, or what stands before it, is larger than 4 MiB: no record of arXiv is."},
		{"rss", "<rss><channel>" + strings.Repeat(" ", 5<<20), "Record 1, or what stands before it, is larger than 4 MiB: no record of arXiv is."},
		{"rss", fixture(t, "rss_error.xml"), "arXiv refused the request: Bad archive 'tea'. Valid archive names are: cs, math."},
		{"atom", fixture(t, "atom_error.xml"), "arXiv refused the request: incorrect id format for 25.1."},
		{"oai", "<OAI-PMH/>", "The answer holds neither records nor an error of the service."},
		{"oai", "<OAI-PMH><Identify/></OAI-PMH>", "This is an answer to Identify: records are in answers to ListRecords and GetRecord."},
		{"oai", `<OAI-PMH><error code="badResumptionToken">expired</error></OAI-PMH>`,
			`arXiv no longer knows the place where the list stopped: start it again from the date of the last record received. It said badResumptionToken: "expired".`},
		{"oai", `<OAI-PMH><error code="teapot"/></OAI-PMH>`, `arXiv refused the request. It said teapot: "".`},
		{"oai", "<OAI-PMH><ListRecords><record><metadata><dc/></metadata></record></ListRecords></OAI-PMH>",
			`The records are in the form "dc": ask the service for metadataPrefix=arXivRaw or metadataPrefix=arXiv.`},
	} {
		t.Run(tt.want, func(t *testing.T) {
			_, refused, err := read(t, readers[tt.name], strings.NewReader(tt.in))
			if err == nil || broadsheet.KindOf(err) != broadsheet.Invalid || broadsheet.TextFor(err) != tt.want || refused != nil {
				t.Errorf("%.80s\n got %v (refused %q)\nwant %s", tt.in, err, refused, tt.want)
			}
		})
	}
}

func TestReadRefusesRecords(t *testing.T) {
	rss := func(item string) string {
		return "<rss><channel><item>" + item + "</item><item><title>T</title><guid>2503.01234</guid></item></channel></rss>"
	}
	oai := func(record string) string {
		return "<OAI-PMH><GetRecord><record>" + record + "</record><record><metadata><arXiv><id>2503.01234</id><title>T</title></arXiv></metadata></record></GetRecord></OAI-PMH>"
	}
	atom := func(entry string) string {
		return "<feed><entry>" + entry + "</entry><entry><title>T</title><id>2503.01234</id></entry></feed>"
	}
	json := func(line string) string { return line + "\n" + `{"id":"2503.01234","title":"T"}` }
	for _, tt := range []struct{ name, in, want string }{
		{"rss", rss("<title>T</title>"), "record 1: id: there is none"},
		{"rss", rss("<title>T</title><guid>doi:10.1000/182</guid>"), `record 1: doi:10.1000/182: id: "doi:10.1000/182" is not an arXiv id like 2503.01234 or hep-th/9901001`},
		{"rss", rss("<title> </title><guid>2503.00001v2</guid>"), "record 1: 2503.00001: title: it is empty, and every paper has one"},
		{"rss", rss("<title>T</title><guid>2503.00001</guid><pubDate>today</pubDate>"), `record 1: 2503.00001: pubDate: "today" is not a time like Mon, 2 Apr 2007 19:18:42 GMT`},
		{"rss", rss("<title>T\x0b</title><guid>2503.00001</guid>"), "record 1: 2503.00001: it has the control character 0x0b, which XML does not allow"},
		{"rss", rss("<title>T\xff</title><guid>2503.00001</guid>"), "record 1: 2503.00001: it is not valid UTF-8: found the byte 0xff"},
		{"rss", rss("<title>T\uffff</title><guid>2503.00001</guid>"), "record 1: 2503.00001: it has the character U+FFFF, which XML does not allow"},
		{"rss", rss("<title>T</title><guid>../../etc/passwd</guid>"), `record 1: ../../etc/passwd: id: "../../etc/passwd" is not a paper id: no paper is known to stand at such an address`},
		{"oai", oai(""), "record 1: metadata: there is none, and the record is not marked as deleted"},
		{"oai", oai(`<header status="deleted"/>`), "record 1: id: there is none"},
		{"oai", oai("<metadata><arXiv><id>2503.00001</id><title>T</title><created>2025-13-40</created></arXiv></metadata>"),
			`record 1: 2503.00001: created: "2025-13-40" is not a date like 2025-03-11`},
		{"oai", oai("<metadata><arXiv><id>2503.00001</id><title>T</title><updated>x</updated></arXiv></metadata>"),
			`record 1: 2503.00001: updated: "x" is not a date like 2025-03-11`},
		{"oai", oai("<header><datestamp>2025-02-30</datestamp></header><metadata><arXivRaw><id>2503.00001</id><title>T</title></arXivRaw></metadata>"),
			`record 1: 2503.00001: datestamp: "2025-02-30" is not a date like 2025-03-11`},
		{"oai", oai(`<metadata><arXivRaw><id>2503.00001</id><title>T</title><version version="two"/></arXivRaw></metadata>`),
			`record 1: 2503.00001: version: "two" is not a version like v1`},
		{"atom", atom("<title>T</title><id>2503.00001</id><published>2025-13-40T00:00:00Z</published>"),
			`record 1: 2503.00001: published: "2025-13-40T00:00:00Z" is not a time like 2025-03-11T12:00:00Z`},
		{"json", json("[]"), "line 1: it is a JSON array, expected an object"},
		{"json", json("{"), "line 1: it is not JSON: unexpected end of JSON input"},
		{"json", json(`{"id":704.1,"title":"T"}`), "line 1: id: it is a JSON number, which does not belong there"},
		{"json", json(`{"id":"2503.00001"}`), "line 1: 2503.00001: title: it is empty, and every paper has one"},
		{"json", json("{\"id\":\"\xff\"}"), "line 1: it is not valid UTF-8"},
		{"json", json(`{"id":"2503.00001","title":"T","update_date":"2025-13-40"}`), `line 1: 2503.00001: update_date: "2025-13-40" is not a date like 2025-03-11`},
		{"json", json(`{"id":"2503.00001","title":"` + strings.Repeat("x", 5<<20) + `"}`), "line 1: it is longer than 4 MiB"},
	} {
		t.Run(tt.want, func(t *testing.T) {
			got, refused, err := read(t, readers[tt.name], strings.NewReader(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{tt.want}, refused); diff != "" {
				t.Errorf("refused (-want +got):\n%s", diff)
			}
			if len(got) != 1 || got[0].ID != "2503.01234" {
				t.Errorf("the record behind it is %v", got)
			}
		})
	}
}

// An error of whoever supplies the bytes ends the sequence and stays visible:
// only he knows what it means.
func TestReadPassesOnErrors(t *testing.T) {
	for name, file := range map[string]string{"oai": "oai_raw.xml", "atom": "atom.xml", "rss": "rss.xml", "json": "snapshot.jsonl"} {
		text := fixture(t, file)
		r := io.MultiReader(strings.NewReader(text[:len(text)-200]), iotest.ErrReader(io.ErrUnexpectedEOF))
		got, _, err := read(t, readers[name], r)
		if len(got) == 0 || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %d records, then %v; want some, then unexpected EOF", name, len(got), err)
		}
	}
}

func TestReadLatin1(t *testing.T) {
	in := "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss><channel><item><title>caf\xe9 \xff</title><guid>2503.01234</guid></item></channel></rss>"
	got, refused, err := read(t, arxiv.ReadRSS, strings.NewReader(in))
	if err != nil || refused != nil || len(got) != 1 || got[0].Title != "café ÿ" {
		t.Errorf("got %v, %v, %v", got, refused, err)
	}
}

func TestReadOAIPage(t *testing.T) {
	for file, want := range map[string][]arxiv.Token{
		"oai_arxiv.xml":      {{Text: "1234567|1001", Cursor: 0, ListSize: 4567}},
		"oai_raw.xml":        {{Text: "from%3D2026-09-25%26skip%3D3", Cursor: 0, ListSize: 4, Expires: time.Date(2026, 9, 28, 0, 0, 0, 0, time.UTC)}},
		"oai_arxiv_2026.xml": {{Cursor: 2, ListSize: 4}},
	} {
		var got []arxiv.Token
		page := func(r io.Reader) iter.Seq2[broadsheet.Record, error] {
			return arxiv.ReadOAIPage(r, func(next arxiv.Token) { got = append(got, next) })
		}
		if _, _, err := read(t, page, strings.NewReader(fixture(t, file))); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

func TestReadOAIErrors(t *testing.T) {
	answer := func(code string) io.Reader {
		return strings.NewReader(`<OAI-PMH><error code="` + code + `">words</error></OAI-PMH>`)
	}
	if got, refused, err := read(t, arxiv.ReadOAI, answer("noRecordsMatch")); got != nil || refused != nil || err != nil {
		t.Errorf("noRecordsMatch: %v, %v, %v; want nothing", got, refused, err)
	}
	for _, code := range []string{"badResumptionToken", "badArgument", "badVerb", "idDoesNotExist", "cannotDisseminateFormat", "other"} {
		_, _, err := read(t, arxiv.ReadOAI, answer(code))
		cause, ok := errors.AsType[*arxiv.ProtocolError](err)
		if !ok || cause.Code != code || cause.Text != "words" || broadsheet.KindOf(err) != broadsheet.Invalid {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// The samples are answers that arXiv has sent; INDEX.md beside them tells which.
func TestReadSamples(t *testing.T) {
	count := map[string]int{
		"arxiv_atom_api_2026-02-13.xml": 1, "arxiv_atom_api_2026-08-05.xml": 1, "arxiv_oai_deleted.constructed.xml": 1,
		"arxiv_oai_getrecord_arXiv_2016.xml": 12, "arxiv_oai_getrecord_arXiv_2026-02-13.xml": 1,
		"arxiv_oai_listrecords_arXivRaw_2019.xml": 1000, "arxiv_oai_listrecords_arXivRaw_2026-09-27_page1.xml": 2,
		"arxiv_oai_listrecords_arXivRaw_2026-09-27_page2.xml": 1, "arxiv_oai_listrecords_arXiv_2017.xml": 3,
		"arxiv_oai_listrecords_arXiv_hep-ex_2017.xml": 3, "arxiv_rss_composite.xml": 1,
		// These end with an error.
		"arxiv_oai_error_badResumptionToken.constructed.xml": 0, "arxiv_rss_2025-09-18_head.xml": 0,
	}
	for i := range 11 {
		count[fmt.Sprintf("arxiv_oai_arXiv_record%d.xml", i)] = 1
	}
	for file, want := range count {
		t.Run(file, func(t *testing.T) {
			got, refused, err := readSample(t, file)
			if (err != nil) != (want == 0) || refused != nil || len(got) != want {
				t.Errorf("%d records, refused %q, %v; want %d records", len(got), refused, err, want)
			}
			for _, rec := range got {
				if err := rec.Validate(); err != nil {
					t.Errorf("%s: %v", rec.ID, err)
				}
				if len(rec.Authors) == 0 && rec.Status == "" {
					t.Errorf("%s has no authors", rec.ID)
				}
			}
		})
	}
}

// What is said about some papers in the samples.
func TestReadSamplesExactly(t *testing.T) {
	for _, tt := range []struct {
		file, id string
		want     broadsheet.Paper
	}{
		{"arxiv_oai_listrecords_arXivRaw_2019.xml", "1812.03992", broadsheet.Paper{
			Published: "2018-12-10", Updated: "2019-05-17", Categories: []string{"cs.PL"},
			Authors: names("Yuka Takahashi/Princeton University; CERN", "Vassil Vassilev/Princeton University",
				"Oksana Shadura/University of Nebraska Lincoln", "Raphael Isemann/CERN; Chalmers University of Technology"),
		}},
		{"arxiv_oai_listrecords_arXivRaw_2019.xml", "1907.02482", broadsheet.Paper{
			Published: "2019-07-04", Updated: "2019-09-30", Categories: []string{"cs.IT", "math.IT"},
			Authors: names("Hangjin Liu", "You (Joe) Zhou", "Ahmad Beirami", "Dror Baron"),
		}},
		{"arxiv_oai_listrecords_arXivRaw_2026-09-27_page2.xml", "2004.09073", broadsheet.Paper{
			Published: "2020-04-20", Updated: "2026-09-23", Categories: []string{"cs.CV", "cs.LG", "eess.IV", "stat.ML"},
			Authors: names("Geoffrey Z. Thompson", "Ranjan Maitra"),
		}},
		{"arxiv_oai_getrecord_arXiv_2016.xml", "1512.07978", broadsheet.Paper{
			Published: "2015-12-25", Categories: []string{"astro-ph.HE"},
			Authors: names("Teresa Maria Montaruli", "the IceCube Collaboration"),
		}},
		{"arxiv_atom_api_2026-02-13.xml", "2511.11447", broadsheet.Paper{
			Published: "2025-11-14", Updated: "2025-11-17", Categories: []string{"cs.DL", "cs.IR"},
			Authors: names("Liza Daly", "Matteo Cargnelutti", "Jonathan Zittrain"),
		}},
		{"arxiv_rss_composite.xml", "2203.01250", broadsheet.Paper{Updated: "2024-02-23", // a replacement
			Categories: []string{"math.AP", "math.OC"}, Authors: names("Antonin Monteil", "Paul Pegon"),
		}},
	} {
		t.Run(tt.id, func(t *testing.T) {
			got, _, _ := readSample(t, tt.file)
			i := slices.IndexFunc(got, func(r broadsheet.Record) bool { return string(r.ID) == tt.id })
			if i < 0 {
				t.Fatalf("%s is not among %d records", tt.id, len(got))
			}
			p := got[i]
			short := broadsheet.Paper{Published: p.Published, Updated: p.Updated, Announced: p.Announced, Categories: p.Categories, Authors: p.Authors}
			if diff := cmp.Diff(tt.want, short); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func readSample(t *testing.T, file string) (records []broadsheet.Record, refused []string, end error) {
	t.Helper()
	f, err := os.Open(need.Corpora(t, "data", "samples", file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return read(t, readers[strings.Split(file, "_")[1]], f)
}
