package beir_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"iter"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/beir"
	"broadsheet/internal/need"
)

// collect returns the values, the refusals, and what ended the sequence.
func collect[T any](seq iter.Seq2[T, error]) (all []T, bad []string, end error) {
	for v, err := range seq {
		b, isBad := errors.AsType[*broadsheet.BadRecord](err)
		switch {
		case isBad:
			bad = append(bad, b.Error())
		case err != nil:
			end = err
		default:
			all = append(all, v)
		}
	}
	return all, bad, end
}

func TestReadCorpus(t *testing.T) {
	text, err := os.ReadFile("testdata/corpus.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	source := func(id string) []broadsheet.Source { return []broadsheet.Source{{Name: "beir", Record: id}} }
	want := []broadsheet.Record{
		{Paper: broadsheet.Paper{
			ID: "beir:toy/1", Title: "On Kettles", Abstract: "Kettles boil.\nThey sing.", Sources: source("1"),
		}},
		{Paper: broadsheet.Paper{
			ID: "beir:toy/MED-10", Title: "Umbrellas are lost.", Abstract: "Umbrellas are lost. They are seldom found again.",
			Authors:   []broadsheet.Author{{Name: "Ada Example"}, {Name: "Bo Sample"}},
			Published: "1999", DOI: "10.1000/abc", Sources: source("MED-10"),
		}},
		{Paper: broadsheet.Paper{
			ID: "beir:toy/clue%2F0:1%20%C3%A9", Title: "A title alone",
			Authors: []broadsheet.Author{{Name: "Example, A.B."}}, Sources: source("clue/0:1 é"),
		}},
		{Paper: broadsheet.Paper{
			ID: "beir:toy/42", Title: "a document with no title whose first sentence runs on for longer than any headline should and goes…",
			Abstract: "a document with no title whose first sentence runs on for longer than any headline should and goes on still",
			Sources:  source("42"),
		}},
	}
	for name, r := range map[string]io.Reader{
		"whole":             bytes.NewReader(text),
		"Windows line ends": strings.NewReader("\ufeff" + strings.ReplaceAll(string(text), "\n", "\r\n")),
		"byte by byte":      iotest.OneByteReader(bytes.NewReader(text)),
	} {
		got, bad, err := collect(beir.ReadCorpus(r, "toy"))
		if diff := cmp.Diff(want, got); diff != "" || bad != nil || err != nil {
			t.Errorf("%s: bad %q, error %v (-want +got):\n%s", name, bad, err, diff)
		}
	}
}

func TestReadCorpusRefuses(t *testing.T) {
	for _, tt := range []struct{ name, line, want string }{
		{"nothing to read", `{"_id":"7","title":" ","text":"\n"}`, "line 2: 7: title and text are both empty"},
		{"no id", `{"title":"T"}`, "line 2: _id is missing"},
		{"null", `null`, "line 2: _id is missing"},
		{"an id in a list", `{"_id":["7"],"title":"T"}`, "line 2: _id is of type array, expected a string"},
		{"an endless id", `{"_id":"` + strings.Repeat("x", 500) + `","title":"T"}`, "line 2: " + strings.Repeat("x", 80) + `…: _id: "beir:toy/` + strings.Repeat("x", 71) + `…" is not a paper id: it is too long`},
		{"a title in a list", `{"_id":"7","title":[]}`, "line 2: title is of type array, expected a string"},
		{"no object", `[]`, "line 2: the value is of type array, expected an object"},
		{"broken JSON", `{"_id":"7",,}`, "line 2: the JSON breaks at byte 12: invalid character ',' looking for beginning of object key string"},
		{"cut JSON", `{"_id":"7"`, "line 2: the JSON breaks at byte 10: unexpected end of JSON input"},
		{"broken UTF-8", "{\"_id\":\"7\",\"title\":\"\xff\"}", "line 2: the line is not valid UTF-8"},
		{"an endless line", strings.Repeat("x", 17<<20), "line 2: the line is longer than 16 MiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := "\n" + tt.line + "\n" + `{"_id":"8","title":"After"}`
			recs, bad, err := collect(beir.ReadCorpus(strings.NewReader(in), "toy"))
			if diff := cmp.Diff([]string{tt.want}, bad); diff != "" || err != nil || len(recs) != 1 {
				t.Errorf("%d records, error %v, bad (-want +got):\n%s", len(recs), err, diff)
			}
		})
	}
}

func TestReadCorpusReportsTheReadersError(t *testing.T) {
	r := io.MultiReader(strings.NewReader(`{"_id":"1","title":"T"}`+"\n{"), iotest.ErrReader(io.ErrUnexpectedEOF))
	recs, _, err := collect(beir.ReadCorpus(r, ""))
	if len(recs) != 1 || recs[0].ID != "beir:1" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, %v; want one record, then unexpected EOF", recs, err)
	}
}

