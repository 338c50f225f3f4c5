package broadsheet_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"broadsheet"
	"broadsheet/internal/need"
)

func TestParseID(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want broadsheet.ID // "" for a refusal
	}{
		// arXiv, as people and programs write it.
		{"2503.01234", "2503.01234"},
		{" 2503.01234v2\n", "2503.01234"},
		{"0704.0001", "0704.0001"},
		{"arXiv:2503.01234v12", "2503.01234"},
		{"ARXIV: 2503.01234", "2503.01234"},
		{"oai:arXiv.org:2503.01234", "2503.01234"},
		{"oai:arXiv.org:hep-th/9901001", "hep-th/9901001"},
		{"hep-th/9901001v3", "hep-th/9901001"},
		{"math.GT/0309136", "math/0309136"},
		{"https://arxiv.org/abs/2503.01234v1", "2503.01234"},
		{"http://export.arxiv.org/pdf/hep-th/9901001v1.pdf", "hep-th/9901001"},
		{"arxiv.org/pdf/2503.01234", "2503.01234"},
		{"https://www.arxiv.org/html/2503.01234v2#S1", "2503.01234"},
		{"https://huggingface.co/papers/2503.01234", "2503.01234"},
		{"https://www.alphaxiv.org/overview/2503.01234.md", "2503.01234"},
		{"https://papers.example.org/papers/hep-th/9901001", "hep-th/9901001"},
		{"10.48550/arXiv.2503.01234", "2503.01234"},
		{"https://doi.org/10.48550/arXiv.2503.01234", "2503.01234"},

		// Others carry a scheme.
		{"doi:10.1000/182", "doi:10.1000/182"},
		{"10.1103/PhysRevD.93.016005", "doi:10.1103/physrevd.93.016005"},
		{"https://dx.doi.org/10.1002/(SICI)1097-4571(199806)49:8%3C693::AID-ASI4%3E3.0.CO;2-O", "doi:10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o"},
		{"acl:2023.acl-long.1", "acl:2023.acl-long.1"},
		{"https://aclanthology.org/2023.acl-long.1/", "acl:2023.acl-long.1"},
		{"ACL:J74-1", "acl:J74-1"},
		{"https://openreview.net/forum?id=AbC_1-x", "openreview:AbC_1-x"},
		{"local:abc", "local:abc"},
		{"uai2021:asynchronous-ε-greedy", "uai2021:asynchronous-ε-greedy"},
		{"beir:scifact/4983", "beir:scifact/4983"},

		// What is not an id says so.
		{"", ""},
		{"1234.56789", ""}, // month 34
		{"2513.00001", ""},
		{"arxiv:hello", ""},
		{"foo/1234567", ""},
		{"../../etc/passwd", ""},
		{"local:../../etc/passwd", ""},
		{"local:a//b", ""},
		{"local:a b", ""},
		{"local:a\x00b", ""},
		{"local:a\u202eb", ""},
		{"local:\xff", ""},
		{"javascript:alert(1)", ""},
		{"https://example.org/", ""},
		{"https://arxiv.org/list/cs.LG/new", ""},
		{"doi:hello", ""},
		{strings.Repeat("9", 5000), ""},
	} {
		got, err := broadsheet.ParseID(tt.in)
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("ParseID(%.60q) = %q, %v; want %q", tt.in, got, err, tt.want)
		}
		if err != nil && broadsheet.KindOf(err) != broadsheet.Invalid {
			t.Errorf("ParseID(%.60q): kind %v, want Invalid", tt.in, broadsheet.KindOf(err))
		}
	}
}

func FuzzParseID(f *testing.F) {
	for _, s := range []string{"2503.01234v2", "hep-th/9901001", "https://doi.org/10.1/x", "local:a/b", "acl:%2e%2e/x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := broadsheet.ParseID(s)
		if err != nil {
			return
		}
		if again, err := broadsheet.ParseID(string(id)); err != nil || again != id {
			t.Errorf("ParseID(%q) = %q, which reads as %q, %v", s, id, again, err)
		}
		// The page's address leads back to the paper, and nowhere else.
		u, err := url.Parse(id.Path())
		if err != nil || u.Host != "" || !strings.HasPrefix(u.Path, "/papers/") || strings.TrimPrefix(u.Path, "/papers/") != string(id) {
			t.Errorf("ID %q has path %q, read as %v, %v", id, id.Path(), u, err)
		}
	})
}

// Every id of the large collection is canonical already.
func TestParseIDOnRealPapers(t *testing.T) {
	need.Long(t)
	file, err := os.Open(need.Corpora(t, "data", "papers.jsonl.zst"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	zr, err := zstd.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer zr.Close()
	lines := bufio.NewScanner(zr)
	lines.Buffer(nil, 1<<20)
	for n := 0; lines.Scan() && n < 50_000; n++ {
		raw, _, _ := bytes.Cut(bytes.TrimPrefix(lines.Bytes(), []byte(`{"id": `)), []byte(", \"title\""))
		var id broadsheet.ID
		if err := json.Unmarshal(raw, &id); err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
		if got, err := broadsheet.ParseID(string(id)); got != id {
			t.Errorf("ParseID(%q) = %q, %v", id, got, err)
		}
	}
}

func TestLocalID(t *testing.T) {
	a := broadsheet.LocalID("You Need Multiple Exiting: Dynamic Early Exiting")
	for _, same := range []string{"you need multiple exiting dynamic early exiting", "You  Need Multiple-Exiting:\nDynamic Early Exiting."} {
		if b := broadsheet.LocalID(same); a != b {
			t.Errorf("LocalID(%q) = %q, want %q", same, b, a)
		}
	}
	if b := broadsheet.LocalID("You Need Multiple Exits"); a == b {
		t.Errorf("two titles share %q", a)
	}
	if id, err := broadsheet.ParseID(string(a)); err != nil || id != a {
		t.Errorf("ParseID(%q) = %q, %v", a, id, err)
	}
}
