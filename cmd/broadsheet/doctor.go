package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"broadsheet"
	"broadsheet/indexer"
	"broadsheet/internal/datadir"
	"broadsheet/sqlite"
)

// minFree is the free space on the disk below which doctor warns: an import of
// the largest public snapshot needs some 6 GB.
const minFree = 1 << 30

var doctorCommand = command{
	name: "doctor", short: "check the data directory and say what to do", extra: slices.Concat(modelSettings, serviceFlags), json: true,
	help: `
Reads everything and changes nothing; it can run beside a server. The exit code is
1 when something is wrong.`,
	prepare: func(*flag.FlagSet) func(context.Context, *Main, []string) error {
		return func(ctx context.Context, m *Main, args []string) error {
			if len(args) > 0 {
				return usagef("unexpected \"%s\"", broadsheet.Printable(args[0], 40))
			}
			return m.doctor(ctx)
		}
	},
}

// A finding is one thing that doctor looked at.
type finding struct {
	Check  string `json:"check"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Do     string `json:"do,omitempty"` // what mends it
}

func (m *Main) doctor(ctx context.Context) error {
	findings := m.examine(ctx)
	if err := ctx.Err(); err != nil {
		return err
	}
	sound := true
	for _, f := range findings {
		sound = sound && f.OK
	}
	if m.json {
		if err := m.printJSON(map[string]any{"ok": sound, "findings": findings}); err != nil {
			return err
		}
	} else {
		for _, f := range findings {
			mark := "ok  "
			if !f.OK {
				mark = "BAD "
			}
			fmt.Fprintf(m.Stdout, "%s  %-10s %s\n", mark, f.Check, f.Detail)
			if f.Do != "" {
				fmt.Fprintf(m.Stdout, "      %-10s → %s\n", "", f.Do)
			}
		}
	}
	if !sound {
		return errSaid
	}
	return nil
}

func (m *Main) examine(ctx context.Context) []finding {
	dir, err := datadir.OpenReadOnly(m.cfg.Data)
	if err != nil {
		return []finding{{"directory", false, sentence(err), "name the right one with --data or BROADSHEET_DATA"}}
	}
	defer dir.Close()
	all := []finding{{"directory", true, dir.Path(), ""}, checkDisk(dir.Path())}
	store, err := sqlite.OpenReadOnly(ctx, dir.Database())
	if err != nil {
		return append(all, finding{"database", false, sentence(err), adviceFor(err)})
	}
	defer store.Close()
	stats, f := checkStore(ctx, store)
	all = append(all, f)
	if !f.OK {
		return all
	}
	all = append(all, checkIndex(ctx, dir.Index(), stats), m.checkModel(ctx, m.newLibrary(dir)))
	zone := m.cfg.Location()
	all = append(all, finding{"clock", true, fmt.Sprintf("%s in %s", m.Now().In(zone).Format("2006-01-02 15:04"), zone), ""})
	if stats.LastDay != "" {
		all = append(all, finding{"editions", true, fmt.Sprintf("from %s to %s", stats.FirstDay, stats.LastDay), ""})
	} else {
		all = append(all, finding{"editions", true, "none yet", "import an edition: broadsheet import --date DAY FILE"})
	}
	all = append(all, m.checkJobs(ctx, store)...)
	return append(all, m.checkServices(ctx, store)...)
}

const restoreAdvice = "stop the server and restore the last backup: broadsheet restore FILE"

// adviceFor adds what to do to an error that does not say it itself.
func adviceFor(err error) string {
	if broadsheet.KindOf(err) == broadsheet.Invalid { // damaged
		return restoreAdvice
	}
	return ""
}

func checkDisk(path string) finding {
	free, err := freeSpace(path)
	switch {
	case err != nil:
		return finding{"disk", true, "free space cannot be told here", ""}
	case free < minFree:
		return finding{"disk", false, fmt.Sprintf("%d MB free", free>>20), "free some space before the next import"}
	}
	return finding{"disk", true, fmt.Sprintf("%.1f GB free", float64(free)/1e9), ""}
}

func checkStore(ctx context.Context, store *sqlite.DB) (broadsheet.Stats, finding) {
	wrong, err := store.Check(ctx)
	if err != nil {
		return broadsheet.Stats{}, finding{"database", false, sentence(err), adviceFor(err)}
	}
	if len(wrong) > 0 {
		return broadsheet.Stats{}, finding{"database", false, strings.Join(wrong, "; "), restoreAdvice}
	}
	stats, err := store.Stats(ctx)
	if err != nil {
		return stats, finding{"database", false, err.Error(), "see whether another process keeps the file busy"}
	}
	return stats, finding{"database", true, fmt.Sprintf("%s papers, %s changes, every page sound",
		thousands(int(stats.Papers)), thousands(int(stats.LastChange))), ""}
}

func checkIndex(ctx context.Context, path string, stats broadsheet.Stats) finding {
	const rebuild = "stop the server and build it again: broadsheet reindex"
	if _, err := os.Stat(path); err != nil {
		return finding{"index", stats.Papers == 0, "there is none", rebuild}
	}
	if err := indexer.Check(ctx, path); err != nil {
		return finding{"index", false, sentence(err), rebuild}
	}
	index, err := indexer.OpenReadOnly(ctx, path)
	if err != nil {
		return finding{"index", false, sentence(err), rebuild}
	}
	defer index.Close()
	at, err := index.Indexed(ctx)
	switch {
	case err != nil:
		return finding{"index", false, err.Error(), rebuild}
	case at > stats.LastChange:
		return finding{"index", false, "it belongs to another database", rebuild}
	case at < stats.LastChange:
		return finding{"index", true, fmt.Sprintf("%s changes behind", thousands(int(stats.LastChange-at))),
			"it catches up while broadsheet serve runs, and after an import"}
	}
	return finding{"index", true, "up to date, every checksum holds", ""}
}
