package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/internal/token"
)

// A notice is a page with one thing to say and, mostly, one thing to do.
type notice struct {
	head
	Heading, Text string
	Button        string // sends the page's own address; "" for none
	Next          link   // where to go on
}

// say answers with a notice.
func (s *site) say(w http.ResponseWriter, r *http.Request, n notice) error {
	n.head = s.head(n.Heading, "")
	a, err := s.render("notice", http.StatusOK, n)
	if err != nil {
		return err
	}
	return a.Send(w, r)
}

// private serves a page behind a link that only its reader has: the link must not
// reach other sites by the Referer header, nor stay in a cache. Nothing is done on
// a GET, since the scanners of mail follow links.
func (s *site) private(f pageFunc) http.Handler {
	page := s.page(f)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Robots-Tag", "noindex")
		page.ServeHTTP(w, r)
	})
}

// read returns the number that the link of a request is good for.
func (s *site) read(p token.Purpose, r *http.Request) (int64, error) {
	if s.Desk == nil || s.Tokens == nil {
		return 0, broadsheet.Errorf(broadsheet.NotFound, "There is no page at this address.")
	}
	return s.Tokens.Read(p, r.PathValue("token"), s.Now())
}

// subscriptionAt returns the subscription that the link of a request is good for.
func (s *site) subscriptionAt(p token.Purpose, r *http.Request) (broadsheet.Subscription, error) {
	id, err := s.read(p, r)
	if err != nil {
		return broadsheet.Subscription{}, err
	}
	return s.Desk.Subscription(r.Context(), id)
}

// showConfirm serves GET /subscribe/{token}.
func (s *site) showConfirm(w http.ResponseWriter, r *http.Request) error {
	sub, err := s.subscriptionAt(token.Confirm, r)
	if err != nil {
		return err
	}
	if sub.State != broadsheet.Pending {
		return s.confirmed(w, r, sub)
	}
	return s.say(w, r, notice{Heading: "One press to go", Button: "Yes, send it",
		Text: fmt.Sprintf("%s. %s, to %s.", sub.View.Title(), termsText(&sub), sub.Reader.Address)})
}

func rhythmText(r broadsheet.Rhythm) string {
	for _, c := range rhythms {
		if c[0] == string(r) {
			return c[1]
		}
	}
	return string(r)
}

// confirm serves POST /subscribe/{token}.
func (s *site) confirm(w http.ResponseWriter, r *http.Request) error {
	id, err := s.read(token.Confirm, r)
	if err != nil {
		return err
	}
	sub, err := s.Desk.Confirm(r.Context(), id)
	if err != nil {
		return err
	}
	return s.confirmed(w, r, sub)
}

func (s *site) confirmed(w http.ResponseWriter, r *http.Request, sub broadsheet.Subscription) error {
	n := notice{Heading: "You are subscribed", Next: link{Text: "Change it, pause it, or leave", URL: s.manageURL(sub.Reader.ID)}}
	switch {
	case sub.State != broadsheet.Active:
		n.Heading, n.Text = "This was answered before", "The subscription is "+string(sub.State)+". It can be changed below."
	case sub.Next.IsZero():
	default:
		n.Text = fmt.Sprintf("The first digest is due on %s.", sub.Next.In(sub.Location()).Format("Monday, 2 January, at 15:04"))
	}
	return s.say(w, r, n)
}

func (s *site) manageURL(reader int64) string {
	return "/subscriptions/" + s.Tokens.Make(token.Manage, reader, time.Time{})
}

// showUnsubscribe serves GET /unsubscribe/{token}.
func (s *site) showUnsubscribe(w http.ResponseWriter, r *http.Request) error {
	sub, err := s.subscriptionAt(token.Unsubscribe, r)
	if err != nil {
		return err
	}
	if sub.State == broadsheet.Unsubscribed {
		return s.unsubscribed(w, r, sub)
	}
	return s.say(w, r, notice{Heading: "Leave?", Text: sub.View.Title() + " will not be sent to " + sub.Reader.Address + " any more.", Button: "Unsubscribe",
		Next: link{Text: "Or have it less often, or pause it", URL: s.manageURL(sub.Reader.ID)}})
}

// unsubscribe serves POST /unsubscribe/{token}: of the button, and of mail
// providers, which send no cookie and expect no question (RFC 8058).
func (s *site) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	id, err := s.read(token.Unsubscribe, r)
	if err != nil {
		return err
	}
	sub, err := s.Desk.Unsubscribe(r.Context(), id)
	if err != nil {
		return err
	}
	return s.unsubscribed(w, r, sub)
}

func (s *site) unsubscribed(w http.ResponseWriter, r *http.Request, sub broadsheet.Subscription) error {
	return s.say(w, r, notice{Heading: "You have left", Text: sub.View.Title() + " will not be sent to you any more.",
		Next: link{Text: "That was a mistake: bring it back", URL: s.manageURL(sub.Reader.ID)}})
}

type subscriptionsView struct {
	head
	Address string
	List    []subscriptionEntry
	Any     bool // there is one to leave
}

