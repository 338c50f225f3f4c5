package arxiv

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// split returns the tokens of a document in words: characters joined, without the
// white space between elements.
func split(r xml.TokenReader) (out []string, err error) {
	var chars strings.Builder
	flush := func() {
		if s := strings.TrimLeft(chars.String(), " \t\n"); s != "" {
			out = append(out, "text "+s)
		}
		chars.Reset()
	}
	d := xml.NewTokenDecoder(r)
	for {
		tok, err := d.Token()
		if err != nil {
			flush()
			if err == io.EOF {
				err = nil
			}
			return out, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			flush()
			s := "start " + t.Name.Local
			for _, a := range t.Attr {
				s += fmt.Sprintf(" %s=%q", a.Name.Local, a.Value)
			}
			out = append(out, s)
		case xml.EndElement:
			flush()
			out = append(out, "end "+t.Name.Local)
		case xml.CharData:
			chars.Write(t)
		}
	}
}

// raw hides from a decoder that it reads from another one, and drops what tokens
// passes over.
type raw struct{ *xml.Decoder }

func (r raw) Token() (xml.Token, error) {
	tok, err := r.RawToken()
	if t, ok := tok.(xml.StartElement); ok {
		t.Attr = slices.DeleteFunc(t.Attr, func(a xml.Attr) bool { return a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" })
		tok = t
	}
	return tok, err
}

func TestTokens(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want []string
		err  string
	}{
		{"<a>x</a>", []string{"start a", "text x", "end a"}, ""},
		{"<a b='1' c = \"&lt;&#65;&#x42;\"/>", []string{`start a b="1" c="<AB"`, "end a"}, ""},
		{"<n:a xmlns:n='u' xmlns='v' n:b='1'></n:a>", []string{`start a b="1"`, "end a"}, ""},
		{"<a>1 &amp; 2\r\n3\r4<!-- > -- -->5<![CDATA[<6>&amp;]]]]>7</a >", []string{"start a", "text 1 & 2\n3\n45<6>&amp;]]7", "end a"}, ""},
		{"<?xml version='1.0' encoding='utf-8'?>\n<?style x?><a>\n <b/>\n</a>", []string{"start a", "start b", "end b", "end a"}, ""},
		{"<a>é\u2028</a>", []string{"start a", "text é\u2028", "end a"}, ""},
		{"<a>&#0;</a>", []string{"start a"}, "illegal character code U+0000"},
		{"<a>&nbsp;</a>", []string{"start a"}, "invalid character entity &nbsp;"},
		{"<a>&" + strings.Repeat("x", 100), []string{"start a"}, "(no semicolon)"},
		{"<a>& b", []string{"start a"}, "(no semicolon)"},
		{"<a b>", nil, "attribute name without ="},
		{"<a b=c>", nil, "unquoted"},
		{"<a b='<'>", nil, "unescaped <"},
		{"<a/b>", nil, "expected />"},
		{"<a></a b>", []string{"start a"}, "invalid characters between </a and >"},
		{"<1>", nil, "expected element name"},
		{"<a", nil, "unexpected EOF"},
		{"<a><b>", []string{"start a", "start b"}, "unexpected EOF"},
		{"<a></b>", []string{"start a"}, "element <a> closed by </b>"},
		{"<?xml version='2.0'?>", nil, "unsupported version"},
		{"<a><!DOCTYPE x>", []string{"start a"}, "document type"},
		{"<a><!ENTITY x>", []string{"start a"}, "document type"},
	} {
		got, err := split(newTokens(newText(strings.NewReader(tt.in))))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.in, diff)
		}
		if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%q: %v, want %q", tt.in, err, tt.err)
		}
	}
}

// What encoding/xml takes, this reads in the same way, but for what it refuses on
// purpose.
func FuzzTokens(f *testing.F) {
	f.Add([]byte("<?xml version='1.0'?><a b='1' x:c=\"&lt;\">t &amp; u<b/>\r\n<![CDATA[x]]><!-- c --></a>"))
	f.Add([]byte("<OAI-PMH xmlns='u'><record><title>a\n b</title></record> </OAI-PMH>"))
	f.Fuzz(func(t *testing.T, in []byte) {
		text := newText(bytes.NewReader(in))
		got, err := split(newTokens(text))
		want, bad := split(raw{xml.NewDecoder(bytes.NewReader(in))})
		if bad != nil || text.bad != "" || errors.Is(err, errDoctype) || errors.Is(err, errHTML) || errors.Is(err, errDepth) || bytes.Contains(in, []byte("<?")) {
			return
		}
		for _, b := range in {
			if b >= 0x80 { // encoding/xml knows which letters a name may have
				return
			}
		}
		if err != nil {
			t.Fatalf("%q: %v", in, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-encoding/xml +ours):\n%s", in, diff)
		}
	})
}
