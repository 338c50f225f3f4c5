package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/indexer"
	"broadsheet/internal/need"
	"broadsheet/meaning"
)

// strange writes papers on twenty subjects, in words that no model knows.
func strange(t *testing.T, n int) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for i := range n {
		subject := rng.IntN(20)
		words := func(n int, kind string) string {
			var w []string
			for range n {
				w = append(w, fmt.Sprintf("%sqx%d of the", kind, subject*10+rng.IntN(10)))
			}
			return strings.Join(w, " ")
		}
		fmt.Fprintf(&b, "{\"_id\":\"p%d\",\"title\":\"%s\",\"text\":\"%s\"}\n", i, words(4, "tvz"), words(20, "bwk"))
	}
	name := filepath.Join(t.TempDir(), "corpus.jsonl")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// command runs a command as a person does and returns what it prints.
func runCommand(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, said bytes.Buffer
	m := &Main{Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &said, Env: func(string) (string, bool) { return "", false }}
	code = m.Run(t.Context())
	return code, out.String(), said.String()
}

func want(t *testing.T, args []string, code int, texts ...string) {
	t.Helper()
	got, out, said := runCommand(t, args...)
	if got != code {
		t.Fatalf("broadsheet %s: exit code %d, want %d:\n%s%s", strings.Join(args, " "), got, code, out, said)
	}
	for _, text := range texts {
		if !strings.Contains(out+said, text) {
			t.Errorf("broadsheet %s: no %q in\n%s%s", strings.Join(args, " "), text, out, said)
		}
	}
}

// A server whose library is in words that its model does not know lets it learn them,
// answers meanwhile, and finds papers by what they mean then.
func TestServerLearnsItsLibrary(t *testing.T) {
	need.Long(t)
	data := filepath.Join(t.TempDir(), "data")
	want(t, []string{"import", "--data", data, "--format", "beir", strange(t, 700)}, exitDone)
	question := []string{"search", "--data", data, "--method", "semantic", "tvzqx31", "tvzqx35"}
	want(t, question, exitDone, "papers match")

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var log lockedBuffer
	ready, done := make(chan string, 1), make(chan int, 1)
	m := &Main{Args: []string{"serve", "--addr", "127.0.0.1:0", "--sources", "none", "--data", data}, Stdout: io.Discard, Stderr: &log,
		Env: func(string) (string, bool) { return "", false }, Tend: 50 * time.Millisecond, Ready: func(addr string) { ready <- addr }}
	go func() { done <- m.Run(ctx) }()
	url := "http://" + <-ready
	for deadline := time.Now().Add(time.Minute); !strings.Contains(log.String(), "papers are found by another model now"); {
		if status, body := get(t, url+"/papers?q=tvzqx31"); status != 200 || !strings.Contains(body, "<article") {
			t.Fatalf("asked meanwhile: status %d", status)
		}
		if time.Now().After(deadline) {
			t.Fatalf("the model has learned nothing:\n%s", log.String())
		}
		time.Sleep(20 * time.Millisecond)
	}
	if !strings.Contains(log.String(), "of the words are unknown") {
		t.Errorf("the log does not say why:\n%s", log.String())
	}
	want(t, []string{"search", "--data", data, "--method", "semantic", "--json", "tvzqx31"}, exitDone, `"method": "semantic"`, "100 % of the words known")
	want(t, []string{"doctor", "--data", data}, exitDone, "model      adapted", "of the words are unknown")
	want(t, []string{"adapt", "--data", data}, exitFailed, "in use by broadsheet serve")
	cancel()
	if code := <-done; code != exitDone {
		t.Fatalf("serve ended with %d:\n%s", code, log.String())
	}
	damagedModel(t, data)
}

// damagedModel checks what is done with an adapted model that is damaged.
func damagedModel(t *testing.T, data string) {
	names, err := filepath.Glob(filepath.Join(data, "model", "*.bin"))
	if err != nil || len(names) != 1 {
		t.Fatalf("the models are %v (%v)", names, err)
	}
	if err := os.WriteFile(names[0], []byte("no model"), 0o600); err != nil {
		t.Fatal(err)
	}
	want(t, []string{"search", "--data", data, "tvzqx31"}, exitDone, "cannot be used", filepath.Base(names[0]), "papers")
	want(t, []string{"doctor", "--data", data}, exitFailed, "BAD   model", "broadsheet adapt --reset")
	want(t, []string{"adapt", "--data", data, "--reset"}, exitDone, "found by the built-in model")
	if ref, err := indexer.Ref(filepath.Join(data, "index")); err != nil || ref.Kind != meaning.BuiltIn {
		t.Errorf("the index is of %v (%v)", ref, err)
	}
	want(t, []string{"adapt", "--data", data, "--json"}, exitDone, `"after": 0.`, `"why": "`)
	want(t, []string{"reindex", "--data", data}, exitDone, "700 papers")
	want(t, []string{"doctor", "--data", data}, exitDone, "model      adapted")
}

func TestAdaptRefuses(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	want(t, []string{"adapt", "--data", data}, exitFailed, "There is no Broadsheet data")
	want(t, []string{"import", "--data", data, "--format", "beir", strange(t, 20)}, exitDone)
	want(t, []string{"adapt", "--data", data}, exitFailed, "too few papers to learn from: 20 with a title and an abstract, and at least 500")
	want(t, []string{"adapt", "--data", data, "x"}, exitUsage, "unexpected")
	want(t, []string{"doctor", "--data", data}, exitDone, "model      built-in")
}

// eval --adapt measures before and after, and learns from documents alone.
func TestEvalAdapts(t *testing.T) {
	need.Long(t)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"queries.jsonl": `{"_id":"q","text":"tvzqx31 tvzqx35"}` + "\n", "qrels.tsv": "query-id\tcorpus-id\tscore\nq\tp1\t1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"eval", "--method", "semantic", "--queries", filepath.Join(dir, "queries.jsonl"), "--qrels", filepath.Join(dir, "qrels.tsv"), "--corpus"}
	want(t, append(args, strange(t, 550), "--adapt"), exitDone, "documents, semantic\n", "documents, semantic, adapted\n", "the model has learned the documents")
	want(t, append(args, strange(t, 20), "--adapt"), exitFailed, "too few papers to learn from: 20")
	want(t, append(args, strange(t, 20), "--adapt-to", "none.jsonl"), exitFailed, "none.jsonl")
}
