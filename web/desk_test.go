package web

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/delivery"
	"broadsheet/internal/token"
	"broadsheet/sqlite"
)

// A mailroom is the pages over the real store and the real office.
type mailroom struct {
	t      *testing.T
	h      http.Handler
	db     *sqlite.DB
	office *delivery.Office
	tokens *token.Maker
	log    bytes.Buffer
}

func newMailroom(t *testing.T) *mailroom {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "broadsheet.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	tokens, err := token.New([]byte("a secret of tests"))
	if err != nil {
		t.Fatal(err)
	}
	m := &mailroom{t: t, db: db, tokens: tokens}
	now := func() time.Time { return noon }
	m.office = &delivery.Office{Subscriptions: db, Outbox: db, Now: now, Latest: func(at time.Time) broadsheet.Date { return broadsheet.DateOf(at) }}
	m.h = (&Server{Papers: db, Editions: db, Search: &fake{}, Topics: db, Desk: m.office, Tokens: tokens, Now: now,
		BaseURL: "https://papers.example.org", Log: slog.New(slog.NewTextHandler(&m.log, nil))}).Handler()
	return m
}

// reader makes a confirmed subscription of an address to a view.
func (m *mailroom) reader(address, view string) broadsheet.Subscription {
	m.t.Helper()
	s := m.pending(address, view)
	s, err := m.office.Confirm(m.t.Context(), s.ID)
	if err != nil {
		m.t.Fatal(err)
	}
	return s
}

// pending makes one that is not confirmed.
func (m *mailroom) pending(address, view string) broadsheet.Subscription {
	m.t.Helper()
	r, err := delivery.Mailbox(address)
	if err != nil {
		m.t.Fatal(err)
	}
	v, err := broadsheet.ParseView(view)
	if err != nil {
		m.t.Fatal(err)
	}
	s := broadsheet.NewSubscription(r, v)
	s.Created = noon
	s, _, err = m.db.Subscribe(m.t.Context(), s)
	if err != nil {
		m.t.Fatal(err)
	}
	return s
}

func (m *mailroom) link(path string, p token.Purpose, id int64) string {
	return path + m.tokens.Make(p, id, time.Time{})
}

func (m *mailroom) manage(s broadsheet.Subscription) string {
	return m.link("/subscriptions/", token.Manage, s.Reader.ID)
}

// state returns how a subscription stands now.
func (m *mailroom) state(id int64) broadsheet.SubscriptionState {
	m.t.Helper()
	s, err := m.db.Subscription(m.t.Context(), id)
	if err != nil {
		m.t.Fatal(err)
	}
	return s.State
}

// all returns everything that the store holds of subscriptions, as text.
func (m *mailroom) all() string {
	m.t.Helper()
	subs, err := m.db.Subscribers(m.t.Context(), 0, 1000)
	if err != nil {
		m.t.Fatal(err)
	}
	outbox, err := m.db.Deliveries(m.t.Context(), broadsheet.Waiting, 1000)
	if err != nil {
		m.t.Fatal(err)
	}
	text, err := json.Marshal([]any{subs, outbox})
	if err != nil {
		m.t.Fatal(err)
	}
	return string(text)
}

// post sends a form without cookies, as a mail provider or a plain browser does.
func (m *mailroom) post(path string, form url.Values) *page {
	m.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(m.t, m.h, r)
}

// wished is a form as the page sends it.
func wished(address string) url.Values {
	return url.Values{"address": {address}, "view": {"edition"}, "rhythm": {"daily"}, "time": {"07:00"}, "zone": {"Europe/Berlin"}, "size": {"10"}, "lang": {"en"}}
}

// Scanners of mail follow every link, some with HEAD: none of it may do anything.
func TestGETsChangeNothing(t *testing.T) {
	m := newMailroom(t)
	waiting, active := m.pending("ada@example.org", "edition"), m.reader("bo@example.org", "query:sheep")
	before := m.all()
	for _, path := range []string{
		m.link("/subscribe/", token.Confirm, waiting.ID), m.link("/subscribe/", token.Confirm, active.ID),
		m.link("/unsubscribe/", token.Unsubscribe, active.ID), m.link("/unsubscribe/", token.Unsubscribe, waiting.ID),
		m.manage(active), m.manage(active) + "?do=leave-all&id=2", "/subscribe", "/subscribe?" + wished("cy@example.org").Encode(),
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			do(t, m.h, httptest.NewRequest(method, path, nil)).want(200)
		}
	}
	if after := m.all(); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

