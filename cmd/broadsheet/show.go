package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"

	"broadsheet"
	"broadsheet/bib"
)

var showCommand = command{
	name: "show", args: "ID", short: "print one paper", json: true,
	help: `
ID may be written in any form: 2503.01234, arXiv:2503.01234v2, an address at
arXiv or Hugging Face, a DOI.

    broadsheet show 2211.11152
    broadsheet show --format bibtex https://arxiv.org/abs/2211.11152`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		format := fs.String("format", "text", "the `format`: text, md, json, bibtex, ris or csl-json")
		return func(ctx context.Context, m *Main, args []string) error {
			if len(args) != 1 {
				return usagef("name one paper")
			}
			if m.json {
				*format = "json"
			}
			write := showFormats[*format]
			if write == nil {
				return usagef("--format \"%s\": choose text, md, json, bibtex, ris or csl-json", broadsheet.Printable(*format, 40))
			}
			id, err := broadsheet.ParseID(args[0])
			if err != nil {
				return err
			}
			l, err := m.openForReading(ctx, m.cfg.Data, false)
			if err != nil {
				return err
			}
			defer l.Close()
			r, err := l.store.Paper(ctx, id)
			if err != nil {
				return err
			}
			found, err := l.store.Measures(ctx, []broadsheet.ID{r.ID})
			if err != nil {
				return err
			}
			return write(m, shown{r, found[r.ID]})
		}
	},
}

// A shown is a paper with what services last counted for it.
type shown struct {
	broadsheet.Record
	Measures []broadsheet.Measure `json:"measures,omitempty"`
}

var showFormats = map[string]func(*Main, shown) error{
	"json":     func(m *Main, r shown) error { return m.printJSON(r) },
	"text":     func(m *Main, r shown) error { return writeText(m.Stdout, r) },
	"md":       func(m *Main, r shown) error { return writeMarkdown(m.Stdout, r) },
	"bibtex":   func(m *Main, r shown) error { return bib.BibTeX(m.Stdout, []broadsheet.Paper{r.Paper}) },
	"ris":      func(m *Main, r shown) error { return bib.RIS(m.Stdout, []broadsheet.Paper{r.Paper}) },
	"csl-json": func(m *Main, r shown) error { return bib.CSLJSON(m.Stdout, []broadsheet.Paper{r.Paper}) },
}

const inShort = "In short"

// facts are the lines under a paper's title, as name and value. What is in short are
// the paper's own sentences; a TL;DR is somebody else's.
func facts(r shown) [][2]string {
	all := [][2]string{
		{"ID", string(r.ID)}, {"Authors", strings.Join(r.AuthorNames(), ", ")}, {"Published", string(r.Published)},
		{"Updated", string(r.Updated)}, {"Announced", announced(r)}, {"Categories", strings.Join(r.Categories, " ")}, {"DOI", r.DOI},
		{"Journal", r.JournalRef}, {"Venue", r.Venue}, {"Comments", r.Comments}, {"Licence", r.License},
		{"Page", r.ID.URL()}, {"PDF", r.ID.PDF()}, {"Code", r.Link(broadsheet.LinkCode)}, {"Project", r.Link(broadsheet.LinkProject)},
	}
	if summary, own := r.Summary(); own {
		all = append(all, [2]string{inShort, summary})
	} else {
		all = append(all, [2]string{"TL;DR", summary})
	}
	all = append(all, [2]string{"Keywords", strings.Join(r.Keywords, ", ")}, [2]string{"Phrases", strings.Join(r.Keyphrases, ", ")})
	switch r.Status {
	case broadsheet.StatusDeleted:
		all = append(all, [2]string{"Status", "deleted at its source"})
	case broadsheet.StatusWithdrawn:
		all = append(all, [2]string{"Status", "withdrawn"})
	}
	if n := r.Upvotes(); n > 0 {
		all = append(all, [2]string{"Upvotes", thousands(n)})
	}
	for _, c := range r.Measures {
		if name := measureNames[c.Kind]; name != "" {
			all = append(all, [2]string{name, fmt.Sprintf("%s (%s, %s)", thousands(int(c.Value)), c.Source, c.Counted)})
		}
	}
	for _, e := range r.Entries {
		all = append(all, [2]string{"Edition", string(e.Date)})
	}
	kept := all[:0]
	for _, f := range all {
		if f[1] != "" {
			kept = append(kept, f)
		}
	}
	return kept
}

// announced says when a paper was announced, and how that is known.
func announced(r shown) string {
	if r.Announced != "" && r.Inferred != "" {
		return string(r.Announced) + " (by arXiv's schedule)"
	}
	return string(r.Announced)
}

// measureNames are those of the measures that people read.
var measureNames = map[broadsheet.MeasureKind]string{broadsheet.Stars: "Stars", broadsheet.Citations: "Citations"}

func writeText(w io.Writer, r shown) error {
	var b strings.Builder
	b.WriteString(wrap(broadsheet.Printable(r.Title, 5000), 78) + "\n\n")
	for _, f := range facts(r) {
		value := broadsheet.Printable(f[1], 5000)
		if f[0] == inShort || f[0] == "TL;DR" { // sentences, to be read
			value = strings.ReplaceAll(wrap(value, 66), "\n", "\n"+strings.Repeat(" ", 12))
		}
		fmt.Fprintf(&b, "%-11s %s\n", f[0], value)
	}
	for p := range strings.SplitSeq(r.Abstract, "\n\n") {
		if p != "" {
			b.WriteString("\n" + wrap(broadsheet.Printable(p, 50_000), 78) + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeMarkdown(w io.Writer, r shown) error {
	var b strings.Builder
	b.WriteString("# " + markdown.Replace(r.Title) + "\n\n")
	for _, f := range facts(r) {
		value := markdown.Replace(f[1])
		if u := broadsheet.WebURL(f[1]); u != "" {
			value = "<" + strings.NewReplacer("<", "%3C", ">", "%3E", " ", "%20").Replace(u) + ">"
		}
		b.WriteString("- " + f[0] + ": " + value + "\n")
	}
	if r.Abstract != "" {
		b.WriteString("\n" + markdown.Replace(r.Abstract) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// markdown escapes what would be markup in CommonMark. TeX mathematics is left
// for the reader's own renderer.
var markdown = strings.NewReplacer("<", "\\<", "&", "\\&", "[", "\\[", "]", "\\]", "*", "\\*", "`", "\\`", "#", "\\#")

// wrap breaks s at blanks into lines of at most width characters where it can.
func wrap(s string, width int) string {
	var b strings.Builder
	col := 0
	for i, word := range strings.Fields(s) {
		n := len([]rune(word))
		switch {
		case i == 0:
		case col+1+n > width:
			b.WriteByte('\n')
			col = 0
		default:
			b.WriteByte(' ')
			col++
		}
		b.WriteString(word)
		col += n
	}
	return b.String()
}
