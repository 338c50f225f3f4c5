package transformer

import (
	"encoding/json"
	"errors"
	"fmt"
)

// postProcessorJSON is what tokenizer.json says about tokens around a text, in
// its two forms.
type postProcessorJSON struct {
	Type   string `json:"type"`
	Single []struct {
		Special *struct {
			ID   string `json:"id"`
			Type int    `json:"type_id"`
		} `json:"SpecialToken"`
		Sequence *struct {
			ID   string `json:"id"`
			Type int    `json:"type_id"`
		} `json:"Sequence"`
	} `json:"single"`
	Specials map[string]struct {
		IDs []int `json:"ids"`
	} `json:"special_tokens"`
	CLS bertToken `json:"cls"`
	SEP bertToken `json:"sep"`
}

// A bertToken is written as ["[CLS]", 101].
type bertToken int

func (t *bertToken) UnmarshalJSON(data []byte) error {
	var name string
	pair := []any{&name, (*int)(t)}
	if err := json.Unmarshal(data, &pair); err != nil {
		return err
	}
	if len(pair) != 2 {
		return fmt.Errorf("%d values, want a token and its id", len(pair))
	}
	return nil
}

func (t *tokenizer) setTemplate(p *postProcessorJSON, vocab int) error {
	if p == nil {
		return nil
	}
	switch p.Type {
	case "BertProcessing":
		t.before, t.behind = []int32{int32(p.CLS)}, []int32{int32(p.SEP)}
	case "TemplateProcessing":
		if err := t.setSingle(p); err != nil {
			return err
		}
	default:
		return fmt.Errorf("post_processor %q is not supported, want TemplateProcessing or BertProcessing", p.Type)
	}
	for _, id := range append(t.before[:len(t.before):len(t.before)], t.behind...) {
		if id < 0 || int(id) >= vocab {
			return fmt.Errorf("post_processor: id %d, want 0 to %d", id, vocab-1)
		}
	}
	return nil
}

// maxTemplate bounds the tokens around a text.
const maxTemplate = 16

func (t *tokenizer) setSingle(p *postProcessorJSON) error {
	texts := 0
	for _, part := range p.Single {
		switch s := part.Special; {
		case part.Sequence != nil && part.Sequence.Type == 0:
			texts++
		case s != nil && s.Type == 0:
			special, ok := p.Specials[s.ID]
			if !ok {
				return fmt.Errorf("post_processor: special token %q has no ids", s.ID)
			}
			for _, id := range special.IDs {
				if id < 0 || id >= maxVocab {
					return fmt.Errorf("post_processor: special token %q has id %d", s.ID, id)
				}
				if texts == 0 {
					t.before = append(t.before, int32(id))
				} else {
					t.behind = append(t.behind, int32(id))
				}
			}
		default:
			return errors.New("post_processor: the template has a part that is not supported")
		}
	}
	if texts != 1 || len(t.before)+len(t.behind) > maxTemplate {
		return fmt.Errorf("post_processor: the template has the text %d times among %d tokens", texts, len(t.before)+len(t.behind))
	}
	return nil
}
