package mail

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strings"
)

//go:embed template
var templates embed.FS

// pages are the templates of the HTML parts. They are tables with styles at each
// element because mail programs take little else (Outlook sets mail with Word).
var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"filler":  func() template.HTML { return filler },
	"ghost":   func() template.HTML { return ghost },
	"unghost": func() template.HTML { return unghost },
}).ParseFS(templates, "template/*.html"))

// Outlook knows no max-width: it gets a table of its own around ours.
const (
	ghost   = `<!--[if mso]><table role="presentation" width="600" align="center" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->`
	unghost = `<!--[if mso]></td></tr></table><![endif]-->`
)

// filler follows the preheader, so that a list of mails does not show what comes
// next: as many invisible characters as the longest such line has.
var filler = template.HTML(" " + strings.Repeat("&#847;&zwnj;&nbsp;", 60))

// footer is the part of a mail that is another one for each reader.
type footer struct {
	*words
	Leave, Manage string
}

// What the template prints of the language.
func (f footer) Because() string    { return f.because }
func (f footer) LeaveWord() string  { return f.leave }
func (f footer) ManageWord() string { return f.manage }

// render executes a template.
func render(name string, data any) ([]byte, error) {
	var out bytes.Buffer
	if err := pages.ExecuteTemplate(&out, name, data); err != nil {
		return nil, fmt.Errorf("mail: template %s: %w", name, err)
	}
	return out.Bytes(), nil
}
