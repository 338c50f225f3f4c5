package main

import (
	"context"
	"fmt"
	"strings"

	"broadsheet"
	"broadsheet/calendar"
	"broadsheet/sqlite"
)

// failsBadly is how often in a row a job fails before doctor calls it wrong: once or
// twice is any service's night.
const failsBadly = 3

// checkJobs tells which jobs fail, and which listings of arXiv were missed.
func (m *Main) checkJobs(ctx context.Context, store *sqlite.DB) []finding {
	jobs, err := store.Jobs(ctx)
	if err != nil {
		return []finding{{"jobs", false, sentence(err), "see whether another process keeps the file busy"}}
	}
	var all []finding
	due := 0
	for _, j := range jobs {
		if !j.Next.IsZero() {
			due++
		}
		if j.Failures >= failsBadly {
			all = append(all, finding{"job " + j.Name, false, fmt.Sprintf("failed %d times in a row: %s", j.Failures, j.Error), "see whether its service can be reached from here: broadsheet sync " + j.Name + " --once"})
		}
	}
	switch {
	case len(jobs) == 0:
		all = append(all, finding{"jobs", true, "none yet: a server that gathers papers makes them", ""})
	case len(all) == 0:
		all = append(all, finding{"jobs", true, fmt.Sprintf("%d are on, none fails", due), ""})
	}
	return append(all, m.checkListings(ctx, store)...)
}

// maxNamed is how many missed listings are named.
const maxNamed = 5

func (m *Main) checkListings(ctx context.Context, store *sqlite.DB) []finding {
	covered, err := store.Covered(ctx, broadsheet.SourceArXiv, "", "")
	if err != nil {
		return []finding{{"listings", false, sentence(err), "see whether another process keeps the file busy"}}
	}
	if len(covered) == 0 {
		return nil // arXiv was never asked
	}
	missing := calendar.Missing(covered, covered[0].Day, m.Now())
	if len(missing) == 0 {
		return []finding{{"listings", true, fmt.Sprintf("all of arXiv's from %s to %s are complete", covered[0].Day, covered[len(covered)-1].Day), ""}}
	}
	var names []string
	for _, day := range missing[max(0, len(missing)-maxNamed):] {
		names = append(names, string(day))
	}
	return []finding{{"listings", false, fmt.Sprintf("%d of arXiv's were missed, the latest %s", len(missing), strings.Join(names, ", ")),
		"the next night's harvest makes up for them; at once: broadsheet sync arxiv"}}
}
