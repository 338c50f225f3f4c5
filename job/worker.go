// Package job does at their times what is done again and again: harvests of
// sources, and whatever else keeps an instance fresh. What is due, who is at it
// and how it went stands in the store, so that several processes may share the
// work and one that is killed leaves nothing behind but a lease that ends by
// itself.
package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"broadsheet"
)

// A lease is short, so that the work of a process that was killed is taken up
// soon, and is extended several times within its length.
const (
	leaseFor    = time.Minute
	extendEvery = 15 * time.Second
)

// A failed job is tried again after a minute, then two, four …, an hour at most:
// a service that is back should not be waited for long, and one that is not
// should not be asked for nothing. It is never later than the schedule has it.
const (
	retryFirst = time.Minute
	retryMost  = time.Hour
)

// A Task is what is to be done, and when.
type Task struct {
	Name     string
	Group    string // at most one of a group runs at a time
	Schedule Schedule
	Off      string // why it is not done by itself; "" for it is

	// Run does it, from r.Cursor on, and says in a few words what it has done. It
	// may be interrupted at any instant and is then run again.
	Run func(ctx context.Context, r *Running) (note string, err error)
}

// A Running is a run of a task.
type Running struct {
	Cursor string
	Since  broadsheet.Date // where to begin instead of at the cursor; "" usually

	w    *Worker
	name string
	told func(string)
	mu   sync.Mutex
	note string
}

// Save keeps where to go on, unless that is "", and which days are complete. It
// fails when the lease was lost.
func (r *Running) Save(ctx context.Context, cursor string, complete ...broadsheet.Coverage) error {
	return r.w.Store.SaveCursor(ctx, r.name, r.w.Holder, cursor, complete)
}

// Tell says how far the task is.
func (r *Running) Tell(note string) {
	r.mu.Lock()
	r.note = note
	r.mu.Unlock()
	if r.told != nil {
		r.told(note)
	}
}

func (r *Running) latest() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.note
}

// A Worker does tasks.
type Worker struct {
	Store  broadsheet.JobStore
	Tasks  []Task
	Holder string // names this process
	Now    func() time.Time
	Log    *slog.Logger

	mu     sync.Mutex
	asked  map[string]broadsheet.Date // to be run at once, from a day on or ""
	wake   chan struct{}
	nudged sync.Once
}

