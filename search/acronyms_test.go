package search

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func shortAndLong() []Paper {
	return []Paper{
		{ID: "1", Title: "Kettles", Abstract: "A mixture of experts (MoE) boils water.", Day: Unknown},
		{ID: "2", Title: "Routing in MoE models", Abstract: "Kettles choose.", Day: Unknown},
		{ID: "3", Title: "A mixture of experts for herons", Abstract: "Wading.", Day: Unknown},
		{ID: "4", Title: "Ponds", Abstract: "Principal component analysis (PCA) of ponds.", Day: Unknown},
		{ID: "5", Title: "Doctors", Abstract: "Patient controlled analgesia (PCA) with kettles.", Day: Unknown},
		{ID: "6", Title: "Components of herons", Abstract: "Principal analysis.", Day: Unknown},
		{ID: "7", Title: "Patients in ponds", Abstract: "Controlled analgesia.", Day: Unknown},
		{ID: "8", Title: "Experts on mixtures", Abstract: "Of paint.", Day: Unknown},
	}
}

func TestAcronyms(t *testing.T) {
	e := open(t, shortAndLong())
	if err := e.RebuildSuggestions(t.Context(), all(shortAndLong())); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ text, found, told string }{
		{"MoE", "1 2 3 8", "MoE: also mixture of experts"},
		{"moe herons", "1 2 3 6 8", "moe: also mixture of experts"},
		{"mixture of experts", "1 2 3 8", "mixture of experts: also MoE"},
		{"mixtures-of-experts routing", "1 2 3 4 6 8", "mixtures-of-experts: also MoE"},
		{"MoE mixture of experts", "1 2 3 8", ""}, // both were asked for
		{"herons -moe", "3 6", ""},                // and neither here
		{`"mixture of experts"`, "1 3", ""},       // a phrase is what it says
		{"title:moe", "2", ""},                    // so is a field
		{"PCA patient", "4 5 7", "PCA: also patient controlled analgesia"},
		{"PCA component", "4 5 6", "PCA: also principal component analysis"},
	} {
		r, err := e.Search(t.Context(), Request{Text: tt.text, Limit: 20})
		if err != nil {
			t.Fatal(err)
		}
		told := ""
		for _, s := range r.Trace {
			if s.Name == "words" {
				told = s.Detail
			}
		}
		if got := sorted(ids(r.Hits)); got != tt.found || told != tt.told {
			t.Errorf("%q finds %q and tells %q, want %q and %q", tt.text, got, told, tt.found, tt.told)
		}
	}
	// They outlast closing, and a file that is damaged is told of.
	if err := errors.Join(e.Commit(nil), e.Check(t.Context(), nil)); err != nil {
		t.Fatal(err)
	}
	other, err := OpenReadOnly(e.dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if got := sorted(ask(t, other, Request{Text: "MoE"})); got != "1 2 3 8" {
		t.Errorf("opened again: MoE finds %q", got)
	}
	path := filepath.Join(e.dir, acronymsName)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-1] ^= 1
	if err := errors.Join(os.WriteFile(path+"~", b, 0o600), os.Rename(path+"~", path)); err != nil {
		t.Fatal(err)
	}
	if Check(t.Context(), e.dir, nil) == nil {
		t.Error("Check finds nothing wrong with a damaged file of acronyms")
	}
	if _, err := other.Refresh(); err != nil || sorted(ask(t, other, Request{Text: "MoE"})) != "1 2" {
		t.Errorf("a damaged file: want what has the word itself (%v)", err)
	}
}
