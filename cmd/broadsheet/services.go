package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/crossref"
	"broadsheet/github"
	"broadsheet/internal/fetch"
	"broadsheet/openalex"
	"broadsheet/semanticscholar"
	"broadsheet/sqlite"
)

// Services are the services that say more of papers, as this process was told of
// them. One without a key, or of Crossref without a contact, is off.
type Services struct {
	Contact string // whom they may write to, an address of mail; "" for nobody
	S2, OpenAlex,
	Crossref, GitHub Service
}

// A Service is where one stands and the key for it.
type Service struct{ URL, Key string }

// serviceSettings are the rows of the services in allSettings.
var serviceSettings = slices.Concat(
	[]setting{{
		name: "contact", env: "BROADSHEET_CONTACT", initial: fixed(""),
		help: "the `address` of mail at which services that are asked can reach you; Crossref is asked only with one",
		set:  func(c *Config, v string) (err error) { c.Services.Contact, err = parseContact(v); return err },
	}},
	serviceRows("s2", "Semantic Scholar", semanticscholar.URL, func(c *Config) *Service { return &c.Services.S2 },
		"BROADSHEET_S2_URL", "BROADSHEET_S2_KEY_FILE", "BROADSHEET_S2_KEY"),
	serviceRows("openalex", "OpenAlex", openalex.URL, func(c *Config) *Service { return &c.Services.OpenAlex },
		"BROADSHEET_OPENALEX_URL", "BROADSHEET_OPENALEX_KEY_FILE", "BROADSHEET_OPENALEX_KEY"),
	serviceRows("crossref", "Crossref", crossref.URL, func(c *Config) *Service { return &c.Services.Crossref },
		"BROADSHEET_CROSSREF_URL"),
	serviceRows("github", "GitHub", github.URL, func(c *Config) *Service { return &c.Services.GitHub },
		"BROADSHEET_GITHUB_URL", "BROADSHEET_GITHUB_KEY_FILE", "BROADSHEET_GITHUB_KEY"))

// serviceFlags are the names of those that are flags, too.
var serviceFlags = []string{"contact", "s2-url", "s2-key-file", "openalex-url", "openalex-key-file", "crossref-url", "github-url", "github-key-file"}

// serviceRows are the settings of one service: its address and, if they have
// variables, the file with its key and the key.
func serviceRows(name, title, url string, of func(*Config) *Service, env ...string) []setting {
	rows := []setting{{
		name: name + "-url", env: env[0], initial: fixed(url),
		help: "the `URL` of " + title,
		set:  func(c *Config, v string) (err error) { of(c).URL, err = parseServiceURL(v); return err },
	}}
	if len(env) < 3 {
		return rows
	}
	return append(rows, setting{
		name: name + "-key-file", env: env[1], initial: fixed(""),
		help: "a `file` with the key for " + title + ", without which it is not asked",
		set: func(c *Config, v string) (err error) {
			if of(c).Key, err = readKey(v); err == nil {
				err = checkKey(of(c).Key)
			}
			return err
		},
	}, setting{
		name: name + "-key", env: env[2], initial: fixed(""), secret: true,
		help: "the `key` itself",
		set: func(c *Config, v string) error {
			if v = strings.TrimSpace(v); v != "" {
				of(c).Key = v
			}
			return checkKey(v)
		},
	})
}

// checkKey refuses what no header can carry. It never repeats it.
func checkKey(key string) error {
	if strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r >= 0x7f }) || len(key) > maxKey {
		return errors.New("this is no key: a key is one word of plain characters")
	}
	return nil
}

func parseContact(s string) (string, error) {
	s = strings.TrimPrefix(s, "mailto:")
	if s == "" {
		return "", nil
	}
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s || strings.ContainsAny(s, " ()\"") {
		return "", fmt.Errorf("%s is not an address of mail: write it like ada@example.org", quoted(s))
	}
	return s, nil
}

// An enricher is a service that may be asked about papers.
type enricher struct {
	name string
	off  string // why it is not asked; "" if it is
	make func(fetch.Options) broadsheet.Enricher
}

// enrichers returns the services that say more of papers, those that are off, too.
// Each has one client for all that this process asks of it.
func (c *Config) enrichers() []enricher {
	s := c.Services
	keyless := func(name, key string) string {
		if key != "" {
			return ""
		}
		return fmt.Sprintf("no key: set BROADSHEET_%s_KEY or %s-key-file", strings.ToUpper(name), name)
	}
	nobody := ""
	if s.Contact == "" {
		nobody = "nobody to write to: set contact to an address of mail"
	}
	return []enricher{
		{semanticscholar.Name, keyless("s2", s.S2.Key), func(o fetch.Options) broadsheet.Enricher {
			return semanticscholar.New(cmp.Or(s.S2.URL, semanticscholar.URL), s.S2.Key, o)
		}},
		{openalex.Name, keyless("openalex", s.OpenAlex.Key), func(o fetch.Options) broadsheet.Enricher {
			return openalex.New(cmp.Or(s.OpenAlex.URL, openalex.URL), s.OpenAlex.Key, o)
		}},
		{crossref.Name, nobody, func(o fetch.Options) broadsheet.Enricher {
			return crossref.New(cmp.Or(s.Crossref.URL, crossref.URL), s.Contact, o)
		}},
		{github.Name, keyless("github", s.GitHub.Key), func(o fetch.Options) broadsheet.Enricher {
			return github.New(cmp.Or(s.GitHub.URL, github.URL), s.GitHub.Key, o)
		}},
	}
}

// checkServices tells of each service whether it is asked and when it last
// answered. One that is off is no fault.
func (m *Main) checkServices(ctx context.Context, store *sqlite.DB) []finding {
	states, err := store.Services(ctx)
	if err != nil {
		return []finding{{"services", false, sentence(err), "see whether another process keeps the file busy"}}
	}
	bySource := map[string]broadsheet.ServiceState{}
	for _, s := range states {
		bySource[s.Source] = s
	}
	var all []finding
	for _, e := range m.cfg.enrichers() {
		all = append(all, finding{e.name, true, m.describe(e, bySource[e.name]), ""})
	}
	return all
}

func (m *Main) describe(e enricher, s broadsheet.ServiceState) string {
	moment := func(t time.Time) string { return t.In(m.cfg.Location()).Format("2006-01-02 15:04") }
	text := "on"
	if e.off != "" {
		text = "off, " + e.off
	}
	switch {
	case !s.Answered.IsZero():
		text += "; last answered " + moment(s.Answered)
	case e.off == "":
		text += "; has not answered yet"
	}
	if e.off == "" && s.Rest.After(m.Now()) {
		text += "; its limit is used up until " + moment(s.Rest)
	}
	return text
}
