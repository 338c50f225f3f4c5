package delivery

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/channel"
	"broadsheet/sqlite"
)

// A receiver is a server that people talk on: it remembers what it took, and answers
// as a test asks.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	answer func(w http.ResponseWriter)
	got    []*http.Request
	bodies [][]byte
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{answer: func(http.ResponseWriter) {}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got, r.bodies = append(r.got, req), append(r.bodies, body)
		r.answer(w)
	}))
	t.Cleanup(r.Close)
	return r
}

const secretWord = "T0PSECRETTOKEN0123456789"

// targets are readers on all channels, all at one receiver.
func targets(url string) map[broadsheet.Channel]string {
	key := "whsec_" + base64.StdEncoding.EncodeToString([]byte(secretWord+secretWord))
	return map[broadsheet.Channel]string{
		broadsheet.ByWebhook:  "webhook:" + url + "/hook " + key,
		broadsheet.BySlack:    "slack:" + url + "/services/T/B/" + secretWord,
		broadsheet.ByDiscord:  "discord:" + url + "/api/webhooks/1/" + secretWord,
		broadsheet.ByTelegram: "telegram:123456:" + secretWord + " @papers",
		broadsheet.ByMatrix:   "matrix:" + url + " " + secretWord + " !abc:example.org",
	}
}

// talking returns a store with a digest waiting for one reader on a channel, what
// sends it, and what was logged.
func talking(t *testing.T, to, url string, now *time.Time) (*sqlite.DB, *Sender, int64, *bytes.Buffer) {
	t.Helper()
	store := openStore(t)
	putDay(t, store, "2026-03-03", 3)
	reader, err := ParseReader(to)
	if err != nil {
		t.Fatal(err)
	}
	o := &Office{Subscriptions: store, Outbox: store, Latest: func(time.Time) broadsheet.Date { return "2026-03-02" }, Now: func() time.Time { return *now }}
	s, err := o.Add(t.Context(), broadsheet.NewSubscription(reader, broadsheet.View{Kind: broadsheet.ViewEdition}))
	if err != nil || s.State != broadsheet.Active {
		t.Fatalf("%s, %v", s.State, err)
	}
	*now = s.Next
	p := newPlanner(store)
	p.Latest = func(time.Time) broadsheet.Date { return "2026-03-03" }
	if n, err := p.Plan(t.Context(), *now); err != nil || n != 1 {
		t.Fatalf("planned %d, %v", n, err)
	}
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	clock := func() time.Time { return *now }
	talk := &Talk{Sender: channel.NewSender(channel.SenderOptions{Internal: true, Now: clock}), Papers: store, Subscriptions: store,
		BaseURL: "https://papers.example.org", Telegram: url, Now: clock, Log: logger}
	return store, &Sender{Outbox: store, Carriers: Carriers(nil, talk), Holder: "test", Now: clock, Log: logger}, s.ID, &log
}

// Each channel takes the digest in its own form.
func TestTalk(t *testing.T) {
	for kind, want := range map[broadsheet.Channel]struct{ method, path, key string }{
		broadsheet.ByWebhook:  {"POST", "/hook", "data"},
		broadsheet.BySlack:    {"POST", "/services/T/B/" + secretWord, "blocks"},
		broadsheet.ByDiscord:  {"POST", "/api/webhooks/1/" + secretWord, "embeds"},
		broadsheet.ByTelegram: {"POST", "/bot123456:" + secretWord + "/sendMessage", "text"},
		broadsheet.ByMatrix:   {"PUT", "/_matrix/client/v3/rooms/!abc:example.org/send/m.room.message/", "formatted_body"},
	} {
		t.Run(string(kind), func(t *testing.T) {
			r := newReceiver(t)
			now := start
			_, s, _, log := talking(t, targets(r.URL)[kind], r.URL, &now)
			if n := drain(t, s); n != 1 || len(r.got) != 1 {
				t.Fatalf("%d delivered, %d received: %s", n, len(r.got), log)
			}
			if got := r.got[0]; got.Method != want.method || !strings.HasPrefix(got.URL.Path, want.path) {
				t.Errorf("%s %s, want %s %s", got.Method, got.URL.Path, want.method, want.path)
			}
			var body map[string]any
			if err := json.Unmarshal(r.bodies[0], &body); err != nil || body[want.key] == nil {
				t.Errorf("no %s in %s, %v", want.key, r.bodies[0], err)
			}
			if !bytes.Contains(r.bodies[0], []byte("A study of subject number 1.")) {
				t.Errorf("the paper is not in %s", r.bodies[0])
			}
			if kind == broadsheet.ByWebhook && !signed(r.got[0].Header, r.bodies[0]) {
				t.Errorf("the signature is %q", r.got[0].Header.Get("webhook-signature"))
			}
		})
	}
}

