package bib

import "regexp"

// A container is what a work appeared in. Only the name is always known.
type container struct {
	name, volume, number, pages, year string
}

var (
	proceedings = regexp.MustCompile(`(?i)\b(conference|conf\.|proceedings|proc\.?|workshop|symposium|symp\.|congress|` +
		`meeting|advances in neural|lecture notes|lncs|lnai)(\b|\s|$)`)

	// These call themselves proceedings and are journals.
	journalProceedings = regexp.MustCompile(`(?i)\bproc(eedings|\.)? ?(of )?(the )?` +
		`(nat(iona)?l\.? acad|roy|r\. ?soc|amer|am\. ?math|ams\b|london|lond\.|edinb|vldb|ieee,? ?(vol|\d)|acm (program|hum|on |interact|manag|meas))`)

	journal = regexp.MustCompile(`(?i)\b(journal|transactions|trans\.|letters|review|annals|magazine|nature|science|plos|tacl|tmlr|jmlr)\b`)
)

// appeared decides from a venue and a journal reference how and in what a work
// was published. A venue is the name of a conference unless it sounds like a
// journal; a journal reference is one unless it sounds like proceedings.
func appeared(venue, ref string) (kind, container) {
	switch {
	case venue != "" && journal.MatchString(venue) && !proceedings.MatchString(venue):
		return article, container{name: venue}
	case venue != "":
		return conference, container{name: venue}
	case ref == "":
		return preprint, container{}
	case proceedings.MatchString(ref) && !journalProceedings.MatchString(ref):
		return conference, container{name: ref}
	}
	return article, splitRef(ref)
}

// The two orders in which physicists and mathematicians abbreviate:
// "Quantum 3, 189 (2019)" and "Phys.Rev. D93 (2015) 016005".
var (
	yearLast = regexp.MustCompile(`^(\D+?)[ ,]+(?:[Vv]ol(?:ume|\.)? ?)?([A-Z]?\d+)(?: ?\((\d+)\))?[,:] ?(?:pp?\. ?)?(\w+(?:[-–]+\w+)?),? ?\((\d{4})\)\.?$`)
	yearMid  = regexp.MustCompile(`^(\D+?)[ ,]+(?:[Vv]ol(?:ume|\.)? ?)?([A-Z]?\d+)(?:[:,](\d+))?,? ?\((\d{4})\),? ?(?:pp?\. ?)?(\w+(?:[-–]+\w+)?)\.?$`)
)

// splitRef takes a journal reference apart where its form leaves no doubt;
// otherwise the whole of it stands as the journal's name, as its author wrote it.
func splitRef(ref string) container {
	if m := yearLast.FindStringSubmatch(ref); m != nil {
		return container{name: m[1], volume: m[2], number: m[3], pages: m[4], year: m[5]}
	}
	if m := yearMid.FindStringSubmatch(ref); m != nil {
		return container{name: m[1], volume: m[2], number: m[3], year: m[4], pages: m[5]}
	}
	return container{name: ref}
}
