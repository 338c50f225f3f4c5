package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Of a long text, the part is told that is nearest, and the sentences are found where
// they are said to be.
func TestSimilarToALongText(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	papers := file("papers.jsonl", `{"id":"2503.00001","title":"Cranes by the lake","abstract":"In the evening, whooping cranes dance by a lake. Nobody knows why they do."}
{"id":"2503.00003","title":"Counting birds of a lake","abstract":"Many birds are counted in spring, whooping cranes too, where a lake is."}
{"id":"2503.00002","title":"Boiling water","abstract":"Kettles whistle in the kitchen when their water boils, and the cook comes running."}
`)
	kettles := strings.Repeat("Kettles whistle in every kitchen when their water boils. ", 60)
	birds := strings.Repeat("Many birds of the lake are counted there in spring. ", 30)
	cranes := "Whooping cranes dance by the lake every evening of the year."
	text := file("draft.txt", kettles+cranes+" "+birds)
	env := map[string]string{"BROADSHEET_DATA": filepath.Join(dir, "data")}
	if code, _, stderr := run(t, env, "import", papers); code != 0 {
		t.Fatal(stderr)
	}

	code, stdout, stderr := run(t, env, "similar", "--json", "--text", text)
	var res searchResult
	if err := json.Unmarshal([]byte(stdout), &res); code != 0 || err != nil {
		t.Fatalf("exit %d, %v: %s", code, err, stderr)
	}
	at := slices.IndexFunc(res.Hits, func(h searchHit) bool { return h.ID == "2503.00001" })
	if at < 0 {
		t.Fatalf("hits %+v, want cranes among them", res.Hits)
	}
	r := res.Hits[at].Reason
	if r == nil || r.Asked == nil || r.Asked.Text != cranes || r.Asked.Start != len(kettles) {
		t.Fatalf("%s: asked %+v, want the sentence on cranes", r, r.Asked)
	}
	if r.Found == nil || !strings.Contains(r.Found.Text, "whooping cranes dance") || r.Passage == nil || !strings.Contains(r.Passage.Text, cranes) {
		t.Errorf("found %+v in the passage %+v", r.Found, r.Passage)
	}
	_, stdout, _ = run(t, env, "similar", "--text", text)
	for _, want := range []string{"     > " + cranes, "     < In the evening", "The part of the text that is nearest begins at byte "} {
		if !strings.Contains(stdout, want) {
			t.Errorf("%q is not in:\n%s", want, stdout)
		}
	}
}
