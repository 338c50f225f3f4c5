package meaning

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"broadsheet/embed/train"
	"broadsheet/search"
)

// tinyEncoder writes an encoder of random weights, with two layers and 32 dimensions, in
// the form of Hugging Face.
func tinyEncoder(t *testing.T) string {
	t.Helper()
	vocab := strings.Fields("[PAD] [UNK] [CLS] [SEP] [MASK] the kettle boils water heron river lake of a in")
	shapes := map[string][]int{
		"embeddings.word_embeddings.weight": {len(vocab), 32}, "embeddings.position_embeddings.weight": {64, 32},
		"embeddings.token_type_embeddings.weight": {2, 32}, "embeddings.LayerNorm.weight": {32}, "embeddings.LayerNorm.bias": {32},
	}
	for i := range 2 {
		at := fmt.Sprintf("encoder.layer.%d.", i)
		for name, shape := range map[string][]int{
			"attention.self.query": {32, 32}, "attention.self.key": {32, 32}, "attention.self.value": {32, 32},
			"attention.output.dense": {32, 32}, "intermediate.dense": {48, 32}, "output.dense": {32, 48},
			"attention.output.LayerNorm": {32}, "output.LayerNorm": {32},
		} {
			shapes[at+name+".weight"], shapes[at+name+".bias"] = shape, shape[:1]
		}
	}
	dir, rng := t.TempDir(), rand.New(rand.NewPCG(1, 2))
	head, data := map[string]any{}, []byte(nil)
	names := make([]string, 0, len(shapes))
	for name := range shapes {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		n, from := 1, len(data)
		for _, x := range shapes[name] {
			n *= x
		}
		for range n {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(rng.NormFloat64()/3)))
		}
		head[name] = map[string]any{"dtype": "F32", "shape": shapes[name], "data_offsets": []int{from, len(data)}}
	}
	put := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := json.Marshal(head)
	if err != nil {
		t.Fatal(err)
	}
	put("model.safetensors", slices.Concat(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text, data))
	put("vocab.txt", []byte(strings.Join(vocab, "\n")+"\n"))
	put("config.json", fmt.Appendf(nil, `{"model_type":"bert","hidden_act":"gelu","hidden_size":32,"intermediate_size":48,"num_hidden_layers":2,
		"num_attention_heads":4,"max_position_embeddings":64,"type_vocab_size":2,"vocab_size":%d,"layer_norm_eps":1e-12}`, len(vocab)))
	return dir
}

func TestEncoder(t *testing.T) {
	s := &Shelf{Dir: t.TempDir(), Choice: Choice{Path: tinyEncoder(t)}}
	texts := make([]train.Text, 40)
	for i := range texts {
		texts[i] = train.Text{Title: "the kettle", Body: strings.Repeat("heron river lake water ", i%7+1)}
	}
	m, err := s.Prepare(t.Context(), func() ([]train.Text, error) { return texts, nil })
	if err != nil {
		t.Fatal(err)
	}
	if m.Coder().Dims() != 64 || m.Ref().Kind != Encoder || m.Ref().Dims != 32 {
		t.Errorf("a model of 32 dimensions has a coder of %d and is named %+v", m.Coder().Dims(), m.Ref())
	}
	asked := []search.Passage{{Title: "heron", Body: "in a lake"}, {Body: "water boils"}}
	want, err := m.Embed(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	if v := want[0].Vector; len(v) != 64 || slices.Max(v[32:]) != 0 || slices.Min(v[32:]) != 0 || want[0].Known != 1 {
		t.Errorf("the vector is not filled up with zeros: %v", v)
	}
	if !strings.Contains(m.Work(), "of the work") {
		t.Errorf("tells %q", m.Work())
	}

	// Who reads the index finds the model by its Ref, whatever the configuration says.
	dir := t.TempDir()
	if err := WriteRef(dir, m.Ref()); err != nil {
		t.Fatal(err)
	}
	ref, err := ReadRef(dir)
	if err != nil {
		t.Fatal(err)
	}
	found, err := (&Shelf{}).Find(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	got, err := found.Embed(t.Context(), asked)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) || found.Coder().Fingerprint() != m.Coder().Fingerprint() {
		t.Errorf("the model that was found gives other vectors or codes (%v)", err)
	}
	ref.Model = "0000000000000000"
	if _, err := (&Shelf{}).Find(t.Context(), ref); err == nil || !strings.Contains(err.Error(), "another model") {
		t.Errorf("found what is not there: %v", err)
	}
	ref.Coder = "damaged"
	if _, err := (&Shelf{}).Find(t.Context(), ref); err == nil || !strings.Contains(err.Error(), "coder") {
		t.Errorf("read a damaged coder: %v", err)
	}
}

func TestChosenFile(t *testing.T) {
	builtin, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	name, err := filepath.Abs("../embed/model.bin")
	if err != nil {
		t.Fatal(err)
	}
	s := &Shelf{Dir: t.TempDir(), Choice: Choice{Path: name}}
	m, err := s.Prepare(t.Context(), nil)
	if err != nil || m.Ref() != (Ref{Kind: File, Model: builtin.Ref().Model, From: name}) {
		t.Errorf("got %+v (%v)", RefOf(m), err)
	}
}

func TestPad(t *testing.T) {
	for in, want := range map[int]int{0: 0, 1: 64, 64: 64, 100: 128, 384: 384, 1000: 1024} {
		if got := len(pad(make([]float32, in))); got != want {
			t.Errorf("%d dimensions become %d, want %d", in, got, want)
		}
	}
}

func TestServerThatFailsIsLeftAlone(t *testing.T) {
	c, err := (Choice{URL: "http://127.0.0.1:1/v1", Name: "m"}).openServer(t.Context(), 64)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.encoder.(*server).EmbedQuestion(context.Background(), "kettle"); err == nil {
		t.Fatal("nobody has answered")
	}
	if _, err := c.encoder.Embed(context.Background(), []string{"kettle"}); err != errPaused {
		t.Errorf("asked again at once: %v", err)
	}
}
