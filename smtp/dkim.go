package smtp

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"

	"broadsheet"

	"github.com/emersion/go-msgauth/dkim"
)

// A Signer signs messages with the key of a domain (DKIM, RFC 6376).
type Signer struct{ options dkim.SignOptions }

// signedHeaders are covered by the signature, also where they are absent, so that
// nobody can add one. RFC 8058, section 4, asks for the two of List-Unsubscribe.
var signedHeaders = []string{"From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
	"Feedback-ID", "Auto-Submitted", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Cc"}

// minRSA is the length of keys below which large providers take no signature.
const minRSA = 1024

// NewSigner returns a Signer for a domain and selector, with the private key from a
// PEM file: RSA or Ed25519, in PKCS #8 or PKCS #1.
func NewSigner(domain, selector string, key []byte) (*Signer, error) {
	block, _ := pem.Decode(key)
	if block == nil {
		return nil, badKey("it has no PEM block")
	}
	signer, err := parseKey(block.Bytes)
	if err != nil {
		return nil, badKey("it is neither RSA nor Ed25519 in PKCS #8")
	}
	if r, ok := signer.(*rsa.PrivateKey); ok && r.N.BitLen() < minRSA {
		return nil, badKey(fmt.Sprintf("an RSA key has at least %d bits, better 2048", minRSA))
	}
	if domain == "" || selector == "" {
		return nil, broadsheet.Errorf(broadsheet.Invalid, "A DKIM signature needs a domain and a selector.")
	}
	return &Signer{dkim.SignOptions{Domain: domain, Selector: selector, Signer: signer, HeaderKeys: signedHeaders,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed}}, nil
}

func badKey(why string) error {
	return broadsheet.Errorf(broadsheet.Invalid, "The DKIM key cannot be used: %s.", why)
}

func parseKey(der []byte) (crypto.Signer, error) {
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	switch k := key.(type) {
	case *rsa.PrivateKey:
		return k, nil
	case ed25519.PrivateKey:
		return k, nil
	}
	return nil, fmt.Errorf("smtp: a key of type %T", key)
}

// Sign returns the message with a signature before its header.
func (s *Signer) Sign(message []byte) ([]byte, error) {
	out := bytes.NewBuffer(make([]byte, 0, len(message)+1000))
	options := s.options
	if err := dkim.Sign(out, bytes.NewReader(message), &options); err != nil {
		return nil, fmt.Errorf("smtp: sign: %w", err)
	}
	return out.Bytes(), nil
}
