package arxiv

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"broadsheet"
)

// A Token is where an OAI-PMH list goes on (OAI-PMH 2.0, section 3.5).
type Token struct {
	Text     string    // the resumptionToken to send; empty: the list is complete
	Cursor   int       // records before this page; -1 when the service does not say
	ListSize int       // records of the whole list; -1 when the service does not say
	Expires  time.Time // zero when the service does not say
}

// A ProtocolError is the cause of the error with which a sequence ends when the
// service answered with one.
type ProtocolError struct {
	Code string // as in OAI-PMH 2.0, section 3.6, such as "badResumptionToken"
	Text string // the service's own words
}

func (e *ProtocolError) Error() string { return "OAI-PMH error " + e.Code + ": " + e.Text }

// ReadOAI reads an answer of an OAI-PMH service to ListRecords or GetRecord, in
// the form arXiv or arXivRaw. An answer that no record matches has none. A paper
// that was deleted is a record of its ID, Status and Sources only.
func ReadOAI(r io.Reader) iter.Seq2[broadsheet.Record, error] {
	return ReadOAIPage(r, func(Token) {})
}

// ReadOAIPage is ReadOAI for a page of a list. It calls next with the place
// where the list goes on, once and before the sequence ends; not at all where
// the answer has no resumptionToken, which means that it is the whole list.
func ReadOAIPage(r io.Reader, next func(Token)) iter.Seq2[broadsheet.Record, error] {
	return readOAI(r, next, &OAIEnvelope{})
}

func readOAI(r io.Reader, next func(Token), env *OAIEnvelope) iter.Seq2[broadsheet.Record, error] {
	return func(yield func(broadsheet.Record, error) bool) {
		a := oaiAnswer{document: newDocument(r, yield), next: next, envelope: env, source: "arxiv-oai"}
		a.finish(a.read())
	}
}

type oaiAnswer struct {
	*document
	next     func(Token)
	envelope *OAIEnvelope
	latest   bool   // <created> tells of the latest version, see setDates
	source   string // of records that do not show their form, being deleted
	known    bool   // an element was found that answers the request
}

func (a *oaiAnswer) read() error {
	if err := a.root("OAI-PMH", "an answer of an OAI-PMH service"); err != nil {
		return err
	}
	for {
		el, err := a.child()
		if err != nil {
			return err
		}
		if el == nil {
			break
		}
		if err := a.part(el); err != nil {
			return err
		}
	}
	if !a.known {
		return broadsheet.Errorf(broadsheet.Invalid, "The answer holds neither records nor an error of the service.")
	}
	return a.end()
}

// part reads an element below the root.
func (a *oaiAnswer) part(el *xml.StartElement) error {
	switch el.Name.Local {
	case "responseDate":
		return a.date(el)
	case "request":
		return a.request(el)
	case "error":
		return a.protocolError(el)
	case "ListRecords", "GetRecord":
		return a.records()
	}
	return broadsheet.Errorf(broadsheet.Invalid, "This is an answer to %s: records are in answers to ListRecords and GetRecord.",
		broadsheet.Printable(el.Name.Local, 40))
}

func (a *oaiAnswer) protocolError(el *xml.StartElement) error {
	var e struct {
		Code string `xml:"code,attr"`
		Text string `xml:",chardata"`
	}
	if err := a.decode(el, &e); err != nil {
		return err
	}
	a.known = true
	cause := &ProtocolError{broadsheet.Printable(e.Code, 40), broadsheet.Printable(strings.TrimSpace(e.Text), 300)}
	var advice string
	switch e.Code {
	case "noRecordsMatch":
		return nil
	case "badResumptionToken":
		advice = "arXiv no longer knows the place where the list stopped: start it again from the date of the last record received."
	case "cannotDisseminateFormat":
		advice = "arXiv does not give out this form: ask for metadataPrefix=arXivRaw or metadataPrefix=arXiv."
	case "idDoesNotExist":
		advice = "arXiv has no record with this identifier: write it like oai:arXiv.org:2503.01234."
	case "badArgument", "badVerb":
		advice = "arXiv does not understand the request: check its verb, dates and set."
	default:
		advice = "arXiv refused the request."
	}
	return &broadsheet.Error{Kind: broadsheet.Invalid, Text: fmt.Sprintf("%s It said %s: %q.", advice, cause.Code, cause.Text), Err: cause}
}

// records reads what is inside ListRecords or GetRecord.
func (a *oaiAnswer) records() error {
	a.known = true
	for {
		el, err := a.child()
		if el == nil || err != nil {
			return err
		}
		switch el.Name.Local {
		case "record":
			err = a.record(el, &oaiRecord{answer: a})
		case "resumptionToken":
			err = a.token(el)
		default:
			err = a.skip()
		}
		if err != nil {
			return err
		}
	}
}

func (a *oaiAnswer) token(el *xml.StartElement) error {
	var e struct {
		Text    string `xml:",chardata"`
		Cursor  string `xml:"cursor,attr"`
		Size    string `xml:"completeListSize,attr"`
		Expires string `xml:"expirationDate,attr"`
		Expiry  string `xml:"expires,attr"` // as arXiv's service of 2025 writes it
	}
	if err := a.decode(el, &e); err != nil {
		return err
	}
	t := Token{Text: strings.TrimSpace(e.Text), Cursor: count(e.Cursor), ListSize: count(e.Size)}
	t.Expires, _ = time.Parse(time.RFC3339, e.Expires+e.Expiry)
	a.next(t)
	return nil
}

