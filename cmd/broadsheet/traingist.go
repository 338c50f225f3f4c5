package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"broadsheet"
	"broadsheet/gist"
	"broadsheet/gist/learn"
	"broadsheet/ingest"
	"broadsheet/internal/wholefile"
)

// trainGist makes the model by which sentences and phrases are chosen.
func (m *Main) trainGist(ctx context.Context, labels string, names []string, format, out string, seed uint64) error {
	abstracts, err := readLabels(labels)
	if err != nil {
		return err
	}
	counter, papers := learn.NewCounter(), []learn.Paper(nil)
	for _, name := range names {
		if papers, err = m.readKeywords(ctx, name, format, counter, papers); err != nil {
			return err
		}
	}
	model := new(gist.Model)
	counter.Fill(model)
	m.printRoles(learn.CrossValidate(abstracts, seed))
	m.judgePhrases(*model, papers, seed)
	learn.Sentences(model, abstracts, seed)
	learn.Phrases(model, learn.Telling(papers), seed)
	if err := wholefile.Write(out, model.Append(nil), 0o644); err != nil {
		return &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err, Text: fmt.Sprintf("%s cannot be written: %v.", out, cause(err))}
	}
	fmt.Fprintf(m.Stdout, "%s: %d abstracts with marks, %s papers, %s of them with keywords\n", out, len(abstracts), thousands(counter.Docs()), thousands(len(papers)))
	return nil
}

func readLabels(name string) ([]learn.Abstract, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, &broadsheet.Error{Kind: broadsheet.NotFound, Err: err, Text: fmt.Sprintf("%s cannot be read: %v.", name, cause(err))}
	}
	defer f.Close()
	abstracts, err := learn.ReadLabels(f)
	if err != nil {
		return nil, &broadsheet.Error{Kind: broadsheet.Invalid, Err: err, Text: fmt.Sprintf("%s: %v.", name, err)}
	}
	return abstracts, nil
}

// readKeywords counts the words of a file's papers and keeps those with keywords.
func (m *Main) readKeywords(ctx context.Context, name, format string, c *learn.Counter, papers []learn.Paper) ([]learn.Paper, error) {
	f, err := ingest.Open(ctx, name, ingest.Options{Format: format, Stdin: m.Stdin})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	bar := m.progress("reading "+filepath.Base(name), f.Size)
	defer bar.Done()
	read := int64(0)
	for rec, err := range f.Records() {
		if err != nil {
			continue // import names what cannot be read
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		ingest.Normalize(&rec)
		c.Add(rec.Title, rec.Abstract)
		if len(rec.Keywords) > 0 {
			papers = append(papers, learn.Paper{ID: string(rec.ID), Title: rec.Title, Abstract: rec.Abstract, Keywords: rec.Keywords})
		}
		bar.Add(1, f.BytesRead()-read)
		read = f.BytesRead()
	}
	return papers, nil
}

func (m *Main) printRoles(r learn.RoleReport) {
	fmt.Fprintf(m.Stdout, "roles, 5-fold cross-validation over abstracts: %s sentences\n", thousands(r.Sentences))
	fmt.Fprintf(m.Stdout, "  accuracy %.3f (95%%: %.3f to %.3f), always the commonest %.3f\n", r.Accuracy, r.Low, r.High, r.Majority)
	fmt.Fprintf(m.Stdout, "  macro-F1 %.3f, always the commonest %.3f\n", r.MacroF1, r.MajorityF)
	fmt.Fprintf(m.Stdout, "  among the four roles, where one is marked: accuracy %.3f, always the commonest %.3f\n", r.Marked, r.MarkedBy)
	for _, role := range gist.Roles() {
		fmt.Fprintf(m.Stdout, "  %-8s told as %v\n", role, r.Confusion[role])
	}
}

// judgePhrases learns from one half of the papers and judges on the other.
func (m *Main) judgePhrases(model gist.Model, papers []learn.Paper, seed uint64) {
	var in, out []learn.Paper
	for _, p := range papers {
		if learn.HeldOut(p.ID) {
			out = append(out, p)
		} else {
			in = append(in, p)
		}
	}
	learn.Phrases(&model, learn.Telling(in), seed)
	for _, set := range []struct {
		name   string
		papers []learn.Paper
	}{{"all held out", out}, {"those with a keyword in their text", learn.Telling(out)}} {
		fmt.Fprintf(m.Stdout, "keyphrases, %s: %s papers\n", set.name, thousands(len(set.papers)))
		for _, r := range learn.Judge(&model, set.papers) {
			fmt.Fprintf(m.Stdout, "  %-7s precision@5 %.3f, recall@8 %.3f (of those in the text %.3f), F1@8 %.3f\n", r.Name, r.Precision5, r.Recall8, r.Present8, r.F1)
		}
	}
}
