package channel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// sendTo sends a Telegram message, whose address holds its token, to a server.
func sendTo(t *testing.T, base string, o SenderOptions) error {
	t.Helper()
	r, err := Telegram{Base: base, Token: bot, Chat: "1"}.Render(ordinary(), at)
	if err != nil {
		t.Fatal(err)
	}
	o.Now = func() time.Time { return at }
	err = NewSender(o).Send(t.Context(), r)
	if err != nil && (strings.Contains(err.Error(), bot) || strings.Contains(fmt.Sprintf("%+v %#v", err, err), bot)) {
		t.Errorf("the error shows the token: %v", err)
	}
	return err
}

func TestSendClassifiesAnswers(t *testing.T) {
	for _, tt := range []struct {
		name   string
		status int
		header string // Retry-After
		body   string
		want   *Error
	}{
		{"taken", 200, "", "ok", nil},
		{"taken without a word", 204, "", "", nil},
		{"form refused", 400, "9", `{"description":"chat not found"}`, &Error{Status: 400, Detail: `{"description":"chat not found"}`}},
		{"receiver is gone", 410, "", "", &Error{Status: 410}},
		{"too many, wait in the header", 429, "7", "", &Error{Status: 429, Temporary: true, RetryAfter: 7 * time.Second}},
		{"too many, wait until", 429, "Sat, 28 Nov 2026 07:01:00 GMT", "", &Error{Status: 429, Temporary: true, RetryAfter: time.Minute}},
		{"too many, wait until before now", 429, "Sat, 28 Nov 2025 07:01:00 GMT", "", &Error{Status: 429, Temporary: true}},
		{"too many, as Discord says it", 429, "", `{"retry_after":1.5}`, &Error{Status: 429, Temporary: true, RetryAfter: 1500 * time.Millisecond, Detail: `{"retry_after":1.5}`}},
		{"too many, as Telegram says it", 429, "", `{"parameters":{"retry_after":3}}`, &Error{Status: 429, Temporary: true, RetryAfter: 3 * time.Second, Detail: `{"parameters":{"retry_after":3}}`}},
		{"too many, as Matrix says it", 429, "", `{"retry_after_ms":250}`, &Error{Status: 429, Temporary: true, RetryAfter: 250 * time.Millisecond, Detail: `{"retry_after_ms":250}`}},
		{"waits are bounded", 503, "1e300", "", &Error{Status: 503, Temporary: true, RetryAfter: 24 * time.Hour}},
		{"waits that are none", 503, "-5", "", &Error{Status: 503, Temporary: true}},
		{"broken for now", 502, "", "", &Error{Status: 502, Temporary: true}},
		{"never able to", 501, "", "", &Error{Status: 501}},
		{"the token is repeated", 404, "", "no /bot" + bot + "/sendMessage\x1b[2J", &Error{Status: 404, Detail: "no [secret] [2J"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if tt.header != "" {
					w.Header().Set("Retry-After", tt.header)
				}
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.body)
			}))
			defer s.Close()
			err := sendTo(t, s.URL, SenderOptions{Internal: true})
			var got *Error
			if err != nil && !errors.As(err, &got) {
				t.Fatalf("%T: %v", err, err)
			}
			if tt.want != nil {
				tt.want.Host = strings.TrimPrefix(s.URL, "http://")
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestErrorsDoNotRepeatPartsOfTheAddress(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(404)
		io.WriteString(w, "no "+r.URL.Path+", and no token "+r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:])
	}))
	defer s.Close()
	r, err := Slack{URL: s.URL + "/services/T0/B0/Xq8lkT3vZp0aWm2n"}.Render(ordinary(), at)
	if err != nil {
		t.Fatal(err)
	}
	err = NewSender(SenderOptions{Internal: true}).Send(t.Context(), r)
	if err == nil || strings.Contains(err.Error(), "Xq8lkT3vZp0aWm2n") {
		t.Errorf("error is %v", err)
	}
}

