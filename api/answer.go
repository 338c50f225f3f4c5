package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// An answer is what is sent as JSON.
type answer struct {
	body any
	next string // the address of what follows, where more does
}

// minZip is the size in bytes under which gzip saves no packet.
const minZip = 1400

// send writes the answer, or 304 where the client has it already.
func (a answer) send(w http.ResponseWriter, r *http.Request) error {
	body, err := json.Marshal(a.body)
	if err != nil {
		return fmt.Errorf("api: %w", err)
	}
	sum := sha256.Sum256(body)
	etag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"` // weak: also of the packed form
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", etag)
	if a.next != "" {
		h.Set("Link", "<"+a.next+`>; rel="next"`)
	}
	if hasTag(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if len(body) >= minZip && takesGzip(r.Header.Get("Accept-Encoding")) {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		z.Write(body) // a bytes.Buffer takes everything
		z.Close()
		body = packed.Bytes()
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body) // a client that has gone is no error of ours
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

// takesGzip reads Accept-Encoding as programs write it (RFC 9110, section 12.5.3).
func takesGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(part, ";")
		if strings.TrimSpace(name) == "gzip" {
			q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(weight), "q="), 64)
			return err != nil || q > 0
		}
	}
	return false
}

// sendError writes an error as clients of Hugging Face read it: in the body, and
// in a header.
func sendError(w http.ResponseWriter, status int, text string) {
	body, _ := json.Marshal(map[string]string{"error": text})
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-Error-Message", oneLine(text))
	w.WriteHeader(status)
	w.Write(body)
}

// oneLine returns a text as it may stand in a header (RFC 9110, section 5.5):
// printable ASCII.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return ' '
		case r < ' ' || r > '~':
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
