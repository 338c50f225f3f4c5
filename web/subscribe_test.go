package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/internal/token"
)

// Nobody finds out by the answer who reads here.
func TestSameAnswerForAll(t *testing.T) {
	m := newMailroom(t)
	m.reader("active@example.org", "edition")
	m.pending("pending@example.org", "edition")
	for _, end := range []broadsheet.SubscriptionState{broadsheet.Unsubscribed, broadsheet.Bounced, broadsheet.Complained} {
		s := m.reader(string(end)+"@example.org", "edition")
		if err := m.db.Suppress(t.Context(), s.Reader.ID, end); err != nil {
			t.Fatal(err)
		}
	}
	for i := range broadsheet.MaxSubscriptions {
		m.reader("full@example.org", fmt.Sprintf("query:sheep %d", i))
	}
	want := m.post("/subscribe", wished("new@example.org")).want(200)
	for _, who := range []string{"new", "active", "pending", "unsubscribed", "bounced", "complained", "full"} {
		if p := m.post("/subscribe", wished(who+"@example.org")).want(200); p.body != want.body {
			t.Errorf("%s has another answer: %s", who, p.words("main"))
		}
	}
	if got := m.state(1); got != broadsheet.Active {
		t.Errorf("who has it is now %s", got)
	}
}

func TestSubscribeForm(t *testing.T) {
	for _, tt := range []struct {
		name    string
		change  url.Values
		status  int
		problem string
	}{
		{"as it is", nil, 200, ""},
		{"with a plus sign and a quoted part", url.Values{"address": {`"ada b"+papers@example.org`}}, 400, "address"},
		{"no address", url.Values{"address": {""}}, 400, "address"},
		{"an address with a line of its own", url.Values{"address": {"ada@example.org\r\nBcc: bo@example.org"}}, 400, "address"},
		{"two addresses", url.Values{"address": {"ada@example.org, bo@example.org"}}, 400, "address"},
		{"an address that is markup", url.Values{"address": {`"<script>alert(1)</script>"@example`}}, 400, "address"},
		{"no list", url.Values{"view": {"<script>alert(1)</script>"}}, 400, "no list of papers"},
		{"a time that is none", url.Values{"time": {"25:00"}}, 400, "no time of day"},
		{"a zone that is none", url.Values{"zone": {"../../etc/passwd"}}, 400, "not a time zone"},
		{"too many papers", url.Values{"size": {"100000"}}, 400, "1 to 50"},
		{"a rhythm that is none", url.Values{"rhythm": {"<b>"}}, 400, "no rhythm"},
		{"a form that is too large", url.Values{"address": {strings.Repeat("a", maxForm)}}, 400, "cannot be read"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMailroom(t)
			form := wished("ada@example.org")
			for name, values := range tt.change {
				form[name] = values
			}
			p := m.post("/subscribe", form).want(tt.status)
			if !strings.Contains(p.words("main"), tt.problem) || strings.Contains(p.body, "<script") {
				t.Errorf("the page says %q, want %q", p.words("main"), tt.problem)
			}
			list, err := m.db.Subscribers(t.Context(), 0, 10)
			if err != nil || len(list) != 0 != (tt.status == 200) {
				t.Errorf("%d subscriptions, %v", len(list), err)
			}
		})
	}
}

// Titles of views and addresses are words of strangers.
func TestHostileWords(t *testing.T) {
	m := newMailroom(t)
	view := "query:<script>alert(1)</script> \"q\" \u202egnp"
	s := m.reader("ada+x&y@example.org", view)
	for _, path := range []string{
		"/subscribe?" + url.Values{"view": {view}}.Encode(), m.link("/subscribe/", token.Confirm, m.pending("bo@example.org", view).ID),
		m.link("/unsubscribe/", token.Unsubscribe, s.ID), m.manage(s),
	} {
		p := get(t, m.h, path).want(200)
		if strings.Contains(p.body, "<script") || strings.Contains(p.body, "\u202e") {
			t.Errorf("%s has it as it is", path)
		}
		if !strings.Contains(p.words("main"), "alert(1)") {
			t.Errorf("%s does not show it: %s", path, p.words("main"))
		}
	}
}

