package answer

import "testing"

func TestTakesGzip(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, "gzip": true, "br, gzip;q=0.5": true, "gzip;q=0": false, "gzip; q=0.0, br": false, "*": true, "identity": false, "gzip;q=x": false,
	} {
		if got := takesGzip(header); got != want {
			t.Errorf("takesGzip(%q) = %t", header, got)
		}
	}
}
