package main

import (
	"bytes"
	"context"
	"encoding/json"
	"hash/fnv"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"broadsheet/indexer"
	"broadsheet/meaning"
)

const testKey = "s3cret-key"

// embeddings starts a server of embeddings whose vectors are counts of words in 100
// buckets. It fails while down is set.
func embeddings(t *testing.T) (url string, down *atomic.Bool) {
	t.Helper()
	down = new(atomic.Bool)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct{ Input []string }
		switch {
		case down.Load():
			http.Error(w, "down", http.StatusBadRequest) // which is not tried again
			return
		case r.Header.Get("Authorization") != "Bearer "+testKey || json.NewDecoder(r.Body).Decode(&asked) != nil:
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		type item struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		}
		var answer struct {
			Data []item `json:"data"`
		}
		for i, text := range asked.Input {
			v := make([]float32, 100)
			v[0] = 0.1
			for word := range strings.FieldsSeq(strings.ToLower(text)) {
				h := fnv.New32()
				h.Write([]byte(word))
				v[h.Sum32()%100]++
			}
			answer.Data = append(answer.Data, item{i, v})
		}
		json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(srv.Close)
	return srv.URL + "/v1", down
}

// runWith runs a command in an environment.
func runWith(t *testing.T, env map[string]string, args ...string) (code int, said string) {
	t.Helper()
	var out bytes.Buffer
	m := &Main{Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
		Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}
	code = m.Run(t.Context())
	return code, out.String()
}

func TestEmbeddingsServer(t *testing.T) {
	url, down := embeddings(t)
	data, papers := filepath.Join(t.TempDir(), "data"), strange(t, 60)
	env := map[string]string{"BROADSHEET_DATA": data, "BROADSHEET_EMBEDDINGS_URL": url, "BROADSHEET_EMBEDDINGS_MODEL": "counts", "BROADSHEET_EMBEDDINGS_KEY": testKey}
	check := func(code int, args []string, texts ...string) {
		t.Helper()
		got, said := runWith(t, env, args...)
		if got != code {
			t.Fatalf("%v: exit code %d, want %d:\n%s", args, got, code, said)
		}
		for _, text := range texts {
			if !strings.Contains(said, text) {
				t.Errorf("%v: no %q in\n%s", args, text, said)
			}
		}
		if strings.Contains(said, testKey) {
			t.Errorf("%v: the key is in\n%s", args, said)
		}
	}
	question := []string{"search", "--method", "semantic", "--json", "tvzqx31"}
	check(exitDone, []string{"import", "--format", "beir", papers})
	ref, err := indexer.Ref(filepath.Join(data, "index"))
	if err != nil || ref.Kind != meaning.Server || ref.Dims != 100 || ref.Coder == "" {
		t.Fatalf("the index is of %+v (%v)", ref, err)
	}
	check(exitDone, question, `"method": "semantic"`, "100 % of the words known")
	check(exitDone, []string{"doctor"}, "model      server", "counts, as configured")
	check(exitFailed, []string{"adapt"}, "only the built-in one learns")

	// While it is down, words find papers, and what is imported is found by words, too.
	down.Store(true)
	check(exitDone, []string{"search", "--json", "tvzqx31"}, `"id": "beir:`, "not asked")
	text, err := os.ReadFile(papers)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte(`"p`), []byte(`"late`)), []byte("tvz"), []byte("lte"))
	if err := os.WriteFile(papers, text, 0o600); err != nil {
		t.Fatal(err)
	}
	check(exitDone, []string{"import", "--format", "beir", papers}, "indexed without their meaning")
	check(exitDone, []string{"search", "--json", "lteqx31"}, `"id": "beir:`)

	// When it is up again, they get their vectors.
	down.Store(false)
	log := serveUntil(t, env, "papers get the meaning that they lack")
	if strings.Contains(log, testKey) {
		t.Errorf("the key is in the log:\n%s", log)
	}
	check(exitDone, []string{"search", "--method", "semantic", "--json", "lteqx31 of the lteqx35 of the"}, `"title": "lteqx`)

	// Without the setting a server makes the index anew with the built-in model.
	env = map[string]string{"BROADSHEET_DATA": data}
	check(exitDone, []string{"search", "--json", "tvzqx31"}, `"id": "beir:`, "none is configured")
	serveUntil(t, env, "papers are found by another model now")
	check(exitDone, []string{"doctor"}, "model      built-in")
}