// Work does what is due until ctx is done, looking every period.
func (w *Worker) Work(ctx context.Context, period time.Duration) error {
	if err := w.Register(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	var running sync.WaitGroup
	defer running.Wait()
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		if err := w.start(ctx, &running); err != nil && ctx.Err() == nil {
			w.Log.Error("jobs cannot be looked at", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-w.woken():
		}
	}
}

// Register makes the tasks known to the store. One that is new is due at once; one
// that is off is never due.
func (w *Worker) Register(ctx context.Context) error {
	jobs, err := w.Store.Jobs(ctx)
	if err != nil {
		return err
	}
	known := make(map[string]broadsheet.Job, len(jobs))
	for _, j := range jobs {
		known[j.Name] = j
	}
	now := w.Now()
	for _, t := range w.Tasks {
		next := known[t.Name].Next
		switch latest := t.Schedule(now); {
		case t.Off != "":
			next = time.Time{}
		case next.IsZero():
			next = now
		case next.After(latest): // the schedule has changed
			next = latest
		}
		if err := w.Store.PutJob(ctx, t.Name, t.Group, next); err != nil {
			return err
		}
	}
	return nil
}

// Ask has a task run as soon as its group is free, from a day on if there is one.
// It reports whether there is such a task.
func (w *Worker) Ask(name string, since broadsheet.Date) bool {
	if w.task(name) == nil {
		return false
	}
	w.mu.Lock()
	if w.asked == nil {
		w.asked = map[string]broadsheet.Date{}
	}
	w.asked[name] = since
	w.mu.Unlock()
	select {
	case w.woken() <- struct{}{}:
	default:
	}
	return true
}

func (w *Worker) woken() chan struct{} {
	w.nudged.Do(func() { w.wake = make(chan struct{}, 1) })
	return w.wake
}

// Off returns why a task is not run by itself, or "".
func (w *Worker) Off(name string) string {
	if t := w.task(name); t != nil {
		return t.Off
	}
	return ""
}

func (w *Worker) task(name string) *Task {
	for i := range w.Tasks {
		if w.Tasks[i].Name == name {
			return &w.Tasks[i]
		}
	}
	return nil
}

// start runs what is due and free.
func (w *Worker) start(ctx context.Context, running *sync.WaitGroup) error {
	jobs, err := w.Store.Jobs(ctx)
	if err != nil {
		return err
	}
	now := w.Now()
	for _, j := range jobs {
		t := w.task(j.Name)
		if t == nil || j.Running(now) {
			continue
		}
		since, asked := w.takeAsked(j.Name, false)
		if !asked && (t.Off != "" || j.Next.IsZero() || now.Before(j.Next)) {
			continue
		}
		leased, err := w.Store.Lease(ctx, t.Name, w.Holder, now, now.Add(leaseFor))
		if broadsheet.KindOf(err) == broadsheet.Conflict {
			continue // another of its group runs
		}
		if err != nil {
			return err
		}
		w.takeAsked(j.Name, true)
		running.Go(func() { w.run(ctx, t, leased, &Running{Since: since}) })
	}
	return nil
}

func (w *Worker) takeAsked(name string, take bool) (broadsheet.Date, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	since, ok := w.asked[name]
	if take {
		delete(w.asked, name)
	}
	return since, ok
}

// Run runs one task now and returns how it went. Tell is told how far it is; may
// be nil.
func (w *Worker) Run(ctx context.Context, name string, since broadsheet.Date, tell func(string)) (note string, err error) {
	t := w.task(name)
	if t == nil {
		return "", broadsheet.Errorf(broadsheet.NotFound, "There is no job %s.", broadsheet.Printable(name, 60))
	}
	now := w.Now()
	leased, err := w.Store.Lease(ctx, name, w.Holder, now, now.Add(leaseFor))
	if err != nil {
		return "", err
	}
	return w.run(ctx, t, leased, &Running{Since: since, told: tell})
}

// run does a leased task, extends the lease while it lasts, and notes the outcome.
// When ctx ends it notes nothing: the task was not done, and is due still.
func (w *Worker) run(ctx context.Context, t *Task, j broadsheet.Job, r *Running) (note string, err error) {
	r.w, r.name, r.Cursor = w, t.Name, j.Cursor
	if r.Since != "" {
		r.Cursor = ""
	}
	w.Log.Info("job begins", "job", t.Name)
	held, lost := context.WithCancelCause(ctx)
	stop := make(chan struct{})
	var keeper sync.WaitGroup
	keeper.Go(func() { w.keep(held, r, stop, lost) })
	note, err = w.guarded(held, t, r)
	close(stop)
	keeper.Wait()
	lost(nil)
	if ctx.Err() != nil {
		return note, ctx.Err()
	}
	if cause := context.Cause(held); err != nil && broadsheet.KindOf(cause) == broadsheet.Conflict {
		return note, cause // whoever has the lease now goes on
	}
	return note, errors.Join(err, w.finish(ctx, t, j, note, err))
}

// guarded runs a task so that its panic is an error like others.
func (w *Worker) guarded(ctx context.Context, t *Task, r *Running) (note string, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("job %s: panic: %v", t.Name, v)
		}
	}()
	return t.Run(ctx, r)
}

// keep extends the lease of a run until stop is closed, and ends the run when the
// lease is lost.
func (w *Worker) keep(ctx context.Context, r *Running, stop <-chan struct{}, lost context.CancelCauseFunc) {
	tick := time.NewTicker(extendEvery)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := w.Store.Extend(ctx, r.name, w.Holder, w.Now().Add(leaseFor), r.latest())
		if broadsheet.KindOf(err) == broadsheet.Conflict {
			lost(err)
			return
		}
	}
}

// finish notes how a run went and when the task is due next.
func (w *Worker) finish(ctx context.Context, t *Task, j broadsheet.Job, note string, failed error) error {
	now := w.Now()
	run := broadsheet.Run{At: now, Next: t.Schedule(now), Note: note}
	if failed == nil {
		w.Log.Info("job done", "job", t.Name, "did", note, "next", run.Next)
	} else {
		if again := now.Add(retryAfter(j.Failures)); again.Before(run.Next) {
			run.Next = again
		}
		run.Error = broadsheet.Printable(sentence(failed), maxError)
		w.Log.Warn("job failed", "job", t.Name, "err", failed, "next", run.Next)
	}
	if t.Off != "" {
		run.Next = time.Time{}
	}
	return w.Store.Finish(ctx, t.Name, w.Holder, run)
}

// maxError bounds what is kept of an error.
const maxError = 500

// sentence is what an operator is told; an unclassified error has only itself.
func sentence(err error) string {
	if e, ok := errors.AsType[*broadsheet.Error](err); ok && e.Kind != broadsheet.Internal {
		return e.Text
	}
	return err.Error()
}

// retryAfter is the wait after a number of failures before this one, with jitter
// of a quarter, so that instances which failed together do not come back together.
func retryAfter(failures int) time.Duration {
	d := min(retryFirst<<min(failures, 10), retryMost)
	return d - d/8 + rand.N(d/4)
}