// RFC 8058: one POST without cookies, as a form of either kind, ends it at once.
func TestOneClick(t *testing.T) {
	var parts bytes.Buffer
	form := multipart.NewWriter(&parts)
	form.WriteField("List-Unsubscribe", "One-Click")
	form.Close()
	for _, tt := range []struct{ name, kind, body string }{
		{"a form", "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"},
		{"a form in parts", form.FormDataContentType(), parts.String()},
		{"the button", "application/x-www-form-urlencoded", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMailroom(t)
			s, other := m.reader("ada@example.org", "edition"), m.reader("ada@example.org", "query:sheep")
			path := m.link("/unsubscribe/", token.Unsubscribe, s.ID)
			for range 2 { // the second time it is so already
				r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(tt.body))
				r.Header.Set("Content-Type", tt.kind)
				p := do(t, m.h, r).want(200)
				if got := p.words("h2"); got != "You have left" {
					t.Errorf("the page says %q", got)
				}
			}
			if m.state(s.ID) != broadsheet.Unsubscribed || m.state(other.ID) != broadsheet.Active {
				t.Errorf("it is %s, and another one %s", m.state(s.ID), m.state(other.ID))
			}
		})
	}
}

// A message that was leased before its reader left is not handed over.
func TestOneClickStopsWhatIsLeased(t *testing.T) {
	m := newMailroom(t)
	s := m.reader("ada@example.org", "edition")
	_, err := m.db.PutPlanned(t.Context(), []broadsheet.Planned{{Subscription: s.ID, Due: s.Next, Next: s.Next.Add(time.Hour),
		Digest: &broadsheet.Digest{Subscription: s.ID, Slot: s.Next}}}, noon)
	if err != nil {
		t.Fatal(err)
	}
	list, err := m.db.LeaseDeliveries(t.Context(), "test", noon, noon.Add(time.Hour), 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("leased %d, %v", len(list), err)
	}
	wanted := func() bool {
		ok, err := m.db.Wanted(t.Context(), list[0].ID, "test")
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	if !wanted() {
		t.Error("it is not wanted before")
	}
	m.post(m.link("/unsubscribe/", token.Unsubscribe, s.ID), url.Values{"List-Unsubscribe": {"One-Click"}}).want(200)
	if wanted() {
		t.Error("it is wanted still")
	}
}

func TestTokens(t *testing.T) {
	m := newMailroom(t)
	s := m.pending("ada@example.org", "edition")
	late := m.tokens.Make(token.Confirm, s.ID, noon.Add(-time.Second))
	good := m.tokens.Make(token.Unsubscribe, s.ID, time.Time{})
	before, missing := m.all(), ""
	for _, tt := range []struct{ name, path string }{
		{"one that is cut short", "/unsubscribe/" + good[:len(good)-1]},
		{"one that is too long", "/unsubscribe/" + good + good},
		{"one in capitals", "/unsubscribe/" + strings.ToUpper(good)},
		{"a number", "/unsubscribe/1"},
		{"one to leave, at the confirmation", "/subscribe/" + good},
		{"one to leave, at the list", "/subscriptions/" + good},
		{"one to confirm, at leaving", m.link("/unsubscribe/", token.Confirm, s.ID)},
		{"one to confirm, at the list", m.link("/subscriptions/", token.Confirm, s.ID)},
		{"one of bounces, at the list", m.link("/subscriptions/", token.Bounce, s.Reader.ID)},
		{"one of the list, at leaving", m.link("/unsubscribe/", token.Manage, s.Reader.ID)},
		{"one that has run out", "/subscribe/" + late},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			t.Run(tt.name+" by "+method, func(t *testing.T) {
				p := do(t, m.h, httptest.NewRequest(method, tt.path, nil)).want(404)
				if missing == "" {
					missing = p.body
				}
				if p.body != missing {
					t.Errorf("the page tells which it is: %s", p.words("main"))
				}
			})
		}
	}
	if m.all() != before {
		t.Error("something has changed")
	}
}

// What a private page is must not get out: by the Referer, a cache or a search engine.
func TestPrivatePages(t *testing.T) {
	m := newMailroom(t)
	s := m.reader("ada@example.org", "edition")
	for _, path := range []string{
		m.link("/subscribe/", token.Confirm, s.ID), m.link("/unsubscribe/", token.Unsubscribe, s.ID), m.manage(s), "/unsubscribe/broken",
	} {
		p := get(t, m.h, path)
		for name, want := range map[string]string{"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"} {
			if got := p.head.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if robots := p.attrs("meta", "content"); !strings.Contains(strings.Join(robots, " "), "noindex") {
			t.Errorf("%s may be indexed: %q", path, robots)
		}
		for _, name := range []string{"href", "src", "action"} {
			for _, to := range append(p.attrs("body", name), append(p.attrs("body a", name), p.attrs("body form", name)...)...) {
				if !strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "#") || strings.HasPrefix(to, "//") {
					t.Errorf("%s leads to %s", path, to)
				}
			}
		}
		if p.head.Get("Set-Cookie") != "" {
			t.Errorf("%s sets a cookie", path)
		}
	}
}
