package delivery

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/internal/need"
	"broadsheet/internal/smtptest"
	"broadsheet/internal/token"
	"broadsheet/mail"
	"broadsheet/smtp"
	"broadsheet/sqlite"
)

// TestMain lets this binary be the process that is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv("DELIVERY_TEST_STORE"); path != "" {
		if err := deliverAll(path, os.Getenv("DELIVERY_TEST_PORT")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// deliverAll plans and hands over all that is due, as a server does.
func deliverAll(path, port string) error {
	ctx := context.Background()
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	defer store.Close()
	if err := store.ReleaseDeliveries(ctx, ""); err != nil { // those of the process that was killed
		return err
	}
	p := newPlanner(store)
	p.Latest = func(time.Time) broadsheet.Date { return "2026-03-03" }
	if _, err := p.Plan(ctx, start); err != nil {
		return err
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	s := &Sender{Outbox: store, Holder: "killed", Now: func() time.Time { return start }, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Carriers: map[broadsheet.Channel]Carrier{broadsheet.ByMail: newPost(store, smtp.Server{Host: "127.0.0.1", Port: n, Security: smtp.Plaintext})}}
	_, err = s.Drain(ctx)
	return err
}

func newPost(store *sqlite.DB, server smtp.Server) *Post {
	tokens, err := token.New([]byte("a secret of tests"))
	if err != nil {
		panic(err)
	}
	return &Post{Client: smtp.Open(smtp.Options{Server: server, Conns: DefaultWorkers}), Papers: store, Subscriptions: store, Tokens: tokens,
		Log: slog.New(slog.DiscardHandler), From: mail.Address{Name: "Broadsheet", Local: "papers", Domain: "papers.example.org"},
		BaseURL: "https://papers.example.org", Host: "papers.example.org"}
}

// fill makes n readers of editions, all due at start, in one transaction.
func fill(t testing.TB, path string, n int) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	numbers := fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d) `, n)
	for _, stmt := range []string{
		numbers + `INSERT INTO readers (id, channel, address, key) SELECT i + 1, 'mail', 'reader' || i || '@example.org', 'reader' || i || '@example.org' FROM n`,
		fmt.Sprintf(`INSERT INTO subscriptions (reader, view, rhythm, minute, zone, size, lang, state, paused_until, created, confirmed, next, through)
			SELECT id, 'edition', 'daily', 420, 'UTC', 10, 'en', 'active', '', 0, 0, %d, '2026-03-02' FROM readers`, start.UnixMilli()),
	} {
		if _, err := db.ExecContext(t.Context(), stmt); err != nil {
			t.Fatal(err)
		}
	}
}

// killWhen says when to kill: once a server has received so many messages, or
// after a time.
func killWhen(kill chan<- struct{}, count int, limit time.Duration, received func() int) {
	for end := time.Now().Add(limit); received() < count && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	close(kill)
}

// Whoever delivers is killed twenty times at random moments. No reader misses the
// edition, and at most the messages that were on their way are repeated, under the
// same Message-ID.
func TestKilled(t *testing.T) {
	readers, kills := 10_000, 20
	if testing.Short() {
		readers, kills = 600, 4
	}
	need.Long(t)
	server := smtptest.Start(t, smtptest.Options{})
	path := filepath.Join(t.TempDir(), "test.db")
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	putDay(t, store, "2026-03-03", 12)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	fill(t, path, readers)

	rng := rand.New(rand.NewPCG(1, 2))
	killed, done := 0, false
	for !done {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "DELIVERY_TEST_STORE="+path, "DELIVERY_TEST_PORT="+strconv.Itoa(server.Port))
		cmd.Stderr = io.Discard
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		exited := make(chan error, 1)
		go func() { exited <- cmd.Wait() }()
		kill := make(chan struct{})
		if killed < kills { // some while digests are planned, most while they are sent
			more := rng.IntN(2 * readers / kills)
			limit := time.Duration(rng.IntN(15_000)) * time.Millisecond
			go killWhen(kill, len(server.Received())+more, limit, func() int { return len(server.Received()) })
		}
		select {
		case err := <-exited:
			if err != nil {
				t.Fatal(err)
			}
			done = true
		case <-kill:
			cmd.Process.Signal(syscall.SIGKILL)
			<-exited
			killed++
		}
	}

	missed, repeated := 0, 0
	got := server.ByRecipient()
	for i := range readers {
		ids := got[fmt.Sprintf("reader%d@example.org", i)]
		if len(ids) == 0 {
			missed++
			continue
		}
		repeated += len(ids) - 1
		for _, id := range ids {
			if id != ids[0] {
				t.Errorf("reader %d has it as %s and as %s", i, ids[0], id)
			}
		}
	}
	t.Logf("%d readers, killed %d times: %d missed it, %d messages came twice (at most %d were on their way)", readers, killed, missed, repeated, killed*DefaultWorkers)
	if missed > 0 || repeated > killed*DefaultWorkers || len(got) != readers {
		t.Errorf("%d missed, %d repeated, %d recipients", missed, repeated, len(got))
	}
}
