package transformer

import "io"

// Tokenizer and its functions are those that a model is opened with.
type Tokenizer = tokenizer

func ParseTokenizer(data []byte, vocab int) (*Tokenizer, error) { return parseTokenizer(data, vocab) }

func (t *tokenizer) Encode(text string, limit int) ([]int32, bool) { return t.encode(text, limit) }

func (m *Model) Encode(text string) ([]int32, bool) { return m.tokenizer.encode(text, m.maxTokens) }

// Tensors returns the names and values of all tensors of a file that can be read.
func Tensors(r io.ReaderAt, size int64) (map[string][]float32, error) {
	f, err := readTensors(r, size)
	if err != nil {
		return nil, err
	}
	all := make(map[string][]float32)
	for name, t := range f.tensors {
		shape := make([]int, len(t.Shape))
		for i, n := range t.Shape {
			shape[i] = int(n)
		}
		if all[name], err = f.read(name, shape...); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func Half(h uint16) float32 { return half(h) }