func TestReadCorpusNames(t *testing.T) {
	for _, tt := range []struct {
		authors string
		want    []string
	}{
		{``, nil},
		{`Ada B. Example`, []string{"Ada B. Example"}},
		{`Ada Example, B. Sample, Cy de Token`, []string{"Ada Example", "B. Sample", "Cy de Token"}},
		{`Example, A.B.; Sample, C.`, []string{"Example, A.B.", "Sample, C."}},
		{`example,a.b. and sample,c.`, []string{"example,a.b.", "sample,c."}},

		// Nobody can tell where these names part.
		{`Example, A.B. Sample, C.`, []string{"Example, A.B. Sample, C."}},
		{`example,a., sample,b. and token,c.`, []string{"example,a., sample,b. and token,c."}},
		{`a. b. example, b.sc., ph.d.`, []string{"a. b. example, b.sc., ph.d."}},
	} {
		in := `{"_id":"1","title":"T","metadata":{"authors":"` + tt.authors + `"}}`
		recs, bad, err := collect(beir.ReadCorpus(strings.NewReader(in), ""))
		if len(recs) != 1 || bad != nil || err != nil {
			t.Fatalf("%s: %q, %v", tt.authors, bad, err)
		}
		var got []string
		for _, a := range recs[0].Authors {
			got = append(got, a.Name)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.authors, diff)
		}
	}
}

func TestID(t *testing.T) {
	for _, tt := range []struct {
		dataset, doc string
		want         broadsheet.ID
	}{
		{"scifact", "4983", "beir:scifact/4983"},
		{"", "4983", "beir:4983"},
		{"", "..", "beir:%2E%2E"},
		{".", "a/../b", "beir:%2E/a%2F..%2Fb"},
		{"a b", "100%\x00", "beir:a%20b/100%25%00"},
		{"", "http://example.org/?q=1#f", "beir:http:%2F%2Fexample.org%2F%3Fq=1%23f"},
	} {
		if got, err := beir.ID(tt.dataset, tt.doc); got != tt.want || err != nil {
			t.Errorf("ID(%q, %q) = %q, %v, want %q", tt.dataset, tt.doc, got, err, tt.want)
		}
	}
}

func TestReadQueries(t *testing.T) {
	const in = `{"_id": "q1", "text": " who lost it ", "metadata": {"x": 1}}
{"_id": 2, "text": "why"}
{"_id": "q3", "text": " "}
{"text": "when"}
`
	got, bad, err := collect(beir.ReadQueries(strings.NewReader(in)))
	want := []beir.Query{{ID: "q1", Text: "who lost it"}, {ID: "2", Text: "why"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	if diff := cmp.Diff([]string{"line 3: q3: text is empty", "line 4: _id is missing"}, bad); diff != "" {
		t.Errorf("bad (-want +got):\n%s", diff)
	}
}

func TestReadQrels(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     []beir.Judgement
		err      string
	}{
		{"with a header", "query-id\tcorpus-id\tscore\n1\td 1\t2\r\n\n1\td2\t0\n", []beir.Judgement{{"1", "d 1", 2}, {"1", "d2", 0}}, ""},
		{"without", "\ufeffq\td\t1", []beir.Judgement{{"q", "d", 1}}, ""},
		{"TREC", "1 0 d1 -1\n1\t0\td2\t3\n", []beir.Judgement{{"1", "d1", -1}, {"1", "d2", 3}}, ""},
		{"empty", "", nil, ""},
		{"no grade", "1\td\t1\n1\td2\n", nil, `Line 2 of the judgements is "1\td2": expected query, document and a whole number, separated by tabs.`},
		{"a grade in words", "1\td\tgood", nil, `Line 1 of the judgements is "1\td\tgood": expected`},
		{"a header below", "1\td\t1\nquery-id\tcorpus-id\tscore", nil, `Line 2 of the judgements is "query-id\tcorpus-id\tscore": expected`},
		{"no document", "1\t\t1", nil, `Line 1 of the judgements is "1\t\t1": expected`},
		{"an endless line", strings.Repeat("x", 100_000), nil, `Line 1 of the judgements is "": expected`},
		{"broken UTF-8", "1\t\xff\t1", nil, `Line 1 of the judgements is "1\t\ufffd\t1": expected`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := beir.ReadQrels(strings.NewReader(tt.in))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.err)) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
		})
	}
	r := io.MultiReader(strings.NewReader("1\td\t1\n"), iotest.ErrReader(io.ErrUnexpectedEOF))
	if got, err := beir.ReadQrels(r); got != nil || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, %v; want nothing and unexpected EOF", got, err)
	}
}

