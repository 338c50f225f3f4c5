// Bench measures Broadsheet's search engine beside others, over the same documents and
// with the same queries: Bleve, SQLite's FTS5 and, where it is installed, Apache
// Lucene. README.md tells how, and what is compared.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
)

const usage = `bench measures search engines.

    bench all   -corpus F -dir D    build, query and table
    bench build -corpus F -dir D    make the indexes
    bench query -corpus F -dir D    ask the queries
    bench table -corpus F -dir D    print the results as Markdown
    bench live  -corpus F -dir D    search and add at once, for a minute

Flags:
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:])
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	command := ""
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	if command == "job" && len(args) == 1 {
		return runJob(args[0])
	}
	fs := flag.NewFlagSet("bench "+command, flag.ContinueOnError)
	fs.Usage = func() {
		fmt.Fprint(fs.Output(), usage)
		fs.PrintDefaults()
	}
	var s session
	names := fs.String("engines", "broadsheet,broadsheet-10000,broadsheet-product,broadsheet-english,bleve,fts5,lucene,lucene-ordered",
		"what to measure, of "+strings.Join(engineNames(), ", "))
	every := fs.String("every", "", "ask an engine only every n-th query, such as `fts5=10,bleve=3`")
	fs.StringVar(&s.corpus, "corpus", "", "the documents, a `file` of lines {\"id\":…,\"title\":…,\"text\":…}")
	fs.StringVar(&s.queries, "queries", "", "the queries, a `file` of lines kind, tab, text (default queries.tsv beside the corpus)")
	fs.StringVar(&s.dir, "dir", "", "`directory` for indexes and results")
	fs.IntVar(&s.passes, "passes", 5, "timed passes over the queries")
	fs.IntVar(&s.rounds, "rounds", 1, "times that each engine is measured, in turn")
	fs.DurationVar(&s.quiet, "quiet", 0, "wait for other processes to rest before each measurement, at most so long")
	live := liveFlags(fs)
	if err := fs.Parse(args); err != nil {
		return err
	}
	if s.corpus == "" || s.dir == "" || fs.NArg() > 0 {
		fs.Usage()
		return errors.New("-corpus and -dir are needed, and nothing besides flags")
	}
	s.queries = cmp.Or(s.queries, filepath.Join(filepath.Dir(s.corpus), "queries.tsv"))
	var err error
	if s.engines, err = findEngines(*names); err != nil {
		return err
	}
	if s.every, err = parseEvery(*every); err != nil {
		return err
	}
	return s.run(ctx, command, live)
}

func (s *session) run(ctx context.Context, command string, live *liveTest) error {
	var steps []func(context.Context) error
	switch command {
	case "all":
		steps = append(steps, s.prepare, s.build, s.query, s.table)
	case "build":
		steps = append(steps, s.prepare, s.build)
	case "query":
		steps = append(steps, s.prepare, s.query)
	case "table":
		steps = append(steps, s.table)
	case "live":
		steps = append(steps, func(ctx context.Context) error { return live.run(ctx, s) })
	default:
		return fmt.Errorf("command %q, one of all, build, query, table and live expected", command)
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// parseEvery reads "engine=n,…".
func parseEvery(list string) (map[string]int, error) {
	every := map[string]int{}
	if list == "" {
		return every, nil
	}
	for part := range strings.SplitSeq(list, ",") {
		name, text, _ := strings.Cut(part, "=")
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("-every %q, engine=n with n above 0 expected", part)
		}
		if _, err := findEngines(name); err != nil {
			return nil, fmt.Errorf("-every: %w", err)
		}
		every[name] = n
	}
	return every, nil
}
