package arxiv_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/arxiv"
	"broadsheet/arxiv/arxivtest"
	"broadsheet/ingest"
	"broadsheet/internal/fetch"
	"broadsheet/internal/need"
	"broadsheet/internal/wholefile"
	"broadsheet/sqlite"
)

// export returns what is stored, as JSON lines, and the log of changes.
func export(tb testing.TB, db *sqlite.DB) (papers string, changes []string) {
	tb.Helper()
	var b strings.Builder
	enc := json.NewEncoder(&b)
	for rec, err := range db.All(tb.Context()) {
		if err == nil {
			err = enc.Encode(rec)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	log, err := db.Changes(tb.Context(), 0, 1_000_000)
	if err != nil {
		tb.Fatal(err)
	}
	for _, c := range log {
		changes = append(changes, fmt.Sprintf("%d %s %s", c.Seq, c.Kind, c.Paper))
	}
	return b.String(), changes
}

var errKilled = errors.New("killed")

// A mortal store dies at the nth of all points at which a process could.
type mortal struct {
	*sqlite.DB
	dies, points int
	cursor       *string
}

func (m *mortal) live() error {
	m.points++
	if m.points-1 == m.dies {
		return errKilled
	}
	return nil
}

// Put dies before it, within, where a page is stored in parts, and behind it.
func (m *mortal) Put(ctx context.Context, records []broadsheet.Record) ([]broadsheet.Outcome, error) {
	if err := m.live(); err != nil {
		return nil, err
	}
	if m.points == m.dies {
		if _, err := m.DB.Put(ctx, records[:len(records)/2]); err != nil {
			return nil, err
		}
	}
	if err := m.live(); err != nil {
		return nil, err
	}
	outcomes, err := m.DB.Put(ctx, records)
	if err == nil {
		err = m.live()
	}
	return outcomes, err
}

// save dies before it and behind it.
func (m *mortal) save(_ context.Context, p broadsheet.Page) error {
	if err := m.live(); err != nil {
		return err
	}
	if p.Cursor != "" {
		*m.cursor = p.Cursor
	}
	return m.live()
}

// Wherever a harvest is stopped, the next one goes on so that nothing is missing
// and nothing is logged twice.
func TestHarvestStoppedAnywhere(t *testing.T) {
	papers := arxivtest.Invent(30, "2026-08-20", "2026-09-24")
	for _, sets := range [][]string{nil, {"cs", "hep-th"}} {
		if sets != nil {
			need.Long(t)
		}
		w := newWorld(t, papers, arxivtest.Options{PageSize: 9, Sizes: true}, arxiv.Options{Since: "2026-08-20", Sets: sets})
		run := func(dies int) (db *sqlite.DB, points int) {
			db = openStore(t, filepath.Join(t.TempDir(), "broadsheet.db"))
			cursor := ""
			m := &mortal{DB: db, dies: dies, cursor: &cursor}
			for {
				h := ingest.Harvesting{Store: m, Save: m.save}
				err := h.Run(t.Context(), w.arxiv.Changes(), cursor, &ingest.Summary{})
				if err == nil {
					return db, m.points
				}
				if !errors.Is(err, errKilled) {
					t.Fatal(err)
				}
			}
		}
		db, points := run(-1)
		want, wantLog := export(t, db)
		if len(want) == 0 || points < 30 {
			t.Fatalf("%d bytes, %d points", len(want), points)
		}
		for dies := range points {
			db, _ := run(dies)
			got, gotLog := export(t, db)
			if got != want {
				t.Errorf("stopped at point %d, the export is another one:\n%s", dies, cmp.Diff(want, got))
			}
			if diff := cmp.Diff(wantLog, gotLog); diff != "" {
				t.Errorf("stopped at point %d, changes (-want +got):\n%s", dies, diff)
			}
			db.Close()
		}
		t.Logf("stopped at each of %d points", points)
	}
}

// In its own process the harvest that is to be killed is all that the test binary
// does.
func TestMain(m *testing.M) {
	if dir := os.Getenv("BROADSHEET_TEST_HARVEST_INTO"); dir != "" {
		if err := harvestInto(dir, os.Getenv("BROADSHEET_TEST_HARVEST_FROM")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func harvestInto(dir, address string) error {
	ctx := context.Background()
	db, err := sqlite.Open(ctx, filepath.Join(dir, "broadsheet.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	db.Now = func() time.Time { return noon }
	file := filepath.Join(dir, "cursor")
	cursor, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	s, err := arxiv.NewService(arxiv.Options{OAI: address, Since: "2026-07-01", Client: fetch.New(fetch.Options{}), Now: func() time.Time { return noon }})
	if err != nil {
		return err
	}
	h := ingest.Harvesting{Store: db, Save: func(_ context.Context, p broadsheet.Page) error {
		if p.Cursor == "" {
			return nil
		}
		return wholefile.Write(file, []byte(p.Cursor), 0o600)
	}}
	return h.Run(ctx, s.Changes(), string(cursor), &ingest.Summary{})
}

// A process that is killed at random moments, twenty times.
func TestHarvestKilled(t *testing.T) {
	need.Long(t)
	papers := arxivtest.Invent(4000, "2026-07-01", "2026-09-24")
	server := arxivtest.New(papers, arxivtest.Options{PageSize: 80, Sizes: true, Now: func() time.Time { return noon }})
	defer server.Close()
	start := func(dir string) *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "BROADSHEET_TEST_HARVEST_INTO="+dir, "BROADSHEET_TEST_HARVEST_FROM="+server.OAI())
		cmd.Stderr = new(bytes.Buffer)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	finish := func(dir string) (string, []string) {
		t.Helper()
		if cmd := start(dir); cmd.Wait() != nil {
			t.Fatalf("%s", cmd.Stderr)
		}
		return export(t, openStore(t, filepath.Join(dir, "broadsheet.db")))
	}
	began := time.Now()
	want, wantLog := finish(t.TempDir())
	took := time.Since(began)

	const kills = 20
	dir := t.TempDir()
	finished := 0
	for range kills {
		cmd := start(dir)
		time.Sleep(time.Duration(rand.Int64N(int64(took / 10))))
		cmd.Process.Kill()
		if cmd.Wait() == nil {
			finished++
		}
	}
	got, gotLog := finish(dir)
	if got != want {
		t.Error("the export differs from that of a harvest that was left alone")
	}
	if diff := cmp.Diff(wantLog, gotLog); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	t.Logf("%d kills (%d runs had finished before) within %v of a harvest of %v, %d papers", kills, finished, took/10, took.Round(time.Millisecond), strings.Count(want, "\n"))
}
