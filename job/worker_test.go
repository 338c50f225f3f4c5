package job

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/sqlite"
)

// A bench is a worker over a real store with a clock of its own.
type bench struct {
	*Worker
	store *sqlite.DB
	mu    sync.Mutex
	now   time.Time
}

func newBench(t *testing.T, tasks ...Task) *bench {
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	b := &bench{store: store, now: time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC)}
	b.Worker = &Worker{Store: store, Tasks: tasks, Holder: "test", Log: slog.New(slog.DiscardHandler), Now: func() time.Time {
		b.mu.Lock()
		defer b.mu.Unlock()
		return b.now
	}}
	if err := b.Register(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

// pass lets time pass, and whatever is then due be done.
func (b *bench) pass(t *testing.T, d time.Duration) {
	t.Helper()
	b.mu.Lock()
	b.now = b.now.Add(d)
	b.mu.Unlock()
	var running sync.WaitGroup
	if err := b.start(t.Context(), &running); err != nil {
		t.Fatal(err)
	}
	running.Wait()
}

func (b *bench) job(t *testing.T, name string) broadsheet.Job {
	t.Helper()
	jobs, err := b.store.Jobs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range jobs {
		if j.Name == name {
			return j
		}
	}
	t.Fatalf("no job %s", name)
	return broadsheet.Job{}
}

func TestWorkerKeepsTheSchedule(t *testing.T) {
	var cursors []string
	b := newBench(t, Task{Name: "count", Group: "g", Schedule: Every(time.Hour), Run: func(ctx context.Context, r *Running) (string, error) {
		cursors = append(cursors, r.Cursor)
		return "counted", r.Save(ctx, r.Cursor+"x")
	}})
	for range 9 {
		b.pass(t, 20*time.Minute)
	}
	if diff := cmp.Diff([]string{"", "x", "xx"}, cursors); diff != "" {
		t.Errorf("cursors (-want +got):\n%s", diff)
	}
	if j := b.job(t, "count"); j.Note != "counted" || j.Running(b.now) || !j.Next.After(b.now) {
		t.Errorf("afterwards: %+v", j)
	}
}

func TestWorkerTriesAgain(t *testing.T) {
	tries := 0
	b := newBench(t, Task{Name: "flaky", Group: "g", Schedule: Every(24 * time.Hour), Run: func(context.Context, *Running) (string, error) {
		if tries++; tries < 4 {
			return "", broadsheet.Errorf(broadsheet.Unavailable, "Nobody answers.")
		}
		return "", nil
	}})
	b.pass(t, 0)
	if j := b.job(t, "flaky"); j.Failures != 1 || j.Error != "Nobody answers." || j.Next.Sub(b.now) > 2*time.Minute {
		t.Errorf("after a failure: %+v", j)
	}
	for range 10 {
		b.pass(t, time.Minute)
	}
	if j := b.job(t, "flaky"); tries != 4 || j.Failures != 0 || j.Error != "" || j.Next.Sub(b.now) < 23*time.Hour {
		t.Errorf("after %d tries: %+v", tries, j)
	}
}

func TestWorkerSurvivesPanics(t *testing.T) {
	b := newBench(t, Task{Name: "wild", Group: "g", Schedule: Every(time.Hour), Run: func(context.Context, *Running) (string, error) { panic("boo") }})
	b.pass(t, 0)
	if j := b.job(t, "wild"); j.Failures != 1 || j.Error != "job wild: panic: boo" {
		t.Errorf("got %+v", j)
	}
}

func TestOneOfAGroupAtATime(t *testing.T) {
	var mu sync.Mutex
	open, most, runs := 0, 0, 0
	run := func(context.Context, *Running) (string, error) {
		mu.Lock()
		open++
		runs++
		most = max(most, open)
		mu.Unlock()
		time.Sleep(time.Millisecond)
		mu.Lock()
		open--
		mu.Unlock()
		return "", nil
	}
	b := newBench(t,
		Task{Name: "a", Group: "harvest", Schedule: Every(time.Hour), Run: run},
		Task{Name: "b", Group: "harvest", Schedule: Every(time.Hour), Run: run},
		Task{Name: "c", Group: "harvest", Schedule: Every(time.Hour), Run: run})
	for range 5 {
		b.pass(t, time.Second)
	}
	if most != 1 || runs != 3 {
		t.Errorf("%d runs, %d at once; want 3, 1", runs, most)
	}
}

func TestTaskThatIsOff(t *testing.T) {
	var since []broadsheet.Date
	b := newBench(t, Task{Name: "off", Group: "g", Off: "no key", Schedule: Every(time.Hour), Run: func(_ context.Context, r *Running) (string, error) {
		since = append(since, r.Since)
		return "", nil
	}})
	b.pass(t, 24*time.Hour)
	if len(since) != 0 {
		t.Fatal("it ran by itself")
	}
	if !b.Ask("off", "2026-01-02") || b.Ask("nothing", "") {
		t.Error("Ask does not know the tasks")
	}
	b.pass(t, time.Second)
	b.pass(t, 24*time.Hour)
	if diff := cmp.Diff([]broadsheet.Date{"2026-01-02"}, since); diff != "" {
		t.Errorf("asked for once (-want +got):\n%s", diff)
	}
}

// A process that was killed leaves a lease. Another takes the job up when it has
// ended, from the cursor that was saved.
func TestKilledWorkerIsFollowed(t *testing.T) {
	var got string
	b := newBench(t, Task{Name: "long", Group: "g", Schedule: Every(time.Hour), Run: func(_ context.Context, r *Running) (string, error) {
		got = r.Cursor
		return "", nil
	}})
	if _, err := b.store.Lease(t.Context(), "long", "dead", b.now, b.now.Add(leaseFor)); err != nil {
		t.Fatal(err)
	}
	if err := b.store.SaveCursor(t.Context(), "long", "dead", "half", nil); err != nil {
		t.Fatal(err)
	}
	b.pass(t, leaseFor/2)
	if got != "" {
		t.Error("taken while the lease held")
	}
	b.pass(t, leaseFor)
	if got != "half" {
		t.Errorf("went on from %q, want half", got)
	}
}

// An interrupted run counts neither as done nor as failed.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	b := newBench(t, Task{Name: "long", Group: "g", Schedule: Every(time.Hour), Run: func(ctx context.Context, _ *Running) (string, error) {
		cancel()
		<-ctx.Done()
		return "", ctx.Err()
	}})
	if _, err := b.Run(ctx, "long", "", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if j := b.job(t, "long"); j.Failures != 0 || !j.Done.IsZero() {
		t.Errorf("got %+v", j)
	}
}

func TestWork(t *testing.T) {
	done := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b := newBench(t, Task{Name: "once", Group: "g", Schedule: Every(time.Hour), Run: func(context.Context, *Running) (string, error) {
		close(done)
		return "", nil
	}})
	var working sync.WaitGroup
	working.Go(func() {
		if err := b.Work(ctx, time.Millisecond); err != nil {
			t.Error(err)
		}
	})
	<-done
	cancel()
	working.Wait()
}