// signed checks a signature as the Standard Webhooks specification tells receivers to.
func signed(h http.Header, body []byte) bool {
	mac := hmac.New(sha256.New, []byte(secretWord+secretWord))
	mac.Write([]byte(h.Get("webhook-id") + "." + h.Get("webhook-timestamp") + "."))
	mac.Write(body)
	return h.Get("webhook-signature") == "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// What a receiver answers decides what becomes of the message and of the reader, and
// no secret gets into the log or the outbox, even where the answer repeats it.
func TestTalkOutcomes(t *testing.T) {
	for _, tt := range []struct {
		name   string
		kind   broadsheet.Channel
		status int
		state  broadsheet.DeliveryState
		after  time.Duration // at least
		reader broadsheet.SubscriptionState
	}{
		{"busy for an hour", broadsheet.BySlack, 429, broadsheet.Waiting, time.Hour, broadsheet.Active},
		{"broken today", broadsheet.ByWebhook, 502, broadsheet.Waiting, time.Minute / 2, broadsheet.Active},
		{"a form that it does not take", broadsheet.ByDiscord, 400, broadsheet.Dead, 0, broadsheet.Active},
		{"a webhook that is gone", broadsheet.ByWebhook, 410, broadsheet.Dead, 0, broadsheet.Bounced},
		{"a webhook that was removed", broadsheet.ByDiscord, 404, broadsheet.Dead, 0, broadsheet.Bounced},
		{"a bot that was thrown out", broadsheet.ByTelegram, 403, broadsheet.Dead, 0, broadsheet.Bounced},
		{"a room that is not found", broadsheet.ByMatrix, 404, broadsheet.Dead, 0, broadsheet.Active},
		{"a redirect", broadsheet.ByWebhook, 302, broadsheet.Dead, 0, broadsheet.Active},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newReceiver(t)
			r.answer = func(w http.ResponseWriter) {
				if tt.status == 429 {
					w.Header().Set("Retry-After", "3600")
				}
				w.WriteHeader(tt.status)
				io.WriteString(w, "no: "+targets("")[tt.kind])
			}
			now := start
			store, s, id, log := talking(t, targets(r.URL)[tt.kind], r.URL, &now)
			drain(t, s)
			list, err := store.Deliveries(t.Context(), tt.state, 10)
			if err != nil || len(list) != 1 {
				t.Fatalf("%d are %s, %v", len(list), tt.state, err)
			}
			d := list[0]
			if wait := d.Next.Sub(now); tt.after > 0 && wait < tt.after {
				t.Errorf("it waits %v, want %v", wait, tt.after)
			}
			if d.Subscription.State != tt.reader {
				t.Errorf("subscription %d is %s, want %s", id, d.Subscription.State, tt.reader)
			}
			secret := secretWord
			if tt.kind == broadsheet.ByWebhook {
				secret = base64.StdEncoding.EncodeToString([]byte(secretWord + secretWord))
			}
			if d.Error == "" || strings.Contains(d.Error+log.String(), secret) {
				t.Errorf("noted: %s\nlogged: %s", d.Error, log)
			}
		})
	}
}

func TestParseReader(t *testing.T) {
	for _, tt := range []struct{ text, public string }{ // "": refused
		{"Ada <Ada@Example.org>", "Ada@example.org"},
		{"mail:ada@example.org", "ada@example.org"},
		{"slack:https://hooks.example.org/services/" + secretWord, "slack:hooks.example.org "},
		{"webhook:https://example.org/" + secretWord, "webhook:example.org "},
		{"telegram:1:" + secretWord + " -100123", "telegram:-100123 "},
		{"matrix:https://m.example.org " + secretWord + " !a:example.org", "matrix:!a:example.org "},
		{"slack:", ""}, {"slack:ftp://" + secretWord, ""}, {"discord:https://ada:" + secretWord + "@example.org/", ""},
		{"telegram:" + secretWord, ""}, {"webhook:https://example.org/ whsec_" + secretWord, ""}, {"fax:" + secretWord, ""}, {"", ""},
	} {
		r, err := ParseReader(tt.text)
		if tt.public == "" {
			if broadsheet.KindOf(err) != broadsheet.Invalid || err == nil {
				t.Errorf("%q: %+v, %v", tt.text, r, err)
			}
			if !strings.HasPrefix(tt.text, "fax") && err != nil && strings.Contains(err.Error(), secretWord) {
				t.Errorf("the error repeats it: %v", err)
			}
			continue
		}
		if got := Public(r); err != nil || !strings.HasPrefix(got, tt.public) || strings.Contains(got, secretWord) {
			t.Errorf("%q is shown as %q, %v; want %q", tt.text, got, err, tt.public)
		}
		if again, _ := ParseReader(tt.text); r.Channel != broadsheet.ByWebhook && again.Key != r.Key {
			t.Errorf("%q is %q, then %q", tt.text, r.Key, again.Key)
		}
	}
}

func FuzzParseReader(f *testing.F) {
	for _, s := range targets("https://example.org") {
		f.Add(s)
	}
	f.Add("ada@example.org")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseReader(text)
		if err != nil {
			return
		}
		if r.Channel == "" || r.Key == "" || r.Address == "" {
			t.Errorf("%q is %+v", text, r)
		}
		if r.Channel != broadsheet.ByMail {
			if _, err := channelOf(&r, ""); err != nil {
				t.Errorf("%q is taken and then not: %v", text, err)
			}
		}
	})
}
