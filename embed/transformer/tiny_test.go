package transformer_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A tiny model has random weights and a vocabulary of its own. Its files are
// written as the published ones are, and its forward pass is written again below,
// in float64 and straight from the definition.
type tiny struct {
	distil     bool
	activation string
	layers     int
	cls        bool
	dtype      string
	prefix     string // in front of the names of all tensors
	gamma      bool   // old names of normalisation layers
	calm       int    // layers behind which the others change little; 0 is none
}

const (
	tinyDims      = 32
	tinyHeads     = 4
	tinyInner     = 48
	tinyPositions = 300
	tinyTypes     = 2
)

var tinyVocab = strings.Fields(`[PAD] [UNK] [CLS] [SEP] [MASK] the a of deep er ##er ##est ##s ##ing graph s learn
	model layer exit early pap ##per . , ! - 学 习 caf ##e e ##é 0 1 2 ##0 ##1 ᄀ ##ᅡ 😀 x ##x`)

type array struct {
	shape  []int
	values []float64
}

// tensors returns the weights, rounded to what the type of the file can hold.
func (m tiny) tensors() map[string]array {
	r := rand.New(rand.NewPCG(11, uint64(m.layers)))
	all := make(map[string]array)
	put := func(name string, spread, mean float64, shape ...int) {
		n := 1
		for _, x := range shape {
			n *= x
		}
		values := make([]float64, n)
		for i := range values {
			values[i] = m.round(mean + spread*r.NormFloat64())
		}
		all[name] = array{shape, values}
	}
	norm := func(name string) {
		put(name+".weight", 0.2, 1, tinyDims)
		put(name+".bias", 0.2, 0, tinyDims)
	}
	dense := func(name string, out, in int) {
		put(name+".weight", 1.5/math.Sqrt(float64(in)), 0, out, in)
		put(name+".bias", 0.1, 0, out)
	}
	put("embeddings.word_embeddings.weight", 1, 0, len(tinyVocab), tinyDims)
	put("embeddings.position_embeddings.weight", 0.3, 0, tinyPositions, tinyDims)
	put("embeddings.token_type_embeddings.weight", 0.3, 0, tinyTypes, tinyDims)
	norm("embeddings.LayerNorm")
	for i := range m.layers {
		at := fmt.Sprintf("encoder.layer.%d.", i)
		if m.calm > 0 && i >= m.calm-1 {
			norm = func(name string) {
				put(name+".weight", 0, 1, tinyDims)
				put(name+".bias", 0, 0, tinyDims)
			}
		}
		if m.calm > 0 && i >= m.calm {
			dense = func(name string, out, in int) {
				put(name+".weight", 0.05/math.Sqrt(float64(in)), 0, out, in)
				put(name+".bias", 0.001, 0, out)
			}
		}
		dense(at+"attention.self.query", tinyDims, tinyDims)
		dense(at+"attention.self.key", tinyDims, tinyDims)
		dense(at+"attention.self.value", tinyDims, tinyDims)
		dense(at+"attention.output.dense", tinyDims, tinyDims)
		norm(at + "attention.output.LayerNorm")
		dense(at+"intermediate.dense", tinyInner, tinyDims)
		dense(at+"output.dense", tinyDims, tinyInner)
		norm(at + "output.LayerNorm")
	}
	return all
}

func (m tiny) round(x float64) float64 {
	switch m.dtype {
	case "BF16":
		return float64(math.Float32frombits(math.Float32bits(float32(x)) &^ 0xffff))
	case "F16": // of the sizes that occur here, 10 bits behind the leading one
		fraction, exponent := math.Frexp(x)
		return math.Ldexp(math.Trunc(fraction*2048)/2048, max(exponent, -13))
	}
	return float64(float32(x))
}

func (m tiny) encode(x float64) []byte {
	switch m.dtype {
	case "BF16":
		return binary.LittleEndian.AppendUint16(nil, uint16(math.Float32bits(float32(x))>>16))
	case "F16":
		bits := math.Float32bits(float32(x))
		if x == 0 {
			return []byte{0, 0}
		}
		return binary.LittleEndian.AppendUint16(nil, uint16(bits>>16&0x8000|(bits>>23&255-112)<<10|bits>>13&1023))
	}
	return binary.LittleEndian.AppendUint32(nil, math.Float32bits(float32(x)))
}