func TestSendFollowsNoRedirect(t *testing.T) {
	reached := false
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/inside" {
			reached = true
		}
		http.Redirect(w, r, "/inside", http.StatusTemporaryRedirect)
	}))
	defer s.Close()
	var got *Error
	if err := sendTo(t, s.URL, SenderOptions{Internal: true}); !errors.As(err, &got) || got.Status != 307 || got.Temporary {
		t.Errorf("error is %v, want a permanent one with status 307", err)
	}
	if reached {
		t.Error("the redirect was followed")
	}
}

func TestSendRefusesAddressesInside(t *testing.T) {
	reached := false
	s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer s.Close()
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(s.URL, "https://"))
	for _, base := range []string{
		s.URL,
		"https://localhost:" + port, // a name, which is looked up first
		"https://[::ffff:127.0.0.1]:" + port,
		"https://0.0.0.0:" + port,
		"https://10.0.0.1:" + port,
		"https://169.254.169.254",
		"https://[fe80::1]",
	} {
		var got *Error
		err := sendTo(t, base, SenderOptions{})
		if !errors.As(err, &got) || got.Temporary || !strings.Contains(got.Detail, "private network") {
			t.Errorf("%s: error is %v, want a permanent refusal", base, err)
		}
	}
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer plain.Close()
	var got *Error
	if err := sendTo(t, plain.URL, SenderOptions{}); !errors.As(err, &got) || !strings.Contains(got.Detail, "https") {
		t.Errorf("plain http: error is %v", err)
	}
	if reached {
		t.Error("a server was reached")
	}
}

func TestPublicAddresses(t *testing.T) {
	for _, tt := range []struct {
		address string
		want    bool
	}{
		{"8.8.8.8", true}, {"1.1.1.1", true}, {"2606:4700::1111", true}, {"::ffff:8.8.8.8", true},
		{"127.0.0.1", false}, {"127.9.9.9", false}, {"::1", false}, {"::ffff:10.1.2.3", false}, {"::127.0.0.1", false},
		{"10.0.0.1", false}, {"172.16.0.1", false}, {"172.31.255.255", false}, {"192.168.1.1", false}, {"fd00::1", false},
		{"169.254.169.254", false}, {"fe80::1%eth0", false}, {"224.0.0.1", false}, {"ff02::1", false},
		{"0.0.0.0", false}, {"0.1.2.3", false}, {"::", false}, {"255.255.255.255", false}, {"240.0.0.1", false},
		{"100.64.0.1", false}, {"100.100.100.200", false}, {"198.18.0.1", false}, {"192.0.2.1", false},
		{"64:ff9b::7f00:1", false}, {"2002:7f00:1::", false}, {"2001:0:1::", false}, {"2001:db8::1", false}, {"fec0::1", false},
		{"172.32.0.1", true}, {"100.128.0.1", true}, {"169.255.0.1", true},
	} {
		if got := public(netip.MustParseAddr(tt.address)); got != tt.want {
			t.Errorf("public(%s) is %v, want %v", tt.address, got, tt.want)
		}
	}
}

func TestSendGivesUpOnSilence(t *testing.T) {
	hold := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hold }))
	defer s.Close()
	defer close(hold)
	var got *Error
	if err := sendTo(t, s.URL, SenderOptions{Internal: true, Timeout: 50 * time.Millisecond}); !errors.As(err, &got) || !got.Temporary || got.Status != 0 {
		t.Errorf("error is %v, want a temporary one", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, _ := Slack{URL: s.URL}.Render(ordinary(), at)
	if err := NewSender(SenderOptions{Internal: true}).Send(ctx, r); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want that it was cancelled", err)
	}
}

func TestSendReadsLittleOfAnEndlessAnswer(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(400)
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat("x", 1<<16)); err != nil {
				return
			}
		}
	}))
	defer s.Close()
	var got *Error
	if err := sendTo(t, s.URL, SenderOptions{Internal: true}); !errors.As(err, &got) || got.Status != 400 || len(got.Detail) > 2*maxDetail {
		t.Errorf("error is %v", err)
	}
}

func TestNobodyThereIsTemporary(t *testing.T) {
	s := httptest.NewServer(nil)
	s.Close()
	var got *Error
	if err := sendTo(t, s.URL, SenderOptions{Internal: true}); !errors.As(err, &got) || !got.Temporary {
		t.Errorf("error is %v, want a temporary one", err)
	}
}
