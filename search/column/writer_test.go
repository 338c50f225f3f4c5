package column

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAddRefuses(t *testing.T) {
	long := strings.Repeat("x", MaxText+1)
	good := Row{"id", []int64{1, 2}, [][]string{{"a"}, nil}, []byte{1, 2}}
	tests := map[string]struct {
		change func(*Row)
		want   string
	}{
		"long id":       {func(r *Row) { r.ID = long }, "an id of 65536 bytes"},
		"long value":    {func(r *Row) { r.Keywords = [][]string{{"a"}, {"b", long}} }, `keyword column "author": a value of 65536 bytes`},
		"few numbers":   {func(r *Row) { r.Numbers = nil }, "0 numbers"},
		"many keywords": {func(r *Row) { r.Keywords = make([][]string, 3) }, "3 keyword lists"},
		"few bytes":     {func(r *Row) { r.Bytes = r.Bytes[:1] }, "1 bytes"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := NewWriter(schema)
			row := good
			tt.change(&row)
			if err := w.Add(row); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Add: %v, want %q", err, tt.want)
			}
			if err := w.Add(good); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(stored([]Row{good}), rowsOf(open(t, w.Append(nil)))); diff != "" {
				t.Errorf("rows after a refusal (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNewWriterPanics(t *testing.T) {
	for name, s := range map[string]Schema{
		"twice": {Bytes: []string{"a", "a"}},
		"long":  {Numbers: []string{strings.Repeat("n", 256)}},
		"many":  {Keywords: make([]string, 256)},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("NewWriter did not panic")
				}
			}()
			NewWriter(s)
		})
	}
}
