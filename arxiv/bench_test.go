package arxiv_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/arxiv"
	"broadsheet/arxiv/arxivtest"
	"broadsheet/ingest"
	"broadsheet/internal/fetch"
	"broadsheet/internal/need"
)

// prose is as long as a usual abstract.
var prose = strings.Repeat("We measured how a kettle whistles and found $p < 0.01$ of steam.\n", 17)

func benchmark(b *testing.B, read reader, text string) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		for _, err := range read(strings.NewReader(text)) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkReadOAI(b *testing.B) {
	page := fixture(b, "oai_raw.xml")
	head, rest, _ := strings.Cut(page, "<record>")
	record := "<record>" + strings.Split(rest, "<record>")[1]
	record = strings.Replace(record, "A kettle&#39;s whistle is learnt from steam.", strings.ReplaceAll(prose, "<", "&lt;"), 1)
	benchmark(b, arxiv.ReadOAI, head+strings.Repeat(record, 1000)+"</ListRecords></OAI-PMH>")
}

// BenchmarkReadOAISample reads a page that arXiv has sent: 1,000 records, 2.2 MB.
func BenchmarkReadOAISample(b *testing.B) {
	text, err := os.ReadFile(need.Corpora(b, "data", "samples", "arxiv_oai_listrecords_arXivRaw_2019.xml"))
	if err != nil {
		b.Fatal(err)
	}
	benchmark(b, arxiv.ReadOAI, string(text))
}

func BenchmarkReadJSON(b *testing.B) {
	line, _, _ := strings.Cut(fixture(b, "snapshot.jsonl"), "\n")
	line = strings.Replace(line, "  They whistle.\\n", strings.ReplaceAll(prose, "\n", "\\n"), 1) + "\n"
	benchmark(b, arxiv.ReadJSON, strings.Repeat(line, 1000))
}

// BenchmarkHarvest takes invented papers, in both forms, from an arXiv on this
// machine into an empty store, as fast as both can.
//
//	go test ./arxiv -run '^$' -bench Harvest -benchtime 1x
func BenchmarkHarvest(b *testing.B) {
	papers := arxivtest.Invent(8000, "2026-07-01", "2026-09-24")
	now := func() time.Time { return noon }
	server := arxivtest.New(papers, arxivtest.Options{Sizes: true, Now: now})
	defer server.Close()
	s, err := arxiv.NewService(arxiv.Options{OAI: server.OAI(), Since: "2026-07-01", Client: fetch.New(fetch.Options{}), Now: now})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		var sum ingest.Summary
		h := ingest.Harvesting{Store: openStore(b, filepath.Join(b.TempDir(), "broadsheet.db"))}
		if err := h.Run(b.Context(), s.Changes(), "", &sum); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(sum.Added)/sum.Seconds, "papers/s")
		b.ReportMetric(float64(sum.Read())/sum.Seconds, "records/s")
	}
}
