package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"broadsheet"
)

// random puts records that meet each other in every way, and checks that how
// they are cut into batches does not matter, that every address leads to exactly
// one paper, and that the log of changes tells a follower all it needs.
func random(t *testing.T, open func(*testing.T) Store) {
	for seed := range uint64(25) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 1))
			records := make([]broadsheet.Record, 40)
			for i := range records {
				records[i] = randomRecord(rng)
			}
			one, many := open(t), open(t)
			want := put(t, one, records...)
			var got []broadsheet.Outcome
			for rest := records; len(rest) > 0; {
				n := 1 + rng.IntN(len(rest))
				out, err := many.Put(t.Context(), rest[:n])
				if err != nil {
					t.Fatal(err)
				}
				got, rest = append(got, out...), rest[n:]
			}
			equal(t, "outcomes of batches", got, want)
			equal(t, "papers after batches", all(t, many), all(t, one))
			equal(t, "log of batches", log(t, many), log(t, one))
			checkAddresses(t, one)
			checkLog(t, one)
		})
	}
}

// randomRecord draws from few ids, titles, aliases and sources, so that records
// are often of the same paper without saying so.
func randomRecord(rng *rand.Rand) broadsheet.Record {
	title := fmt.Sprintf("A Title of Number %d", rng.IntN(5))
	id := broadsheet.ID(fmt.Sprintf("2503.0000%d", rng.IntN(5)))
	switch rng.IntN(4) {
	case 0:
		id = broadsheet.LocalID(title)
	case 1:
		id = broadsheet.ID(fmt.Sprintf("doi:10.1000/%d", rng.IntN(4)))
	}
	r := Paper(id, title)
	r.Abstract = fmt.Sprintf("Version %d.", rng.IntN(3))
	r.Sources[0].Name = []string{"jsonl", "arxiv-oai", "hf-page"}[rng.IntN(3)]
	r.Sources[0].Date = broadsheet.Date(fmt.Sprintf("2025-03-0%d", 1+rng.IntN(4)))
	if rng.IntN(3) == 0 {
		r.Aliases = []broadsheet.ID{broadsheet.ID(fmt.Sprintf("doi:10.1000/%d", rng.IntN(4)))}
		r.Aliases = slices.DeleteFunc(r.Aliases, func(a broadsheet.ID) bool { return a == r.ID })
	}
	if rng.IntN(3) == 0 {
		r = Submitted(r, broadsheet.Date(fmt.Sprintf("2025-03-1%d", rng.IntN(3))), 1+rng.IntN(5), rng.IntN(5))
	}
	if rng.IntN(10) == 0 {
		r = broadsheet.Record{Paper: broadsheet.Paper{ID: id, Status: broadsheet.StatusDeleted, Sources: r.Sources}}
	}
	return r
}

// checkAddresses: a paper's ID and aliases lead to it, and to no other.
func checkAddresses(t *testing.T, s Store) {
	t.Helper()
	owner := map[broadsheet.ID]broadsheet.ID{}
	for _, r := range all(t, s) {
		for _, id := range append(slices.Clone(r.Aliases), r.ID) {
			if other, taken := owner[id]; taken {
				t.Errorf("%s leads to %s and to %s", id, other, r.ID)
			}
			owner[id] = r.ID
			equal(t, fmt.Sprintf("the paper at %s", id), paper(t, s, id).ID, r.ID)
		}
	}
}

// checkLog: whoever reads, for every ID in the log, what stands there now, has
// all papers and nothing else.
func checkLog(t *testing.T, s Store) {
	t.Helper()
	seen := map[broadsheet.ID]bool{}
	var after int64
	for {
		changes, err := s.Changes(t.Context(), after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(changes) == 0 {
			break
		}
		for _, c := range changes {
			after = c.Seq
			seen[c.Paper] = true
		}
	}
	for _, r := range all(t, s) {
		if !seen[r.ID] {
			t.Errorf("%s is in the store, and no change tells of it", r.ID)
		}
		delete(seen, r.ID)
	}
	for id := range seen {
		if r, err := s.Paper(t.Context(), id); err == nil && r.ID == id {
			t.Errorf("%s is in the log and not among all papers", id)
		}
	}
}
