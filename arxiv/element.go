package arxiv

import (
	"bytes"
	"encoding/xml"
	"io"
)

// An element is read by hand where documents have thousands of it: encoding/xml
// finds each field by reflection, which takes longer than everything else.
type element interface {
	// begin is told of an element inside, by its path below this one.
	begin(path []string, attrs []xml.Attr)
	// text is told what stands in it, without what stands in elements inside. It is
	// valid until it returns.
	text(path []string, text []byte)
}

// keepText is the largest memory for a text that is kept for the next one.
const keepText = 64 << 10

// read reads what is inside the element that was opened last, and leaves its end to
// the decoder that has opened it.
func (t *tokens) read(e element) error {
	path := make([]string, 0, 8)
	for {
		k, err := t.next()
		if err == io.EOF {
			return t.bad("unexpected EOF")
		} else if err != nil {
			return err
		}
		n := len(path) - 1 // of the innermost element
		switch {
		case k == opens:
			path = append(path, t.name.Local)
			t.empty(n + 1)
			e.begin(path, t.attrs)
		case k == says && n >= 0:
			t.texts[n] = append(t.texts[n], t.chars...)
		case k == ends && n < 0:
			t.depth++
			t.closes = true
			return nil
		case k == ends && path[n] != t.name.Local:
			return t.bad("element <" + path[n] + "> closed by </" + t.name.Local + ">")
		case k == ends:
			e.text(path, t.texts[n])
			path = path[:n]
		}
	}
}

// empty makes room for the text of the nth element of a path.
func (t *tokens) empty(n int) {
	if n == len(t.texts) {
		t.texts = append(t.texts, nil)
	}
	if cap(t.texts[n]) > keepText {
		t.texts[n] = nil
	}
	t.texts[n] = t.texts[n][:0]
}

// attribute returns the value of an attribute, or "".
func attribute(attrs []xml.Attr, name string) string {
	for _, a := range attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// begin implements element.
func (r *oaiRecord) begin(path []string, attrs []xml.Attr) {
	switch {
	case len(path) == 1 && path[0] == "header":
		r.Header.Status = attribute(attrs, "status")
	case path[0] != "metadata":
	case len(path) == 2:
		r.form(path[1])
	case r.paperIn == nil:
	case len(path) == 3 && path[2] == "version":
		r.paperIn.Versions = append(r.paperIn.Versions, version{Name: attribute(attrs, "version")})
	case len(path) == 4 && path[2] == "authors" && path[3] == "author":
		r.paperIn.Authors = append(r.paperIn.Authors, oaiAuthor{})
	}
}

// form begins the metadata of a form.
func (r *oaiRecord) form(name string) {
	r.paperIn = nil
	switch name {
	case "arXiv":
		r.ArXiv = &oaiPaper{}
		r.paperIn = r.ArXiv
	case "arXivRaw":
		r.Raw = &oaiPaper{}
		r.paperIn = r.Raw
	default:
		if r.Other == "" {
			r.Other = name
		}
	}
}

// text implements element.
func (r *oaiRecord) text(path []string, text []byte) {
	switch name := path[len(path)-1]; {
	case path[0] == "header" && len(path) == 2:
		r.header(name, text)
	case path[0] != "metadata" || r.paperIn == nil:
	case len(path) == 3:
		r.paperIn.set(name, text)
	case len(path) == 4 && path[2] == "version":
		r.paperIn.Versions[len(r.paperIn.Versions)-1].set(name, text)
	case len(path) == 5 && path[2] == "authors" && path[3] == "author":
		r.paperIn.Authors[len(r.paperIn.Authors)-1].set(name, text)
	}
}

func (r *oaiRecord) header(name string, text []byte) {
	switch name {
	case "identifier":
		r.Header.Identifier = string(text)
	case "datestamp":
		r.Header.Datestamp = string(text)
	case "setSpec":
		// Only whether the set has three parts is ever asked.
		r.Header.parts = max(r.Header.parts, bytes.Count(text, []byte{':'}))
	}
}

func (p *oaiPaper) set(name string, text []byte) {
	switch name {
	case "id":
		p.ID = string(text)
	case "created":
		p.Created = string(text)
	case "updated":
		p.Updated = string(text)
	case "authors":
		p.AuthorText = string(text)
	case "title":
		p.Title = string(text)
	case "categories":
		p.Categories = string(text)
	case "comments":
		p.Comments = string(text)
	case "journal-ref":
		p.JournalRef = string(text)
	case "doi":
		p.DOI = string(text)
	case "license":
		p.License = string(text)
	case "abstract":
		p.Abstract = string(text)
	}
}

func (v *version) set(name string, text []byte) {
	switch name {
	case "date":
		v.Created = string(text)
	case "size":
		v.Size = string(text)
	}
}

func (a *oaiAuthor) set(name string, text []byte) {
	switch name {
	case "keyname":
		a.Keyname = string(text)
	case "forenames":
		a.Forenames = string(text)
	case "suffix":
		a.Suffix = string(text)
	case "affiliation":
		a.Affiliations = append(a.Affiliations, string(text))
	}
}
