package indexer_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"broadsheet"
	"broadsheet/indexer"
)

// topicList is a TopicStore in memory.
type topicList []broadsheet.Topic

func (l topicList) Topics(context.Context) ([]broadsheet.Topic, error) { return l, nil }

func (l topicList) Topic(_ context.Context, slug string) (broadsheet.Topic, error) {
	for _, t := range l {
		if t.Slug == slug {
			return t, nil
		}
	}
	return broadsheet.Topic{}, broadsheet.Errorf(broadsheet.NotFound, "There is no topic %s here.", slug)
}

func (l topicList) PutTopic(context.Context, broadsheet.Topic) error { panic("not asked for") }
func (l topicList) RemoveTopic(context.Context, string) error        { panic("not asked for") }

// zoo has papers on cranes and on kettles, and many on other things.
func zoo() *memory {
	m := newMemory()
	add := func(n int, title, text string, of int) {
		p := paper(broadsheet.ID(fmt.Sprintf("2599.%05d", n)), fmt.Sprint(title, " ", of), fmt.Sprintf(text, of))
		p.Published = broadsheet.Date(fmt.Sprintf("2025-03-%02d", 1+of))
		m.Put(context.Background(), []broadsheet.Record{p})
	}
	for i := range 10 {
		add(i, "Dancing cranes", "Whooping cranes dance on lakes and wetlands; birds migrate to nests, group %d.", i)
		add(100+i, "Boiling kettles", "Kettles heat water with steam, boiling and thermal conduction, model %d.", i)
	}
	fields := []string{"quantum error correction codes", "speech recognition acoustic models", "galaxy clusters and dark matter", "protein folding structures",
		"graph neural networks", "stock market volatility", "robot grasping policies", "machine translation corpora", "sparse matrix solvers", "legal document retrieval"}
	for i := range 60 {
		add(200+i, "On "+fields[i%len(fields)], "We study "+fields[i%len(fields)]+" and their methods in case %d.", i%20)
	}
	return m
}

func TestTopics(t *testing.T) {
	store := zoo()
	x := follow(t, store)
	topics := topicList{{Slug: "cranes", Name: "Cranes!", Examples: []broadsheet.ID{"2599.00000", "2599.00001", "2599.00002"}},
		{Slug: "kettles", Name: "Kettles", Examples: []broadsheet.ID{"2599.00100", "2599.00101", "2599.00102"}},
		{Slug: "lost", Name: "Lost", Examples: []broadsheet.ID{"2599.99999"}}}
	c := indexer.NewTopics(x, store, topics)

	fits, err := c.Fits(t.Context(), []broadsheet.ID{"2599.00007", "2599.00108", "2599.00230", "2599.99999"})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"cranes Cranes!", "kettles Kettles", "", ""} {
		got := ""
		for _, f := range fits[i] {
			got += f.Slug + " " + f.Name
			if f.Score < 0.5 || f.Score > 1 {
				t.Errorf("score %v", f.Score)
			}
		}
		if got != want {
			t.Errorf("paper %d fits %q, want %q", i, got, want)
		}
	}

	members := func(q broadsheet.MemberQuery) (ids []broadsheet.ID, total int) {
		t.Helper()
		hits, total, err := c.Members(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hits {
			ids = append(ids, h.ID)
		}
		return ids, total
	}
	all, total := members(broadsheet.MemberQuery{Slug: "cranes", Limit: 100})
	if total != 10 || len(all) != 10 {
		t.Errorf("%d of %d papers fit: %v", len(all), total, all)
	}
	newest, _ := members(broadsheet.MemberQuery{Slug: "cranes", Sort: broadsheet.SortNewest, Limit: 2})
	if !slices.Equal(newest, []broadsheet.ID{"2599.00009", "2599.00008"}) {
		t.Errorf("newest %v", newest)
	}
	if rest, total := members(broadsheet.MemberQuery{Slug: "cranes", Limit: 100, Offset: 8}); !slices.Equal(rest, all[8:]) || total != 10 {
		t.Errorf("the rest is %v of %d", rest, total)
	}
	if _, total := members(broadsheet.MemberQuery{Slug: "lost", Limit: 9}); total != 0 {
		t.Errorf("%d papers fit a topic without examples", total)
	}
	if _, _, err := c.Members(t.Context(), broadsheet.MemberQuery{Slug: "none"}); broadsheet.KindOf(err) != broadsheet.NotFound {
		t.Errorf("%v, want NotFound", err)
	}

	// What is new is a member at once.
	store.Put(t.Context(), []broadsheet.Record{paper("2599.00050", "Dancing cranes again", "Whooping cranes dance on lakes and wetlands; birds migrate to nests.")})
	if err := x.Follow(t.Context(), store, nil); err != nil {
		t.Fatal(err)
	}
	if all, _ := members(broadsheet.MemberQuery{Slug: "cranes", Limit: 100}); !slices.Contains(all, "2599.00050") {
		t.Errorf("a new paper is not among %v", all)
	}
}

// Without papers, or without topics, nothing fits anything.
func TestNoTopics(t *testing.T) {
	one := topicList{{Slug: "a", Name: "A", Examples: []broadsheet.ID{"2599.00001"}}}
	for _, c := range []*indexer.Topics{
		indexer.NewTopics(follow(t, newMemory()), newMemory(), one), indexer.NewTopics(follow(t, zoo()), zoo(), topicList{}),
	} {
		fits, err := c.Fits(t.Context(), []broadsheet.ID{"2599.00001"})
		if err != nil || len(fits) != 1 || fits[0] != nil {
			t.Errorf("%v, %v", fits, err)
		}
	}
}

// What it costs to know topics anew after a change, and to add one: the sample is read,
// and each is learned from three papers.
func BenchmarkTopics(b *testing.B) {
	store := zoo()
	x := follow(b, store)
	var topics topicList
	for i := range 20 {
		topics = append(topics, broadsheet.Topic{Slug: fmt.Sprint(i), Name: fmt.Sprint(i),
			Examples: []broadsheet.ID{"2599.00100", "2599.00101", "2599.00102"}})
	}
	b.ReportAllocs()
	for b.Loop() {
		c := indexer.NewTopics(x, store, topics)
		if _, err := c.Fits(b.Context(), []broadsheet.ID{"2599.00005"}); err != nil {
			b.Fatal(err)
		}
	}
}
