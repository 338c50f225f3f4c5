package transformer

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Limits of what a directory may ask for. They are far above any published model
// of the family and keep a hostile one from taking all memory.
const (
	maxJSON      = 64 << 20 // bytes of a JSON file or a vocabulary
	maxLayers    = 96
	maxWidth     = 16384
	maxVocab     = 4 << 20
	maxPositions = 1 << 13
	maxTensor    = 1 << 30 // values of one tensor
	maxWeights   = 2 << 30 // values of all
)

// A config holds the shape of a model, whatever its files call it.
type config struct {
	family     family
	dims       int // width of a token's vector
	layers     int
	heads      int
	inner      int // width between the two dense layers of a block
	vocab      int
	positions  int
	types      int // token types; 0 where the family has none
	epsilon    float64
	activation string
	pooling    pooling
	maxTokens  int
	lower      bool // lower-case texts before the tokenizer's own rules
}

type pooling int

const (
	poolMean pooling = iota
	poolCLS
)

// configJSON has the names of BERT and, behind them, those of DistilBERT.
type configJSON struct {
	Type         string   `json:"model_type"`
	Activation   string   `json:"hidden_act"`
	Dims         int      `json:"hidden_size"`
	Inner        int      `json:"intermediate_size"`
	Layers       int      `json:"num_hidden_layers"`
	Heads        int      `json:"num_attention_heads"`
	Positions    int      `json:"max_position_embeddings"`
	PositionType string   `json:"position_embedding_type"`
	Types        *int     `json:"type_vocab_size"`
	Vocab        int      `json:"vocab_size"`
	Epsilon      *float64 `json:"layer_norm_eps"`
	Decoder      bool     `json:"is_decoder"`

	DistilActivation string `json:"activation"`
	DistilDims       int    `json:"dim"`
	DistilInner      int    `json:"hidden_dim"`
	DistilLayers     int    `json:"n_layers"`
	DistilHeads      int    `json:"n_heads"`
}

// readConfig reads config.json and the files that sentence-transformers puts
// beside it.
func readConfig(dir string) (config, error) {
	var j configJSON
	if err := readJSON(dir, "config.json", &j); err != nil {
		return config{}, err
	}
	c, err := j.config()
	if err != nil {
		return config{}, fmt.Errorf("config.json: %w", err)
	}
	if c.pooling, err = readPooling(dir); err != nil {
		return config{}, err
	}
	return c, c.readLimits(dir)
}

func (j configJSON) config() (config, error) {
	c := config{
		dims: j.Dims, layers: j.Layers, heads: j.Heads, inner: j.Inner, vocab: j.Vocab,
		positions: j.Positions, types: 2, epsilon: 1e-12, activation: j.Activation,
	}
	if j.Types != nil {
		c.types = *j.Types
	}
	if j.Epsilon != nil {
		c.epsilon = *j.Epsilon
	}
	switch j.Type {
	case "bert":
		c.family = bert
	case "distilbert":
		c.family = distilBERT
		c.dims, c.layers, c.heads, c.inner = j.DistilDims, j.DistilLayers, j.DistilHeads, j.DistilInner
		c.types, c.activation, c.epsilon = 0, j.DistilActivation, 1e-12
	default:
		return config{}, fmt.Errorf("model_type is %q, want bert or distilbert", j.Type)
	}
	if c.activation == "" {
		c.activation = "gelu"
	}
	if j.PositionType != "" && j.PositionType != "absolute" {
		return config{}, fmt.Errorf("position_embedding_type is %q, want absolute", j.PositionType)
	}
	if j.Decoder {
		return config{}, errors.New("is_decoder is true, want an encoder")
	}
	return c, c.check()
}

func (c config) check() error {
	for _, x := range []struct {
		name            string
		value, min, max int
	}{
		{"hidden_size", c.dims, 1, maxWidth},
		{"num_hidden_layers", c.layers, 1, maxLayers},
		{"num_attention_heads", c.heads, 1, c.dims},
		{"intermediate_size", c.inner, 1, 4 * maxWidth},
		{"vocab_size", c.vocab, 1, maxVocab},
		{"max_position_embeddings", c.positions, 1, maxPositions},
		{"type_vocab_size", c.types, 0, 16},
	} {
		if x.value < x.min || x.value > x.max {
			return fmt.Errorf("%s is %d, want %d to %d", x.name, x.value, x.min, x.max)
		}
	}
	if c.dims%c.heads != 0 {
		return fmt.Errorf("hidden_size %d does not divide into %d heads", c.dims, c.heads)
	}
	if !(c.epsilon >= 0 && c.epsilon < 1) {
		return fmt.Errorf("layer_norm_eps is %g, want 0 to 1", c.epsilon)
	}
	if gates[c.activation] == nil {
		return fmt.Errorf("activation %q is not supported", c.activation)
	}
	return nil
}

