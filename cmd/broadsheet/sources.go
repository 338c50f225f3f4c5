package main

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/arxiv"
	"broadsheet/biorxiv"
	"broadsheet/hfpapers"
	"broadsheet/internal/fetch"
	"broadsheet/openreview"
)

// Sources are where papers are gathered from, as this process was told.
type Sources struct {
	Names     []string // of those that are asked by themselves
	Instances []string // addresses of other Broadsheets

	ArXivOAI, ArXivRSS, ArXivAPI string
	ArXivSets                    []string // empty means all of arXiv
	HF, BioRxiv, OpenReview      string
	Venues                       []string // of OpenReview
	OpenReviewUser               string
	OpenReviewPassword           string
}

// sourceNames are the sources that go by a name, in the order in which they are
// shown. Another Broadsheet goes by its address.
var sourceNames = []string{"arxiv", "hf", "biorxiv", "medrxiv", "openreview"}

// firstDays is how far back a source is asked the first time, unless sync --since
// says otherwise: a front page for every day of a week, in a few requests.
const firstDays = 8

var sourceSettings = []setting{
	{
		name: "sources", env: "BROADSHEET_SOURCES", initial: fixed("arxiv,hf"),
		help: "the `list` of sources that a server gathers papers from by itself: arxiv, hf, biorxiv, medrxiv, openreview, addresses of other Broadsheets, or none",
		set:  func(c *Config, v string) error { return parseSources(&c.Sources, v) },
	},
	{
		name: "arxiv-sets", env: "BROADSHEET_ARXIV_SETS", initial: fixed(""),
		help: "the `list` of categories or archives to gather of arXiv, such as cs.LG,stat.ML,hep-th; all of it if there are none",
		set: func(c *Config, v string) error {
			c.Sources.ArXivSets = splitList(v)
			_, err := arxiv.NewService(arxiv.Options{Sets: c.Sources.ArXivSets})
			return plainError(err)
		},
	},
	addressRow("arxiv-oai-url", "BROADSHEET_ARXIV_OAI_URL", arxiv.OAI, "arXiv's OAI-PMH service", func(c *Config) *string { return &c.Sources.ArXivOAI }),
	addressRow("arxiv-rss-url", "BROADSHEET_ARXIV_RSS_URL", arxiv.RSS, "arXiv's daily feeds", func(c *Config) *string { return &c.Sources.ArXivRSS }),
	addressRow("arxiv-api-url", "BROADSHEET_ARXIV_API_URL", arxiv.API, "arXiv's query API", func(c *Config) *string { return &c.Sources.ArXivAPI }),
	addressRow("hf-url", "BROADSHEET_HF_URL", hfpapers.Base, "Hugging Face's Daily Papers", func(c *Config) *string { return &c.Sources.HF }),
	addressRow("biorxiv-url", "BROADSHEET_BIORXIV_URL", biorxiv.Base, "bioRxiv and medRxiv", func(c *Config) *string { return &c.Sources.BioRxiv }),
	addressRow("openreview-url", "BROADSHEET_OPENREVIEW_URL", openreview.Base, "OpenReview", func(c *Config) *string { return &c.Sources.OpenReview }),
	{
		name: "openreview-venues", env: "BROADSHEET_OPENREVIEW_VENUES", initial: fixed(""),
		help: "the `list` of venues to gather of OpenReview, such as ICLR.cc/2026/Conference",
		set:  func(c *Config, v string) error { c.Sources.Venues = splitList(v); return nil },
	},
	{
		name: "openreview-user", env: "BROADSHEET_OPENREVIEW_USER", initial: fixed(""), secret: true,
		help: "the `user` to log in to OpenReview as",
		set:  func(c *Config, v string) error { c.Sources.OpenReviewUser = v; return nil },
	},
	{
		name: "openreview-password", env: "BROADSHEET_OPENREVIEW_PASSWORD", initial: fixed(""), secret: true,
		help: "the `password` for that",
		set:  func(c *Config, v string) error { c.Sources.OpenReviewPassword = v; return nil },
	},
}

// sourceFlags are the names of those that are flags, too.
var sourceFlags = []string{"sources", "arxiv-sets", "arxiv-oai-url", "arxiv-rss-url", "arxiv-api-url", "hf-url", "biorxiv-url", "openreview-url", "openreview-venues"}

func addressRow(name, env, initial, title string, of func(*Config) *string) setting {
	return setting{
		name: name, env: env, initial: fixed(initial), help: "the `URL` of " + title,
		set: func(c *Config, v string) (err error) { *of(c), err = parseServiceURL(v); return err },
	}
}

// splitList reads a list with commas or blanks between.
func splitList(s string) []string {
	list := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	if len(list) == 0 {
		return nil
	}
	return list
}

// plainError drops the kind of an error, for one that load names the place of.
func plainError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s", broadsheet.TextFor(err))
}

func parseSources(s *Sources, text string) error {
	s.Names, s.Instances = nil, nil
	for _, name := range splitList(text) {
		switch {
		case name == "none":
		case slices.Contains(sourceNames, name):
			s.Names = append(s.Names, name)
		case strings.Contains(name, "://"):
			if _, err := parseServiceURL(name); err != nil {
				return err
			}
			s.Instances = append(s.Instances, strings.TrimSuffix(name, "/"))
		default:
			return fmt.Errorf("%s is no source: choose of %s, and addresses of other Broadsheets", quoted(name), strings.Join(sourceNames, ", "))
		}
	}
	return nil
}

