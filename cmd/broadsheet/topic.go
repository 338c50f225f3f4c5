package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/indexer"
)

var topicCommand = command{
	name: "topic", args: "add NAME ID… | list | show NAME | remove NAME", short: "keep topics, each learned from a few example papers", json: true,
	help: `
A topic is what you mean by a few example papers: papers that are like them fit it, get
its name as a mark, and stand on its page. It is learned at once, and nothing is trained.
Adding to a topic that there is adds examples. Three to five papers that differ from
each other are a good beginning. Stop the server before you add or remove one.

    broadsheet topic add "Early exit" 2207.07061 2404.16710 2310.18581
    broadsheet topic list
    broadsheet topic show --sort score "Early exit"
    broadsheet topic remove "Early exit"`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		limit := fs.Int("limit", 20, "at most this `many` papers")
		sort := fs.String("sort", "newest", "the `order` of show: newest or score")
		return func(ctx context.Context, m *Main, args []string) error {
			verb := ""
			if len(args) > 0 {
				verb, args = args[0], args[1:]
			}
			switch {
			case verb == "list" && len(args) == 0:
				return m.listTopics(ctx)
			case verb == "add" && len(args) >= 2:
				return m.addTopic(ctx, args[0], args[1:])
			case verb == "remove" && len(args) == 1:
				return m.removeTopic(ctx, args[0])
			case verb == "show" && len(args) == 1:
				q := broadsheet.MemberQuery{Slug: broadsheet.Slug(args[0]), Sort: broadsheet.Sort(*sort), Limit: *limit}
				if *limit < 1 || *limit > 1000 || q.Sort != broadsheet.SortNewest && q.Sort != broadsheet.SortScore {
					return usagef("ask for 1 to 1000 papers, sorted by newest or score")
				}
				return m.showTopic(ctx, q)
			}
			return usagef("say add NAME ID…, list, show NAME or remove NAME")
		}
	},
}

// classifier returns what tells which papers fit the topics of a library.
func (l *library) classifier() *indexer.Topics { return indexer.NewTopics(l.index, l.store, l.store) }

// addTopic makes a topic, or adds examples to the one there is.
func (m *Main) addTopic(ctx context.Context, name string, written []string) error {
	l, err := m.openForWriting(ctx, m.cfg.Data, "topic")
	if err != nil {
		return err
	}
	defer l.Close()
	known, err := l.store.Topic(ctx, broadsheet.Slug(name))
	if err != nil && broadsheet.KindOf(err) != broadsheet.NotFound {
		return err
	}
	examples := known.Examples
	for _, s := range written {
		id, err := broadsheet.ParseID(s)
		if err != nil {
			return err
		}
		r, err := l.store.Paper(ctx, id)
		if err != nil {
			return err
		}
		examples = append(examples, r.ID)
	}
	t, err := broadsheet.NewTopic(name, examples)
	if err != nil {
		return err
	}
	if err := l.store.PutTopic(ctx, t); err != nil {
		return err
	}
	if err := m.catchUp(ctx, l); err != nil {
		return err
	}
	start := time.Now()
	_, total, err := l.classifier().Members(ctx, broadsheet.MemberQuery{Slug: t.Slug})
	if err != nil {
		return err
	}
	if m.json {
		return m.printJSON(topicResult{Topic: t, Papers: total})
	}
	_, err = fmt.Fprintf(m.Stdout, "%s: learned from %s; %s of %s fit it (looked at in %s)\n", broadsheet.Printable(t.Name, 200), papersOf(len(t.Examples)),
		thousands(total), papersOf(l.index.Stats().Docs), time.Since(start).Round(100*time.Microsecond))
	return err
}

func papersOf(n int) string {
	if n == 1 {
		return "1 paper"
	}
	return thousands(n) + " papers"
}

// topicResult is the JSON of a topic.
type topicResult struct {
	broadsheet.Topic
	Papers int         `json:"papers"` // that fit it
	Hits   []searchHit `json:"hits,omitempty"`
}

func (m *Main) listTopics(ctx context.Context) error {
	l, err := m.openForReading(ctx, m.cfg.Data, true)
	if err != nil {
		return err
	}
	defer l.Close()
	topics, err := l.store.Topics(ctx)
	if err != nil {
		return err
	}
	all, c := []topicResult{}, l.classifier()
	for _, t := range topics {
		_, total, err := c.Members(ctx, broadsheet.MemberQuery{Slug: t.Slug})
		if err != nil {
			return err
		}
		all = append(all, topicResult{Topic: t, Papers: total})
	}
	if m.json {
		return m.printJSON(all)
	}
	for _, t := range all {
		fmt.Fprintf(m.Stdout, "%-30s %8s, learned from %s\n", broadsheet.Printable(t.Name, 100), papersOf(t.Papers), papersOf(len(t.Examples)))
	}
	if len(all) == 0 {
		fmt.Fprintln(m.Stdout, "There are no topics. broadsheet topic add NAME ID… makes one.")
	}
	return nil
}

func (m *Main) showTopic(ctx context.Context, q broadsheet.MemberQuery) error {
	l, err := m.openForReading(ctx, m.cfg.Data, true)
	if err != nil {
		return err
	}
	defer l.Close()
	t, err := l.store.Topic(ctx, q.Slug)
	if err != nil {
		return err
	}
	hits, total, err := l.classifier().Members(ctx, q)
	if err != nil {
		return err
	}
	var res searchResult
	marks, err := l.addHits(ctx, &res, broadsheet.Query{}, hits)
	if err != nil {
		return err
	}
	if m.json {
		return m.printJSON(topicResult{Topic: t, Papers: total, Hits: res.Hits})
	}
	m.printHits(res, marks)
	_, err = fmt.Fprintf(m.Stdout, "%s fit %s\n", papersOf(total), broadsheet.Printable(t.Name, 200))
	return err
}

// removeTopic takes a topic away and says how to have it back.
func (m *Main) removeTopic(ctx context.Context, name string) error {
	l, err := m.openForWriting(ctx, m.cfg.Data, "topic")
	if err != nil {
		return err
	}
	defer l.Close()
	t, err := l.store.Topic(ctx, broadsheet.Slug(name))
	if err != nil {
		return err
	}
	if err := l.store.RemoveTopic(ctx, t.Slug); err != nil {
		return err
	}
	if m.json {
		return m.printJSON(t)
	}
	ids := make([]string, len(t.Examples))
	for i, id := range t.Examples {
		ids[i] = string(id)
	}
	_, err = fmt.Fprintf(m.Stdout, "%s is removed. To have it back: broadsheet topic add \"%s\" %s\n", broadsheet.Printable(t.Name, 200), broadsheet.Printable(t.Name, 200), strings.Join(ids, " "))
	return err
}