// A subscriptionEntry is a subscription as its reader changes it.
type subscriptionEntry struct {
	ID       int64
	What     link
	Terms    string // how it is sent; "" where it is not
	State    string
	Back     bool      // it can be brought back
	Leave    bool      // it can be left
	Again    string    // where to subscribe again; "" where nothing came back
	Settings *settings // nil where nothing is to change
	Tomorrow broadsheet.Date
}

// showSubscriptions serves GET /subscriptions/{token}.
func (s *site) showSubscriptions(w http.ResponseWriter, r *http.Request) error {
	reader, err := s.read(token.Manage, r)
	if err != nil {
		return err
	}
	list, err := s.Desk.Of(r.Context(), reader)
	if err != nil {
		return err
	}
	v := &subscriptionsView{head: s.head("Your subscriptions", "")}
	for _, sub := range list {
		v.Address = sub.Reader.Address
		v.List = append(v.List, s.entry(&sub))
		v.Any = v.Any || v.List[len(v.List)-1].Leave
	}
	a, err := s.render("subscriptions", http.StatusOK, v)
	if err != nil {
		return err
	}
	return a.Send(w, r)
}

func (s *site) entry(sub *broadsheet.Subscription) subscriptionEntry {
	e := subscriptionEntry{ID: sub.ID, What: link{Text: sub.View.Title(), URL: sub.View.Path()}, State: stateText(sub),
		Tomorrow: broadsheet.DateOf(s.Now().In(sub.Location())).AddDays(1)}
	switch sub.State {
	case broadsheet.Active:
		now := settingsOf(sub)
		e.Settings, e.Leave, e.Terms = &now, true, termsText(sub)
	case broadsheet.Paused:
		e.Back, e.Leave, e.Terms = true, true, termsText(sub)
	case broadsheet.Pending:
		e.Leave = true
	case broadsheet.Unsubscribed:
		e.Back = !sub.Confirmed.IsZero() // else the button in a mail is needed
	}
	if e.Settings == nil && !e.Back && !e.Leave {
		e.Again = subscribeURL(sub.View)
	}
	return e
}

// termsText says when a subscription is sent: "Every workday at 07:00 (Europe/Berlin)".
func termsText(s *broadsheet.Subscription) string {
	text := rhythmText(s.Rhythm)
	text = strings.ToUpper(text[:1]) + text[1:]
	if s.Rhythm == broadsheet.AtOnce {
		return text
	}
	return fmt.Sprintf("%s at %s (%s)", text, s.Clock(), s.Zone)
}

// stateText says how a subscription stands.
func stateText(s *broadsheet.Subscription) string {
	next := s.Next.In(s.Location()).Format("Monday, 2 January, 15:04")
	switch s.State {
	case broadsheet.Active:
		return "Next on " + next + "."
	case broadsheet.Paused:
		if s.PausedUntil != "" {
			return "Paused; next on " + next + "."
		}
		return "Paused."
	case broadsheet.Pending:
		return "Waiting for the button in the mail that was sent."
	case broadsheet.Unsubscribed:
		return "You have left."
	case broadsheet.Bounced:
		return "Mail to this address came back."
	}
	return "Stopped, since it was reported as unwanted."
}

// changeSubscription serves POST /subscriptions/{token}.
func (s *site) changeSubscription(w http.ResponseWriter, r *http.Request) error {
	reader, err := s.read(token.Manage, r)
	if err != nil {
		return err
	}
	if err := parseForm(w, r); err != nil {
		return err
	}
	list, err := s.Desk.Of(r.Context(), reader)
	if err != nil {
		return err
	}
	id, _ := strconv.ParseInt(r.PostFormValue("id"), 10, 64)
	for _, sub := range list {
		if sub.ID == id || r.PostFormValue("do") == "leave-all" {
			if err := s.change(r, sub); err != nil {
				return err
			}
		}
	}
	// The page is asked for again, so that a reload does nothing twice.
	http.Redirect(w, r, r.URL.Path, http.StatusSeeOther)
	return nil
}

// change does to a subscription of the reader what a form asks for.
func (s *site) change(r *http.Request, sub broadsheet.Subscription) (err error) {
	ctx := r.Context()
	switch r.PostFormValue("do") {
	case "leave", "leave-all":
		_, err = s.Desk.Unsubscribe(ctx, sub.ID)
	case "resume":
		_, err = s.Desk.Resume(ctx, sub.ID)
	case "pause":
		var until broadsheet.Date
		if text := r.PostFormValue("until"); text != "" {
			if until, err = broadsheet.ParseDate(text); err != nil || !until.IsDay() {
				return broadsheet.Errorf(broadsheet.Invalid, "\"%s\" is not a day: write it like 2025-03-11.", broadsheet.Printable(text, 40))
			}
		}
		_, err = s.Desk.Pause(ctx, sub.ID, until)
	case "change":
		if err = choose(&sub, r); err == nil {
			_, err = s.Desk.Change(ctx, sub.ID, sub)
		}
	default:
		err = broadsheet.Errorf(broadsheet.Invalid, "The form does not say what to do.")
	}
	return err
}
