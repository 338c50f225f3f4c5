package learn_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/gist"
	"broadsheet/gist/learn"
	"broadsheet/internal/need"
)

const head = "arxiv_id,abstract,start_idx,end_idx,label\n"

func TestReadLabels(t *testing.T) {
	got, err := learn.ReadLabels(strings.NewReader(head + `2599.00001,"Tëa is cold. We heat it.",13,24,idea` + "\n" + `2599.00001,"Tëa is cold. We heat it.",0,99,problem` + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	// Places are counted in characters; one behind the end is the end.
	want := []learn.Abstract{{ID: "2599.00001", Text: "Tëa is cold. We heat it.", Marks: []learn.Mark{
		{Span: gist.Span{Start: 14, End: 25}, Role: gist.Idea}, {Span: gist.Span{Start: 0, End: 25}, Role: gist.Problem}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for name, text := range map[string]string{
		"no head": "", "a role that is none": head + "1,Tea.,0,3,joke\n", "a place that is none": head + "1,Tea.,a,3,idea\n",
		"before the start": head + "1,Tea.,-1,3,idea\n", "two texts of one paper": head + "1,Tea.,0,3,idea\n1,Tee.,0,3,idea\n", "columns": head + "1,2\n",
	} {
		if _, err := learn.ReadLabels(strings.NewReader(text)); err == nil {
			t.Errorf("%s: read without an error", name)
		}
	}
}

func FuzzReadLabels(f *testing.F) {
	f.Add(head + "1,\"T\xc3\xaba.\",0,2,task\n")
	f.Fuzz(func(t *testing.T, s string) {
		all, _ := learn.ReadLabels(strings.NewReader(s))
		for _, a := range all {
			for _, m := range a.Marks {
				if m.Start < 0 || m.End > len(a.Text) {
					t.Errorf("%q has a mark at %d to %d", a.Text, m.Start, m.End)
				}
			}
			learn.RolesOf(a, gist.Sentences(a.Text))
		}
	})
}

// TestRolesAreLearned makes abstracts whose roles follow from a word, and one word in
// ten at random: what is held out must be told nearly always, and better than by the
// commonest.
func TestRolesAreLearned(t *testing.T) {
	var all []learn.Abstract
	for i := range 100 {
		a := learn.Abstract{ID: fmt.Sprint(i)}
		for k := range 6 {
			role := gist.Roles()[1+(i*7+k*3)%4]
			start := len(a.Text)
			a.Text += fmt.Sprintf("We %s kettle%d%s. ", strings.ToUpper(role.String()), i%9, string(rune('a'+k)))
			a.Marks = append(a.Marks, learn.Mark{Span: gist.Span{Start: start, End: len(a.Text) - 1}, Role: role})
		}
		all = append(all, a)
	}
	r := learn.CrossValidate(all, 1)
	if r.Accuracy < 0.95 || r.Majority > 0.4 || r.Low > r.Accuracy || r.High < r.Accuracy {
		t.Errorf("%+v", r)
	}
	if again := learn.CrossValidate(all, 1); again != r {
		t.Errorf("the same seed gives %+v, and then %+v", r, again)
	}
}

// TestPhrasesAreLearned makes papers whose keyword is the phrase that ends in "theory".
func TestPhrasesAreLearned(t *testing.T) {
	var papers []learn.Paper
	c := learn.NewCounter()
	for i := range 200 {
		word := fmt.Sprintf("w%c%c", 'a'+i%26, 'a'+i/26)
		p := learn.Paper{ID: fmt.Sprint(i), Title: "Of the Kettle " + word, Abstract: "A cold lid is on the table. The " + word + " theory, with warm cups, is old.", Keywords: []string{word + " theory"}}
		papers = append(papers, p)
		c.Add(p.Title, p.Abstract)
	}
	m := new(gist.Model)
	c.Fill(m)
	learn.Phrases(m, papers[:100], 1)
	reports := learn.Judge(m, papers[100:])
	if reports[0].Recall8 < 0.99 {
		t.Errorf("%+v", reports[0])
	}
	if got := m.Keyphrases(papers[150].Title, papers[150].Abstract)[0]; got != papers[150].Keywords[0] {
		t.Errorf("the best phrase is %q, want %q", got, papers[150].Keywords[0])
	}
}

// TestRolesOfRealAbstracts holds the figures that doc/model.md tells.
func TestRolesOfRealAbstracts(t *testing.T) {
	need.Long(t)
	f, err := os.Open(need.Corpora(t, "data", "abstract_sentences_dev.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := learn.ReadLabels(f)
	if err != nil {
		t.Fatal(err)
	}
	r := learn.CrossValidate(all, 1)
	t.Logf("%+v", r)
	if r.Low < r.Majority+0.1 || r.MacroF1 < 0.55 || r.Marked < 0.8 {
		t.Errorf("accuracy %.3f (from %.3f), majority %.3f, macro-F1 %.3f, of those marked %.3f", r.Accuracy, r.Low, r.Majority, r.MacroF1, r.Marked)
	}
}
