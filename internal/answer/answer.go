// Package answer sends bodies over HTTP so that a copy that a client already has is
// not sent again, and packed where that pays and is understood.
package answer

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// An Answer is a body ready to be sent any number of times, by several goroutines.
type Answer struct {
	Forever bool // the address changes whenever the body does

	status int
	kind   string // media type
	etag   string
	body   []byte

	pack   sync.Once
	zipped []byte
}

// minZip is the size in bytes under which gzip saves no packet.
const minZip = 1400

// New names a body by its hash.
func New(status int, kind string, body []byte) *Answer {
	sum := sha256.Sum256(body)
	// Weak, as the same tag stands for the plain and the compressed form.
	etag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	return &Answer{status: status, kind: kind, etag: etag, body: body}
}

// packed returns the body compressed, which is done when it is first wanted.
func (a *Answer) packed() []byte {
	a.pack.Do(func() { a.zipped = zip(a.body) })
	return a.zipped
}

var zippers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func zip(b []byte) []byte {
	var out bytes.Buffer
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	z.Reset(&out)
	z.Write(b) // a bytes.Buffer takes everything
	z.Close()
	return out.Bytes()
}

// Send writes the answer, or 304 where the reader has it already.
func (a *Answer) Send(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", a.etag)
	if a.Forever {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if a.status == http.StatusOK && hasTag(r.Header.Get("If-None-Match"), a.etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	body := a.body
	if len(body) >= minZip && takesGzip(r.Header.Get("Accept-Encoding")) {
		body = a.packed()
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	w.Write(body) // a reader who has gone is no error of ours
	return nil
}

// hasTag does the weak comparison of RFC 9110, section 13.1.2.
func hasTag(header, etag string) bool {
	for tag := range strings.SplitSeq(header, ",") {
		tag = strings.TrimSpace(tag)
		if tag == "*" || strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(etag, "W/") {
			return true
		}
	}
	return false
}

// takesGzip reads Accept-Encoding (RFC 9110, section 12.5.3).
func takesGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(part, ";")
		if name = strings.TrimSpace(name); name != "gzip" && name != "x-gzip" && name != "*" {
			continue
		}
		_, q, ok := strings.Cut(weight, "=")
		v, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		return !ok || err == nil && v > 0
	}
	return false
}
