package query_test

import (
	"strings"
	"testing"

	"broadsheet/search/query"
)

func TestBareID(t *testing.T) {
	for _, tt := range []struct{ in, want string }{ // "" for a text that is no id
		{"2503.01234", "2503.01234"},
		{" 2503.01234v12\n", "2503.01234"},
		{"0704.0001", "0704.0001"},
		{"arXiv:2503.01234v2", "2503.01234"},
		{"id:2503.01234", "2503.01234"},
		{"hep-th/9901001v3", "hep-th/9901001"},
		{"math.GT/0309136", "math/0309136"},
		{"cond-mat.mes-hall/9901001", "cond-mat/9901001"},
		{"10.48550/arXiv.2503.01234", "2503.01234"},
		{"10.1103/PhysRevD.93.016005", "doi:10.1103/physrevd.93.016005"},
		{"doi:10.1000/182.", "doi:10.1000/182"},
		{"10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O", "doi:10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o"},
		{"https://arxiv.org/abs/2503.01234v1", "2503.01234"},
		{"http://export.arxiv.org/pdf/hep-th/9901001v1.pdf", "hep-th/9901001"},
		{"arxiv.org/pdf/2503.01234", "2503.01234"},
		{"HTTPS://www.arXiv.org/html/2503.01234v2#S1", "2503.01234"},
		{"https://arxiv.org/abs/2503.01234/?context=cs", "2503.01234"},
		{"https://huggingface.co/papers/2503.01234", "2503.01234"},
		{"https://www.alphaxiv.org/overview/2503.01234.md", "2503.01234"},
		{"https://dx.doi.org/10.1000/a%28b%29", "doi:10.1000/a(b)"},

		{"", ""},
		{"2513.00001", ""}, // month 13
		{"1234.56789", ""},
		{"2503.012", ""},
		{"foo/1234567", ""}, // month 34
		{"CI/CD", ""},
		{"10.1000/", ""},
		{"10.1000/a*", ""},
		{`10.1000/a"b`, ""},
		{"10.1000/a b", ""},
		{"2503.01234 2503.01235", ""},
		{"acl:2023.acl-long.1", ""}, // could be a title: "LoRA:Low-Rank"
		{"https://arxiv.org/list/cs.LG/new", ""},
		{"https://huggingface.co/models/2503.01234", ""},
		{"https://example.org/2503.01234", ""},
		{"https://doi.org/%zz", ""},
		{"doi:10.1000/" + strings.Repeat("9", 500), ""},
	} {
		id, ok := query.BareID(tt.in)
		if id.Text != tt.want || ok != (tt.want != "") {
			t.Errorf("BareID(%.80q) = %q, %v, want %q", tt.in, id.Text, ok, tt.want)
		}
		// Such a text is a question for that paper and nothing else.
		q, _ := query.Parse(tt.in)
		if _, isID := q.Root.(query.ID); isID != ok || ok && q.Root != id {
			t.Errorf("Parse(%.80q) = %#v, and BareID gives %q, %v", tt.in, q.Root, id.Text, ok)
		}
		checkStable(t, tt.in, q)
	}
}

func FuzzBareID(f *testing.F) {
	for _, s := range []string{"2503.01234v2", "math.GT/0309136", "https://doi.org/10.1000/x%28", "doi:10.1000/182,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, ok := query.BareID(s)
		if !ok {
			return
		}
		if again, _ := query.BareID(id.Text); again != id {
			t.Errorf("BareID(%q) = %q, which is read as %q", s, id.Text, again.Text)
		}
		checkStable(t, s, query.Query{Root: id})
	})
}
