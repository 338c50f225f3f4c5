package endpoint

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// parse checks an answer and returns vectors of length 1 in the order of the
// texts.
func (c *Client) parse(data []byte, texts int) ([][]float32, error) {
	var answer struct {
		Data []struct {
			Index     *int   `json:"index"`
			Embedding vector `json:"embedding"`
		} `json:"data"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, fmt.Errorf("the answer cannot be read: %w", err)
	}
	if len(answer.Data) != texts {
		return nil, fmt.Errorf("the answer has %d vectors for %d texts", len(answer.Data), texts)
	}
	vectors := make([][]float32, texts)
	dims := c.dims
	for i, d := range answer.Data {
		at := i
		if d.Index != nil {
			at = *d.Index
		}
		if at < 0 || at >= texts || vectors[at] != nil {
			return nil, fmt.Errorf("the answer has a vector with index %d, which is twice there or beyond %d texts", at, texts)
		}
		if dims == 0 {
			dims = len(d.Embedding)
		}
		if n := len(d.Embedding); n != dims || n == 0 || n > maxDims {
			return nil, fmt.Errorf("the answer has a vector of %d dimensions, want %d", n, dims)
		}
		if err := normalize(d.Embedding); err != nil {
			return nil, fmt.Errorf("the answer has a vector that %w", err)
		}
		vectors[at] = d.Embedding
	}
	return vectors, nil
}

// A vector is read from an array of numbers or from base64 of little-endian
// float32.
type vector []float32

func (v *vector) UnmarshalJSON(data []byte) error {
	if len(data) == 0 || data[0] != '"' {
		return json.Unmarshal(data, (*[]float32)(v))
	}
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw)%4 != 0 {
		return errors.New("a vector is a string, but not base64 of float32")
	}
	*v = make(vector, len(raw)/4)
	for i := range *v {
		(*v)[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return nil
}

// normalize scales v to length 1.
func normalize(v []float32) error {
	var squares float64
	for _, x := range v {
		squares += float64(float64(x) * float64(x))
	}
	if squares == 0 {
		return errors.New("is zero")
	}
	if squares-squares != 0 { // the squares of finite values cannot be infinite in float64
		return errors.New("is not finite")
	}
	scale := 1 / math.Sqrt(squares)
	for i, x := range v {
		v[i] = float32(float64(x) * scale)
	}
	return nil
}
