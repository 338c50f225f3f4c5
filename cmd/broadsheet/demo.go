package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"

	"broadsheet/ingest"
)

// demoEdition is the built-in edition of 11 March 2025: 93 papers in the form of
// an export, with abstracts of our own.
//
//go:embed demo/edition.jsonl
var demoEdition []byte

// importDemo puts the built-in edition into an empty library, and its index up
// to date, so that the first page that is asked for is whole.
func importDemo(ctx context.Context, l *library) error {
	f, err := ingest.Open(ctx, "-", ingest.Options{Stdin: bytes.NewReader(demoEdition), Format: "jsonl"})
	if err != nil {
		return fmt.Errorf("built-in edition: %w", err)
	}
	defer f.Close()
	var sum ingest.Summary
	im := ingest.Importer{Store: l.store}
	if err := im.Import(ctx, f, &sum); err != nil {
		return fmt.Errorf("built-in edition: %w", err)
	}
	if sum.Rejected > 0 {
		return fmt.Errorf("built-in edition: %d papers were rejected", sum.Rejected)
	}
	if err := l.index.Follow(ctx, l.store, nil); err != nil {
		return err
	}
	if err := l.index.FindDuplicates(ctx, l.store, nil); err != nil {
		return err
	}
	return l.index.Suggest(ctx, l.store, nil)
}
