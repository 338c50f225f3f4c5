package meaning

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"broadsheet"
	"broadsheet/embed/train"
	"broadsheet/internal/need"
	"broadsheet/search"
)

// invented returns texts on twenty subjects with words that nobody knows: titles and
// bodies of one subject share hardly a word.
func invented(n int) []train.Text {
	rng := rand.New(rand.NewPCG(1, 2))
	texts := make([]train.Text, n)
	for i := range texts {
		subject := rng.IntN(20)
		words := func(n int, kind string) string {
			var b strings.Builder
			for range n {
				fmt.Fprintf(&b, "%sqx%d the of ", kind, subject*10+rng.IntN(10))
			}
			return b.String()
		}
		texts[i] = train.Text{Title: words(4, "tvz"), Body: words(20, "bwk")}
	}
	return texts
}

func TestPoor(t *testing.T) {
	for _, tt := range []struct {
		name string
		s    Survey
		poor bool
		why  string
	}{
		{"few papers", Survey{Papers: 499, Running: 0.5}, false, "there are 499 papers with a title and an abstract, and 500 are needed"},
		{"unknown words", Survey{Papers: 500, Running: 0.08, Distinct: 0.5, MRR: 0.96}, true, "8.0 % of the words are unknown (50 % of the distinct ones)"},
		{"an unknown subject", Survey{Papers: 1400, Running: 0.01, MRR: 0.63}, true, "MRR@10 0.630: below 0.95 is little"},
		{"what it was made from", Survey{Papers: 9000, Running: 0.012, Distinct: 0.3, MRR: 0.975}, false, "the model knows the subject"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if poor, why := tt.s.Poor(); poor != tt.poor || !strings.Contains(why, tt.why) {
				t.Errorf("got %v, %q\nwant %v, %q", poor, why, tt.poor, tt.why)
			}
		})
	}
}

func TestWorse(t *testing.T) {
	before := make([]float64, 100)
	for i := range before {
		before[i] = float64(i%2) / 2
	}
	for _, tt := range []struct {
		name string
		step float64 // added to each fourth
		want bool
	}{{"the same", 0, false}, {"better", 0.3, false}, {"worse", -0.3, true}} {
		after := append([]float64(nil), before...)
		for i := 0; i < len(after); i += 4 {
			after[i] += tt.step
		}
		if got := worse(before, after); got != tt.want {
			t.Errorf("%s: got %v", tt.name, got)
		}
	}
	if worse(nil, nil) || worse([]float64{1}, []float64{0.5}) {
		t.Error("nothing and a single paper tell something")
	}
}

func TestLearn(t *testing.T) {
	need.Long(t)
	texts := invented(LeastPapers)
	s, err := NewSurvey(texts)
	if err != nil {
		t.Fatal(err)
	}
	if poor, why := s.Poor(); !poor {
		t.Fatalf("words nobody knows are known: %s", why)
	}
	last := 0.0
	lesson, err := Learn(t.Context(), texts, func(done float64) {
		if done < last || done > 1 {
			t.Errorf("after %v of the work comes %v", last, done)
		}
		last = done
	})
	if err != nil {
		t.Fatal(err)
	}
	if lesson.Worse || lesson.After < lesson.Before+0.05 || lesson.Words != 400 || lesson.Held != 50 || last < 0.9 {
		t.Errorf("learned %d words; MRR@10 of %d is %.3f before and %.3f after; done %v", lesson.Words, lesson.Held, lesson.Before, lesson.After, last)
	}
	again, err := Learn(t.Context(), texts, nil)
	if err != nil || again.Model.Fingerprint() != lesson.Model.Fingerprint() {
		t.Errorf("the same texts give another model (%v)", err)
	}
	onShelf(t, lesson)
}

// onShelf checks that a lesson's model is found again, and what is said when it is not.
func onShelf(t *testing.T, lesson Lesson) {
	s := &Shelf{Dir: filepath.Join(t.TempDir(), "model")}
	builtin, err := s.Wanted(t.Context())
	if err != nil || builtin.Ref().Kind != BuiltIn {
		t.Fatalf("on an empty shelf is %v (%v)", RefOf(builtin), err)
	}
	r := Report{Why: "a test"}
	m, err := s.Keep(lesson, &r)
	if err != nil {
		t.Fatal(err)
	}
	if m.Coder().Fingerprint() == builtin.Coder().Fingerprint() {
		t.Error("the codes of two models are taken for each other")
	}
	found, err := s.Wanted(t.Context())
	if err != nil || found.Ref() != m.Ref() || s.Report().Why != "a test" {
		t.Fatalf("found %v (%v), report %+v", RefOf(found), err, s.Report())
	}
	texts := []search.Passage{{Title: "tvzqx31", Body: "bwkqx33"}}
	a, err := m.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	b, err := found.Embed(t.Context(), texts)
	if err != nil || fmt.Sprint(a) != fmt.Sprint(b) || a[0].Known != 1 {
		t.Errorf("the model that was read back gives other vectors, or does not know the words: %v", b[0].Known)
	}

	file := s.file(m.Ref().Model)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	whole[len(whole)/2] ^= 1
	if err := os.WriteFile(file, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	found, err = s.Wanted(t.Context())
	if err == nil || !strings.Contains(err.Error(), filepath.Base(file)) || RefOf(found) != builtin.Ref() {
		t.Errorf("a damaged file gives %v and %v, want the built-in model and the file's name", RefOf(found), err)
	}
	if err := s.Note(Report{Off: true}); err != nil {
		t.Fatal(err)
	}
	if err := s.Clean(Ref{}); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(s.Dir + "/*.bin"); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

func TestLearnTooFew(t *testing.T) {
	_, err := Learn(t.Context(), invented(LeastPapers-1), nil)
	if broadsheet.KindOf(err) != broadsheet.Invalid || !strings.Contains(broadsheet.TextFor(err), "499 with a title and an abstract, and at least 500") {
		t.Errorf("got %v", err)
	}
}

func TestRef(t *testing.T) {
	dir := t.TempDir()
	if ref, err := ReadRef(dir); err != nil || ref != (Ref{}) {
		t.Errorf("an empty directory has %v (%v)", ref, err)
	}
	want := Ref{Kind: Adapted, Model: "0123456789abcdef"}
	if err := WriteRef(dir, want); err != nil {
		t.Fatal(err)
	}
	if ref, err := ReadRef(dir); err != nil || ref != want {
		t.Errorf("read %v (%v), want %v", ref, err, want)
	}
	name := filepath.Join(dir, refName)
	for _, text := range []string{"", "x", `{"kind":"adapted"}`, "{\"kind\":\"adapted\"}\n00000000\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if ref, err := ReadRef(dir); err == nil || !strings.Contains(err.Error(), refName) {
			t.Errorf("%q is read as %v (%v)", text, ref, err)
		}
	}
}

// A fingerprint comes out of a file, and must not lead out of the directory.
func TestFindStaysOnTheShelf(t *testing.T) {
	s := &Shelf{Dir: filepath.Join(t.TempDir(), "model")}
	for _, name := range []string{"../../etc/passwd", "", "..", "none"} {
		if got := filepath.Dir(s.file(name)); got != s.Dir {
			t.Errorf("%q leads to %s", name, got)
		}
		if _, err := s.Find(t.Context(), Ref{Kind: Adapted, Model: name}); err == nil {
			t.Errorf("found a model %q", name)
		}
	}
	if _, err := s.Find(t.Context(), Ref{Kind: "x\x1b"}); err == nil || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("got %v", err)
	}
}