// serveUntil runs a server until its log has a text, and returns the log.
func serveUntil(t *testing.T, env map[string]string, text string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var log lockedBuffer
	done := make(chan int, 1)
	m := &Main{Args: []string{"serve", "--addr", "127.0.0.1:0", "--sources", "none"}, Stdout: io.Discard, Stderr: &log, Tend: 50 * time.Millisecond,
		Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}
	go func() { done <- m.Run(ctx) }()
	for deadline := time.Now().Add(time.Minute); !strings.Contains(log.String(), text); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the log has no %q:\n%s", text, log.String())
		}
	}
	time.Sleep(500 * time.Millisecond) // for what follows the line
	cancel()
	if code := <-done; code != exitDone {
		t.Fatalf("serve ended with %d:\n%s", code, log.String())
	}
	return log.String()
}

func TestModelThatCannotBeUsed(t *testing.T) {
	dir := t.TempDir()
	damaged := filepath.Join(dir, "model.bin")
	if err := os.WriteFile(damaged, []byte("BSEM and no more"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, model, want string }{
		{"damaged", damaged, "model.bin: embed: the model is damaged"},
		{"absent", filepath.Join(dir, "none"), "no such file"},
		{"an empty directory", t.TempDir(), "config.json"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			env := map[string]string{"BROADSHEET_DATA": filepath.Join(t.TempDir(), "data"), "BROADSHEET_MODEL": tt.model}
			if code, said := runWith(t, env, "import", "--format", "beir", strange(t, 30)); code != exitDone || !strings.Contains(said, tt.want) {
				t.Errorf("import: %d\n%s", code, said)
			}
			if code, said := runWith(t, env, "search", "--json", "tvzqx31"); code != exitDone || !strings.Contains(said, `"method": "lexical"`) || !strings.Contains(said, `"id"`) {
				t.Errorf("search: %d\n%s", code, said)
			}
			if code, said := runWith(t, env, "doctor"); code != exitFailed || !strings.Contains(said, "BAD   model") {
				t.Errorf("doctor: %d\n%s", code, said)
			}
		})
	}
}

func TestModelSettings(t *testing.T) {
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(" "+testKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		env  map[string]string
		want meaning.Choice
		err  string
	}{
		{"none", nil, meaning.Choice{}, ""},
		{"key in a file", map[string]string{"BROADSHEET_EMBEDDINGS_URL": "http://h/v1", "BROADSHEET_EMBEDDINGS_MODEL": "m", "BROADSHEET_EMBEDDINGS_KEY_FILE": key},
			meaning.Choice{URL: "http://h/v1", Name: "m", Key: testKey}, ""},
		{"both", map[string]string{"BROADSHEET_MODEL": "/m", "BROADSHEET_EMBEDDINGS_URL": "http://h", "BROADSHEET_EMBEDDINGS_MODEL": "m"}, meaning.Choice{}, "choose one of the two"},
		{"no name", map[string]string{"BROADSHEET_EMBEDDINGS_URL": "http://h"}, meaning.Choice{}, "embeddings-model is needed"},
		{"a secret in the URL", map[string]string{"BROADSHEET_EMBEDDINGS_URL": "http://u:" + testKey + "@h"}, meaning.Choice{}, "a secret goes into the key"},
		{"no URL", map[string]string{"BROADSHEET_EMBEDDINGS_URL": testKey}, meaning.Choice{}, "BROADSHEET_EMBEDDINGS_URL: this is not a web address"},
		{"no key file", map[string]string{"BROADSHEET_EMBEDDINGS_KEY_FILE": "/none/key"}, meaning.Choice{}, "the key's file cannot be read"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s settings
			c, err := s.load(func(name string) (string, bool) { v, ok := tt.env[name]; return v, ok })
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) || strings.Contains(err.Error(), testKey) {
					t.Errorf("got error %v, want %q", err, tt.err)
				}
				return
			}
			if err != nil || c.Meaning != tt.want {
				t.Errorf("got %+v (%v), want %+v", c.Meaning, err, tt.want)
			}
		})
	}
}