// count reads a number that is good to know and not needed.
func count(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

type oaiRecord struct {
	answer *oaiAnswer
	Header struct {
		Status, Identifier, Datestamp string
		parts                         int // colons in the longest setSpec
	}
	ArXiv, Raw *oaiPaper
	Other      string    // another form of metadata
	paperIn    *oaiPaper // the one of them that is being read
}

// An oaiPaper is the metadata in both forms, which share most of their names.
type oaiPaper struct {
	ID, Created, Updated     string    // the dates in arXiv only
	Versions                 []version // arXivRaw only
	AuthorText               string    // arXivRaw
	Authors                  []oaiAuthor
	Title, Abstract          string
	Categories, Comments     string
	JournalRef, DOI, License string
}

// An oaiAuthor is a name in parts, as arXiv has it.
type oaiAuthor struct {
	Keyname, Forenames, Suffix string
	Affiliations               []string
}

func (r *oaiRecord) record() (rec broadsheet.Record, written string, err error) {
	switch {
	case r.Header.Status == "deleted":
		rec, err = r.deleted()
		return rec, r.Header.Identifier, err
	case r.ArXiv != nil:
		rec, err = r.paper(r.ArXiv, "arxiv-oai")
		if err == nil {
			err = r.setDates(&rec.Paper, r.ArXiv)
		}
		return rec, r.ArXiv.ID, err
	case r.Raw != nil:
		rec, err = r.paper(r.Raw, "arxiv-oai-raw")
		if err == nil {
			err = setVersions(&rec.Paper, r.Raw.Versions)
		}
		return rec, r.Raw.ID, err
	case r.Other != "":
		return rec, "", broadsheet.Errorf(broadsheet.Invalid,
			"The records are in the form \"%s\": ask the service for metadataPrefix=arXivRaw or metadataPrefix=arXiv.",
			broadsheet.Printable(r.Other, 40))
	}
	return rec, r.Header.Identifier, errors.New("metadata: there is none, and the record is not marked as deleted")
}

// deleted returns the record of a paper that arXiv has deleted.
func (r *oaiRecord) deleted() (rec broadsheet.Record, err error) {
	if rec.ID, err = paperID(r.Header.Identifier); err != nil {
		return rec, err
	}
	rec.Status = broadsheet.StatusDeleted
	return rec, r.setSource(&rec.Paper, r.answer.source)
}

func (r *oaiRecord) setSource(p *broadsheet.Paper, name string) error {
	date, err := day("datestamp", r.Header.Datestamp)
	p.Sources = []broadsheet.Source{{Name: name, Date: date}}
	return err
}

// paper returns the record but for what the two forms write differently.
func (r *oaiRecord) paper(m *oaiPaper, source string) (broadsheet.Record, error) {
	m.ID = cmp.Or(strings.TrimSpace(m.ID), r.Header.Identifier)
	rec, err := newRecord(m.ID, m.Title)
	if err != nil {
		return rec, err
	}
	rec.Abstract, rec.Comments, rec.JournalRef = m.Abstract, m.Comments, m.JournalRef
	rec.Categories, rec.DOI, rec.License = list(m.Categories), dois(m.DOI), strings.TrimSpace(m.License)
	rec.Authors = broadsheet.ParseAuthors(m.AuthorText)
	for _, a := range m.Authors {
		rec.Authors = append(rec.Authors, authors(a.Affiliations, a.Forenames, a.Keyname, a.Suffix)...)
	}
	r.answer.source = source
	return rec, r.setSource(&rec.Paper, source)
}

// setDates reads <created> and <updated>. The service that answered until 2025
// wrote there the days of the first and the latest version. Its successor writes
// the day of the latest version as created, and as updated the day on which the
// metadata were last touched. The first version's day is then known only for a
// paper that has not been replaced, and a day after the month in the paper's ID
// says that it has been.
func (r *oaiRecord) setDates(p *broadsheet.Paper, m *oaiPaper) error {
	created, err := day("created", m.Created)
	if err != nil {
		return err
	}
	updated, err := day("updated", m.Updated)
	if err != nil {
		return err
	}
	latest := r.answer.latest || r.Header.parts == 2 // cs:cs:LG; before, cs
	switch {
	case !latest:
		p.Published = created
		setUpdated(p, updated)
	case created.IsDay() && created[:7] > idMonth(p.ID):
		p.Updated = created
	default:
		p.Published = created
	}
	return nil
}

// idMonth returns the month in an arXiv id: 2503.01234, hep-th/9901001.
func idMonth(id broadsheet.ID) broadsheet.Date {
	s := string(id)
	s = s[strings.IndexByte(s, '/')+1:]
	century := "20"
	if s[:2] >= "91" { // arXiv began in 1991
		century = "19"
	}
	return broadsheet.Date(century + s[:2] + "-" + s[2:4])
}
