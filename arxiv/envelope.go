package arxiv

import (
	"encoding/xml"
	"io"
	"iter"
	"strings"
	"time"

	"broadsheet"
)

// An OAIEnvelope is what an answer of an OAI-PMH service says besides its records.
type OAIEnvelope struct {
	At   time.Time // when the answer was made; zero where it does not say
	Next Token     // where the list goes on; without Text at its end

	// The request that is answered, as far as the answer repeats it. The answer to
	// a token repeats either the token or the request that the list began with.
	Form, Set, From, Until, Token string
}

// ReadOAIAnswer is ReadOAI for an answer to a request of one's own. What stands
// around the records is in env when the sequence has ended.
func ReadOAIAnswer(r io.Reader, env *OAIEnvelope) iter.Seq2[broadsheet.Record, error] {
	*env = OAIEnvelope{}
	return readOAI(r, func(t Token) { env.Next = t }, env)
}

// date reads when the answer was made. It is good to know and not needed.
func (a *oaiAnswer) date(el *xml.StartElement) error {
	var text string
	err := a.decode(el, &text)
	if at, bad := time.Parse(time.RFC3339, strings.TrimSpace(text)); bad == nil {
		a.envelope.At = at.UTC()
	}
	return err
}

// request reads what was asked, and of which service.
func (a *oaiAnswer) request(el *xml.StartElement) error {
	var e struct {
		Form  string `xml:"metadataPrefix,attr"`
		Set   string `xml:"set,attr"`
		From  string `xml:"from,attr"`
		Until string `xml:"until,attr"`
		Token string `xml:"resumptionToken,attr"`
		URL   string `xml:",chardata"`
	}
	err := a.decode(el, &e)
	// The service that replaced export.arxiv.org/oai2 in 2025.
	a.latest = strings.HasSuffix(strings.TrimSpace(e.URL), "/oai")
	if e.Form == "arXivRaw" {
		a.source = "arxiv-oai-raw"
	}
	env := a.envelope
	env.Form, env.Set, env.From, env.Until, env.Token = e.Form, e.Set, e.From, e.Until, e.Token
	return err
}
