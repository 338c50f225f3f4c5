package channel

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"broadsheet"
)

const (
	secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	bot    = "4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qc0"
)

var at = time.Date(2026, 11, 28, 7, 0, 0, 0, time.UTC)

// hostile says in each markup something it should not be able to say.
const hostile = "@everyone <!channel> <@U123> [a](https://evil.example) *b* _c_ `d` ~~e~~ ||f|| <script>x</script> & \"q\" @room @bot " +
	"\u202egnp.exe\u2066\x00\x1b[31m\r\nX-Header: 1 \u200b\ufeff😀"

func ordinary() Digest {
	return Digest{
		Key: "daily-2026-11-28-reader-7", Title: "Your papers of Saturday", Preheader: "Two papers", Date: "2026-11-28",
		URL: "https://papers.example.org/daily?date=2026-11-28&x=1",
		Items: []Item{
			{ID: "2599.00001", Title: "Small models read newspapers", URL: "https://papers.example.org/paper/2599.00001",
				Authors: []string{"Ada Able", "Ben Baker", "Cy Carter", "Di Dole"}, Summary: "They read them all.",
				Reason: "On small models.", Upvotes: 12, Comments: 3, Code: "https://code.example.org/a/b"},
			{ID: "2599.00002", Title: "If a < b & b > c", URL: "https://papers.example.org/paper/2599.00002?a=1&b=2"},
		},
	}
}

func hostileDigest(items int) Digest {
	d := Digest{Key: hostile, Title: hostile, Preheader: hostile, URL: "javascript:alert(1)"}
	for n := range items {
		d.Items = append(d.Items, Item{
			ID: broadsheet.ID(fmt.Sprint("2599.", n)), Title: fmt.Sprint(n, " ", strings.Repeat(hostile, 40)), URL: "https://papers.example.org/" + hostile,
			Authors: []string{hostile, hostile, hostile, hostile}, Summary: strings.Repeat(hostile, 1000), Reason: hostile, Code: "https://x.example/\"><b>",
		})
	}
	return d
}

// channels are all of them, at a base address.
func channels(base string) map[string]Channel {
	return map[string]Channel{
		"webhook":  Webhook{URL: base + "/hook", Secrets: []string{secret}},
		"slack":    Slack{URL: base + "/services/T0/B0/xyzzy"},
		"discord":  Discord{URL: base + "/api/webhooks/1/xyzzy"},
		"telegram": Telegram{Base: base, Token: bot, Chat: "@papers"},
		"matrix":   Matrix{Homeserver: base, Token: "syt_xyzzy", Room: "!abc:example.org"},
	}
}

// A receiver is a loopback server that keeps what it was sent.
type receiver struct {
	*httptest.Server
	got  *http.Request
	body []byte
}

