package transformer_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"broadsheet/embed/transformer"
)

func tokenizer(t testing.TB) *transformer.Tokenizer {
	t.Helper()
	tok, err := transformer.ParseTokenizer(tinyTokenizer(), len(tinyVocab))
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// pieces writes ids out.
func pieces(ids []int32) string {
	var s []string
	for _, id := range ids {
		s = append(s, tinyVocab[id])
	}
	return strings.Join(s, " ")
}

var encodings = []struct {
	in   string
	want string // between [CLS] and [SEP]
}{
	{"", ""},
	{" \t\r\n\u00a0\u3000", ""},
	{"The deeper GRAPH", "the deep ##er graph"},
	{"deepest", "deep ##est"},
	{"deepers", "deep ##er ##s"},
	{"deepx", "deep ##x"},
	{"deepz the", "[UNK] the"},
	{"a,the!", "a , the !"},
	{"the-a", "the - a"},
	{"学习a学", "学 习 a 学"},
	{"café CAFÉ cafe\u0301", "caf ##e caf ##e caf ##e"},
	{"th\u200be \x00the\ufffd\u0085", "the the"},
	{"the\vthe", "[UNK]"}, // a control character, so that the words become one
	{"가", "ᄀ ##ᅡ"},
	{"😀 the😀", "😀 [UNK]"},
	{"[MASK] the[SEP]a [mask]", "[MASK] the [SEP] a [UNK] [UNK] [UNK]"},
	{"[MASK", "[UNK] [UNK]"},
	{"\xff\xfethe\xc3", "the"},
	{strings.Repeat("x", 20), "x" + strings.Repeat(" ##x", 19)},
	{strings.Repeat("x", 21) + " a", "[UNK] a"},
}

func TestEncode(t *testing.T) {
	tok := tokenizer(t)
	for _, tt := range encodings {
		ids, cut := tok.Encode(tt.in, 100)
		if got, want := pieces(ids), strings.Join(strings.Fields("[CLS] "+tt.want+" [SEP]"), " "); got != want || cut {
			t.Errorf("Encode(%q) = %s (cut: %t), want %s", tt.in, got, cut, want)
		}
	}
}

func TestEncodeCuts(t *testing.T) {
	tok := tokenizer(t)
	for _, tt := range []struct {
		in    string
		limit int
		want  string
		cut   bool
	}{
		{"the deep graph", 5, "[CLS] the deep graph [SEP]", false},
		{"the deep graph ", 4, "[CLS] the deep [SEP]", true},
		{"the deepest", 4, "[CLS] the deep [SEP]", true},
		{"the[SEP]", 3, "[CLS] the [SEP]", true},
		{"the", 2, "[CLS] [SEP]", true},
		{strings.Repeat("y", 1<<20) + " the", 4, "[CLS] [UNK] the [SEP]", false},
	} {
		ids, cut := tok.Encode(tt.in, tt.limit)
		if got := pieces(ids); got != tt.want || cut != tt.cut {
			t.Errorf("Encode(%.20q, %d) = %s (cut: %t), want %s (%t)", tt.in, tt.limit, got, cut, tt.want, tt.cut)
		}
	}
}

// The rules one by one, as tokenizer.json may set them.
func TestNormalizers(t *testing.T) {
	for _, tt := range []struct{ old, with, in, want string }{
		{`"lowercase":true`, `"lowercase":false`, "the The café", "the [UNK] caf ##é"},
		{`"strip_accents":null`, `"strip_accents":false`, "CAFÉ", "caf ##é"},
		{`"handle_chinese_chars":true`, `"handle_chinese_chars":false`, "学习", "[UNK]"},
		{`"clean_text":true`, `"clean_text":false`, "th\u200be the", "[UNK] the"},
		{`"normalizer":{`, `"normalizer":null,"x":{`, "the The", "the [UNK]"},
		{`"post_processor":{`, `"post_processor":null,"x":{`, "the", "the"},
		{`"post_processor":{`, `"post_processor":{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]},"x":{`, "the", "[CLS] the [SEP]"},
	} {
		data := bytes.Replace(tinyTokenizer(), []byte(tt.old), []byte(tt.with), 1)
		tok, err := transformer.ParseTokenizer(data, len(tinyVocab))
		if err != nil {
			t.Errorf("%s: %v", tt.with, err)
			continue
		}
		ids, _ := tok.Encode(tt.in, 100)
		if got := strings.TrimSuffix(strings.TrimPrefix(pieces(ids), "[CLS] "), " [SEP]"); got != tt.want && pieces(ids) != tt.want {
			t.Errorf("%s: Encode(%q) = %s, want %s", tt.with, tt.in, got, tt.want)
		}
	}
}

func TestTokenizerErrors(t *testing.T) {
	for _, tt := range []struct{ old, with, want string }{
		{`{`, `[`, "invalid character"},
		{`BertNormalizer`, `Replace`, `normalizer "Replace" is not supported`},
		{`BertPreTokenizer`, `ByteLevel`, "pre_tokenizer is not BertPreTokenizer"},
		{`"type":"WordPiece"`, `"type":"BPE"`, `model "BPE" is not supported`},
		{`"max_input_chars_per_word":20`, `"max_input_chars_per_word":100000`, "max_input_chars_per_word is 100000"},
		{`"unk_token":"[UNK]"`, `"unk_token":"<unk>"`, `lacks the unknown token "<unk>"`},
		{`"graph":`, `"graph":9`, `piece "graph" has id`},
		{`"vocab":{`, `"vocab":[],"x":{`, "vocab"},
		{`"normalized":false`, `"normalized":true`, "normalized are not supported"},
		{`"content":"[PAD]"`, `"content":""`, `added token "" has id 0`},
		{`TemplateProcessing`, `RobertaProcessing`, `post_processor "RobertaProcessing" is not supported`},
		{`"ids":[2]`, `"ids":[200]`, "id 200"},
		{`"ids":[2]`, `"ids":[-1]`, "id -1"},
		{`{"Sequence":{"id":"A","type_id":0}}`, `{"Other":{}}`, "a part that is not supported"},
		{`{"Sequence":{"id":"A","type_id":0}},`, ``, "the text 0 times"},
	} {
		data := tinyTokenizer()
		if !bytes.Contains(data, []byte(tt.old)) {
			t.Fatalf("%s is not in %s", tt.old, data)
		}
		_, err := transformer.ParseTokenizer(bytes.Replace(data, []byte(tt.old), []byte(tt.with), 1), len(tinyVocab))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.with, err, tt.want)
		}
	}
}

