package query_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"testing"

	"broadsheet/internal/need"
	"broadsheet/search/query"
)

// TestRealTitles holds what a pasted title is read as to words and phrases: nothing
// in it may become a filter or leave papers out.
func TestRealTitles(t *testing.T) {
	file, err := os.Open(need.Corpora(t, "data", "hf_daily.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	zr, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(zr)
	lines.Buffer(nil, 1<<20)
	titles, misread := 0, 0
	for lines.Scan() {
		var l struct{ Title string }
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		titles++
		q, notes := query.Parse(l.Title)
		checkStable(t, l.Title, q)
		if !onlyText(q) || len(notes) > 0 {
			misread++
			t.Logf("%q is read as %q, with notes %q", l.Title, q, notes)
		}
	}
	if lines.Err() != nil {
		t.Fatal(lines.Err())
	}
	t.Logf("%d of %d titles are read as more than text", misread, titles)
	if misread*1000 > titles {
		t.Errorf("%d of %d titles are read as more than text, want at most one in a thousand", misread, titles)
	}
}

// onlyText reports whether q has no more than words and phrases side by side.
func onlyText(q query.Query) bool {
	text := true
	query.Walk(q.Root, func(n query.Node) bool {
		switch n := n.(type) {
		case query.Words, query.Phrase:
		case query.Word:
			text = text && n.Field == query.Any
		default:
			text = false
		}
		return text
	})
	return text
}

func BenchmarkParse(b *testing.B) {
	for _, bm := range []struct{ name, text string }{
		{"words", "graph neural networks for molecules"},
		{"title", "You Only Look Twice: Rapid Multi-Scale Object Detection in Images of Fields, Roads and Rivers"},
		{"operators", `title:(graph OR "message passing") transf* -video cat:cs.LG year:2024..2026 author:"Ada Example"`},
		{"id", "https://arxiv.org/abs/2503.01234v2"},
		{"words without end", repeat("word ", 100_000)},
		{"names without end", repeat("-title:", 100_000)},
		{"groups without end", repeat("(a ", 100_000)},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.SetBytes(int64(len(bm.text)))
			b.ReportAllocs()
			for b.Loop() {
				query.Parse(bm.text)
			}
		})
	}
}

func BenchmarkString(b *testing.B) {
	q, _ := query.Parse(`title:(graph OR "message passing") transf* -video cat:cs.LG year:2024..2026 author:"Ada Example"`)
	b.SetBytes(int64(len(q.String())))
	b.ReportAllocs()
	for b.Loop() {
		_ = q.String()
	}
}