func receive(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.got = req
		r.body, _ = io.ReadAll(req.Body)
		if req.Header.Get("Content-Type") != "application/json; charset=utf-8" {
			w.WriteHeader(http.StatusUnsupportedMediaType)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

// deliver sends a digest to the receiver and decodes what came, strictly.
func deliver(t *testing.T, r *receiver, c Channel, d Digest, into any) {
	t.Helper()
	req, err := c.Render(d, at)
	if err != nil {
		t.Fatal(err)
	}
	if err := NewSender(SenderOptions{Internal: true}).Send(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	if !utf8.Valid(r.body) {
		t.Error("the body is no UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(r.body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		t.Fatalf("%v in %s", err, r.body)
	}
}

func TestDeliveriesAreTheSameWhenTriedAgain(t *testing.T) {
	for name, c := range channels("https://example.org") {
		t.Run(name, func(t *testing.T) {
			first, err := c.Render(ordinary(), at)
			second, err2 := c.Render(ordinary(), at)
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			if first.URL != second.URL || !bytes.Equal(first.Body, second.Body) {
				t.Error("two renderings differ")
			}
		})
	}
}

func TestSecretsAreNeitherPrintedNorLogged(t *testing.T) {
	for name, c := range channels("https://example.org") {
		r, err := c.Render(ordinary(), at)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{fmt.Sprint(r), fmt.Sprintf("%v %+v %#v %s", r, r, r, r), r.LogValue().String(), fmt.Sprintf("%+v", []any{r})} {
			for _, no := range []string{"xyzzy", bot, secret, "Bearer", "/hook"} {
				if strings.Contains(text, no) {
					t.Errorf("%s: %q is shown in %q", name, no, text)
				}
			}
		}
	}
}

func TestNoInvisibleOrTurningCharacterGetsThrough(t *testing.T) {
	for name, c := range channels("https://example.org") {
		r, err := c.Render(hostileDigest(30), at)
		if err != nil {
			t.Fatal(err)
		}
		var decoded any
		if err := json.Unmarshal(r.Body, &decoded); err != nil {
			t.Fatal(err)
		}
		for _, no := range []rune{'\u202e', '\u2066', '\u200b', '\ufeff', 0, 0x1b, '\r'} {
			if strings.ContainsRune(fmt.Sprint(decoded), no) {
				t.Errorf("%s: has %U", name, no)
			}
		}
		if strings.Contains(fmt.Sprint(decoded), "javascript:") {
			t.Errorf("%s: links to a script", name)
		}
	}
}

func TestChannelsSayWhatIsWrongWithTheirSettings(t *testing.T) {
	for name, c := range map[string]Channel{
		"address that is none":            Slack{URL: "::xyzzy"},
		"address of another scheme":       Discord{URL: "file:///xyzzy"},
		"address with a password":         Slack{URL: "https://a:xyzzy@example.org/"},
		"webhook without a secret":        Webhook{URL: "https://example.org/xyzzy"},
		"webhook with a short secret":     Webhook{URL: "https://example.org/", Secrets: []string{"whsec_eHl6enk="}},
		"webhook with one good secret":    Webhook{URL: "https://example.org/", Secrets: []string{secret, "xyzzy!"}},
		"token that would change a path":  Telegram{Token: bot + "/../xyzzy", Chat: "1"},
		"telegram without a chat":         Telegram{Token: bot},
		"token that would end a header":   Matrix{Homeserver: "https://example.org", Token: "xyzzy\r\nX: y", Room: "!a:b"},
		"matrix room that is an alias":    Matrix{Homeserver: "https://example.org", Token: "xyzzy", Room: "#a:b"},
		"homeserver that is no address":   Matrix{Homeserver: "example.org", Token: "xyzzy", Room: "!a:b"},
		"base of telegram is no address":  Telegram{Base: "ftp://x", Token: bot, Chat: "1"},
		"address without a host":          Webhook{URL: "https:///xyzzy", Secrets: []string{secret}},
		"webhook with an address of none": Webhook{Secrets: []string{secret}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.Render(ordinary(), at)
			if got := broadsheet.KindOf(err); err == nil || got != broadsheet.Invalid {
				t.Fatalf("error %v of kind %v, want Invalid", err, got)
			}
			if strings.Contains(err.Error(), "xyzzy") || strings.Contains(err.Error(), bot) {
				t.Errorf("the error repeats the secret: %v", err)
			}
		})
	}
}

func FuzzRender(f *testing.F) { // whatever a title is, the message keeps to its form
	f.Add("title", "https://example.org/", "name", 3)
	f.Add(" ", "http://0", "\x1e", 3)
	f.Add(strings.Repeat("a", 147)+" b c", "http://0", "", 1)
	f.Add(strings.Repeat("𝔘", 200), "http://0", "", 1)
	f.Add(hostile, "https://example.org/?q=<>\"|", hostile, 60)
	f.Fuzz(func(t *testing.T, text, address, name string, n int) {
		d := Digest{Key: text, Title: text, Preheader: name, URL: address}
		for range max(0, min(n, 120)) {
			d.Items = append(d.Items, Item{Title: text, URL: address, Authors: []string{name, text}, Summary: text + name, Reason: text, Code: address})
		}
		for form, c := range channels("https://example.org") {
			r, err := c.Render(d, at)
			if err != nil {
				t.Fatal(err)
			}
			checkForm(t, form, r.Body)
		}
	})
}
