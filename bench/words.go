package main

import (
	"broadsheet/search/analysis"
	"broadsheet/search/index"
)

// plainAnalyzer is Broadsheet's own analysis.
type plainAnalyzer struct {
	analyzer *analysis.Analyzer
	tokens   []analysis.Token
}

func newPlainAnalyzer() analyzer { return &plainAnalyzer{analyzer: analysis.New()} }

func (p *plainAnalyzer) document(dst []index.Token, text string) ([]index.Token, int) {
	p.tokens = p.analyzer.Append(p.tokens[:0], text)
	length := 0
	for _, t := range p.tokens {
		dst = append(dst, index.Token{Term: t.Term, Pos: t.Pos})
		if t.Kind.Counts() && t.Kind != analysis.Stop {
			length++
		}
	}
	return dst, length
}

func (p *plainAnalyzer) query(dst []index.Token, text string) []index.Token {
	p.tokens = p.analyzer.Append(p.tokens[:0], text)
	for _, t := range p.tokens {
		if t.Kind.Counts() {
			dst = append(dst, index.Token{Term: t.Term, Pos: t.Pos})
		}
	}
	return dst
}

func (p *plainAnalyzer) stop(term string) bool { return analysis.IsStop(term) }
