package stream_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"broadsheet/internal/stream"
)

func TestLines(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		max      int
		want     string
	}{
		{"empty", "", 10, ""},
		{"no newline at the end", "a\nb", 10, "1:a 2:b "},
		{"windows ends and empty lines", "a\r\n\r\nb\r\n", 10, "1:a 2: 3:b "},
		{"a long line is skipped, the next one read", "aa\n" + strings.Repeat("x", 200_000) + "\nbb\n", 100, "1:aa 2:LONG 3:bb "},
		{"a long last line", strings.Repeat("x", 200_000), 100, "1:LONG "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got strings.Builder
			for l, err := range stream.Lines(strings.NewReader(tt.in), tt.max) {
				if err != nil {
					t.Fatal(err)
				}
				text := string(l.Text)
				if l.TooLong {
					text = "LONG"
				}
				got.WriteString(string(rune('0'+l.Number)) + ":" + text + " ")
			}
			if got.String() != tt.want {
				t.Errorf("got %q, want %q", got.String(), tt.want)
			}
		})
	}
}

func TestLinesReportsTheReadersError(t *testing.T) {
	r := io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(io.ErrUnexpectedEOF))
	var lines int
	var last error
	for _, err := range stream.Lines(r, 10) {
		if err != nil {
			last = err
			continue
		}
		lines++
	}
	if lines != 1 || !errors.Is(last, io.ErrUnexpectedEOF) {
		t.Errorf("got %d lines and %v, want 1 line, then unexpected EOF", lines, last)
	}
}

func TestBudget(t *testing.T) {
	b := &stream.Budget{R: bytes.NewReader(make([]byte, 100)), Max: 30}
	buf := make([]byte, 20)
	for i := range 2 {
		if _, err := b.Read(buf); err != nil {
			t.Fatalf("read %d: %v", i, err)
		}
	}
	if _, err := b.Read(buf); !errors.Is(err, stream.ErrTooLarge) {
		t.Fatalf("third read: %v, want ErrTooLarge", err)
	}
	b.Reset()
	if _, err := b.Read(buf); err != nil {
		t.Fatalf("after Reset: %v", err)
	}
}
