package main

import (
	"cmp"
	"flag"

	"broadsheet"
)

// wishFlags are the flags by which an operator says what somebody is to be sent.
type wishFlags struct {
	view, rhythm, clock, zone, lang string
	size                            int
}

func (w *wishFlags) register(fs *flag.FlagSet) {
	fs.StringVar(&w.view, "view", "edition", "the `list`: edition, trending, query:WORDS, topic:NAME or author:NAME")
	fs.StringVar(&w.rhythm, "rhythm", "daily", "how `often`: daily, weekly, monthly or at-once")
	fs.StringVar(&w.clock, "time", "07:00", "the local `time` of day")
	fs.StringVar(&w.zone, "zone", "", "the time `zone`, such as Europe/Berlin (default the instance's)")
	fs.StringVar(&w.lang, "lang", "en", "the `language` of dates and of what we say ourselves, such as de")
	fs.IntVar(&w.size, "size", broadsheet.DefaultDigestSize, "at most this `many` papers")
}

// subscription returns what the flags say, for a reader.
func (w *wishFlags) subscription(r broadsheet.Reader, zone string) (s broadsheet.Subscription, err error) {
	view, err := broadsheet.ParseView(w.view)
	if err != nil {
		return s, usagef("--view: %s", broadsheet.TextFor(err))
	}
	s = broadsheet.NewSubscription(r, view)
	s.Rhythm, s.Zone, s.Lang, s.Size = broadsheet.Rhythm(w.rhythm), cmp.Or(w.zone, zone), w.lang, w.size
	if s.Minute, err = broadsheet.ParseMinute(w.clock); err == nil {
		err = s.Validate()
	}
	if err != nil {
		return s, usagef("%s", broadsheet.TextFor(err))
	}
	return s, nil
}