// A gathering is a source as it can be asked: by one harvester, or by several that
// have cursors of their own.
type gathering struct {
	name    string // of the source, as sync takes it
	job     string // of the harvester
	off     string // why it is not asked by itself; "" if it is
	harvest func(since broadsheet.Date) (broadsheet.Harvester, error)
}

// gatherings returns all sources, those that are off, too. Each service has one
// client for all that this process asks of it.
func (m *Main) gatherings() ([]gathering, error) {
	s := m.cfg.Sources
	all := m.arxivGatherings()
	hf := m.client(hfpapers.Interval)
	all = append(all, gathering{name: "hf", job: "hf", harvest: func(since broadsheet.Date) (broadsheet.Harvester, error) {
		return &hfpapers.Harvester{Base: s.HF, Client: hf, Since: since, Now: m.Now}, nil
	}})
	bio := m.client(biorxiv.Interval)
	for _, server := range []string{biorxiv.Bio, biorxiv.Med} {
		all = append(all, gathering{name: server, job: server, harvest: func(since broadsheet.Date) (broadsheet.Harvester, error) {
			return &biorxiv.Harvester{Server: server, Base: s.BioRxiv, Client: bio, Since: since, Now: m.Now}, nil
		}})
	}
	review := fetch.New(fetch.Options{Interval: openreview.Interval, Agent: m.agent(), Busy: openreview.Busy, Log: m.log, Sleep: m.Sleep})
	all = append(all, gathering{name: "openreview", job: "openreview", harvest: func(broadsheet.Date) (broadsheet.Harvester, error) {
		return &openreview.Harvester{Base: s.OpenReview, Client: review, Venues: s.Venues, User: s.OpenReviewUser, Password: s.OpenReviewPassword}, nil
	}})
	for i := range all {
		switch {
		case !slices.Contains(s.Names, all[i].name):
			all[i].off = "it is not among the sources"
		case all[i].name == "openreview" && len(s.Venues) == 0:
			all[i].off = "no venues: set openreview-venues"
		}
	}
	for _, address := range s.Instances {
		g, err := m.instance(address)
		if err != nil {
			return nil, err
		}
		all = append(all, g)
	}
	return all, nil
}

func (m *Main) arxivGatherings() []gathering {
	client := m.arxivClient()
	return []gathering{
		{name: "arxiv", job: "arxiv-new", harvest: func(since broadsheet.Date) (broadsheet.Harvester, error) {
			a, err := m.arxivService(client, since)
			if err != nil {
				return nil, err
			}
			return a.Announcements(), nil
		}},
		{name: "arxiv", job: "arxiv", harvest: func(since broadsheet.Date) (broadsheet.Harvester, error) {
			a, err := m.arxivService(client, since)
			if err != nil {
				return nil, err
			}
			return a.Changes(), nil
		}},
	}
}

// instance is another Broadsheet, by its address.
func (m *Main) instance(address string) (gathering, error) {
	client := m.client(hfpapers.Interval)
	h, err := hfpapers.NewInstance(address, client)
	if err != nil {
		return gathering{}, err
	}
	known := m.firstHand(address)
	return gathering{name: h.Name(), job: h.Name(), harvest: func(since broadsheet.Date) (broadsheet.Harvester, error) {
		h, err := hfpapers.NewInstance(address, client)
		if err != nil {
			return nil, err
		}
		h.Since, h.Now, h.Known = since, m.Now, known
		return h, nil
	}}, nil
}

// firstHand returns whose votes come here from themselves, so that no instance is
// heard on them: this one, the other instances, and Hugging Face if it is asked.
func (m *Main) firstHand(but string) (names []string) {
	s := m.cfg.Sources
	if slices.Contains(s.Names, "hf") {
		names = append(names, "hf")
	}
	for _, address := range append(slices.Clone(s.Instances), m.cfg.BaseURL) {
		if u, err := url.Parse(address); err == nil && u.Host != "" && address != but {
			names = append(names, u.Host)
		}
	}
	return names
}

func (m *Main) client(interval time.Duration) *fetch.Client {
	return fetch.New(fetch.Options{Interval: interval, Agent: m.agent(), Log: m.log, Sleep: m.Sleep})
}

// arxivClient is the one client by which this process asks arXiv, whatever it asks: it
// keeps the pace over all. It is made before any job runs.
func (m *Main) arxivClient() *fetch.Client {
	if m.arxiv == nil {
		o := arxiv.Pace(m.agent())
		o.Log, o.Sleep = m.log, m.Sleep
		m.arxiv = fetch.New(o)
	}
	return m.arxiv
}

func (m *Main) arxivService(client *fetch.Client, since broadsheet.Date) (*arxiv.Service, error) {
	s := m.cfg.Sources
	return arxiv.NewService(arxiv.Options{Client: client, OAI: s.ArXivOAI, RSS: s.ArXivRSS, API: s.ArXivAPI, Sets: s.ArXivSets, Since: since, Now: m.Now, Log: m.log})
}

// agent names this instance to the services.
func (m *Main) agent() string {
	contact := m.cfg.Services.Contact
	if contact != "" {
		contact = "mailto:" + contact
	}
	return fetch.Agent(cmp.Or(contact, m.cfg.BaseURL))
}

// sinceFirst is where a source begins that was never asked.
func (m *Main) sinceFirst() broadsheet.Date {
	return broadsheet.DateOf(m.Now().UTC()).AddDays(-firstDays)
}

// lookUp asks arXiv for papers that nothing has brought.
func (m *Main) lookUp(ctx context.Context, ids []broadsheet.ID) ([]broadsheet.Record, error) {
	a, err := m.arxivService(m.arxivClient(), "")
	if err != nil {
		return nil, err
	}
	return a.Lookup(ctx, ids)
}
