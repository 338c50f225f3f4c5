package arxiv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"broadsheet"
	"broadsheet/internal/fetch"
)

// Where arXiv answers.
const (
	OAI = "https://oaipmh.arxiv.org/oai"
	RSS = "https://rss.arxiv.org/rss"
	API = "https://export.arxiv.org/api/query"
)

// Thanks is what arXiv asks of those who use its interfaces to say
// (https://info.arxiv.org/help/api/tou.html).
const Thanks = "Thank you to arXiv for use of its open access interoperability."

// Pace returns how arXiv wants to be asked, by all programs of one operator
// together and over all of its interfaces: one request in three seconds, one
// connection at a time. The first byte of an answer may take 90 s, and a 429, which
// says nothing of how long, is no trifle. The agent names who asks, see
// [fetch.Agent].
func Pace(agent string) fetch.Options {
	return fetch.Options{Interval: 3 * time.Second, Parallel: 1, Agent: agent, FirstByte: 180 * time.Second, TooMany: 10 * time.Minute}
}

// Options say what to ask arXiv for.
type Options struct {
	// Client is the one client of the process for arXiv; nil makes one that keeps
	// to [Pace].
	Client *fetch.Client

	OAI, RSS, API string // addresses; "" is arXiv's own

	// Sets are what to harvest: categories ("cs.AI"), archives ("hep-th"), groups
	// ("physics"), or sets of OAI-PMH ("physics:hep-th"). None means all of arXiv.
	Sets []string

	// Since is where the first harvest begins, by the day of a paper's last change;
	// "" is the beginning.
	Since broadsheet.Date

	// Forms are the metadata formats to harvest, in this order; none means both.
	Forms []string

	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
	Log   *slog.Logger
}

// The forms of metadata that arXiv gives out. arXivRaw has all versions with their
// times, by which papers are dated; arXiv has the authors in parts, with their
// affiliations. Neither has both.
const (
	FormRaw = "arXivRaw"
	FormXML = "arXiv"
)

// A Service is arXiv. All of its requests go through one client.
type Service struct {
	o    Options
	sets []string // of OAI-PMH, none inside another
}

// NewService returns arXiv, or an error of kind Invalid that says which option is
// wrong.
func NewService(o Options) (*Service, error) {
	for address, usual := range map[*string]string{&o.OAI: OAI, &o.RSS: RSS, &o.API: API} {
		if *address == "" {
			*address = usual
		}
	}
	if len(o.Forms) == 0 {
		o.Forms = []string{FormRaw, FormXML}
	}
	for _, f := range o.Forms {
		if f != FormRaw && f != FormXML {
			return nil, broadsheet.Errorf(broadsheet.Invalid, "\"%s\" is not a form of arXiv's metadata that is read: choose %s or %s.",
				broadsheet.Printable(f, 40), FormRaw, FormXML)
		}
	}
	if o.Since != "" && !o.Since.IsDay() {
		return nil, broadsheet.Errorf(broadsheet.Invalid, "\"%s\" is not a day to begin the harvest of arXiv with: write it like 2025-03-11.",
			broadsheet.Printable(string(o.Since), 40))
	}
	sets, err := parseSets(o.Sets)
	if err != nil {
		return nil, err
	}
	o.setDefaults()
	return &Service{o: o, sets: sets}, nil
}

func (o *Options) setDefaults() {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = func(ctx context.Context, d time.Duration) error {
			select {
			case <-time.After(d):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Client == nil {
		pace := Pace("")
		pace.Now, pace.Sleep, pace.Log = o.Now, o.Sleep, o.Log
		o.Client = fetch.New(pace)
	}
}

// A Refusal is the cause of the error for a request that arXiv refused in so many
// words.
type Refusal struct {
	Text string // arXiv's own
}

func (r *Refusal) Error() string { return "refused: " + r.Text }

// An answer that cannot be read is asked for again a few times: what broke off or
// came garbled once will mostly come whole the next time.
const (
	looks      = 4
	secondLook = 10 * time.Second // before the second look; tripled for each after it
)

// ask gets an answer and has it read, from its beginning each time. What read
// returns for an answer that is whole but says no, a [Refusal] or a
// [ProtocolError], is returned as it is; everything else that goes wrong is, in the
// end, of kind Unavailable.
func (s *Service) ask(ctx context.Context, r fetch.Request, read func(*fetch.Answer) error) error {
	var last error
	wait := secondLook
	for look := range looks {
		if look > 0 {
			s.o.Log.Info("an answer of arXiv cannot be read; asking again", "in", wait, "err", last)
			if err := s.o.Sleep(ctx, wait); err != nil {
				return err
			}
			wait *= 3
		}
		a, err := s.o.Client.Do(ctx, r)
		if err != nil {
			return s.refused(err, read)
		}
		last = read(a)
		a.Body.Close()
		if last == nil || answered(last) {
			return last
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return &broadsheet.Error{Kind: broadsheet.Unavailable, Err: last,
		Text: fmt.Sprintf("arXiv's answer cannot be used, asked %d times (%s). What came before is kept; the next run goes on from there.", looks, readable(last))}
}

// answered reports whether an error is what the service says, rather than that it
// could not be understood.
func answered(err error) bool {
	if _, ok := errors.AsType[*Refusal](err); ok {
		return true
	}
	_, ok := errors.AsType[*ProtocolError](err)
	return ok
}

// readable is what to tell of an error in the midst of a sentence.
func readable(err error) string {
	if e, ok := errors.AsType[*broadsheet.Error](err); ok {
		err = errors.New(e.Text)
	}
	return broadsheet.Printable(err.Error(), 300)
}

// refused makes of an error of the client one for people. An answer with the
// status of an error may hold a document that says why.
func (s *Service) refused(err error, read func(*fetch.Answer) error) error {
	status, ok := errors.AsType[*fetch.StatusError](err)
	if !ok || broadsheet.KindOf(err) == broadsheet.Unavailable {
		return err
	}
	if why := read(&fetch.Answer{Status: status.Status, Body: io.NopCloser(bytes.NewReader(status.Body))}); why != nil && answered(why) {
		return why
	}
	return &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err,
		Text: fmt.Sprintf("arXiv refuses to answer (%s). If that lasts, see whether it has blocked this program or moved.", broadsheet.Printable(err.Error(), 300))}
}
