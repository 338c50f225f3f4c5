package arxiv_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"broadsheet"
	"broadsheet/internal/need"
)

// One record costs memory in proportion to its bound, however it is built.
func TestReadKeepsToItsMemory(t *testing.T) {
	need.Long(t)
	const bound = 4 << 20 // bytes of a record
	for name, text := range map[string]string{
		"atom authors":   "<feed><entry>" + strings.Repeat("<author/>", bound/9),
		"rss attributes": "<rss><channel><item " + strings.Repeat("a='' ", bound/5),
		"oai versions":   "<OAI-PMH><ListRecords><record><metadata><arXivRaw>" + strings.Repeat("<version/>", bound/10),
		"oai forms":      "<OAI-PMH><ListRecords><record><metadata>" + strings.Repeat("<a/>", bound/4),
		"json versions":  `{"versions":[` + strings.Repeat("{},", bound/3-100) + "{}]}",
		"json nesting":   strings.Repeat("[", bound-10),
		"json authors":   `{"id":"2503.01234","title":"T","authors":"` + strings.Repeat("a,", bound/2-100) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			kind, _, _ := strings.Cut(name, " ")
			read(t, readers[kind], strings.NewReader(text))
			runtime.ReadMemStats(&after)
			// The sum of all that was allocated, most of it free at once.
			if got := after.TotalAlloc - before.TotalAlloc; got > 160*bound {
				t.Errorf("allocated %d MiB for a record of %d MiB", got>>20, bound>>20)
			}
		})
	}
}

func FuzzReadOAI(f *testing.F) {
	fuzz(f, "oai", "oai_arxiv.xml", "oai_arxiv_2026.xml", "oai_raw.xml")
}
func FuzzReadAtom(f *testing.F) { fuzz(f, "atom", "atom.xml", "atom_error.xml", "atom_feed.xml") }
func FuzzReadRSS(f *testing.F)  { fuzz(f, "rss", "rss.xml", "rss_error.xml") }
func FuzzReadJSON(f *testing.F) { fuzz(f, "json", "snapshot.jsonl") }

// fuzz holds a reader to what its sequence promises.
func fuzz(f *testing.F, name string, seeds ...string) {
	for _, seed := range seeds {
		f.Add([]byte(fixture(f, seed)))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		number, ended := 0, false
		for rec, err := range readers[name](strings.NewReader(string(text))) {
			if ended {
				t.Fatal("the sequence goes on after its end")
			}
			bad, refused := errors.AsType[*broadsheet.BadRecord](err)
			switch {
			case refused:
				number++
				if bad.Number != number || bad.Reason == "" || name == "json" && bad.Line < number {
					t.Errorf("refused record %d as %+v", number, bad)
				}
			case err != nil:
				ended = true
			default:
				number++
				checkRecord(t, rec)
			}
		}
	})
}

func checkRecord(t *testing.T, rec broadsheet.Record) {
	t.Helper()
	if id, err := broadsheet.ParseID(string(rec.ID)); err != nil || id != rec.ID || id.Scheme() != "arxiv" {
		t.Errorf("the id %q is not an arXiv id: %v", rec.ID, err)
	}
	if strings.TrimSpace(rec.Title) == "" && rec.Status != broadsheet.StatusDeleted {
		t.Errorf("%s has no title", rec.ID)
	}
	if len(rec.Sources) != 1 || !strings.HasPrefix(rec.Sources[0].Name, "arxiv-") {
		t.Errorf("%s has the sources %v", rec.ID, rec.Sources)
	}
	for _, d := range []broadsheet.Date{rec.Published, rec.Updated, rec.Announced, rec.Sources[0].Date} {
		if got, err := broadsheet.ParseDate(string(d)); d != "" && (err != nil || got != d) {
			t.Errorf("%s has the date %q", rec.ID, d)
		}
	}
	for _, a := range rec.Authors {
		if a.Name == "" {
			t.Errorf("%s has an author without a name", rec.ID)
		}
	}
}
