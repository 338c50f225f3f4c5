package transformer_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"broadsheet/embed/transformer"
)

var small = tiny{layers: 1, activation: "gelu"}

// change replaces a text in a file of a model's directory, or the whole of the
// file where old is "".
func change(t *testing.T, dir, name, old, with string) {
	t.Helper()
	data := []byte(old)
	if old != "" {
		var err error
		if data, err = os.ReadFile(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(data), old) {
			t.Fatalf("%s does not have %s: %s", name, old, data)
		}
	}
	if old == "" {
		writeFile(t, dir, name, []byte(with))
		return
	}
	writeFile(t, dir, name, []byte(strings.Replace(string(data), old, with, 1)))
}

func TestOpenErrors(t *testing.T) {
	for _, tt := range []struct{ file, old, with, want string }{
		{"config.json", "", "{", "config.json: unexpected end"},
		{"config.json", `"bert"`, `"roberta"`, `model_type is "roberta", want bert or distilbert`},
		{"config.json", `"gelu"`, `"silu"`, `activation "silu" is not supported`},
		{"config.json", `"hidden_size":32`, `"hidden_size":0`, "hidden_size is 0"},
		{"config.json", `"hidden_size":32`, `"hidden_size":1000000000`, "hidden_size is 1000000000"},
		{"config.json", `"num_attention_heads":4`, `"num_attention_heads":5`, "does not divide into 5 heads"},
		{"config.json", `"num_hidden_layers":1`, `"num_hidden_layers":2`, `no tensor "encoder.layer.1.`},
		{"config.json", `"intermediate_size":48`, `"intermediate_size":47`, "has shape [48 32], want [47 32]"},
		{"config.json", `{`, `{"position_embedding_type":"relative_key",`, `position_embedding_type is "relative_key"`},
		{"config.json", `{`, `{"is_decoder":true,`, "is_decoder"},
		{"config.json", `1e-12`, `-1`, "layer_norm_eps is -1"},
		{"config.json", `"vocab_size":`, `"vocab_size":1,"x":`, "want 0 to 0"},
		{"modules.json", `models.Normalize`, `models.Dense`, `module "sentence_transformers.models.Dense" is not supported`},
		{"modules.json", `"1_Pooling"`, `"../1_Pooling"`, "leads out of the directory"},
		{"modules.json", `"path":""`, `"path":"0_Transformer"`, `the transformer is in "0_Transformer"`},
		{"1_Pooling/config.json", "", `{"pooling_mode_mean_tokens":true,"pooling_mode_max_tokens":true}`, "neither the mean"},
		{"1_Pooling/config.json", "", `{"pooling_mode":"lasttoken"}`, "pooling_mode is lasttoken"},
		{"tokenizer.json", `WordPiece`, `Unigram`, `tokenizer.json: model "Unigram" is not supported`},
		{"sentence_bert_config.json", "", `{"max_seq_length":2}`, "cut at 2 tokens, of which 2"},
		{"model.safetensors", "", "x", "model.safetensors: a file of 1 bytes"},
	} {
		t.Run(tt.want, func(t *testing.T) {
			dir := small.write(t)
			change(t, dir, tt.file, tt.old, tt.with)
			if _, err := transformer.Open(dir, transformer.Options{}); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Open: %v, want %s", err, tt.want)
			}
		})
	}
}

func TestMissingFiles(t *testing.T) {
	for _, name := range []string{"config.json", "tokenizer.json", "model.safetensors"} {
		dir := small.write(t)
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		if _, err := transformer.Open(dir, transformer.Options{}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	if _, err := transformer.Open(t.TempDir(), transformer.Options{}); err == nil {
		t.Error("an empty directory is a model")
	}
	if _, err := transformer.Open(small.write(t), transformer.Options{Workers: -1}); err == nil {
		t.Error("-1 workers are possible")
	}
}

func TestMaxTokensOfFiles(t *testing.T) {
	for _, tt := range []struct {
		file, with string
		option     int
		want       int
	}{
		{"x", "", 0, tinyPositions},
		{"x", "", 1000, tinyPositions},
		{"x", "", 40, 40},
		{"sentence_bert_config.json", `{"max_seq_length":128}`, 0, 128},
		{"sentence_bert_config.json", `{"max_seq_length":null}`, 0, tinyPositions},
		{"sentence_bert_config.json", `{"max_seq_length":9999}`, 0, tinyPositions},
		{"sentence_bert_config.json", `{"max_seq_length":128}`, 64, 64},
		{"tokenizer_config.json", `{"model_max_length":1000000000000000019884624838656}`, 0, tinyPositions},
		{"tokenizer_config.json", `{"model_max_length":77}`, 0, 77},
	} {
		dir := small.write(t)
		writeFile(t, dir, tt.file, []byte(tt.with))
		m, err := transformer.Open(dir, transformer.Options{MaxTokens: tt.option})
		if err != nil {
			t.Fatal(err)
		}
		if got := m.MaxTokens(); got != tt.want {
			t.Errorf("%s = %s, option %d: cut at %d, want %d", tt.file, tt.with, tt.option, got, tt.want)
		}
	}
}

// A directory without tokenizer.json, modules.json and pooling is read as the
// first models were published.
func TestBareDirectory(t *testing.T) {
	want := embed(t, open(t, small, transformer.Options{}), texts[:4]...)
	dir := small.write(t)
	for _, name := range []string{"tokenizer.json", "modules.json", "1_Pooling/config.json"} {
		if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Fatal(err)
		}
	}
	writeFile(t, dir, "vocab.txt", []byte(strings.Join(tinyVocab, "\r\n")+"\n"))
	m, err := transformer.Open(dir, transformer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range embed(t, m, texts[:4]...) {
		for j, x := range v {
			if x != want[i][j] {
				t.Fatalf("%q: dimension %d is %v, want %v", texts[i], j, x, want[i][j])
			}
		}
	}
	change(t, dir, "tokenizer_config.json", "", `{"do_lower_case":false}`)
	if m, err = transformer.Open(dir, transformer.Options{}); err != nil {
		t.Fatal(err)
	}
	if ids, _ := m.Encode("The the"); pieces(ids) != "[CLS] [UNK] the [SEP]" {
		t.Errorf("with upper case: %s", pieces(ids))
	}
	change(t, dir, "vocab.txt", "[CLS]", "[C]")
	if _, err := transformer.Open(dir, transformer.Options{}); err == nil || !strings.Contains(err.Error(), "no [CLS]") {
		t.Errorf("Open: %v, want that [CLS] is missing", err)
	}
}

func TestPoolingNames(t *testing.T) {
	mean := open(t, small, transformer.Options{})
	dir := small.write(t)
	change(t, dir, "1_Pooling/config.json", "", `{"pooling_mode":"cls"}`)
	m, err := transformer.Open(dir, transformer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if embed(t, m, "a")[0][0] == embed(t, mean, "a")[0][0] {
		t.Error("cls gives the vector of mean")
	}
}

func TestLowerCaseOfSentenceTransformers(t *testing.T) {
	dir := small.write(t)
	change(t, dir, "tokenizer.json", `"lowercase":true`, `"lowercase":false`)
	change(t, dir, "sentence_bert_config.json", "", `{"do_lower_case":true}`)
	m, err := transformer.Open(dir, transformer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if ids, _ := m.Encode("The"); pieces(ids) != "[CLS] the [SEP]" {
		t.Errorf("got %s", pieces(ids))
	}
}
