package smtp_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"

	"broadsheet/internal/smtptest"
	"broadsheet/smtp"

	"github.com/emersion/go-msgauth/dkim"
)

// keys returns private keys as files hold them, by the record that publishes each.
func keys(t *testing.T) map[string][]byte {
	t.Helper()
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(&r.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{
		"v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(spki):       pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(r)}),
		"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public): pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}),
	}
}

const signedMail = "From: papers@papers.example.org\r\nTo: bob@example.org\r\nSubject: Papers\r\nDate: Fri, 27 Nov 2026 06:00:00 +0000\r\n" +
	"Message-ID: <1@papers.example.org>\r\nList-Unsubscribe: <https://papers.example.org/u/1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nHello.\r\n"

func TestASignatureCoversTheLinkToLeave(t *testing.T) {
	for record, key := range keys(t) {
		signer, err := smtp.NewSigner("papers.example.org", "news", key)
		if err != nil {
			t.Fatal(err)
		}
		s := smtptest.Start(t, smtptest.Options{Keep: true})
		m := message("bob@example.org")
		m.Data = []byte(signedMail)
		if r := open(t, s, smtp.Options{DKIM: signer}).Send(t.Context(), m); r.Outcome != smtp.Delivered {
			t.Fatal(r)
		}
		got := s.Received()[0].Data
		if err := verify(got, record); err != nil {
			t.Errorf("as it arrived: %v", err)
		}
		for _, header := range []string{"List-Unsubscribe: <https://papers", "List-Unsubscribe-Post: List", "From: papers", "Subject: Pa"} {
			if verify(bytes.Replace(got, []byte(header), []byte(header+"x"), 1), record) == nil {
				t.Errorf("a change of %q goes unnoticed", header)
			}
		}
		if verify(append([]byte("Reply-To: eve@example.org\r\n"), got...), record) == nil {
			t.Error("a header that was added goes unnoticed")
		}
	}
}

// verify checks the signature of a message against a record in the DNS.
func verify(message []byte, record string) error {
	found, err := dkim.VerifyWithOptions(bytes.NewReader(message), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		if name != "news._domainkey.papers.example.org" {
			return nil, nil
		}
		return []string{record}, nil
	}})
	if err != nil {
		return err
	}
	return found[0].Err
}

func TestAKeyThatCannotSign(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	good := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(small)})
	for name, c := range map[string]struct {
		domain, selector string
		key              []byte
		want             string
	}{
		"no PEM":      {"papers.example.org", "news", []byte("secret"), "no PEM"},
		"no key":      {"papers.example.org", "news", []byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), "neither"},
		"no domain":   {"", "news", good, "domain"},
		"no selector": {"papers.example.org", "", good, "selector"},
	} {
		if _, err := smtp.NewSigner(c.domain, c.selector, c.key); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
