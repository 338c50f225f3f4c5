// Package ingest takes what sources say into a store: it finds out what a file
// is, reads it as a stream, brings every record into the form in which papers
// are kept, and puts them in batches. It is the only package that knows both
// sources and store.
//
// Everything here can be repeated: a record that says nothing new changes
// nothing, so an import that was interrupted is resumed by running it again.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet"
)

// A batch is committed at once, when it has one of these sizes. Larger batches
// save little time; smaller ones pay for more syncs of the disk.
const (
	batchRecords = 1000
	batchBytes   = 4 << 20
)

// A Summary counts what became of the records of an import. The counts add up
// to the number of records read.
type Summary struct {
	Added     int     `json:"added"`
	Updated   int     `json:"updated"`
	Unchanged int     `json:"unchanged"`
	Merged    int     `json:"merged"`
	Rejected  int     `json:"rejected"`
	Seconds   float64 `json:"seconds"`
}

// Read returns the number of records read.
func (s *Summary) Read() int { return s.Added + s.Updated + s.Unchanged + s.Merged + s.Rejected }

// Count adds the outcome of one record.
func (s *Summary) Count(o broadsheet.Outcome) {
	switch o {
	case broadsheet.Added:
		s.Added++
	case broadsheet.Updated:
		s.Updated++
	case broadsheet.Unchanged:
		s.Unchanged++
	case broadsheet.MergedPapers:
		s.Merged++
	}
}

// An Importer puts files into a store.
type Importer struct {
	Store broadsheet.PaperStore

	// Rejected is told of every record that was refused; may be nil.
	Rejected func(*broadsheet.BadRecord)

	// Progress is told after every batch how many records were done since the
	// last call; may be nil.
	Progress func(records int)
}

// Import reads all of f into the store and adds to sum. When the file ends in an
// error, the records before it are stored.
func (im *Importer) Import(ctx context.Context, f *File, sum *Summary) error {
	start := time.Now()
	defer func() { sum.Seconds += time.Since(start).Seconds() }()

	batches := make(chan []broadsheet.Record, 1)
	g, gctx := errgroup.WithContext(ctx)
	var rejected int
	// A reader that waits for a pipe or a server is woken by closing it.
	defer context.AfterFunc(gctx, func() { f.interrupt() })()
	g.Go(func() error {
		defer close(batches)
		return im.read(gctx, f, batches, &rejected)
	})
	var putErr error
	for batch := range batches {
		if putErr != nil {
			continue // the reader is stopping
		}
		// A batch that was read whole is put whole, even when the file's reader has
		// failed meanwhile: what is before a cut is good.
		outcomes, err := im.Store.Put(ctx, batch)
		if err != nil {
			putErr = err
			g.Go(func() error { return err }) // cancels the reader
			continue
		}
		for _, o := range outcomes {
			sum.Count(o)
		}
		if im.Progress != nil {
			im.Progress(len(batch))
		}
	}
	err := g.Wait()
	sum.Rejected += rejected
	if putErr != nil {
		err = putErr
	}
	if err != nil && ctx.Err() != nil { // whatever it was that noticed first
		return &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err,
			Text: "Interrupted. What was read so far is stored; run the same command again to go on."}
	}
	return err
}

// read parses, normalises and checks the records of f and sends them in batches.
func (im *Importer) read(ctx context.Context, f *File, batches chan<- []broadsheet.Record, rejected *int) error {
	var batch []broadsheet.Record
	size := 0
	send := func() error {
		if len(batch) == 0 {
			return nil
		}
		select {
		case batches <- batch:
		case <-ctx.Done():
			return ctx.Err()
		}
		batch, size = nil, 0
		return nil
	}
	number := 0
	for rec, err := range f.Records() {
		number++
		if err == nil {
			Normalize(&rec)
			if bad := rec.Validate(); bad != nil {
				err = &broadsheet.BadRecord{Number: number, ID: string(rec.ID), Reason: bad.Error()}
			}
		}
		if bad, ok := errors.AsType[*broadsheet.BadRecord](err); ok {
			*rejected++
			bad.File = f.Name
			if im.Rejected != nil {
				im.Rejected(bad)
			}
			continue
		}
		if err != nil {
			return errors.Join(f.explain(err), send())
		}
		batch = append(batch, rec)
		if size += weight(&rec); len(batch) == batchRecords || size > batchBytes {
			if err := send(); err != nil {
				return err
			}
		}
	}
	return send()
}

// explain names the file in an error that ends its reading.
func (f *File) explain(err error) error {
	kind, text := broadsheet.KindOf(err), ""
	switch e, ok := errors.AsType[*broadsheet.Error](err); {
	case ok:
		text = e.Text
	case isTruncated(err):
		kind, text = broadsheet.Invalid, "the file is cut short or damaged ("+err.Error()+"); what stands before the damage is stored. Get the file again and repeat the import."
	default:
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	return &broadsheet.Error{Kind: kind, Text: f.Name + ": " + text, Err: err}
}
