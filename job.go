package broadsheet

import (
	"context"
	"time"
)

// A Job is what is known of something that is done again and again, such as the
// harvest of a source: when it is due, who is at it, and how it went.
type Job struct {
	Name   string
	Group  string    // of jobs of one group, at most one runs at a time
	Cursor string    // where it goes on; text of the job's own
	Next   time.Time // when it is due; zero: never by itself

	Holder string    // who runs it, or "" for nobody
	Until  time.Time // the holder's lease, which it extends while it lives

	Started  time.Time // the latest run
	Finished time.Time // the latest run that ended; zero before the first
	Done     time.Time // the latest run that ended well
	Failures int       // in a row, up to the latest
	Error    string    // how the latest failed; "" for well
	Note     string    // how far the running one is, or what the latest did
}

// Running reports whether somebody is at the job at a time.
func (j *Job) Running(now time.Time) bool { return j.Holder != "" && now.Before(j.Until) }

// A JobStore keeps jobs. Processes that share it agree by it who runs what: a job
// is leased, a lease that is not extended ends by itself, and whoever has lost his
// lease can write nothing more.
type JobStore interface {
	// Jobs returns all jobs by name.
	Jobs(ctx context.Context) ([]Job, error)

	// PutJob makes a job known, or changes its group and when it is due next. A
	// job that is known keeps everything else.
	PutJob(ctx context.Context, name, group string, next time.Time) error

	// Lease gives a job to a holder until a time. Conflict if another holds it, or
	// another job of its group, at now; NotFound if there is none of that name.
	Lease(ctx context.Context, name, holder string, now, until time.Time) (Job, error)

	// Extend prolongs a lease, with a note on how far the job is. Conflict if the
	// lease was lost.
	Extend(ctx context.Context, name, holder string, until time.Time, note string) error

	// SaveCursor keeps where a job goes on, unless the cursor is "", together with the
	// days that it has completed. Conflict if the lease was lost.
	SaveCursor(ctx context.Context, name, holder, cursor string, complete []Coverage) error

	// Finish ends a run: how it went, and when the job is due next. Conflict if the
	// lease was lost.
	Finish(ctx context.Context, name, holder string, r Run) error

	// BreakLeases ends all leases: for a process that knows that it alone has the
	// store, since those who held them are gone.
	BreakLeases(ctx context.Context) error
}

// A Run is how the run of a job went.
type Run struct {
	At    time.Time // when it ended
	Next  time.Time // when the job is due again
	Error string    // "" for well
	Note  string    // what it did
}
