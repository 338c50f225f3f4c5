package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestParseDocument(t *testing.T) {
	for _, tt := range []struct {
		line string
		want document
		bad  bool
	}{
		{line: `{"id":"d1","title":"Rowing","text":"Boats on the Elbe."}`, want: document{"d1", "Rowing", "Boats on the Elbe."}},
		{line: `{"id":"d1","title":"A \"quoted\" name","text":"\\alpha\u00e9"}`, want: document{"d1", `A "quoted" name`, `\alphaé`}},
		{line: `{"id":"d1","title":"Zürich","text":""}`, want: document{"d1", "Zürich", ""}},
		{line: `{ "text": "c", "id": "a", "year": 3 }`, want: document{ID: "a", Text: "c"}},
		{line: `{"id":"a","title":"b","text":"c"} x`, bad: true},
		{line: `{"id":"a","title":"b`, bad: true},
		{line: ``, bad: true},
	} {
		t.Run(tt.line, func(t *testing.T) {
			got, err := parseDocument([]byte(tt.line))
			if (err != nil) != tt.bad || err == nil && got != tt.want {
				t.Errorf("parseDocument: %+v, %v; want %+v, error %v", got, err, tt.want, tt.bad)
			}
		})
	}
}

// What is read by hand is what encoding/json reads.
func FuzzParseDocument(f *testing.F) {
	f.Add([]byte(`{"id":"d1","title":"Rowing","text":"Boats"}`))
	f.Add([]byte(`{"id":"d1","title":"\ud83d","text":"\\\""}`))
	f.Add([]byte("{\"id\":\"\xff\",\"title\":\"\x01\",\"text\":\"\"}"))
	f.Fuzz(func(t *testing.T, line []byte) {
		var want document
		wantErr := json.Unmarshal(line, &want)
		got, err := parseDocument(line)
		if (err != nil) != (wantErr != nil) || err == nil && got != want {
			t.Errorf("parseDocument(%q): %+v, %v; want %+v, %v", line, got, err, want, wantErr)
		}
	})
}

func BenchmarkParseDocument(b *testing.B) {
	line := []byte(`{"id":"d0000001","title":"Rowing on slow rivers","text":"` + strings.Repeat("Boats pass the old lock. ", 50) + `"}`)
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parseDocument(line); err != nil {
			b.Fatal(err)
		}
	}
}

func writeCorpus(t *testing.T, docs []document) string {
	t.Helper()
	var text []byte
	for _, d := range docs {
		line, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		text = append(append(text, line...), '\n')
	}
	path := filepath.Join(t.TempDir(), "corpus-test.jsonl")
	if err := os.WriteFile(path, text, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestIndexCorpus(t *testing.T) {
	docs := make([]document, 3*batchSize+7)
	for i := range docs {
		docs[i] = document{ID: marker(i)}
	}
	path := writeCorpus(t, docs)
	var mu sync.Mutex
	var got []document
	ends := 0
	err := indexCorpus(path, 3, func() func([]document) error {
		return func(batch []document) error {
			mu.Lock()
			defer mu.Unlock()
			if got = append(got, batch...); batch == nil {
				ends++
			}
			return nil
		}
	})
	slices.SortFunc(got, func(a, b document) int { return strings.Compare(a.ID, b.ID) })
	if err != nil || ends != 3 || !slices.Equal(got, docs) {
		t.Errorf("%d documents of %d, %d ends of 3, %v", len(got), len(docs), ends, err)
	}
	full := errors.New("full")
	err = indexCorpus(path, 2, func() func([]document) error {
		return func([]document) error { return full }
	})
	if !errors.Is(err, full) {
		t.Errorf("a worker that fails: %v, want %v", err, full)
	}
}

func TestCorpusName(t *testing.T) {
	for path, want := range map[string]string{"/x/corpus-small.jsonl": "small", "papers.jsonl": "papers"} {
		if got := corpusName(path); got != want {
			t.Errorf("corpusName(%q) = %q, want %q", path, got, want)
		}
	}
}
