package broadsheet

import (
	"strings"
	"testing"
)

func TestSlug(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"", ""},
		{"  -- ", ""},
		{"Early exit", "early-exit"},
		{"Sheep & goats (2025)!", "sheep-goats-2025"},
		{"Café ÉTÉ", "café-été"},
		{"鸟类", "鸟类"},
		{"../../etc", "etc"},
		{"<script>", "script"},
	} {
		if got := Slug(tt.name); got != tt.want {
			t.Errorf("Slug(%q) = %q, want %q", tt.name, got, tt.want)
		}
		if got := Slug(Slug(tt.name)); got != Slug(tt.name) {
			t.Errorf("%q does not stay: %q", Slug(tt.name), got)
		}
	}
}

func TestNewTopic(t *testing.T) {
	for _, tt := range []struct {
		name     string
		examples []ID
		want     string // of the error
	}{
		{"Birds", []ID{"2503.00001"}, ""},
		{"!!", []ID{"2503.00001"}, "is no name for a topic"},
		{strings.Repeat("a", MaxTopicName+1), []ID{"2503.00001"}, "is no name for a topic"},
		{"Birds", nil, "A topic needs an example"},
	} {
		_, err := NewTopic(tt.name, tt.examples)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(TextFor(err), tt.want) {
			t.Errorf("%.20q, %v: %v, want %q", tt.name, tt.examples, err, tt.want)
		}
	}
}
