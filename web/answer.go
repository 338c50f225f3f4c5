package web

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

// An answer is a body ready to be sent any number of times.
type answer struct {
	status  int
	kind    string // media type
	etag    string
	body    []byte
	zipped  []byte // nil where compressing does not pay
	forever bool   // the address changes whenever the body does
}

// minZip is the size in bytes under which gzip saves no packet.
const minZip = 1400

// newAnswer compresses the body and names it by its hash, so that a copy that a
// reader already has is not sent again.
func newAnswer(status int, kind string, body []byte) *answer {
	sum := sha256.Sum256(body)
	// Weak, as the same tag stands for the plain and the compressed form.
	etag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	a := &answer{status: status, kind: kind, etag: etag, body: body}
	if len(body) >= minZip {
		a.zipped = zip(body)
	}
	return a
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

// send writes the answer, or 304 where the reader has it already.
func (a *answer) send(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", a.etag)
	if a.forever {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if a.status == http.StatusOK && hasTag(r.Header.Get("If-None-Match"), a.etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	body := a.body
	if a.zipped != nil && takesGzip(r.Header.Get("Accept-Encoding")) {
		body = a.zipped
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