func FuzzEncode(f *testing.F) {
	for _, tt := range encodings {
		f.Add(tt.in, 8)
	}
	tok := tokenizer(f)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		limit = 2 + int(uint(limit)%40)
		ids, cut := tok.Encode(text, limit)
		more, moreCut := tok.Encode(text, limit+9)
		inner := ids[1 : len(ids)-1]
		if len(ids) > limit || ids[0] != 2 || ids[len(ids)-1] != 3 || cut && len(ids) != limit || moreCut && !cut {
			t.Fatalf("Encode(%q, %d) = %v (%t)", text, limit, ids, cut)
		}
		if !slices.Equal(more[1:1+len(inner)], inner) || !cut && len(more) != len(ids) {
			t.Fatalf("Encode(%q, %d) = %v, with more room %v", text, limit, ids, more)
		}
		if again, _ := tok.Encode(" "+strings.ToValidUTF8(text, "")+" ", limit); utf8.ValidString(text) && !slices.Equal(again, ids) {
			t.Fatalf("Encode(%q, %d) = %v, between spaces %v", text, limit, ids, again)
		}
	})
}

func FuzzParseTokenizer(f *testing.F) {
	f.Add(tinyTokenizer())
	f.Add([]byte(`{"post_processor":{"cls":[0,"a"]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		tok, err := transformer.ParseTokenizer(data, 50)
		if err != nil {
			return
		}
		ids, _ := tok.Encode("the deepest graph [MASK] 学x", 30)
		for _, id := range ids {
			if id < 0 || id >= 50 {
				t.Fatalf("id %d of %s", id, data)
			}
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	tok := tokenizer(b)
	text := strings.Repeat("the deepest graph learns early exits, ", 30)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		tok.Encode(text, 1000)
	}
}
