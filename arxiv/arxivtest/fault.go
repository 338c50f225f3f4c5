package arxivtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Busy is a 503 that may say for how long, as Retry-After does.
func Busy(retryAfter string) Fault { return status(http.StatusServiceUnavailable, retryAfter) }

// TooMany is the 429 that says nothing more.
func TooMany() Fault { return status(http.StatusTooManyRequests, "") }

func status(code int, retryAfter string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		http.Error(w, "Rate exceeded.", code)
	}
}

// Silent says nothing until the client gives up, or for so long, and then answers.
func Silent(d time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, good http.HandlerFunc) {
		select {
		case <-r.Context().Done():
		case <-time.After(d):
			good(w, r)
		}
	}
}

// Stalled falls silent in the midst of its answer.
func Stalled() Fault {
	return edited(func(text string, w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, text[:len(text)/2])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
}

// Truncated ends in the midst of its answer as if that were all.
func Truncated() Fault {
	return edited(func(text string, w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text[:len(text)*2/3]) })
}

// Reset breaks the connection in the midst of the answer.
func Reset() Fault {
	return edited(func(text string, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		fmt.Fprint(w, text[:len(text)/2])
		panic(http.ErrAbortHandler)
	})
}

// Loop redirects to itself.
func Loop() Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.HandlerFunc) {
		http.Redirect(w, r, r.URL.RequestURI(), http.StatusFound)
	}
}

// Endless repeats its first record up to 10 GB.
func Endless() Fault {
	return edited(func(text string, w http.ResponseWriter, _ *http.Request) {
		head, rest, ok := strings.Cut(text, "<record>")
		if !ok {
			head, rest = text, " "
		}
		record, _, _ := strings.Cut(rest, "</record>")
		block := strings.Repeat("<record>"+record+"</record>\n", 1+(1<<20)/(len(record)+20))
		fmt.Fprint(w, head)
		for n := 0; n < 10_000_000_000; n += len(block) {
			if _, err := fmt.Fprint(w, block); err != nil {
				return
			}
		}
	})
}

// Page is a web page with status 200 in place of the answer.
func Page() Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!DOCTYPE html><html><head><title>Please wait</title></head><body>Please wait.</body></html>")
	}
}

// Typed is the good answer under a wrong content type.
func Typed(kind string) Fault {
	return edited(func(text string, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, text)
	})
}

// Empty is status 200 and nothing else.
func Empty() Fault { return func(http.ResponseWriter, *http.Request, http.HandlerFunc) {} }

// DeadToken answers every request as one with a token that has died.
func (s *Server) DeadToken() Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		s.oaiError(w, nil, "badResumptionToken", "expired")
	}
}

// SameToken answers a request with a token that leads to the same page again.
func SameToken() Fault {
	return func(w http.ResponseWriter, r *http.Request, good http.HandlerFunc) {
		token := r.URL.Query().Get("resumptionToken")
		change(func(text string) string {
			if token == "" {
				return text
			}
			return tokenForm.ReplaceAllString(text, "<resumptionToken>"+escape(token)+"</resumptionToken>")
		})(w, r, good)
	}
}

var tokenForm = regexp.MustCompile(`<resumptionToken[^>]*>[^<]*</resumptionToken>|<resumptionToken[^>]*/>`)

// Other is the answer to another request: that of another form.
func Other() Fault {
	return func(w http.ResponseWriter, r *http.Request, good http.HandlerFunc) {
		q := r.URL.Query()
		q.Del("resumptionToken")
		form := "arXiv"
		if q.Get("metadataPrefix") == "arXiv" {
			form = "arXivRaw"
		}
		q.Set("metadataPrefix", form)
		q.Set("from", "2001-01-01")
		q.Del("until")
		other := r.Clone(r.Context())
		other.URL.RawQuery = q.Encode()
		good(w, other)
	}
}

// Huge has one record of 5 MB.
func Huge() Fault {
	return insert("<record><header><identifier>oai:arXiv.org:2609.99666</identifier></header><metadata><arXivRaw><title>" +
		strings.Repeat("huge ", 1<<20) + "</title></arXivRaw></metadata></record>")
}

// Bomb begins with entities that grow to a billion laughs.
func Bomb() Fault {
	return change(func(text string) string {
		return strings.Replace(text, "<OAI-PMH", `<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]><OAI-PMH`, 1)
	})
}

// Garbled has bytes in every title that are not UTF-8.
func Garbled() Fault {
	return change(func(text string) string { return strings.ReplaceAll(text, "<title>", "<title>\xff\xc3") })
}

// Doubled has every record twice, the whole in the reverse order.
func Doubled() Fault {
	return change(func(text string) string {
		head, rest, ok := strings.Cut(text, "<record>")
		if !ok {
			return text
		}
		end := strings.LastIndex(rest, "</record>")
		var b strings.Builder
		records := strings.Split(rest[:end], "</record>\n<record>")
		for range 2 {
			for i := len(records) - 1; i >= 0; i-- {
				b.WriteString("<record>" + records[i] + "</record>\n")
			}
		}
		return head + b.String() + rest[end+len("</record>"):]
	})
}

// Stale has, behind the records that are due, older ones of the same papers with
// titles that have been withdrawn since.
func Stale() Fault {
	return change(func(text string) string {
		_, rest, ok := strings.Cut(text, "<record>")
		if !ok {
			return text
		}
		end := strings.LastIndex(rest, "</record>")
		old := "<record>" + rest[:end] + "</record>\n"
		old = regexp.MustCompile(`<datestamp>[^<]*`).ReplaceAllString(old, "<datestamp>2004-01-01")
		old = strings.ReplaceAll(old, "<title>", "<title>Withdrawn: ")
		old = strings.ReplaceAll(old, ` status="deleted"`, "")
		return text[:len(text)-len(rest)+end+len("</record>\n")] + old + rest[end+len("</record>\n"):]
	})
}

// Future gives every record a datestamp that has not come.
func Future() Fault {
	return change(func(text string) string {
		return regexp.MustCompile(`<datestamp>[^<]*`).ReplaceAllString(text, "<datestamp>2999-01-01")
	})
}

func insert(record string) Fault {
	return change(func(text string) string { return strings.Replace(text, "<record>", record+"<record>", 1) })
}

// change passes the good answer through a function.
func change(f func(string) string) Fault {
	return edited(func(text string, w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, f(text)) })
}

func edited(answer func(text string, w http.ResponseWriter, r *http.Request)) Fault {
	return func(w http.ResponseWriter, r *http.Request, good http.HandlerFunc) {
		rec := httptest.NewRecorder()
		good(rec, r)
		for name, v := range rec.Header() {
			w.Header()[name] = v
		}
		if rec.Code != http.StatusOK {
			w.WriteHeader(rec.Code)
		}
		answer(rec.Body.String(), w, r)
	}
}
