package train

import (
	"math"
	"testing"

	"broadsheet/embed"
)

func TestUnknown(t *testing.T) {
	m := embed.NewModel(embed.Parts{Dims: 16, Words: []string{"kettle", "boils"}, Rows: make([]float32, 32)})
	c := NewCorpus()
	c.Add(Text{Title: "Kettle", Body: "kettle boils kettle boils kettle boils kettle boils kettle boils samovar samovar"})
	running, distinct := c.Unknown(m)
	if math.Abs(running-2.0/13) > 1e-9 || math.Abs(distinct-1.0/3) > 1e-9 {
		t.Errorf("unknown are %.3f of the running and %.3f of the distinct words, want 2/13 and 1/3", running, distinct)
	}
	if running, distinct = NewCorpus().Unknown(m); running != 0 || distinct != 0 {
		t.Errorf("of no words %v and %v are unknown", running, distinct)
	}
}

func TestRanks(t *testing.T) {
	rows := make([]float32, 3*16)
	for i := range 3 {
		rows[i*16+i] = 1
	}
	m := embed.NewModel(embed.Parts{Dims: 16, Words: []string{"kettle", "teapot", "samovar"}, Rows: rows})
	texts := []Text{{Title: "kettle", Body: "kettle teapot teapot teapot teapot"}, {Title: "teapot", Body: "teapot"}, {Title: "samovar", Body: "samovar"},
		{Title: "kettle", Body: "kettle"}}
	got := Ranks(m, texts)
	for i, want := range []float64{0.5, 1, 1, 1} {
		if got[i] != want {
			t.Errorf("title %d: reciprocal rank %v, want %v", i, got[i], want)
		}
	}
}
