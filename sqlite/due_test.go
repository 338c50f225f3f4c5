package sqlite

import (
	"path/filepath"
	"strings"
	"testing"
)

// Looking for papers to ask for reads no documents but those of its answer, and
// no table as a whole but the index of numbers.
func TestDueReadsIndexes(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "x.db"))
	for query, args := range map[string][]any{neverAsked: {"s2", 10}, dueAgain: {"s2", 10, "2026-03-10"}} {
		rows, err := db.read.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
		if err != nil {
			t.Fatal(err)
		}
		var plan []string
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				t.Fatal(err)
			}
			plan = append(plan, step)
			if strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "COVERING INDEX") && step != "SCAN latest" && step != "SCAN a" {
				t.Errorf("%s in the plan of %s", step, query)
			}
		}
		if err := rows.Err(); err != nil || len(plan) == 0 {
			t.Fatal(err, plan)
		}
		t.Log(strings.Join(plan, "; "))
	}
}
