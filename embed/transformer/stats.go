package transformer

import "sync/atomic"

// Stats count what a model has done since it was opened. Work is counted in
// tokens through a layer.
type Stats struct {
	Texts  int64 // embedded, or begun
	Cut    int64 // of them, longer than MaxTokens
	Tokens int64
	Run    int64 // tokens through a layer
	Full   int64 // what Run would be if each text went through all layers
}

// Saved is the part of the work that exits have saved, 0 to 1.
func (s Stats) Saved() float64 {
	if s.Full == 0 {
		return 0
	}
	return 1 - float64(s.Run)/float64(s.Full)
}

type counters struct {
	texts, cut, tokens, run atomic.Int64
}

// Stats returns the counts so far. They are exact when no call is under way.
func (m *Model) Stats() Stats {
	tokens := m.tokens.Load()
	return Stats{
		Texts: m.texts.Load(), Cut: m.cut.Load(), Tokens: tokens,
		Run: m.counters.run.Load(), Full: tokens * int64(m.layers),
	}
}

func (m *Model) countText(tokens int, cut bool) {
	m.texts.Add(1)
	m.tokens.Add(int64(tokens))
	if cut {
		m.cut.Add(1)
	}
}