var distilNames = strings.NewReplacer(
	"encoder.layer.", "transformer.layer.",
	"attention.self.query", "attention.q_lin", "attention.self.key", "attention.k_lin",
	"attention.self.value", "attention.v_lin", "attention.output.dense", "attention.out_lin",
	"attention.output.LayerNorm", "sa_layer_norm", "intermediate.dense", "ffn.lin1",
	"output.dense", "ffn.lin2", "output.LayerNorm", "output_layer_norm",
)

func (m tiny) fileName(name string) string {
	if m.distil {
		name = distilNames.Replace(name)
	}
	if m.gamma {
		name = strings.NewReplacer("LayerNorm.weight", "LayerNorm.gamma", "LayerNorm.bias", "LayerNorm.beta").Replace(name)
	}
	return m.prefix + name
}

// write makes the directory of the model.
func (m tiny) write(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	config := map[string]any{
		"model_type": "bert", "hidden_act": m.activation, "hidden_size": tinyDims, "intermediate_size": tinyInner,
		"num_hidden_layers": m.layers, "num_attention_heads": tinyHeads, "max_position_embeddings": tinyPositions,
		"type_vocab_size": tinyTypes, "vocab_size": len(tinyVocab), "layer_norm_eps": 1e-12,
	}
	if m.distil {
		config = map[string]any{
			"model_type": "distilbert", "activation": m.activation, "dim": tinyDims, "hidden_dim": tinyInner,
			"n_layers": m.layers, "n_heads": tinyHeads, "max_position_embeddings": tinyPositions, "vocab_size": len(tinyVocab),
		}
	}
	writeJSON(t, dir, "config.json", config)
	writeFile(t, dir, "tokenizer.json", tinyTokenizer())
	writeJSON(t, dir, "modules.json", []map[string]string{
		{"path": "", "type": "sentence_transformers.models.Transformer"},
		{"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
		{"path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
	})
	writeJSON(t, dir, "1_Pooling/config.json", map[string]any{
		"pooling_mode_cls_token": m.cls, "pooling_mode_mean_tokens": !m.cls,
	})
	writeFile(t, dir, "model.safetensors", m.safetensors())
	return dir
}

func (m tiny) safetensors() []byte {
	header := map[string]any{"__metadata__": map[string]string{"format": "pt"}}
	var data []byte
	tensors := m.tensors()
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		if m.distil && strings.Contains(name, "token_type") {
			continue
		}
		begin := len(data)
		for _, x := range tensors[name].values {
			data = append(data, m.encode(x)...)
		}
		dtype := m.dtype
		if dtype == "" {
			dtype = "F32"
		}
		header[m.fileName(name)] = map[string]any{
			"dtype": dtype, "shape": tensors[name].shape, "data_offsets": []int{begin, len(data)},
		}
	}
	return safetensors(header, data)
}

func safetensors(header any, data []byte) []byte {
	text, err := json.Marshal(header)
	if err != nil {
		panic(err)
	}
	file := binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	return append(append(file, text...), data...)
}

func tinyTokenizer() []byte {
	vocab := make(map[string]int)
	for i, piece := range tinyVocab {
		vocab[piece] = i
	}
	special := func(id int) map[string]any {
		return map[string]any{"id": id, "content": tinyVocab[id], "special": true, "normalized": false}
	}
	part := func(kind, id string) map[string]any {
		return map[string]any{kind: map[string]any{"id": id, "type_id": 0}}
	}
	data, err := json.Marshal(map[string]any{
		"version":       "1.0",
		"truncation":    map[string]any{"max_length": 5},
		"added_tokens":  []any{special(0), special(1), special(2), special(3), special(4)},
		"normalizer":    map[string]any{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": nil, "lowercase": true},
		"pre_tokenizer": map[string]any{"type": "BertPreTokenizer"},
		"post_processor": map[string]any{
			"type":   "TemplateProcessing",
			"single": []any{part("SpecialToken", "[CLS]"), part("Sequence", "A"), part("SpecialToken", "[SEP]")},
			"special_tokens": map[string]any{
				"[CLS]": map[string]any{"id": "[CLS]", "ids": []int{2}},
				"[SEP]": map[string]any{"id": "[SEP]", "ids": []int{3}},
			},
		},
		"model": map[string]any{
			"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
			"max_input_chars_per_word": 20, "vocab": vocab,
		},
	})
	if err != nil {
		panic(err)
	}
	return data
}

func writeJSON(t testing.TB, dir, name string, value any) {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, dir, name, data)
}

func writeFile(t testing.TB, dir, name string, data []byte) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}
