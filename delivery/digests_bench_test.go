package delivery

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/internal/smtptest"
	"broadsheet/smtp"
	"broadsheet/sqlite"
)

// A sink takes every message at once, as a mail server on this machine with nothing
// to do would.
type sink struct{}

func (sink) Send(_ context.Context, m smtp.Message) smtp.Result {
	if len(m.Data) < 1000 {
		return smtp.Result{Outcome: smtp.Permanent}
	}
	return smtp.Result{Outcome: smtp.Delivered}
}

// BenchmarkDigests composes digests in which no two readers have the same papers, and
// hands them over. What it reports of memory is of all that the process has done, with
// the making of the readers. For the whole:
//
//	go test ./delivery -run '^$' -bench Digests -benchtime 100000x -cpu 2 -timeout 30m
func BenchmarkDigests(b *testing.B) {
	b.Run("to a sink", func(b *testing.B) {
		benchmarkDigests(b, func(*Post) {})
	})
	b.Run("by SMTP over loopback", func(b *testing.B) {
		server := smtptest.Start(b, smtptest.Options{})
		benchmarkDigests(b, func(p *Post) {
			p.Client = smtp.Open(smtp.Options{Server: smtp.Server{Host: "127.0.0.1", Port: server.Port, Security: smtp.Plaintext}, Conns: DefaultWorkers})
		})
	})
}

func benchmarkDigests(b *testing.B, set func(*Post)) {
	path := filepath.Join(b.TempDir(), "test.db")
	store, err := sqlite.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	personal(b, store, path, b.N)
	post := newPost(store, smtp.Server{})
	post.Client = sink{}
	set(post)
	s := &Sender{Outbox: store, Holder: "test", Now: func() time.Time { return start }, Log: slog.New(slog.DiscardHandler), Carriers: Carriers(post, nil)}
	b.ReportAllocs()
	before := cpuTime(b)
	b.ResetTimer()
	n, err := s.Drain(b.Context())
	b.StopTimer()
	if err != nil || n != b.N {
		b.Fatalf("%d delivered, %v; want %d", n, err, b.N)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/float64(b.N), "CPU-µs/message")
	b.ReportMetric(peak(b), "peak-MiB")
}

// personal plans a digest for each of n readers: ten papers of the day's 300, no two
// readers the same ones.
func personal(b *testing.B, store *sqlite.DB, path string, n int) {
	b.Helper()
	ids := putLong(b, store, "2026-03-03", 300)
	fill(b, path, n)
	rng := rand.New(rand.NewPCG(1, 2))
	for first := 1; first <= n; first += planBatch {
		var list []broadsheet.Planned
		for id := first; id < min(first+planBatch, n+1); id++ {
			d := &broadsheet.Digest{Subscription: int64(id), Slot: start, First: "2026-03-03", Through: "2026-03-03", Others: len(ids) - 10}
			for _, i := range rng.Perm(len(ids))[:10] {
				d.Picks = append(d.Picks, broadsheet.Pick{Paper: ids[i], Reason: fmt.Sprintf("Close to what you read: subject %d.", rng.IntN(50))})
			}
			list = append(list, broadsheet.Planned{Subscription: int64(id), Due: start, Next: start.AddDate(0, 0, 1), Through: "2026-03-03", Domain: "example.org", Digest: d})
		}
		if stored, err := store.PutPlanned(b.Context(), list, start); err != nil || stored != len(list) {
			b.Fatalf("%d planned, %v; want %d", stored, err, len(list))
		}
	}
}

// putLong puts papers with abstracts of the usual length, some 200 words, into the
// edition of a day.
func putLong(tb testing.TB, store *sqlite.DB, day broadsheet.Date, papers int) (ids []broadsheet.ID) {
	tb.Helper()
	rng := rand.New(rand.NewPCG(3, 4))
	word := func() string {
		return "w" + strconv.Itoa(rng.IntN(3000)) + []string{"ing", "al", "or", ""}[rng.IntN(4)]
	}
	var list []broadsheet.Record
	for i := range papers {
		var text strings.Builder
		for range 200 {
			text.WriteString(word() + " ")
		}
		r := broadsheet.Record{Paper: broadsheet.Paper{ID: broadsheet.ID(fmt.Sprintf("2599.%05d", i)), Title: "On " + word() + " and " + word() + " of $\\alpha$",
			Abstract: text.String() + "with $x^2$ of them.", Published: day, Categories: []string{"cs.LG"}, Sources: []broadsheet.Source{{Name: "jsonl"}}},
			Entries: []broadsheet.Entry{{Date: day, Place: i + 1}}}
		for range 5 {
			r.Authors = append(r.Authors, broadsheet.Author{Name: "Ada " + word()})
		}
		ids, list = append(ids, r.ID), append(list, r)
	}
	if _, err := store.Put(tb.Context(), list); err != nil {
		tb.Fatal(err)
	}
	return ids
}

// cpuTime returns what this process has had of the processors, which does not depend
// on who else uses them.
func cpuTime(tb testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peak returns the most memory that this process has had, in MiB, where Linux tells.
func peak(tb testing.TB) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		if f := bytes.Fields(line); len(f) > 1 && string(f[0]) == "VmHWM:" {
			kB, err := strconv.Atoi(string(f[1]))
			if err != nil {
				tb.Fatal(err)
			}
			return float64(kB) / 1024
		}
	}
	return 0
}

// BenchmarkPersonal chooses and stores the digests of an edition of 300 papers for readers
// of whom no two care about the same.
func BenchmarkPersonal(b *testing.B) {
	path := filepath.Join(b.TempDir(), "test.db")
	store, err := sqlite.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	putLong(b, store, "2026-03-03", 300)
	fill(b, path, b.N)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	_, err = db.ExecContext(b.Context(), `INSERT INTO subscriptions (reader, view, rhythm, minute, zone, size, lang, state, paused_until, created, confirmed, next, through)
		SELECT id, 'query:w' || (id % 3000) || 'ing w' || (id / 3000), 'weekly', 420, 'UTC', 10, 'en', 'active', '', 0, 0, ?, '' FROM readers`, start.AddDate(1, 0, 0).UnixMilli())
	if err != nil {
		b.Fatal(err)
	}
	p := newPlanner(store)
	p.Latest = func(time.Time) broadsheet.Date { return "2026-03-03" }
	before := cpuTime(b)
	b.ResetTimer()
	n, err := p.Plan(b.Context(), start)
	b.StopTimer()
	if err != nil || n != b.N {
		b.Fatalf("%d planned, %v; want %d", n, err, b.N)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "digests/s")
	b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/float64(b.N), "CPU-µs/digest")
	b.ReportMetric(peak(b), "peak-MiB")
}
