package edition

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
)

var words = strings.Fields("heron stork ibis egret crane plover curlew lapwing dunlin avocet wader marsh reed nest wing")

// past is a history in which readers vote for cranes, more on some days than on
// others.
func past(days, papers int) (out []broadsheet.Record) {
	rng := rand.New(rand.NewPCG(1, 2))
	for d := range days {
		day := broadsheet.Date("2025-01-01").AddDays(d)
		for p := range papers {
			title, votes := "", d%7*20+rng.IntN(3)
			for range 8 {
				title += words[rng.IntN(len(words))] + " "
			}
			if strings.Contains(title, "crane") {
				votes += 30
			}
			out = append(out, broadsheet.Record{
				Paper:   broadsheet.Paper{ID: broadsheet.ID(fmt.Sprintf("2599.%03d%02d", d, p)), Title: title, Abstract: "About " + title, Published: day},
				Entries: []broadsheet.Entry{{Date: day}}, Tallies: []broadsheet.Tally{{Source: "hf", Upvotes: votes}},
			})
		}
	}
	return out
}

func sequence(records []broadsheet.Record, err error) iter.Seq2[broadsheet.Record, error] {
	return func(yield func(broadsheet.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
		if err != nil {
			yield(broadsheet.Record{}, err)
		}
	}
}

func train(t *testing.T, records []broadsheet.Record) *Interest {
	t.Helper()
	m, err := Train(t.Context(), sequence(records, nil))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTrain(t *testing.T) {
	m := train(t, past(40, 10))
	record := func(title string) *broadsheet.Record {
		return &broadsheet.Record{Paper: broadsheet.Paper{Title: title, Abstract: "About " + title}}
	}
	crane, stork := m.Predict(record("heron crane ibis reed marsh wing nest wader")), m.Predict(record("heron stork ibis reed marsh wing nest wader"))
	if !(crane > 0.6 && stork < 0.5 && stork > 0 && crane < 1) {
		t.Errorf("a crane is predicted %.3f, a stork %.3f; readers vote for cranes", crane, stork)
	}
	if n, until := m.Papers(); n != 400 || until != "2025-02-09" {
		t.Errorf("learned from %d papers until %s, want 400 until 2025-02-09", n, until)
	}
}

func TestTrainDoesNotDependOnTheOrderOfRecords(t *testing.T) {
	records := past(30, 10)
	want := train(t, records).Marshal()
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	if string(train(t, records).Marshal()) != string(want) {
		t.Error("another order of the same papers gives another model")
	}
}

func TestTrainRefuses(t *testing.T) {
	even := past(30, 10)
	for i := range even {
		even[i].Tallies = nil
	}
	broken := errors.New("broken")
	for _, tt := range []struct {
		name    string
		records []broadsheet.Record
		err     error
		kind    broadsheet.Kind
	}{
		{"no history", nil, nil, broadsheet.Conflict},
		{"few papers", past(15, 5), nil, broadsheet.Conflict},
		{"few days", past(5, 60), nil, broadsheet.Conflict},
		{"days on which all papers have as many votes", even, nil, broadsheet.Conflict},
		{"a history that breaks", past(30, 10), broken, broadsheet.Internal},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := Train(t.Context(), sequence(tt.records, tt.err))
			if m != nil || err == nil || broadsheet.KindOf(err) != tt.kind || tt.err != nil && !errors.Is(err, tt.err) {
				t.Errorf("%v, %v; want an error of kind %v", m, err, tt.kind)
			}
		})
	}
}

func TestPredictionsAreOfPapersWithoutVotes(t *testing.T) {
	m := train(t, past(30, 10))
	day := []broadsheet.Entry{{Date: "2025-06-01"}}
	papers := []broadsheet.Record{
		{Paper: broadsheet.Paper{ID: "a", Title: "Crane"}, Entries: day},
		{Paper: broadsheet.Paper{ID: "b", Title: "Voted"}, Entries: day, Tallies: []broadsheet.Tally{{Upvotes: 1}}},
		{Paper: broadsheet.Paper{ID: "c", Title: "In no edition"}},
		{Paper: broadsheet.Paper{ID: "d", Title: "Announced", Announced: "2025-06-01"}},
	}
	var got []broadsheet.ID
	for p, err := range m.Predictions(t.Context(), sequence(papers, nil)) {
		if err != nil || !(p.Interest > 0 && p.Interest < 1) {
			t.Errorf("%+v, %v", p, err)
		}
		got = append(got, p.ID)
	}
	if diff := cmp.Diff([]broadsheet.ID{"a", "d"}, got); diff != "" {
		t.Errorf("predicted (-want +got):\n%s", diff)
	}
}

func TestModelFile(t *testing.T) {
	m := train(t, past(30, 10))
	file := m.Marshal()
	if int64(len(file)) != MaxFile {
		t.Errorf("%d bytes, want %d", len(file), MaxFile)
	}
	again, err := Unmarshal(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m, again, cmp.AllowUnexported(Interest{})); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	for name, bad := range map[string][]byte{
		"nothing": nil, "another file": []byte("something else"), "a part": file[:len(file)-1], "more": append(file[:len(file):len(file)], 0),
	} {
		if _, err := Unmarshal(bad); broadsheet.KindOf(err) != broadsheet.Invalid {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
	for i := 0; i < len(file); i += 1 + len(file)/200 {
		bad := []byte(string(file))
		bad[i] ^= 4
		if _, err := Unmarshal(bad); broadsheet.KindOf(err) != broadsheet.Invalid {
			t.Fatalf("byte %d changed: %v, want Invalid", i, err)
		}
	}
}

func FuzzUnmarshal(f *testing.F) {
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := Unmarshal(b); err == nil && string(m.Marshal()) != string(b) {
			t.Error("what was read is written differently")
		}
	})
}

func FuzzPredict(f *testing.F) {
	records := past(30, 10)
	m, err := Train(f.Context(), sequence(records, nil))
	if err != nil {
		f.Fatal(err)
	}
	f.Add("A title: of cranes", "Which dance.\xff", "cs.CV", "2025-01-01")
	f.Fuzz(func(t *testing.T, title, abstract, category, day string) {
		r := &broadsheet.Record{Paper: broadsheet.Paper{Title: title, Abstract: abstract, Categories: []string{category}, Published: broadsheet.Date(day)},
			Entries: []broadsheet.Entry{{Date: broadsheet.Date(day)}}}
		if p := m.Predict(r); !(p > 0 && p < 1) {
			t.Errorf("predicted %v", p)
		}
	})
}
