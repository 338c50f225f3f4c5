package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"broadsheet"
	"broadsheet/ingest"
)

// A press is a source of three papers, one a page, that fails where it is told to.
type press struct {
	pages  []broadsheet.Page
	fail   error // behind the last page
	cursor string
}

func (*press) Name() string { return "press" }

func (p *press) Harvest(ctx context.Context, cursor string) iter.Seq2[broadsheet.Page, error] {
	p.cursor = cursor
	return func(yield func(broadsheet.Page, error) bool) {
		for _, page := range p.pages {
			if !yield(page, ctx.Err()) {
				return
			}
		}
		if p.fail != nil {
			yield(broadsheet.Page{}, p.fail)
		}
	}
}

func sheet(n int) broadsheet.Page {
	return broadsheet.Page{Cursor: fmt.Sprint(n), Label: fmt.Sprintf("sheet %d", n),
		Records: []broadsheet.Record{{Paper: broadsheet.Paper{ID: broadsheet.ID(fmt.Sprintf("2503.0000%d", n)), Title: fmt.Sprintf("  Paper\n%d ", n),
			Sources: []broadsheet.Source{{Name: "press"}}}}}}
}

func TestHarvestStoresThenSaves(t *testing.T) {
	db := openStore(t)
	var saved, told []string
	h := ingest.Harvesting{
		Store: db,
		Save: func(ctx context.Context, p broadsheet.Page) error {
			if _, err := db.Paper(ctx, p.Records[0].ID); err != nil {
				t.Errorf("%s is saved before its records are stored: %v", p.Label, err)
			}
			saved = append(saved, p.Cursor)
			return nil
		},
		Progress: func(p broadsheet.Page, s ingest.Summary) {
			told = append(told, fmt.Sprintf("%s: %d", p.Label, s.Added))
		},
	}
	var sum ingest.Summary
	p := &press{pages: []broadsheet.Page{sheet(1), sheet(2), sheet(3)}}
	if err := h.Run(t.Context(), p, "0", &sum); err != nil || p.cursor != "0" {
		t.Fatalf("from %q: %v", p.cursor, err)
	}
	if diff := cmp.Diff([]string{"1", "2", "3"}, saved); diff != "" {
		t.Errorf("saved (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"sheet 1: 1", "sheet 2: 2", "sheet 3: 3"}, told); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
	if rec, err := db.Paper(t.Context(), "2503.00002"); err != nil || rec.Title != "Paper 2" {
		t.Errorf("got %q, %v", rec.Title, err)
	}
	if err := h.Run(t.Context(), p, "", &sum); err != nil {
		t.Fatal(err)
	}
	want := ingest.Summary{Added: 3, Unchanged: 3}
	if diff := cmp.Diff(want, sum, cmpopts.IgnoreFields(ingest.Summary{}, "Seconds")); diff != "" {
		t.Errorf("summary of both runs (-want +got):\n%s", diff)
	}
}

func TestHarvestRejects(t *testing.T) {
	page := sheet(1)
	page.Rejected = []*broadsheet.BadRecord{{Number: 7, ID: "x", Reason: "it is no paper"}}
	page.Records = append(page.Records, broadsheet.Record{Paper: broadsheet.Paper{ID: "2503.00009"}})
	var bad []string
	h := ingest.Harvesting{Store: openStore(t), Rejected: func(b *broadsheet.BadRecord) { bad = append(bad, b.Error()) }}
	var sum ingest.Summary
	if err := h.Run(t.Context(), &press{pages: []broadsheet.Page{page}}, "", &sum); err != nil {
		t.Fatal(err)
	}
	want := []string{"press, sheet 1: record 7: x: it is no paper", "press, sheet 1: record 2: 2503.00009: title: it is empty, and every paper has one"}
	if diff := cmp.Diff(want, bad); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if sum.Added != 1 || sum.Rejected != 2 {
		t.Errorf("summary %+v", sum)
	}
}

func TestHarvestEnds(t *testing.T) {
	long := sheet(1)
	long.Cursor = strings.Repeat("x", 5000)
	down := broadsheet.Errorf(broadsheet.Unavailable, "The press is closed.")
	for _, tt := range []struct {
		name  string
		from  press
		save  error
		added int
		kind  broadsheet.Kind
		text  string
	}{
		{"the source fails behind its first page", press{pages: []broadsheet.Page{sheet(1)}, fail: down}, nil, 1, broadsheet.Unavailable, "The press is closed."},
		{"the cursor cannot be saved", press{pages: []broadsheet.Page{sheet(1), sheet(2)}}, errors.New("disk full"), 1, broadsheet.Internal, "disk full"},
		{"the cursor is too long", press{pages: []broadsheet.Page{long}}, nil, 0, broadsheet.Internal, "5000 bytes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := ingest.Harvesting{Store: openStore(t), Save: func(context.Context, broadsheet.Page) error { return tt.save }}
			var sum ingest.Summary
			err := h.Run(t.Context(), &tt.from, "", &sum)
			if err == nil || broadsheet.KindOf(err) != tt.kind || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got %v, want %q", err, tt.text)
			}
			if sum.Added != tt.added {
				t.Errorf("summary %+v", sum)
			}
		})
	}
}

func TestHarvestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var sum ingest.Summary
	h := ingest.Harvesting{Store: openStore(t), Progress: func(broadsheet.Page, ingest.Summary) { cancel() }}
	err := h.Run(ctx, &press{pages: []broadsheet.Page{sheet(1), sheet(2)}}, "", &sum)
	if broadsheet.KindOf(err) != broadsheet.Unavailable || !errors.Is(err, context.Canceled) || sum.Added != 1 {
		t.Errorf("%+v, %v", sum, err)
	}
}
