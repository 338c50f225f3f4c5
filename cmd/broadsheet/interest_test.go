package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"broadsheet"
)

// voted is a history, in lines of an export, in which readers vote for cranes; the
// last day has two papers that nobody has seen yet.
func voted(t *testing.T, dir string) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	birds := strings.Fields("heron stork ibis egret plover curlew lapwing dunlin avocet wader")
	var b strings.Builder
	line := func(day broadsheet.Date, n, votes int, title string) {
		r := broadsheet.Record{
			Paper: broadsheet.Paper{ID: broadsheet.ID(fmt.Sprintf("2503.%05d", n)), Title: title, Abstract: "About " + title,
				Published: day, Sources: []broadsheet.Source{{Name: "jsonl"}}},
			Entries: []broadsheet.Entry{{Date: day, Place: 1 + n%10}},
		}
		if votes >= 0 {
			r.Tallies = []broadsheet.Tally{{Source: "hf", Upvotes: votes}}
		}
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(text, '\n'))
	}
	day := broadsheet.Date("2025-03-01")
	for n := range 400 {
		title, votes := "On", rng.IntN(3)
		for range 5 {
			title += " " + birds[rng.IntN(len(birds))]
		}
		if rng.IntN(4) == 0 {
			title, votes = title+" crane", votes+20
		}
		line(day.AddDays(n/10), n, votes, title)
	}
	line("2025-04-20", 901, -1, "On heron stork ibis egret")
	line("2025-04-20", 902, -1, "On heron stork ibis egret crane")
	name := filepath.Join(dir, "voted.jsonl")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestInterest(t *testing.T) {
	dir := t.TempDir()
	env := map[string]string{"BROADSHEET_DATA": filepath.Join(dir, "data")}
	do := func(args ...string) string {
		t.Helper()
		code, out, errOut := run(t, env, args...)
		if code != exitDone {
			t.Fatalf("%s: exit %d: %s", args, code, errOut)
		}
		return out
	}
	do("import", voted(t, dir))
	if out := do("today", "--date", "2025-04-20"); strings.Contains(out, "predicted") {
		t.Errorf("something is predicted before anything is learned:\n%s", out)
	}
	var res judgeResult
	if err := json.Unmarshal([]byte(do("interest", "judge", "--until", "2025-04-01", "--json")), &res); err != nil {
		t.Fatal(err)
	}
	if res.Days != 9 || res.Papers != 90 || res.Trained != 310 {
		t.Errorf("trained on %d papers, judged on %d of %d days; want 310, and 90 of 9", res.Trained, res.Papers, res.Days)
	}
	if gain := res.Gains[orderRandom].NDCG; gain.Low < 0.1 || res.Orders[orderPredicted].Spearman.Low < 0.3 {
		t.Errorf("gain over a random order %+v; readers vote for cranes", gain)
	}
	if out := do("interest", "learn"); !strings.Contains(out, "Learned from 400 papers until 2025-04-09; predicted the interest in 109 papers") {
		t.Errorf("learn: %s", out)
	}
	out := do("today", "--date", "2025-04-20", "--explain")
	crane, heron := strings.Index(out, "egret crane"), strings.Index(out, "ibis egret\n")
	if crane < 0 || heron < crane || strings.Count(out, "predicted · ") != 2 {
		t.Errorf("the crane does not stand first, or is not marked as predicted:\n%s", out)
	}
}

// What predictNew does is what a night would do, for new papers only; and a model
// that is damaged is an error that says what to do.
func TestPredictNew(t *testing.T) {
	dir := t.TempDir()
	m := &Main{Stderr: &lockedBuffer{}, log: nil}
	env := map[string]string{"BROADSHEET_DATA": filepath.Join(dir, "data")}
	if code, _, errOut := run(t, env, "import", voted(t, dir)); code != exitDone {
		t.Fatal(errOut)
	}
	m.cfg.Data = env["BROADSHEET_DATA"]
	l, err := m.openForWriting(t.Context(), m.cfg.Data, "test")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if n, err := predictNew(t.Context(), l, 0); n != 0 || err != nil {
		t.Errorf("without a model: reached %d, %v", n, err)
	}
	if _, err := m.refreshInterest(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	r := broadsheet.Record{Paper: broadsheet.Paper{ID: "2504.00001", Title: "On crane", Published: "2025-04-22", Sources: []broadsheet.Source{{Name: "jsonl"}}}}
	before, err := l.store.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.store.Put(t.Context(), []broadsheet.Record{r}); err != nil {
		t.Fatal(err)
	}
	reached, err := predictNew(t.Context(), l, before.LastChange)
	if err != nil || reached <= before.LastChange {
		t.Fatalf("reached %d after %d: %v", reached, before.LastChange, err)
	}
	signals, err := l.store.Signals(t.Context(), broadsheet.Period{First: "2025-04-22", Last: "2025-04-22"})
	if err != nil || len(signals) != 1 || !(signals[0].Interest > 0) {
		t.Errorf("signals %+v, %v; want a prediction", signals, err)
	}
	if again, err := predictNew(t.Context(), l, reached); err != nil || again != reached {
		t.Errorf("nothing is new: reached %d after %d, %v", again, reached, err)
	}
	if err := os.WriteFile(l.dir.Interest(), []byte("BRDSINT1 no more"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := predictNew(t.Context(), l, 0); broadsheet.KindOf(err) != broadsheet.Invalid {
		t.Errorf("a damaged model: %v, want Invalid", err)
	}
}
