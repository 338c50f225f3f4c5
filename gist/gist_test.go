package gist_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/gist"
)

func builtin(tb testing.TB) *gist.Model {
	tb.Helper()
	m, err := gist.Builtin()
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// The abstracts are invented; they stand for what the model must get right whatever
// it was trained on.
const (
	background = "Electric kettles are found in most kitchens and boil water many times a day. "
	problem    = "However, existing kettles cannot tell when their owners have lost interest, which wastes much energy. "
	idea       = "In this paper, we propose PatientKettle, a recurrent network that learns from the sounds of a kitchen when tea is wanted. "
	detail     = "It has three layers and is trained on recordings of eleven households over two winters in the north. "
	result     = "Experiments on two benchmarks show that our method saves 31.5% of energy and outperforms all baselines."
)

func TestGist(t *testing.T) {
	for _, tt := range []struct {
		name, abstract string
		want           []string
	}{
		{"the idea and the result", background + problem + idea + detail + result, []string{strings.TrimSpace(idea), result}},
		{"no result behind the idea", background + background + problem + strings.Replace(problem, "tell", "say", 1) + strings.TrimSpace(idea), []string{strings.TrimSpace(idea)}},
		{"a short abstract is its own", problem + idea, nil},
		{"nothing that is too long", strings.Repeat(strings.Repeat("we propose very much ", 20)+". ", 4), nil},
		{"no sentence with an unknown command", background + problem + strings.Replace(idea, "PatientKettle", `\ours`, 1) + detail + result,
			[]string{result}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, s := range builtin(t).Gist(tt.abstract) {
				got = append(got, s.Text)
				if s.Text != tt.abstract[s.Start:s.End] {
					t.Errorf("%q does not stand at %d to %d", s.Text, s.Start, s.End)
				}
			}
			if tt.name == "no sentence with an unknown command" {
				if strings.Contains(strings.Join(got, " "), `\ours`) {
					t.Errorf("got %q", got)
				}
				return
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestKeyphrases(t *testing.T) {
	got := builtin(t).Keyphrases("Patient Kettles: Energy-Efficient Tea with Recurrent Neural Networks",
		background+problem+idea+detail+"Recurrent neural networks and energy-efficient tea go well together. "+result)
	if len(got) < 3 || len(got) > 8 {
		t.Errorf("there are %d phrases: %q", len(got), got)
	}
	has := map[string]bool{}
	for i, p := range got {
		has[strings.ToLower(p)] = true
		for _, q := range got[:i] {
			if strings.Contains(" "+gist.PhraseKey(p)+" ", " "+gist.PhraseKey(q)+" ") || strings.Contains(" "+gist.PhraseKey(q)+" ", " "+gist.PhraseKey(p)+" ") {
				t.Errorf("%q and %q are one phrase", p, q)
			}
		}
	}
	if !has["recurrent neural networks"] {
		t.Errorf("what both the title and the abstract say is missing in %q", got)
	}
	if got := builtin(t).Keyphrases("", ""); got != nil {
		t.Errorf("nothing has the phrases %q", got)
	}
}

func TestPhraseKey(t *testing.T) {
	for in, want := range map[string]string{
		"Large Language Models": "large language model", "multi-agent system": "multi agent system", "Case Studies": "case study", "": "", "classes": "class",
	} {
		if got := gist.PhraseKey(in); got != want {
			t.Errorf("PhraseKey(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestParse(t *testing.T) {
	file := builtin(t).Append(nil)
	if len(file) > 200_000 {
		t.Errorf("the built-in model has %d bytes", len(file))
	}
	m, err := gist.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*builtin(t), *m); diff != "" {
		t.Error("a model does not come back as it was written")
	}
	bad := append([]byte(nil), file...)
	copy(bad[8:], "\xff\xff\xff\x7f") // not a number
	for name, b := range map[string][]byte{"nothing": nil, "cut short": file[:1000], "too long": append(file, 0), "no number": bad} {
		if _, err := gist.Parse(b); err == nil {
			t.Errorf("%s: read without an error", name)
		}
	}
}

// FuzzDerive: sentences stand where they say, in order; phrases are few and not empty;
// equal texts have equal ones, whatever a record claimed before.
func FuzzDerive(f *testing.F) {
	f.Add("On Kettles", background+problem+idea+detail+result)
	f.Add("$x$", strings.Repeat("We propose $a. B$ (c. D.\n\n", 40))
	f.Add("", strings.Repeat("ſ K 水。", 200))
	f.Fuzz(func(t *testing.T, title, abstract string) {
		p := broadsheet.Paper{Title: title, Abstract: abstract}
		builtin(t).Derive(&p)
		at := 0
		for _, s := range p.Gist {
			if s.Start < at || s.End <= s.Start || s.End > len(abstract) || abstract[s.Start:s.End] != s.Text {
				t.Fatalf("%q: a sentence at %d to %d", abstract, s.Start, s.End)
			}
			at = s.End
		}
		if len(p.Gist) > 2 || len(p.Keyphrases) > 8 {
			t.Errorf("%d sentences, %d phrases", len(p.Gist), len(p.Keyphrases))
		}
		again := broadsheet.Paper{Title: title, Abstract: abstract, Keyphrases: []string{""}, Gist: []broadsheet.Sentence{{End: 7}}}
		builtin(t).Derive(&again)
		if diff := cmp.Diff(p, again); diff != "" {
			t.Errorf("the second time (-first +second):\n%s", diff)
		}
	})
}
