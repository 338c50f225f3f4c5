package transformer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

const (
	maxAdded     = 1000 // added tokens, each of which is looked for in a text
	maxWordChars = 1000
)

// A tokenizer turns text into WordPiece ids. It is never written after it was
// read and may be shared.
type tokenizer struct {
	normalizer
	starts    map[string]int32 // pieces at the start of a word
	continues map[string]int32 // pieces within one, without the prefix that marks them
	longest   int              // bytes of the longest piece
	maxChars  int              // a longer word is unknown
	unknown   int32
	before    []int32 // ids in front of each text
	behind    []int32
	added     [256][]added // by first byte, longest first
}

// An added token stands for itself wherever it occurs in a text.
type added struct {
	text string
	id   int32
}

// tokenizerJSON is the part of tokenizer.json that decides on ids. Truncation
// and padding in it are left to the caller.
type tokenizerJSON struct {
	Added []struct {
		ID         int    `json:"id"`
		Content    string `json:"content"`
		SingleWord bool   `json:"single_word"`
		Normalized bool   `json:"normalized"`
	} `json:"added_tokens"`
	Normalizer *struct {
		Type      string `json:"type"`
		Clean     bool   `json:"clean_text"`
		Ideograph bool   `json:"handle_chinese_chars"`
		Strip     *bool  `json:"strip_accents"`
		Lower     bool   `json:"lowercase"`
	} `json:"normalizer"`
	PreTokenizer *struct {
		Type string `json:"type"`
	} `json:"pre_tokenizer"`
	PostProcessor *postProcessorJSON `json:"post_processor"`
	Model         struct {
		Type     string          `json:"type"`
		Unknown  string          `json:"unk_token"`
		Prefix   *string         `json:"continuing_subword_prefix"`
		MaxChars *int            `json:"max_input_chars_per_word"`
		Vocab    json.RawMessage `json:"vocab"`
	} `json:"model"`
}

// readTokenizer reads tokenizer.json, or vocab.txt where there is none, and
// returns the bytes of what it read. Ids are below vocab.
func readTokenizer(dir string, vocab int) (*tokenizer, []byte, error) {
	data, err := readFile(dir, "tokenizer.json")
	if errors.Is(err, fs.ErrNotExist) {
		return readVocabulary(dir, vocab)
	}
	if err != nil {
		return nil, nil, err
	}
	t, err := parseTokenizer(data, vocab)
	if err != nil {
		return nil, nil, fmt.Errorf("tokenizer.json: %w", err)
	}
	return t, data, nil
}

func parseTokenizer(data []byte, vocab int) (*tokenizer, error) {
	var j tokenizerJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return nil, err
	}
	t := new(tokenizer)
	if n := j.Normalizer; n != nil {
		if n.Type != "BertNormalizer" {
			return nil, fmt.Errorf("normalizer %q is not supported, want BertNormalizer", n.Type)
		}
		t.normalizer = normalizer{n.Clean, n.Ideograph, n.Lower, n.Lower}
		if n.Strip != nil {
			t.strip = *n.Strip
		}
	}
	if j.PreTokenizer == nil || j.PreTokenizer.Type != "BertPreTokenizer" {
		return nil, errors.New("the pre_tokenizer is not BertPreTokenizer; others are not supported")
	}
	if err := t.setModel(j, vocab); err != nil {
		return nil, err
	}
	for _, a := range j.Added {
		if a.SingleWord || a.Normalized {
			return nil, fmt.Errorf("added token %q: single_word and normalized are not supported", a.Content)
		}
		if err := t.add(a.Content, a.ID, vocab); err != nil {
			return nil, err
		}
	}
	return t, t.setTemplate(j.PostProcessor, vocab)
}

