// Package token makes and reads the texts in links by which somebody without an
// account may do one thing: confirm a subscription, end it, change it. A token says
// what it is for and for which number, and carries a proof that we made it; nothing
// about it is stored.
package token

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"broadsheet"
	"broadsheet/internal/wholefile"
)

// A Purpose is what a token is good for; one for another purpose is worth nothing.
type Purpose byte

// The purposes. They are part of old links: never change one.
const (
	Confirm     Purpose = 'c' // of a subscription
	Unsubscribe Purpose = 'u' // of a subscription
	Manage      Purpose = 'm' // of a reader
	Bounce      Purpose = 'b' // of a reader, in a return path
)

const (
	secretSize = 32
	// macSize in bytes: 128 bits, which nobody guesses.
	macSize = 16
)

// A Maker makes tokens and reads them.
type Maker struct{ key []byte }

// New returns a maker with the key that follows from a secret for tokens (RFC
// 5869), so that the secret may serve other ends, too.
func New(secret []byte) (*Maker, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "broadsheet tokens 1", secretSize)
	if err != nil {
		return nil, fmt.Errorf("token: %w", err)
	}
	return &Maker{key}, nil
}

// Secret reads the secret of an instance from a file, and makes one where there is
// none. Whoever has it can end every subscription.
func Secret(path string) ([]byte, error) {
	secret, err := os.ReadFile(path)
	if err == nil && len(secret) != secretSize {
		return nil, broadsheet.Errorf(broadsheet.Conflict, "%s should hold %d bytes of a secret and has %d: put the right file back, or remove it, which makes all links in mails useless.", path, secretSize, len(secret))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return secret, err
	}
	secret = make([]byte, secretSize)
	rand.Read(secret)
	return secret, wholefile.Write(path, secret, 0o600)
}

// letters of tokens are those that survive wherever a link or an address goes: some
// mail servers change the case of what they return.
var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Make returns the token for a number, good until a time or, for the zero time,
// for ever. It has small letters and digits.
func (m *Maker) Make(p Purpose, id int64, until time.Time) string {
	claim := []byte{byte(p)}
	claim = binary.AppendUvarint(claim, uint64(id))
	if !until.IsZero() {
		claim = binary.AppendUvarint(claim, uint64(until.Unix()))
	}
	return letters.EncodeToString(append(m.mac(claim), claim...))
}

// Read returns the number that a token is for. It is NotFound where the token is
// not of ours, for another purpose, or has run out: which of them is nobody's
// business.
func (m *Maker) Read(p Purpose, text string, now time.Time) (int64, error) {
	bad := broadsheet.Errorf(broadsheet.NotFound, "This link is not complete, or has run out: ask for a new one.")
	raw, err := letters.DecodeString(text)
	if err != nil || len(raw) < macSize+2 || letters.EncodeToString(raw) != text { // bits left over at the end
		return 0, bad
	}
	mac, claim := raw[:macSize], raw[macSize:]
	if !hmac.Equal(mac, m.mac(claim)) || claim[0] != byte(p) {
		return 0, bad
	}
	id, n := binary.Uvarint(claim[1:])
	if n <= 0 {
		return 0, bad
	}
	if rest := claim[1+n:]; len(rest) > 0 {
		until, n := binary.Uvarint(rest)
		if n <= 0 || now.Unix() > int64(until) {
			return 0, bad
		}
	}
	return int64(id), nil
}

func (m *Maker) mac(claim []byte) []byte {
	h := hmac.New(sha256.New, m.key)
	h.Write(claim)
	return h.Sum(nil)[:macSize]
}
