package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"broadsheet/internal/answer"
)

// A reply is what is sent as JSON.
type reply struct {
	body any
	next string // the address of what follows, where more does
}

// send writes the answer, or 304 where the client has it already.
func (a reply) send(w http.ResponseWriter, r *http.Request) error {
	body, err := json.Marshal(a.body)
	if err != nil {
		return fmt.Errorf("api: %w", err)
	}
	if a.next != "" {
		w.Header().Set("Link", "<"+a.next+`>; rel="next"`)
	}
	return answer.New(http.StatusOK, "application/json; charset=utf-8", body).Send(w, r)
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