func (t *tokenizer) setModel(j tokenizerJSON, vocab int) error {
	m := j.Model
	if m.Type != "WordPiece" {
		return fmt.Errorf("model %q is not supported, want WordPiece", m.Type)
	}
	var ids map[string]int
	if err := json.Unmarshal(m.Vocab, &ids); err != nil {
		return fmt.Errorf("vocab: %w", err)
	}
	prefix := "##"
	if m.Prefix != nil {
		prefix = *m.Prefix
	}
	t.maxChars = 100
	if m.MaxChars != nil {
		t.maxChars = *m.MaxChars
	}
	if t.maxChars < 1 || t.maxChars > maxWordChars {
		return fmt.Errorf("max_input_chars_per_word is %d, want 1 to %d", t.maxChars, maxWordChars)
	}
	return t.setVocabulary(ids, prefix, m.Unknown, vocab)
}

func (t *tokenizer) setVocabulary(ids map[string]int, prefix, unknown string, vocab int) error {
	t.starts = make(map[string]int32, len(ids))
	t.continues = make(map[string]int32, len(ids))
	for piece, id := range ids {
		if id < 0 || id >= vocab {
			return fmt.Errorf("piece %q has id %d, want 0 to %d", piece, id, vocab-1)
		}
		t.starts[piece] = int32(id)
		if rest, ok := strings.CutPrefix(piece, prefix); ok {
			t.continues[rest] = int32(id)
		}
		t.longest = max(t.longest, len(piece))
	}
	id, ok := t.starts[unknown]
	if !ok {
		return fmt.Errorf("the vocabulary of %d pieces lacks the unknown token %q", len(ids), unknown)
	}
	t.unknown = id
	return nil
}

func (t *tokenizer) add(text string, id, vocab int) error {
	if text == "" || id < 0 || id >= vocab {
		return fmt.Errorf("added token %q has id %d, want a text and 0 to %d", text, id, vocab-1)
	}
	n := 0
	for _, list := range t.added {
		n += len(list)
	}
	if n == maxAdded {
		return fmt.Errorf("more than %d added tokens", maxAdded)
	}
	list := append(t.added[text[0]], added{text, int32(id)})
	slices.SortStableFunc(list, func(a, b added) int { return len(b.text) - len(a.text) })
	t.added[text[0]] = list
	return nil
}

// readVocabulary reads a vocabulary of a piece a line, as BERT was published.
func readVocabulary(dir string, vocab int) (*tokenizer, []byte, error) {
	data, err := readFile(dir, "vocab.txt")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, errors.New("there is neither a tokenizer.json nor a vocab.txt")
	}
	if err != nil {
		return nil, nil, err
	}
	rules := struct {
		Lower     bool  `json:"do_lower_case"`
		Ideograph bool  `json:"tokenize_chinese_chars"`
		Strip     *bool `json:"strip_accents"`
	}{true, true, nil}
	if err := readJSON(dir, "tokenizer_config.json", &rules); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	t := &tokenizer{normalizer: normalizer{true, rules.Ideograph, rules.Lower, rules.Lower}, maxChars: 100}
	if rules.Strip != nil {
		t.strip = *rules.Strip
	}
	if err := t.setLines(data, vocab); err != nil {
		return nil, nil, fmt.Errorf("vocab.txt: %w", err)
	}
	// Of the configuration the rules count, not the bytes.
	return t, fmt.Appendf(data, "\n%+v", t.normalizer), nil
}

func (t *tokenizer) setLines(data []byte, vocab int) error {
	ids := make(map[string]int)
	n := 0
	for line := range bytes.Lines(data) {
		ids[string(bytes.TrimRight(line, "\r\n"))] = n
		n++
	}
	if err := t.setVocabulary(ids, "##", "[UNK]", vocab); err != nil {
		return err
	}
	for _, special := range []string{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"} {
		if id, ok := ids[special]; ok {
			if err := t.add(special, id, vocab); err != nil {
				return err
			}
		}
	}
	first, ok1 := ids["[CLS]"]
	last, ok2 := ids["[SEP]"]
	if !ok1 || !ok2 {
		return errors.New("there is no [CLS] or no [SEP]")
	}
	t.before, t.behind = []int32{int32(first)}, []int32{int32(last)}
	return nil
}
