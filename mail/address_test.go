package mail_test

import (
	netmail "net/mail"
	"strings"
	"testing"

	"broadsheet"
	"broadsheet/mail"

	"github.com/google/go-cmp/cmp"
)

func TestParseAddress(t *testing.T) {
	for _, c := range []struct{ name, in, key, mailbox, header string }{
		{"a plain address", " ada@example.org ", "ada@example.org", "ada@example.org", "ada@example.org"},
		{"a name", "Ada Lovelace <ada@example.org>", "ada@example.org", "ada@example.org", `"Ada Lovelace" <ada@example.org>`},
		{"a name in another script", "Zoë <z@example.org>", "z@example.org", "z@example.org", "=?utf-8?q?Zo=C3=AB?= <z@example.org>"},
		{"a name in which a comment would begin", "\"Zoë (Q\" <z@example.org>", "z@example.org", "z@example.org", "=?utf-8?b?Wm/DqyAoUQ==?= <z@example.org>"},
		{"the domain has one form, the local part is the host's business", "Ada.L@EXAMPLE.Org", "Ada.L@example.org", "Ada.L@example.org", "Ada.L@example.org"},
		{"a plus sign stays", "ada+papers@example.org", "ada+papers@example.org", "ada+papers@example.org", "ada+papers@example.org"},
		{"quotes that are needed", `"a b@c"@example.org`, "a b@c@example.org", `"a b@c"@example.org`, `"a b@c"@example.org`},
		{"quotes that are not needed", `"ada"@example.org`, "ada@example.org", "ada@example.org", "ada@example.org"},
		{"an internationalised domain", "ada@Bücher.example", "ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"},
		{"a local part in another script", "δοκιμή@παράδειγμα.example", "δοκιμή@xn--hxajbheg2az3al.example", "δοκιμή@xn--hxajbheg2az3al.example", "δοκιμή@xn--hxajbheg2az3al.example"},
		{"the operator's own machine", "root@localhost", "root@localhost", "root@localhost", "root@localhost"},
		{"a full stop that ends a domain", "ada@example.org.", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := mail.ParseAddress(c.in)
			if c.key == "" {
				if err == nil {
					t.Fatalf("ParseAddress(%q) = %q, want an error", c.in, got)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{c.key, c.mailbox, c.header}, []string{got.Key(), got.Mailbox(), got.String()}); diff != "" {
				t.Errorf("ParseAddress(%q) (-want +got):\n%s", c.in, diff)
			}
		})
	}
}

func TestParseAddressSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", "no mail address"},
		{"ada", "no @"},
		{"@example.org", "nothing before"},
		{"ada@", "nothing behind"},
		{"ada@example", "no ending"},
		{"ada@127.0.0.1", "not the name of a host"},
		{"ada@[127.0.0.1]", "number"},
		{"ada@exa_mple.org", "not the name of a host"},
		{"a..b@example.org", "two dots"},
		{"ada@example.org, bob@example.org", "not several"},
		{"ada lovelace@example.org", "blank"},
		{"ada@example.org\r\nBcc: bob@example.org", "cannot be seen"},
		{"ada\u202e@example.org", "cannot be seen"},
		{"ada@example.org\x00", "cannot be seen"},
		{strings.Repeat("a", 65) + "@example.org", "64"},
		{"a@" + strings.Repeat("a.", 130) + "org", "not the name of a host"},
		{strings.Repeat("a", 1<<20), "too long"},
	} {
		_, err := mail.ParseAddress(c.in)
		if broadsheet.KindOf(err) != broadsheet.Invalid || !strings.Contains(broadsheet.TextFor(err), c.want) {
			t.Errorf("ParseAddress(%.40q): %v, want an Invalid with %q", c.in, err, c.want)
		}
	}
}

func TestDisplayShowsTheDomainInItsScript(t *testing.T) {
	a, err := mail.ParseAddress("ada@xn--bcher-kva.example")
	if err != nil || a.Display() != "ada@bücher.example" {
		t.Errorf("Display: %q (%v)", a.Display(), err)
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"ada@example.org", `"a \" b"@example.org`, "Zoë <z@bücher.example>", "=?utf-8?q?=0D=0A?= <a@b.org>", `"=?utf-8?q?x?=" <a@b.org>`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := mail.ParseAddress(s)
		if err != nil {
			return
		}
		if strings.ContainsAny(a.String(), "\r\n\x00") && !strings.Contains(a.String(), "?=\r\n =?") {
			t.Errorf("%q has a line end", a)
		}
		again, err := netmail.ParseAddress(strings.ReplaceAll(a.String(), "\r\n", ""))
		if err != nil || again.Name != a.Name || again.Address != a.Mailbox() && again.Address != a.Key() {
			t.Errorf("%q is read back as %v (%v), want %q %q", a, again, err, a.Name, a.Key())
		}
		if same, err := mail.ParseAddress(a.Mailbox()); err != nil || same.Key() != a.Key() {
			t.Errorf("the mailbox %q is another address: %v (%v)", a.Mailbox(), same, err)
		}
	})
}
