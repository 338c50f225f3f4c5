package main

import "testing"

func TestParseQuery(t *testing.T) {
	for _, tt := range []struct {
		line string
		want query
		bad  bool
	}{
		{line: "one\triver", want: query{"one", "river"}},
		{line: "phrase\tslow river\t", want: query{"phrase", "slow river\t"}},
		{line: "river", bad: true},
		{line: "some\triver", bad: true},
		{line: "", bad: true},
	} {
		got, err := parseQuery(tt.line)
		if (err != nil) != tt.bad || got != tt.want {
			t.Errorf("parseQuery(%q) = %v, %v", tt.line, got, err)
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	f.Add("one\triver")
	f.Fuzz(func(t *testing.T, line string) {
		q, err := parseQuery(line)
		if err == nil && q.Kind+"\t"+q.Text != line {
			t.Errorf("parseQuery(%q) = %v", line, q)
		}
	})
}
