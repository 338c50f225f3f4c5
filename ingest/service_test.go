package ingest_test

import (
	"os"
	"path/filepath"
	"testing"

	"broadsheet"
	"broadsheet/ingest"
	"broadsheet/internal/need"
)

// Saved answers of services are told by what they hold.
func TestAnswersOfServices(t *testing.T) {
	for _, tt := range []struct {
		file string
		id   broadsheet.ID
		want ingest.Summary
	}{
		{filepath.Join("..", "biorxiv", "testdata", "details.json"), "doi:10.1101/2599.01.05.000001", ingest.Summary{Added: 3}},
		{filepath.Join("..", "openreview", "testdata", "notes.json"), "openreview:Aa-_1", ingest.Summary{Added: 3, Unchanged: 1}},
	} {
		db := openStore(t)
		text, err := os.ReadFile(tt.file)
		if err != nil {
			t.Fatal(err)
		}
		count(t, importText(t, db, string(text)), tt.want)
		if _, err := db.Paper(t.Context(), tt.id); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"biorxiv_details_item_2018.json", "biorxiv_details_item_2026.json", "openreview_notes_v2.synthetic.json"} {
		path := need.Corpora(t, "data", "samples", name)
		if res := importFile(t, openStore(t), path, ingest.Options{}); res.err != nil || res.bad != nil || res.Added == 0 {
			t.Errorf("%s: %+v", name, res)
		}
	}
}
