package mail_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"broadsheet/internal/need"
	"broadsheet/mail"
)

// Editions of real papers are the real test of length, names and formulas.
func TestRealEditionsFitAndReadBack(t *testing.T) {
	f, err := os.Open(need.Corpora(t, "data", "hf_daily.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	days, press := map[string]*mail.Digest{}, mail.Press{}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<22)
	for n := 0; lines.Scan() && n < 3000; n++ {
		var p struct {
			Date, Title, Abstract, GitHub string
			ID                            string `json:"arxiv_id"`
			Upvotes                       int
		}
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		d := days[p.Date]
		if d == nil {
			d = &mail.Digest{Title: "Daily Papers", URL: "https://papers.example.org/"}
			days[p.Date] = d
		}
		d.Items = append(d.Items, mail.Item{ID: p.ID, Title: p.Title, Summary: p.Abstract, URL: "https://papers.example.org/papers/" + p.ID, CodeURL: p.GitHub, Upvotes: p.Upvotes})
	}
	most, whole := 0, 0
	for day, d := range days {
		c, err := press.Compose(*d)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := c.Message(envelope())
		if err != nil {
			t.Fatal(err)
		}
		p := parse(t, raw)
		most = max(most, len(p.html))
		if c.Shown == len(d.Items) {
			whole++
		}
		if len(p.html) > 102_000 || strings.Contains(p.text, `\frac`) || c.Shown < min(40, len(d.Items)) {
			t.Errorf("%s: %d bytes, %d of %d papers", day, len(p.html), c.Shown, len(d.Items))
		}
	}
	t.Logf("%d editions, %d with all their papers; the largest has %d bytes of HTML", len(days), whole, most)
}
