package mail

import (
	"mime"
	netmail "net/mail"
	"strings"
	"unicode/utf8"

	"broadsheet"

	"golang.org/x/net/idna"
)

// An Address is one mailbox. The zero Address is none.
type Address struct {
	Name   string // as it is shown; may be empty
	Local  string // before the @, without quotes, as it was written
	Domain string // behind it, in lower case and in ASCII (punycode, RFC 5891)
}

// The limits of RFC 5321, section 4.5.3.1, and for names one that a person's fits.
const (
	maxLocal   = 64
	maxDomain  = 253
	maxAddress = 254
	maxName    = 100
)

// ParseAddress reads one address as a person types it into a form, alone or as
// "Ada Lovelace <ada@example.org>". The error is an Invalid that can be shown.
func ParseAddress(s string) (Address, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return Address{}, broadsheet.Errorf(broadsheet.Invalid, "There is no mail address. Write it like ada@example.org.")
	case len(s) > 4*maxAddress || !utf8.ValidString(s) || strings.ContainsFunc(s, unseen):
		return Address{}, notAddress(s, "It is too long, or has characters that cannot be seen")
	case !strings.Contains(s, "@"):
		return Address{}, notAddress(s, "It has no @")
	}
	parsed, err := netmail.ParseAddress(s)
	if err != nil {
		return Address{}, notAddress(s, whyNot(s))
	}
	local, domain := split(parsed.Address)
	ascii, why := hostname(domain)
	switch {
	case why != "":
		return Address{}, notAddress(s, why)
	case local == "" || len(local) > maxLocal || len(local)+1+len(ascii) > maxAddress:
		return Address{}, notAddress(s, "What is before the @ may have up to 64 characters, and the whole up to 254")
	case strings.ContainsFunc(local, func(r rune) bool { return unseen(r) || r == '\\' }):
		return Address{}, notAddress(s, "It has characters that cannot be seen")
	}
	return Address{Name: clean(parsed.Name, maxName), Local: local, Domain: ascii}, nil
}

func notAddress(s, why string) error {
	return broadsheet.Errorf(broadsheet.Invalid, "\"%s\" is not a mail address: %s. Write it like ada@example.org.", broadsheet.Printable(s, 80),
		strings.ToLower(why[:1])+why[1:])
}

// whyNot guesses what is wrong with an address that cannot be read.
func whyNot(s string) string {
	local, domain := split(s)
	switch {
	case strings.ContainsAny(s, ",;"):
		return "One address is expected, not several"
	case local == "":
		return "There is nothing before the @"
	case domain == "":
		return "There is nothing behind the @"
	case strings.Contains(domain, "..") || strings.Contains(local, ".."):
		return "It has two dots in a row"
	case strings.ContainsAny(s, " \t"):
		return "It has a blank in it"
	}
	return "It has a character that does not belong there"
}

// split cuts an address at its last @.
func split(s string) (local, domain string) {
	i := strings.LastIndexByte(s, '@')
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i+1:]
}

// hostname returns a domain in the form of the DNS, or what is wrong with it.
func hostname(domain string) (ascii, why string) {
	if strings.HasPrefix(domain, "[") {
		return "", "Its host is a number, and mail to those is rarely taken"
	}
	ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(domain, "."))
	switch {
	case err != nil || ascii == "" || len(ascii) > maxDomain || !inDNS(ascii):
		return "", "What is behind the @ is not the name of a host"
	case !strings.Contains(ascii, ".") && ascii != "localhost":
		return "", "What is behind the @ has no ending such as .org"
	}
	return ascii, ""
}

// inDNS reports whether the labels of an ASCII name are those of hosts (RFC 1123,
// section 2.1), the last of them not a number.
func inDNS(ascii string) bool {
	var label string
	for label = range strings.SplitSeq(ascii, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, c := range []byte(label) {
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
				return false
			}
		}
	}
	return strings.Trim(label, "0123456789") != ""
}

// Key returns what two addresses share that are the same mailbox for sure: the
// local part as it is, for it is the host's business whether Ada is ada and what a
// plus means (RFC 5321, section 2.4), and the domain in its one form.
func (a Address) Key() string { return a.Local + "@" + a.Domain }

// Mailbox returns the address for an SMTP command, the local part in quotes where
// it needs them.
func (a Address) Mailbox() string {
	if a.Local == "" {
		return ""
	}
	if isDotAtom(a.Local) {
		return a.Local + "@" + a.Domain
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(a.Local) + `"@` + a.Domain
}

// ASCII reports whether the address can be used without SMTPUTF8 (RFC 6531).
func (a Address) ASCII() bool {
	return strings.IndexFunc(a.Local, func(r rune) bool { return r >= 0x80 }) < 0
}

// Display returns the address for a person, its domain in its own script.
func (a Address) Display() string {
	domain, err := idna.Display.ToUnicode(a.Domain)
	if err != nil || strings.ContainsFunc(domain, unseen) {
		domain = a.Domain
	}
	return Address{Local: a.Local, Domain: domain}.Mailbox()
}

// String returns the address as it stands in a header: a name in ASCII in quotes,
// another one encoded (RFC 2047).
func (a Address) String() string {
	box := a.Mailbox()
	name := clean(a.Name, maxName)
	if name == "" || box == "" {
		return box
	}
	return phrase(name) + " <" + box + ">"
}

// phrase writes a name so that nothing in it can be taken for an address.
func phrase(name string) string {
	if strings.IndexFunc(name, func(r rune) bool { return r < ' ' || r >= 0x7f }) < 0 && !strings.Contains(name, "=?") {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
	}
	if strings.ContainsAny(name, specials) {
		return mime.BEncoding.Encode("utf-8", name)
	}
	return unstructured(name)
}

// specials may not stand in an encoded word that is a part of a name, where they would
// begin a comment or an address (RFC 2047, section 5, rule 3).
const specials = "\"#$%&'(),.:;<>@[]^`{|}~"

// isDotAtom reports whether a local part needs no quotes (RFC 5322, section 3.2.3;
// RFC 6532, section 3.2).
func isDotAtom(s string) bool {
	for atom := range strings.SplitSeq(s, ".") {
		if atom == "" || strings.IndexFunc(atom, func(r rune) bool {
			return r <= ' ' || r == 0x7f || strings.ContainsRune(`()<>[]:;@\,"`, r)
		}) >= 0 {
			return false
		}
	}
	return true
}
