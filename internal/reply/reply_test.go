package reply

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestValues(t *testing.T) {
	var got struct {
		Counts []Count
		Texts  []Text
		List   List[struct{ Name string }]
		None   List[int]
	}
	err := json.Unmarshal([]byte(`{
		"counts": [0, 12, 1000000000000, null, -1, 1000000000001, 1e3, 3.5, "7", 99999999999999999999999999, [1], {}],
		"texts": ["J. of\n Sheep &amp; Goats", null, 5, {"a": 1}, "a\u202eb\u0000c", "   "],
		"list": [{"name": "a"}, 5, null, "x", {"name": 7}, {"name": "b"}],
		"none": {"a": 1}}`), &got)
	if err != nil {
		t.Fatal(err)
	}
	want := []Count{{0, true}, {12, true}, {1_000_000_000_000, true}, {}, {}, {}, {}, {}, {}, {}, {}, {}}
	if diff := cmp.Diff(want, got.Counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Text{"J. of Sheep & Goats", "", "", "", "abc", ""}, got.Texts); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(List[struct{ Name string }]{{"a"}, {""}, {"b"}}, got.List); diff != "" || got.None != nil {
		t.Errorf("list (-want +got):\n%s, none %v", diff, got.None)
	}
}

func TestDOI(t *testing.T) {
	for in, want := range map[string]string{
		"10.1000/182": "10.1000/182", "https://doi.org/10.1000/ABC": "10.1000/abc", " doi:10.1000/182 ": "10.1000/182",
		"10.48550/arXiv.2599.00001": "", "": "", "http://example.org/": "", "10.1000/a b": "", "10.1/x": "",
	} {
		if got := DOI(in); got != want {
			t.Errorf("DOI(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestRest(t *testing.T) {
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	for _, tt := range []struct {
		name, header, value string
		want                time.Duration // 0: a zero time
	}{
		{"seconds", "Retry-After", "60", time.Minute},
		{"years", "Retry-After", "2000000000", 24 * time.Hour},
		{"seconds to a reset", "X-RateLimit-Reset", "3600", time.Hour},
		{"the time of a reset", "X-RateLimit-Reset", "1772600887", 2 * time.Minute},
		{"a reset that is over", "X-RateLimit-Reset", "1700000000", 0},
		{"a reset in another century", "X-RateLimit-Reset", "9000000000", 24 * time.Hour},
		{"nonsense", "X-RateLimit-Reset", "-5", 0},
		{"nothing", "Date", "x", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Rest(http.Header{http.CanonicalHeaderKey(tt.header): {tt.value}}, now)
			if tt.want == 0 && !got.IsZero() || tt.want != 0 && !got.Equal(now.Add(tt.want)) {
				t.Errorf("until %v, want %v later than %v", got, tt.want, now)
			}
		})
	}
}

// A line is one: it is bounded, valid, has no controls, and does not change when
// it is cleaned again unless there were entities in entities.
func FuzzLine(f *testing.F) {
	f.Add("A\nB &lt;i&gt; \u202e \xff")
	f.Fuzz(func(t *testing.T, s string) {
		got := Line(s)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxText || strings.ContainsAny(got, "\n\t\r\x00") || strings.TrimSpace(got) != got {
			t.Errorf("%q becomes %q", s, got)
		}
	})
}
