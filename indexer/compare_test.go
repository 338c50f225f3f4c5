package indexer_test

import (
	"strings"
	"testing"

	"broadsheet"
	"broadsheet/internal/need"
)

// What is told of two papers can be found in them at the places that are told.
func TestCompare(t *testing.T) {
	x := follow(t, birds())
	asked := paper("2599.90001", "Cranes", "Nothing new. Whooping cranes dance on wide lakes in the evening sun, all together.")
	others := []broadsheet.Record{
		paper("2599.90002", "Dancing cranes", "Cranes dance on the shores of wide lakes as the sun goes down. Also, they eat."),
		paper("2599.90003", "A title that stands alone without any abstract", ""),
	}
	reasons, err := x.Compare(t.Context(), asked.Paper, others)
	if err != nil || len(reasons) != 2 {
		t.Fatalf("%v, %v", reasons, err)
	}
	for i, r := range reasons {
		for _, e := range []struct {
			excerpt *broadsheet.Excerpt
			of      broadsheet.Record
		}{{r.Asked, asked}, {r.Found, others[i]}, {r.Passage, asked}} {
			if e.excerpt == nil {
				continue
			}
			text := map[string]string{"title": e.of.Title, "abstract": e.of.Abstract}[e.excerpt.Field]
			if got := text[e.excerpt.Start:e.excerpt.End]; got != e.excerpt.Text || got == "" {
				t.Errorf("%+v: there stands %q", e.excerpt, got)
			}
		}
	}
	if r := reasons[0]; r.Found == nil || !strings.HasPrefix(r.Found.Text, "Cranes dance") || r.Cosine < 0.3 {
		t.Errorf("%+v", r)
	}
	if got := reasons[1].String(); !strings.Contains(got, "no telling word") {
		t.Errorf("of a paper that shares nothing: %q", got)
	}
}

// Page after page is made with a comparison: some five papers of 160 words each.
func BenchmarkCompare(b *testing.B) {
	need.Long(b)
	x := follow(b, birds())
	text := strings.Repeat("Whooping cranes dance on wide lakes, and herons wade through the shallow water. Storks fly far. ", 10)
	asked := paper("2599.90001", "Cranes", text)
	others := make([]broadsheet.Record, 5)
	for i := range others {
		others[i] = paper("2599.90002", "Herons", text)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := x.Compare(b.Context(), asked.Paper, others); err != nil {
			b.Fatal(err)
		}
	}
}
