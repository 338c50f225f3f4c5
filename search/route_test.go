package search

import (
	"errors"
	"strings"
	"testing"
)

// Questions for known papers are answered at once, and the trace says so.
func TestRoute(t *testing.T) {
	papers := append(library(),
		Paper{ID: "2411.00011", Title: "What Geoffrey Hinton said", Abstract: "Geoffrey Hinton, Geoffrey Hinton and Hinton. Geoffrey!", Day: Unknown},
		Paper{ID: "2412.00012", Title: "Wading", Abstract: "Herons.", Authors: []string{"Geoffrey Hinton"}, Day: Unknown})
	e, err := Open(t.TempDir(), Options{Model: newThesaurus(birdsAndPots...)})
	if err = errors.Join(err, e.Update(t.Context(), papers, nil)); err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for _, tt := range []struct{ text, first, route string }{
		{"2401.00001", "1", "the id of a paper"},
		{"arxiv.org/abs/2401.00001v2", "1", "the id of a paper"},
		{"https://arxiv.org/pdf/2401.00001v2.pdf", "1", "the id of a paper"},
		{"hf.co/papers/2401.00001", "1", "the id of a paper"},
		{"https://doi.org/10.1000/ABC", "doi:10.1000/abc", "the id of a paper"},
		{"10.1000/abc", "doi:10.1000/abc", "the id of a paper"},
		{"hep-th/9901001v1", "hep-th/9901001", "the id of a paper"},
		{"Attention is all you need to read", "2", "the title of a paper"},
		{"attention is al you neeed to read", "2", "the title of a paper"},
		{"Geoffrey Hinton", "4 2412.00012", "the name of an author"},
		{"G. Hinton", "2411.00011", ""}, // nobody is written so
		{"edna huang", "1 9", "the name of an author"},
		{"graph neural", "", ""}, // words more than names
		{"attention", "", ""},
	} {
		r, err := e.Search(t.Context(), Request{Text: tt.text})
		if err != nil {
			t.Fatal(err)
		}
		route, meaning := "", false
		for _, s := range r.Trace {
			if s.Name == "route" {
				route = s.Detail
			}
			meaning = meaning || s.Name == "meaning" && r.Vectors.Compared > 0
		}
		if route != tt.route || route != "" && meaning {
			t.Errorf("%q goes by %q (meaning asked: %v), want %q", tt.text, route, meaning, tt.route)
		}
		if want := sorted(tt.first); route != "" && sorted(ids(r.Hits[:min(len(r.Hits), len(strings.Fields(want)))])) != want {
			t.Errorf("%q finds %q, want %q first", tt.text, ids(r.Hits), tt.first)
		}
	}
}