func TestSamples(t *testing.T) {
	for _, tt := range []struct {
		dataset                            string
		docs, bad, queries, qrels, missing int
	}{
		{"cisi", 1460, 0, 111, 3114, 0},
		{"cranfield", 1398, 2, 225, 1837, 1}, // two documents are blank, and one of them is judged
		{"csfcube_dev", 4205, 0, 17, 2358, 0},
		{"scifact", 5183, 0, 1109, 339, 0},
	} {
		t.Run(tt.dataset, func(t *testing.T) {
			z, err := gzip.NewReader(open(t, tt.dataset, "corpus.jsonl.gz"))
			if err != nil {
				t.Fatal(err)
			}
			docs := map[broadsheet.ID]bool{}
			recs, bad, err := collect(beir.ReadCorpus(z, tt.dataset))
			if err != nil {
				t.Error(err)
			}
			for _, r := range recs {
				check(t, r)
				docs[r.ID] = true
			}
			queries, badQueries, err := collect(beir.ReadQueries(open(t, tt.dataset, "queries.jsonl")))
			if err != nil || badQueries != nil {
				t.Errorf("queries: %q, %v", badQueries, err)
			}
			qrels, err := beir.ReadQrels(open(t, tt.dataset, "qrels.tsv"))
			if err != nil {
				t.Error(err)
			}
			missing := 0
			for _, j := range qrels {
				if id, err := beir.ID(tt.dataset, j.Doc); err != nil || !docs[id] {
					missing++
				}
			}
			got := []int{len(docs), len(bad), len(queries), len(qrels), missing}
			if diff := cmp.Diff([]int{tt.docs, tt.bad, tt.queries, tt.qrels, tt.missing}, got); diff != "" {
				t.Errorf("documents, bad, queries, judgements, judged documents that are missing (-want +got):\n%s%q", diff, bad)
			}
		})
	}
}

func open(t *testing.T, elem ...string) io.Reader {
	t.Helper()
	f, err := os.Open(need.Corpora(t, append([]string{"data", "ir"}, elem...)...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// check states what every record has that ReadCorpus yields.
func check(t *testing.T, r broadsheet.Record) {
	t.Helper()
	if id, err := broadsheet.ParseID(string(r.ID)); err != nil || id != r.ID {
		t.Errorf("id %q: %q, %v", r.ID, id, err)
	}
	if r.Title == "" || !utf8.ValidString(r.Title+r.Abstract) || strings.ContainsAny(r.Title, "\n\t") {
		t.Errorf("%s: title %q", r.ID, r.Title)
	}
	if d, err := broadsheet.ParseDate(string(r.Published)); r.Published != "" && (err != nil || d != r.Published) {
		t.Errorf("%s: published %q", r.ID, r.Published)
	}
}

func FuzzReadCorpus(f *testing.F) {
	text, err := os.ReadFile("testdata/corpus.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text, "toy")
	f.Add([]byte(`{"_id":"..","text":"x"}`), "..")
	f.Add([]byte(`{"_id":-1,"text":"é. b","metadata":{"authors":[1],"year":{},"doi":"10.1000/é"}}`), "a/b")
	f.Fuzz(func(t *testing.T, text []byte, dataset string) {
		for rec, err := range beir.ReadCorpus(bytes.NewReader(text), dataset) {
			if bad, ok := errors.AsType[*broadsheet.BadRecord](err); ok {
				if bad.Line < 1 || bad.Reason == "" {
					t.Errorf("bad record %+v", bad)
				}
			} else if err != nil {
				t.Fatalf("a text in memory ends with %v", err)
			} else {
				check(t, rec)
			}
		}
	})
}

func FuzzID(f *testing.F) { // different documents have different IDs
	f.Add("a", "b/c", "a/b", "c")
	f.Add("", ".", "", "%2E")
	f.Fuzz(func(t *testing.T, set1, doc1, set2, doc2 string) {
		a, err1 := beir.ID(set1, doc1)
		b, err2 := beir.ID(set2, doc2)
		if err1 == nil && err2 == nil && a == b && (set1 != set2 || doc1 != doc2) {
			t.Errorf("%q/%q and %q/%q are both %q", set1, doc1, set2, doc2, a)
		}
		if again, err := broadsheet.ParseID(string(a)); err1 == nil && (err != nil || again != a) {
			t.Errorf("ID(%q, %q) = %q, which reads as %q, %v", set1, doc1, a, again, err)
		}
	})
}

func FuzzReadQueries(f *testing.F) {
	f.Add([]byte(`{"_id":"q1","text":"why"}` + "\n" + `{"_id":1,"text":null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		for q, err := range beir.ReadQueries(bytes.NewReader(text)) {
			if err == nil && (q.ID == "" || q.Text == "" || !utf8.ValidString(q.ID+q.Text)) {
				t.Errorf("query %+v", q)
			}
		}
	})
}

func FuzzReadQrels(f *testing.F) {
	f.Add([]byte("query-id\tcorpus-id\tscore\n1\td\t2\n"))
	f.Add([]byte("1 0 d -1"))
	f.Fuzz(func(t *testing.T, text []byte) {
		all, err := beir.ReadQrels(bytes.NewReader(text))
		if err != nil && all != nil {
			t.Errorf("an error with %d judgements", len(all))
		}
		for _, j := range all {
			if j.Query == "" || j.Doc == "" || !utf8.ValidString(j.Query+j.Doc) {
				t.Errorf("judgement %+v", j)
			}
		}
	})
}
