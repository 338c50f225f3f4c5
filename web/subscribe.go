package web

import (
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"broadsheet"
)

// subscribeView is the page on which somebody asks for a digest.
type subscribeView struct {
	head
	What     string // the list that is subscribed to
	View     string // as broadsheet.ParseView reads it
	Problem  string // what is wrong with what was sent
	Address  string
	Settings settings
}

// settings are what a reader may choose, as a form shows it.
type settings struct {
	Rhythms, Languages []choice
	Clock, Zone        string
	Size, MaxSize      int
}

type choice struct {
	Value, Text string
	Chosen      bool
}

// rhythms and languages are in the order in which a form offers them.
var (
	rhythms   = [][2]string{{"daily", "every workday"}, {"weekly", "on Mondays"}, {"monthly", "on the first of a month"}, {"at-once", "soon after a paper is there"}}
	languages = [][2]string{{"en", "English"}, {"de", "Deutsch"}, {"fr", "Français"}, {"es", "Español"}, {"ja", "日本語"}, {"zh", "中文"}}
)

func choices(list [][2]string, chosen string) []choice {
	out := make([]choice, len(list))
	for i, c := range list {
		out[i] = choice{c[0], c[1], c[0] == chosen}
	}
	return out
}

func settingsOf(s *broadsheet.Subscription) settings {
	return settings{choices(rhythms, string(s.Rhythm)), choices(languages, s.Lang), s.Clock(), s.Zone, s.Size, broadsheet.MaxDigestSize}
}

// showSubscribe serves GET /subscribe.
func (s *site) showSubscribe(w http.ResponseWriter, r *http.Request) error {
	sub, err := s.wish(r.URL.Query().Get("view"))
	if err != nil {
		return err
	}
	return s.subscribeForm(w, r, &subscribeView{}, sub)
}

// wish returns a subscription to a view with what most want here.
func (s *site) wish(view string) (*broadsheet.Subscription, error) {
	if s.Desk == nil {
		return nil, broadsheet.Errorf(broadsheet.NotFound, "Nothing is sent by mail from here.")
	}
	if view == "" {
		view = string(broadsheet.ViewEdition)
	}
	v, err := broadsheet.ParseView(view)
	if err != nil {
		return nil, err
	}
	sub := broadsheet.NewSubscription(broadsheet.Reader{Channel: broadsheet.ByMail}, v)
	sub.Zone = s.Location.String()
	return &sub, nil
}

func (s *site) subscribeForm(w http.ResponseWriter, r *http.Request, v *subscribeView, sub *broadsheet.Subscription) error {
	v.head = s.head("Subscribe", "/subscribe")
	v.Here, v.What, v.View, v.Settings = "subscribe", sub.View.Title(), sub.View.String(), settingsOf(sub)
	status := http.StatusOK
	if v.Problem != "" {
		status = http.StatusBadRequest
	}
	a, err := s.render("subscribe", status, v)
	if err != nil {
		return err
	}
	return a.Send(w, r)
}

// maxForm bounds what a form of ours sends, in bytes.
const maxForm = 16 << 10

// subscribe serves POST /subscribe. Its answer is the same whether the address was
// known or not, so that nobody finds out by it who reads here.
func (s *site) subscribe(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(w, r); err != nil {
		return err
	}
	sub, err := s.wish(r.PostFormValue("view"))
	if err != nil {
		return err
	}
	if !s.asks.allow(r, s.Now()) {
		return broadsheet.Errorf(broadsheet.Unavailable, "Too many have asked from your address: try again in a minute.")
	}
	address := strings.TrimSpace(r.PostFormValue("address"))
	err = choose(sub, r)
	if err == nil {
		err = s.Desk.Ask(r.Context(), address, *sub)
	}
	if err != nil && broadsheet.KindOf(err) == broadsheet.Invalid {
		return s.subscribeForm(w, r, &subscribeView{Problem: broadsheet.TextFor(err), Address: address}, sub)
	}
	if err != nil {
		return err
	}
	return s.say(w, r, notice{Heading: "Look into your mail", Text: "If this address may receive mail from here, a message is on its way. Press the button in it within three days, and the first digest follows.",
		Next: link{Text: "Back to the papers", URL: sub.View.Path()}})
}

func parseForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	// Both are asked for: ParseMultipartForm keeps to itself what is wrong with a
	// form that is not multipart.
	err := r.ParseForm()
	if more := r.ParseMultipartForm(maxForm); err == nil && more != http.ErrNotMultipart {
		err = more
	}
	if err != nil {
		return &broadsheet.Error{Kind: broadsheet.Invalid, Text: "The form cannot be read: send it again.", Err: err}
	}
	return nil
}

// choose takes over what a form says of a subscription.
func choose(sub *broadsheet.Subscription, r *http.Request) (err error) {
	if sub.Minute, err = broadsheet.ParseMinute(r.PostFormValue("time")); err != nil {
		return err
	}
	if sub.Size, err = strconv.Atoi(r.PostFormValue("size")); err != nil {
		sub.Size = 0 // which Validate explains
	}
	sub.Rhythm, sub.Zone, sub.Lang = broadsheet.Rhythm(r.PostFormValue("rhythm")), strings.TrimSpace(r.PostFormValue("zone")), r.PostFormValue("lang")
	return sub.Validate()
}

// An askLimit bounds how many questions one client may have us send: each is a mail
// to somebody who may not have asked.
type askLimit struct {
	mu      sync.Mutex
	clients map[string]*rate.Limiter
}

const (
	askBurst   = 20               // a household, or a lecture hall behind one address
	askEvery   = 10 * time.Second // afterwards
	askClients = 10_000           // remembered; with more, all are forgotten
)

func (l *askLimit) allow(r *http.Request, now time.Time) bool {
	host := client(r)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.clients == nil || len(l.clients) >= askClients {
		l.clients = map[string]*rate.Limiter{}
	}
	c := l.clients[host]
	if c == nil {
		c = rate.NewLimiter(rate.Every(askEvery), askBurst)
		l.clients[host] = c
	}
	return c.AllowN(now, 1)
}

// client names where a request comes from: an address or, of IPv6, the network of
// one household (RFC 6177), since whoever has one has all of its addresses.
func client(r *http.Request) string {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	if ip := at.Addr().Unmap(); ip.Is6() {
		if network, err := ip.WithZone("").Prefix(64); err == nil {
			return network.String()
		}
	}
	return at.Addr().Unmap().String()
}

// byMail returns where somebody subscribes to what a page lists, or "" where nothing
// is sent or the list is none that can be sent.
func (s *site) byMail(v broadsheet.View) string {
	if _, err := broadsheet.ParseView(v.String()); err != nil || s.Desk == nil {
		return ""
	}
	return subscribeURL(v)
}

// subscribeURL returns where somebody subscribes to a view.
func subscribeURL(v broadsheet.View) string {
	return "/subscribe?" + url.Values{"view": {v.String()}}.Encode()
}
