package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"

	"broadsheet"
	"broadsheet/ingest"
)

// demoEdition is the built-in edition of 11 March 2025: 93 papers in the form of
// an export, with abstracts of our own.
//
//go:embed demo/edition.jsonl
var demoEdition []byte

// demoTopics are learned from papers of the built-in edition.
var demoTopics = []broadsheet.Topic{
	{Name: "Adaptive computation", Examples: []broadsheet.ID{"2211.11152", "2308.08709", "2403.07652", "2308.01045"}},
	{Name: "Length generalization", Examples: []broadsheet.ID{"2310.00726", "2310.16028", "2307.03381", "2311.14737"}},
	{Name: "Program synthesis", Examples: []broadsheet.ID{"2108.07732", "2203.07814", "2305.02309"}},
	{Name: "Pruning and sparsity", Examples: []broadsheet.ID{"2209.14624", "2411.02335", "2308.14969"}},
	{Name: "Vision transformers", Examples: []broadsheet.ID{"2204.01697", "2311.05707", "2312.08614"}},
}

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
	for _, t := range demoTopics {
		t, err := broadsheet.NewTopic(t.Name, t.Examples)
		if err != nil {
			return err
		}
		if err := l.store.PutTopic(ctx, t); err != nil {
			return err
		}
	}
	if err := l.index.Follow(ctx, l.store, nil); err != nil {
		return err
	}
	if err := l.index.FindDuplicates(ctx, l.store, nil); err != nil {
		return err
	}
	return l.index.Suggest(ctx, l.store, nil)
}
