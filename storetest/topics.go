package storetest

import (
	"testing"

	"broadsheet"
)

// topics exercises the TopicStore of a store.
func topics(t *testing.T, open func(*testing.T) Store) {
	topic := func(name string, examples ...broadsheet.ID) broadsheet.Topic {
		t.Helper()
		out, err := broadsheet.NewTopic(name, examples)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	put := func(t *testing.T, s Store, list ...broadsheet.Topic) {
		t.Helper()
		for _, one := range list {
			if err := s.PutTopic(t.Context(), one); err != nil {
				t.Fatal(err)
			}
		}
	}
	list := func(t *testing.T, s Store) []broadsheet.Topic {
		t.Helper()
		all, err := s.Topics(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return all
	}

	t.Run("there are none at first", func(t *testing.T) {
		s := open(t)
		equal(t, "topics", list(t, s), nil)
		_, err := s.Topic(t.Context(), "birds")
		for _, err := range []error{err, s.RemoveTopic(t.Context(), "birds")} {
			if broadsheet.KindOf(err) != broadsheet.NotFound || err == nil {
				t.Errorf("%v, want NotFound", err)
			}
		}
	})

	t.Run("they come by name, with their examples in order", func(t *testing.T) {
		s := open(t)
		sheep, birds := topic("Sheep & goats", "2503.00003"), topic("Birds", "2503.00002", "2503.00001")
		put(t, s, sheep, birds)
		equal(t, "topics", list(t, s), []broadsheet.Topic{birds, sheep})
		got, err := s.Topic(t.Context(), "sheep-goats")
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "topic", got, sheep)
	})

	t.Run("one takes the place of another of its slug", func(t *testing.T) {
		s := open(t)
		again := topic("BIRDS!", "2503.00009", "2503.00001", "2503.00009")
		put(t, s, topic("Birds", "2503.00002", "2503.00001", "2503.00004"), again)
		equal(t, "topics", list(t, s), []broadsheet.Topic{again})
		equal(t, "each example once", again.Examples, []broadsheet.ID{"2503.00009", "2503.00001"})
	})

	t.Run("what is removed is gone with its examples", func(t *testing.T) {
		s := open(t)
		birds := topic("Birds", "2503.00002")
		put(t, s, birds, topic("Sheep", "2503.00003"))
		if err := s.RemoveTopic(t.Context(), "sheep"); err != nil {
			t.Fatal(err)
		}
		equal(t, "topics", list(t, s), []broadsheet.Topic{birds})
		put(t, s, topic("Sheep", "2503.00004"))
		equal(t, "new examples", list(t, s)[1].Examples, []broadsheet.ID{"2503.00004"})
	})

	t.Run("an invalid one is refused", func(t *testing.T) {
		s := open(t)
		for _, bad := range []broadsheet.Topic{
			{}, {Slug: "a", Name: "A"}, {Slug: "A b", Name: "A b", Examples: []broadsheet.ID{"2503.00001"}},
			{Name: "A", Examples: []broadsheet.ID{"2503.00001"}},
			{Slug: "a", Name: "A", Examples: make([]broadsheet.ID, broadsheet.MaxTopicExamples+1)},
		} {
			if err := s.PutTopic(t.Context(), bad); broadsheet.KindOf(err) != broadsheet.Invalid {
				t.Errorf("%+v: %v, want Invalid", bad, err)
			}
		}
		equal(t, "topics", list(t, s), nil)
	})
}
