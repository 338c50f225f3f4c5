package web

import (
	"crypto/subtle"
	"io"
	"net/http"
	"strconv"
	"time"

	"broadsheet"
)

// An Admin is what the pages of the operator need. Who knows the key sees them.
type Admin struct {
	Key    string // asked for by the browser, with any name
	Jobs   broadsheet.JobStore
	RunNow func(job string) bool   // reports whether there is such a job
	Off    func(job string) string // why a job is not run by itself; "" for one that is
	Outbox broadsheet.OutboxStore
}

// operator serves a page to whoever has the key (RFC 7617). A browser sends it by
// itself afterwards, also with forms of other sites: those the cross-origin
// protection around all pages refuses.
func (s *site) operator(f pageFunc) http.Handler {
	return s.private(func(w http.ResponseWriter, r *http.Request) error {
		if s.Admin == nil || s.Admin.Key == "" {
			return broadsheet.Errorf(broadsheet.NotFound, "There is no page at this address.")
		}
		_, key, _ := r.BasicAuth()
		if subtle.ConstantTimeCompare([]byte(key), []byte(s.Admin.Key)) != 1 {
			w.Header().Set("WWW-Authenticate", `Basic realm="Broadsheet, for its operator", charset="UTF-8"`)
			a, err := s.renderError(http.StatusUnauthorized, "For the operator", "The key stands in the file admin.key of the data directory.", r)
			if err != nil {
				return err
			}
			return a.Send(w, r)
		}
		return f(w, r)
	})
}

type adminView struct {
	head
	Jobs    []jobRow
	Counts  []figure
	Letters []deadLetter
}

type jobRow struct {
	Name, State, Note, Error string
	Last, Next, Lag          string
	Failures                 int
	Running                  bool
}

type figure struct {
	Name string
	N    int
}

type deadLetter struct {
	ID               int64
	To, What, Reason string
	When             string
	Attempts         int
}

// maxLetters is how many dead letters the page shows: the latest.
const maxLetters = 50

// showAdmin serves GET /admin: what is done again and again, and what could not be
// delivered.
func (s *site) showAdmin(w http.ResponseWriter, r *http.Request) error {
	v := &adminView{head: s.head("Jobs", "")}
	jobs, err := s.Admin.Jobs.Jobs(r.Context())
	if err != nil {
		return err
	}
	for i := range jobs {
		v.Jobs = append(v.Jobs, s.jobRow(&jobs[i]))
	}
	counts, err := s.Admin.Outbox.CountDeliveries(r.Context())
	if err != nil {
		return err
	}
	for _, state := range []broadsheet.DeliveryState{broadsheet.Waiting, broadsheet.Delivered, broadsheet.Dropped, broadsheet.Dead} {
		v.Counts = append(v.Counts, figure{string(state), counts[state]})
	}
	dead, err := s.Admin.Outbox.Deliveries(r.Context(), broadsheet.Dead, maxLetters)
	if err != nil {
		return err
	}
	for i := range dead {
		v.Letters = append(v.Letters, s.deadLetter(&dead[i]))
	}
	a, err := s.render("admin", http.StatusOK, v)
	if err != nil {
		return err
	}
	return a.Send(w, r)
}

func (s *site) jobRow(j *broadsheet.Job) jobRow {
	now := s.Now()
	row := jobRow{Name: j.Name, Note: j.Note, Error: j.Error, Failures: j.Failures, Running: j.Running(now),
		Last: s.moment(j.Finished), Next: s.moment(j.Next)}
	switch {
	case row.Running:
		row.State = "running for " + round(now.Sub(j.Started))
	case j.Next.IsZero():
		row.State = "off"
		if s.Admin.Off != nil {
			row.Note = s.Admin.Off(j.Name)
		}
	case j.Error != "":
		row.State = "failed"
	case j.Finished.IsZero():
		row.State = "not yet run"
	default:
		row.State = "well"
	}
	if !j.Next.IsZero() && !row.Running && now.After(j.Next) {
		row.Lag = round(now.Sub(j.Next)) + " late"
	}
	return row
}

func (s *site) deadLetter(d *broadsheet.Delivery) deadLetter {
	to := d.Subscription.Reader.Address
	if d.Subscription.Reader.Channel != broadsheet.ByMail {
		to = string(d.Subscription.Reader.Channel) // the address may be a secret
	}
	return deadLetter{ID: d.ID, To: to, What: d.Subscription.View.Title(), Reason: d.Error, When: s.moment(d.Done), Attempts: d.Attempts}
}

func (s *site) moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(s.Location).Format("Mon 2 Jan, 15:04")
}

// round writes a duration as a person says it.
func round(d time.Duration) string {
	switch {
	case d < time.Minute:
		return number(int(d.Seconds()), "second")
	case d < 2*time.Hour:
		return number(int(d.Minutes()), "minute")
	case d < 48*time.Hour:
		return number(int(d.Hours()), "hour")
	}
	return number(int(d.Hours()/24), "day")
}

// runJob serves POST /admin/jobs/{name}.
func (s *site) runJob(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	if s.Admin.RunNow == nil || !s.Admin.RunNow(name) {
		return broadsheet.Errorf(broadsheet.NotFound, "There is no job %s.", broadsheet.Printable(name, 60))
	}
	http.Redirect(w, r, "/admin", http.StatusSeeOther)
	return nil
}

// sendAgain serves POST /admin/outbox/{id}.
func (s *site) sendAgain(w http.ResponseWriter, r *http.Request) error {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err := s.Admin.Outbox.SendAgain(r.Context(), id, s.Now()); err != nil {
		return err
	}
	http.Redirect(w, r, "/admin", http.StatusSeeOther)
	return nil
}

// maxReport bounds a message that came back: reports carry the headers of ours, and
// some the whole of it.
const maxReport = 1 << 20

// takeReport serves POST /mail/report: a message that came to the bounce address,
// handed on by the mail server. The token in it proves that we sent what it is about.
func (s *site) takeReport(w http.ResponseWriter, r *http.Request) error {
	if s.Report == nil {
		return broadsheet.Errorf(broadsheet.NotFound, "There is no page at this address.")
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxReport))
	if err != nil {
		return &broadsheet.Error{Kind: broadsheet.Invalid, Text: "The message cannot be read, or is longer than a report.", Err: err}
	}
	did, err := s.Report(r.Context(), raw, s.Now())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, did+"\n")
	return nil
}
