package storetest

import (
	"testing"
	"time"

	"broadsheet"
)

func jobs(t *testing.T, open func(*testing.T) Store) {
	at := func(minutes int) time.Time { return time.Date(2026, 3, 4, 5, minutes, 0, 0, time.UTC) }
	fill := func(t *testing.T) Store {
		s := open(t)
		ok(t, s.PutJob(t.Context(), "arxiv", "harvest", at(0)))
		ok(t, s.PutJob(t.Context(), "biorxiv", "harvest", at(0)))
		ok(t, s.PutJob(t.Context(), "interest", "interest", at(0)))
		return s
	}
	lease := func(s Store, name, holder string, now int) error {
		_, err := s.Lease(t.Context(), name, holder, at(now), at(now+1))
		return err
	}
	kind := func(t *testing.T, what string, err error, want broadsheet.Kind) {
		t.Helper()
		if err == nil || broadsheet.KindOf(err) != want {
			t.Errorf("%s: got %v, want an error of kind %d", what, err, want)
		}
	}

	t.Run("a run is kept", func(t *testing.T) {
		s := fill(t)
		ok(t, lease(s, "arxiv", "me", 1))
		ok(t, s.Extend(t.Context(), "arxiv", "me", at(9), "page 3"))
		ok(t, s.SaveCursor(t.Context(), "arxiv", "me", "there", nil))
		got, err := s.Jobs(t.Context())
		ok(t, err)
		want := broadsheet.Job{Name: "arxiv", Group: "harvest", Cursor: "there", Next: at(0), Holder: "me", Until: at(9), Started: at(1), Note: "page 3"}
		equal(t, "while it runs", got[0], want)
		ok(t, s.Finish(t.Context(), "arxiv", "me", broadsheet.Run{At: at(5), Next: at(30), Note: "7 papers"}))
		got, err = s.Jobs(t.Context())
		ok(t, err)
		want = broadsheet.Job{Name: "arxiv", Group: "harvest", Cursor: "there", Next: at(30), Started: at(1), Finished: at(5), Done: at(5), Note: "7 papers"}
		equal(t, "afterwards", got[0], want)
	})
	t.Run("failures are counted until one run ends well", func(t *testing.T) {
		s := fill(t)
		for i := range 3 {
			ok(t, lease(s, "arxiv", "me", i))
			ok(t, s.Finish(t.Context(), "arxiv", "me", broadsheet.Run{At: at(i), Next: at(i + 1), Error: "no answer"}))
		}
		j, err := s.Lease(t.Context(), "arxiv", "me", at(4), at(5))
		ok(t, err)
		equal(t, "failures", j.Failures, 3)
		ok(t, s.Finish(t.Context(), "arxiv", "me", broadsheet.Run{At: at(4)}))
		got, _ := s.Jobs(t.Context())
		equal(t, "then", []any{got[0].Failures, got[0].Error, got[0].Done}, []any{0, "", at(4)})
	})
	t.Run("one of a group runs at a time", func(t *testing.T) {
		s := fill(t)
		ok(t, lease(s, "arxiv", "me", 1))
		kind(t, "the same job", lease(s, "arxiv", "you", 1), broadsheet.Conflict)
		kind(t, "another of the group", lease(s, "biorxiv", "you", 1), broadsheet.Conflict)
		ok(t, lease(s, "interest", "you", 1))
		kind(t, "a job that nobody knows", lease(s, "nothing", "you", 1), broadsheet.NotFound)
	})
	t.Run("a lease ends by itself, and who has lost it writes nothing", func(t *testing.T) {
		s := fill(t)
		ok(t, lease(s, "arxiv", "me", 1))
		ok(t, lease(s, "arxiv", "you", 2))
		kind(t, "cursor", s.SaveCursor(t.Context(), "arxiv", "me", "lost", nil), broadsheet.Conflict)
		kind(t, "extend", s.Extend(t.Context(), "arxiv", "me", at(9), ""), broadsheet.Conflict)
		kind(t, "finish", s.Finish(t.Context(), "arxiv", "me", broadsheet.Run{At: at(3)}), broadsheet.Conflict)
		got, _ := s.Jobs(t.Context())
		equal(t, "cursor and holder", []string{got[0].Cursor, got[0].Holder}, []string{"", "you"})
	})
	t.Run("leases of processes that are gone are broken", func(t *testing.T) {
		s := fill(t)
		ok(t, lease(s, "arxiv", "me", 1))
		ok(t, s.BreakLeases(t.Context()))
		ok(t, lease(s, "biorxiv", "you", 1))
	})
	t.Run("a known job keeps what it has", func(t *testing.T) {
		s := fill(t)
		ok(t, lease(s, "arxiv", "me", 1))
		ok(t, s.SaveCursor(t.Context(), "arxiv", "me", "there", nil))
		ok(t, s.PutJob(t.Context(), "arxiv", "harvest", at(50)))
		got, _ := s.Jobs(t.Context())
		equal(t, "job", []any{got[0].Cursor, got[0].Holder, got[0].Next}, []any{"there", "me", at(50)})
	})
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