// readPooling follows modules.json to the way token vectors become one. A
// directory without it gets the mean, as sentence-transformers has it.
func readPooling(dir string) (pooling, error) {
	var modules []struct {
		Path string `json:"path"`
		Type string `json:"type"`
	}
	if err := readJSON(dir, "modules.json", &modules); errors.Is(err, fs.ErrNotExist) {
		modules = append(modules, struct {
			Path string `json:"path"`
			Type string `json:"type"`
		}{"1_Pooling", "Pooling"})
	} else if err != nil {
		return 0, err
	}
	p := poolMean
	for _, m := range modules {
		switch name := m.Type[strings.LastIndexByte(m.Type, '.')+1:]; name {
		case "Transformer":
			if m.Path != "" && m.Path != "." {
				return 0, fmt.Errorf("modules.json: the transformer is in %q, want it in the directory itself", m.Path)
			}
		case "Normalize": // always done
		case "Pooling":
			if !filepath.IsLocal(m.Path) {
				return 0, fmt.Errorf("modules.json: path %q leads out of the directory", m.Path)
			}
			var j poolingJSON
			err := readJSON(dir, filepath.Join(m.Path, "config.json"), &j)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err == nil {
				p, err = j.pooling()
			}
			if err != nil {
				return 0, err
			}
		default:
			return 0, fmt.Errorf("modules.json: module %q is not supported", m.Type)
		}
	}
	return p, nil
}

// poolingJSON has the field of newer versions and the flags of older ones.
type poolingJSON struct {
	Mode  any  `json:"pooling_mode"`
	CLS   bool `json:"pooling_mode_cls_token"`
	Mean  bool `json:"pooling_mode_mean_tokens"`
	Max   bool `json:"pooling_mode_max_tokens"`
	Sqrt  bool `json:"pooling_mode_mean_sqrt_len_tokens"`
	Later bool `json:"pooling_mode_weightedmean_tokens"`
	Last  bool `json:"pooling_mode_lasttoken"`
}

func (j poolingJSON) pooling() (pooling, error) {
	switch {
	case j.Mode == "mean":
		return poolMean, nil
	case j.Mode == "cls":
		return poolCLS, nil
	case j.Mode != nil:
		return 0, fmt.Errorf("pooling_mode is %v, want mean or cls", j.Mode)
	case j.Max || j.Sqrt || j.Later || j.Last || j.CLS == j.Mean:
		return 0, errors.New("the pooling is neither the mean of the tokens nor the cls token alone")
	case j.CLS:
		return poolCLS, nil
	}
	return poolMean, nil
}

// readLimits finds how many tokens a text may have: the least of what the model
// has positions for, what sentence-transformers sets and what the tokenizer does.
func (c *config) readLimits(dir string) error {
	var sentence struct {
		Max   *int `json:"max_seq_length"`
		Lower bool `json:"do_lower_case"`
	}
	if err := readJSON(dir, "sentence_bert_config.json", &sentence); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	c.maxTokens, c.lower = c.positions, sentence.Lower
	if n := sentence.Max; n != nil && *n > 0 {
		c.maxTokens = min(c.maxTokens, *n)
		return nil
	}
	var tokenizer struct {
		Max float64 `json:"model_max_length"` // 1e30 for none
	}
	if err := readJSON(dir, "tokenizer_config.json", &tokenizer); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if n := tokenizer.Max; n >= 1 && n < float64(c.maxTokens) {
		c.maxTokens = int(n)
	}
	return nil
}

func readJSON(dir, name string, to any) error {
	data, err := readFile(dir, name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, to); err != nil {
		return fmt.Errorf("%s: %w", filepath.ToSlash(name), err)
	}
	return nil
}

// readFile reads a file that is meant to be small.
func readFile(dir, name string) ([]byte, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil {
		return nil, err
	} else if !st.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxJSON+1))
	if err == nil && len(data) > maxJSON {
		err = fmt.Errorf("%s has more than %d bytes", name, maxJSON)
	}
	return data, err
}
