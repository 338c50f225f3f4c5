package storetest

import (
	"testing"

	"broadsheet"
)

func coverage(t *testing.T, open func(*testing.T) Store) {
	day := func(d broadsheet.Date, papers int) broadsheet.Coverage {
		return broadsheet.Coverage{Source: broadsheet.SourceArXiv, Day: d, Papers: papers, At: moment(papers)}
	}
	s := open(t)
	ok(t, s.Cover(t.Context(), []broadsheet.Coverage{day("2026-03-04", 3), day("2026-03-02", 2), {Source: "other", Day: "2026-03-03", At: moment(1)}}))
	ok(t, s.Cover(t.Context(), []broadsheet.Coverage{day("2026-03-04", 4), day("2026-03-05", 5)}))
	for _, tt := range []struct {
		name     string
		from, to broadsheet.Date
		want     []broadsheet.Coverage
	}{
		{"all days in order, the later count", "", "", []broadsheet.Coverage{day("2026-03-02", 2), day("2026-03-04", 4), day("2026-03-05", 5)}},
		{"both ends are included", "2026-03-04", "2026-03-05", []broadsheet.Coverage{day("2026-03-04", 4), day("2026-03-05", 5)}},
		{"from a day on", "2026-03-05", "", []broadsheet.Coverage{day("2026-03-05", 5)}},
		{"none", "2027-01-01", "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := s.Covered(t.Context(), broadsheet.SourceArXiv, tt.from, tt.to)
			ok(t, err)
			equal(t, "covered", got, tt.want)
		})
	}
	t.Run("what is not a day is refused, with the others", func(t *testing.T) {
		err := s.Cover(t.Context(), []broadsheet.Coverage{day("2026-04-01", 1), day("2026-04", 1)})
		equal(t, "kind", broadsheet.KindOf(err), broadsheet.Invalid)
		got, err := s.Covered(t.Context(), broadsheet.SourceArXiv, "2026-04-01", "")
		ok(t, err)
		equal(t, "covered", got, nil)
	})
	t.Run("a job keeps its cursor and what it has completed at once", func(t *testing.T) {
		ok(t, s.PutJob(t.Context(), "arxiv", "harvest", moment(0)))
		_, err := s.Lease(t.Context(), "arxiv", "me", moment(1), moment(2))
		ok(t, err)
		ok(t, s.SaveCursor(t.Context(), "arxiv", "me", "there", []broadsheet.Coverage{day("2026-05-04", 4)}))
		ok(t, s.SaveCursor(t.Context(), "arxiv", "me", "", nil))
		equal(t, "who has no lease", broadsheet.KindOf(s.SaveCursor(t.Context(), "arxiv", "you", "lost", []broadsheet.Coverage{day("2026-05-05", 4)})), broadsheet.Conflict)
		got, err := s.Covered(t.Context(), broadsheet.SourceArXiv, "2026-05-01", "")
		ok(t, err)
		equal(t, "covered", got, []broadsheet.Coverage{day("2026-05-04", 4)})
		all, err := s.Jobs(t.Context())
		ok(t, err)
		equal(t, "cursor", all[0].Cursor, "there")
	})
}