// A browser says where a form comes from; that of another site is refused.
func TestFormsOfOtherSites(t *testing.T) {
	m := newMailroom(t)
	s := m.reader("ada@example.org", "edition")
	before := m.all()
	for _, tt := range []struct{ name, value string }{
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://elsewhere.example"}, {"Origin", "null"},
	} {
		for _, path := range []string{"/subscribe", m.link("/unsubscribe/", token.Unsubscribe, s.ID), m.manage(s)} {
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader("do=leave-all&"+wished("cy@example.org").Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(tt.name, tt.value)
			do(t, m.h, r).want(403)
		}
	}
	if m.all() != before {
		t.Error("something has changed")
	}
}

func TestAskLimit(t *testing.T) {
	m := newMailroom(t)
	ask := func(from string) int {
		r := httptest.NewRequest(http.MethodPost, "/subscribe", strings.NewReader(wished("ada@example.org").Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = from
		return do(t, m.h, r).code
	}
	for i := range askBurst {
		if got := ask(fmt.Sprintf("[2001:db8:1:1::%x]:1234", i)); got != 200 {
			t.Fatalf("question %d has %d", i, got)
		}
	}
	for from, want := range map[string]int{"[2001:db8:1:1::ffff]:1": 503, "[2001:db8:1:2::1]:1": 200, "192.0.2.7:1": 200} {
		if got := ask(from); got != want {
			t.Errorf("from %s: %d, want %d", from, got, want)
		}
	}
}

// A link must not stand in the log, where others read it.
func TestTokensStayOutOfTheLog(t *testing.T) {
	m := newMailroom(t)
	s := m.reader("ada@example.org", "edition")
	broken := &Server{Papers: m.db, Editions: m.db, Search: &fake{}, Desk: brokenDesk{m.office}, Tokens: m.tokens, Now: func() time.Time { return noon },
		Log: slog.New(slog.NewTextHandler(&m.log, nil))}
	path := m.manage(s)
	get(t, broken.Handler(), path).want(500)
	if logged := m.log.String(); !strings.Contains(logged, "request failed") || strings.Contains(logged, strings.TrimPrefix(path, "/subscriptions/")) {
		t.Errorf("logged: %s", logged)
	}
}

// A brokenDesk has lost its store.
type brokenDesk struct{ broadsheet.SubscriptionDesk }

func (brokenDesk) Of(context.Context, int64) ([]broadsheet.Subscription, error) {
	return nil, errors.New("the disk is gone")
}

func TestChangeSubscription(t *testing.T) {
	for _, tt := range []struct {
		name   string
		form   url.Values
		status int
		state  broadsheet.SubscriptionState
		size   int
	}{
		{"pause", url.Values{"do": {"pause"}}, 303, broadsheet.Paused, 10},
		{"pause till a day", url.Values{"do": {"pause"}, "until": {"2025-04-01"}}, 303, broadsheet.Paused, 10},
		{"pause till what is no day", url.Values{"do": {"pause"}, "until": {"2025-02-30"}}, 400, broadsheet.Active, 10},
		{"leave", url.Values{"do": {"leave"}}, 303, broadsheet.Unsubscribed, 10},
		{"leave all", url.Values{"do": {"leave-all"}, "id": {"0"}}, 303, broadsheet.Unsubscribed, 10},
		{"resume what runs", url.Values{"do": {"resume"}}, 303, broadsheet.Active, 10},
		{"change", url.Values{"do": {"change"}, "rhythm": {"weekly"}, "time": {"08:30"}, "zone": {"UTC"}, "size": {"5"}, "lang": {"de"}}, 303, broadsheet.Active, 5},
		{"change to what cannot be", url.Values{"do": {"change"}, "rhythm": {"weekly"}, "time": {"08:30"}, "zone": {"UTC"}, "size": {"0"}}, 400, broadsheet.Active, 10},
		{"nothing that there is", url.Values{"do": {"delete"}}, 400, broadsheet.Active, 10},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMailroom(t)
			s, other := m.reader("ada@example.org", "edition"), m.reader("bo@example.org", "edition")
			if !tt.form.Has("id") {
				tt.form.Set("id", fmt.Sprint(s.ID))
			}
			m.post(m.manage(s), tt.form).want(tt.status)
			got, err := m.db.Subscription(t.Context(), s.ID)
			if err != nil || got.State != tt.state || got.Size != tt.size {
				t.Errorf("it is %s with %d papers (%v), want %s with %d", got.State, got.Size, err, tt.state, tt.size)
			}
			// With the link of another, the same form reaches nothing.
			m.post(m.manage(other), tt.form)
			if again, _ := m.db.Subscription(t.Context(), s.ID); again.State != got.State || again.Size != got.Size {
				t.Errorf("another reader has made it %s with %d papers", again.State, again.Size)
			}
		})
	}
}

func TestPauseAndResume(t *testing.T) {
	m := newMailroom(t)
	s := m.reader("ada@example.org", "edition")
	do := func(what string) { m.post(m.manage(s), url.Values{"id": {fmt.Sprint(s.ID)}, "do": {what}}).want(303) }
	for _, tt := range []struct {
		do   string
		want broadsheet.SubscriptionState
	}{{"pause", broadsheet.Paused}, {"leave", broadsheet.Unsubscribed}, {"pause", broadsheet.Unsubscribed}, {"resume", broadsheet.Active}} {
		if do(tt.do); m.state(s.ID) != tt.want {
			t.Fatalf("after %s it is %s, want %s", tt.do, m.state(s.ID), tt.want)
		}
	}
}

// What came back or was unwanted is not brought back by leaving and returning.
func TestStoppedStaysStopped(t *testing.T) {
	for _, why := range []broadsheet.SubscriptionState{broadsheet.Bounced, broadsheet.Complained} {
		m := newMailroom(t)
		s := m.reader("ada@example.org", "edition")
		if err := m.db.Suppress(t.Context(), s.Reader.ID, why); err != nil {
			t.Fatal(err)
		}
		for _, what := range []string{"leave-all", "resume", "pause"} {
			m.post(m.manage(s), url.Values{"id": {fmt.Sprint(s.ID)}, "do": {what}}).want(303)
		}
		if got := m.state(s.ID); got != why {
			t.Errorf("%s has become %s", why, got)
		}
		if links := strings.Join(get(t, m.h, m.manage(s)).attrs("section.wish a", "href"), " "); !strings.Contains(links, "/subscribe?view=edition") {
			t.Errorf("it cannot be asked for again: %s", links)
		}
	}
}

// Lists say where they can be had by mail, if anything is sent from here.
func TestByMailLinks(t *testing.T) {
	f := papers(3, "2025-03-11")
	with := server(f)
	m := newMailroom(t)
	with.Desk, with.Tokens = m.office, m.tokens
	for _, tt := range []struct{ path, view string }{
		{"/", "edition"}, {"/papers/week/2025-W11", "edition"}, {"/papers?q=sheep", "query:sheep"}, {"/papers?q=sheep&cat=cs.LG", "query:sheep cat:cs.LG"},
		{"/papers?q=author%3A%22Ada+Sample%22", "author:Ada Sample"},
	} {
		want := "/subscribe?" + url.Values{"view": {tt.view}}.Encode()
		if got := get(t, with.Handler(), tt.path).want(200).attrs("main a", "href"); !slices.Contains(got, want) {
			t.Errorf("%s leads to %q, want %s", tt.path, got, want)
		}
		if got := get(t, server(f).Handler(), tt.path).want(200).attrs("main a", "href"); slices.Contains(got, want) {
			t.Errorf("%s leads to %q where nothing is sent", tt.path, got)
		}
	}
}
