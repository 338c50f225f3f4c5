package sqlite_test

import (
	"path/filepath"
	"strings"
	"testing"

	"broadsheet"
	"broadsheet/sqlite"
	"broadsheet/storetest"
)

// words derives the words of the title and of the abstract, so that a test sees from
// which text a paper's phrases are.
func words(p *broadsheet.Paper) { p.Keyphrases = strings.Fields(p.Title + " " + p.Abstract) }

func TestDerivedFieldsAreThoseOfTheTextThatHolds(t *testing.T) {
	from := func(source, title, abstract string) broadsheet.Record {
		r := storetest.Paper("2503.00001", title)
		r.Abstract, r.Sources = abstract, []broadsheet.Source{{Name: source, Date: "2025-03-01"}}
		r.Keyphrases = []string{"what a file claims"}
		return r
	}
	a, b := from("arxiv-oai", "Of Kettles", ""), from("hf-daily", "of kettles", "They boil.")
	for _, order := range [][]broadsheet.Record{{a, b}, {b, a}} {
		db := open(t, filepath.Join(t.TempDir(), "b.db"))
		db.Derive = words
		put(t, db, order...)
		r, err := db.Paper(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(r.Keyphrases, " "); got != "Of Kettles They boil." {
			t.Errorf("got %q: the title of one source and the abstract of the other hold", got)
		}
		for _, o := range put(t, db, order...) {
			if o != broadsheet.Unchanged {
				t.Errorf("a record that says nothing new is %s", o)
			}
		}
	}
}

func TestRederive(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "b.db"))
	put(t, db, storetest.Paper("2503.00001", "Of Kettles"), storetest.Paper("2503.00002", "Of Lids"))
	for _, want := range []int{0, 2, 0} {
		got, err := db.Rederive(t.Context())
		if err != nil || got != want {
			t.Fatalf("%d papers changed (%v), want %d", got, err, want)
		}
		db.Derive = words
	}
	stats, err := db.Stats(t.Context())
	if err != nil || stats.LastChange != 4 {
		t.Errorf("the last change is %d (%v), want 4: each paper was logged when it came and when it changed", stats.LastChange, err)
	}
}

func put(t *testing.T, db *sqlite.DB, records ...broadsheet.Record) []broadsheet.Outcome {
	t.Helper()
	out, err := db.Put(t.Context(), records)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestDerivedFieldsStayWithAnUnchangedText(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "b.db"))
	db.Derive = words
	r := storetest.Paper("2503.00001", "Of Kettles")
	put(t, db, r)
	for name, derive := range map[string]func(*broadsheet.Paper){
		"nobody derives": nil, "a release that derives otherwise": func(p *broadsheet.Paper) { p.Keyphrases = []string{"else"} },
	} {
		db.Derive = derive
		if got := put(t, db, r); got[0] != broadsheet.Unchanged {
			t.Errorf("%s: the same record again is %s", name, got[0])
		}
	}
	if n, err := db.Rederive(t.Context()); err != nil || n > 1 {
		t.Errorf("%d papers derived anew (%v)", n, err)
	}
}
