// Command broadsheet is a Daily Papers in one binary: pages, search, imports and
// everything an operator needs. Run "broadsheet help" for the commands; each is
// in a file of its own here, and serve.go is the main path.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"broadsheet"
	"broadsheet/internal/fetch"
)

// Exit codes. Scripts rely on them.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
	exitPartly = 3 // some records were rejected; each was named
)

func main() {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as under nohup
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	m := &Main{Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Env: os.LookupEnv}
	code := m.Run(ctx)
	stop()
	os.Exit(code)
}

// Main is the program with its surroundings as fields, so that a test starts
// exactly what an operator starts.
type Main struct {
	Args   []string
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Env    func(string) (string, bool)
	Now    func() time.Time // nil: time.Now

	Sleep func(context.Context, time.Duration) error // nil: time passes; for tests that ask services

	Tend time.Duration // between two looks at the model of meaning; 0: tendPeriod

	// Ready is told the address on which serve listens, once it does; may be nil.
	Ready func(addr string)

	cfg      Config
	arxiv    *fetch.Client // the one of this process; made when it is first needed
	json     bool
	terminal bool // a person is looking at Stdout
	log      *slog.Logger
}

// A command is one verb of the program.
type command struct {
	name  string
	args  string // what follows the flags
	short string
	help  string   // after the short line: details and examples
	extra []string // settings beyond the global ones
	bare  bool     // has no settings at all, so that wrong ones do not stop it
	json  bool     // has --json
	words bool     // takes words, and -word is one of them unless it is a flag

	// prepare registers the command's own flags and returns what runs it.
	prepare func(fs *flag.FlagSet) func(ctx context.Context, m *Main, args []string) error
}

var commands []command

func init() { // not a literal, since help lists the commands
	commands = []command{
		serveCommand, importCommand, syncCommand, searchCommand, similarCommand, duplicatesCommand, topicCommand, suggestCommand, todayCommand, showCommand, exportCommand, digestCommand, subscriptionCommand,
		backupCommand, restoreCommand, reindexCommand, evalCommand, tuneCommand, adaptCommand, trainCommand, interestCommand, benchCommand, doctorCommand, versionCommand, helpCommand,
	}
}

// A usageError is a wrong command line. The command's synopsis follows it.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// Errors that end a command which has already said what went wrong: errPartly
// when all else was done, errSaid when not.
var (
	errPartly = errors.New("partly done")
	errSaid   = errors.New("failed")
)

// sentence returns what to tell an operator about an error.
func sentence(err error) string {
	if e, ok := errors.AsType[*broadsheet.Error](err); ok && e.Kind != broadsheet.Internal {
		return e.Text
	}
	return err.Error()
}

// Run runs the command that Args name and returns the exit code.
func (m *Main) Run(ctx context.Context) int {
	if m.Now == nil {
		m.Now = time.Now
	}
	out := &writer{w: m.Stdout}
	m.terminal, m.Stdout = isTerminal(m.Stdout), out
	defer func() { m.Stdout = out.w }()
	name, args := m.commandName()
	if name == "" {
		usage(m.Stderr)
		return exitUsage
	}
	for _, c := range commands {
		if c.name == name {
			err := m.runCommand(ctx, c, args)
			if err == nil && out.err != nil {
				err = fmt.Errorf("the output cannot be written: %w", out.err)
			}
			return m.finish(c, err)
		}
	}
	fmt.Fprintf(m.Stderr, "broadsheet: there is no command \"%s\". Run broadsheet help for the list.\n", broadsheet.Printable(name, 40))
	return exitUsage
}

// commandName finds the command among the global flags that may stand before it.
func (m *Main) commandName() (string, []string) {
	for i, a := range m.Args {
		switch {
		case a == "-h" || a == "-help" || a == "--help":
			return "help", nil
		case strings.HasPrefix(a, "-"):
			continue
		case i > 0 && isFlagWithValue(m.Args[i-1]):
			continue
		}
		rest := append(append([]string{}, m.Args[:i]...), m.Args[i+1:]...)
		return a, rest
	}
	return "", nil
}

// isFlagWithValue reports whether the next argument belongs to this global flag.
func isFlagWithValue(a string) bool {
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	new(settings).register(fs, globalSettings...)
	return strings.HasPrefix(a, "-") && takesValue(fs, a)
}

// register gives a command its flags and returns what runs it.
func (c *command) register(fs *flag.FlagSet, s *settings, json *bool) func(context.Context, *Main, []string) error {
	if !c.bare {
		s.register(fs, append(append([]string{}, globalSettings...), c.extra...)...)
	}
	if c.json {
		fs.BoolVar(json, "json", false, "print the result as one JSON document")
	}
	return c.prepare(fs)
}

func (m *Main) runCommand(ctx context.Context, c command, args []string) error {
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	var s settings
	run := c.register(fs, &s, &m.json)
	rest, err := parseArgs(fs, args, c.words)
	if errors.Is(err, flag.ErrHelp) {
		commandHelp(m.Stdout, c, fs)
		return nil
	}
	if err != nil {
		return usageError{err.Error()}
	}
	if !c.bare {
		if m.cfg, err = s.load(m.Env); err != nil {
			return usageError{err.Error()}
		}
	}
	m.log = slog.New(slog.NewTextHandler(m.Stderr, &slog.HandlerOptions{Level: m.cfg.LogLevel}))
	return run(ctx, m, rest)
}

// parseArgs lets flags stand before, between and after the other arguments. What
// follows "--" is never a flag, nor is -word where words are expected.
func parseArgs(fs *flag.FlagSet, args []string, words bool) (rest []string, err error) {
	for i, a := range args {
		if a == "--" {
			rest, args = args[i+1:], args[:i]
			break
		}
	}
	var before []string
	for len(args) > 0 {
		if words && isWord(fs, args[0]) {
			before, args = append(before, args[0]), args[1:]
			continue
		}
		if !strings.HasPrefix(args[0], "-") || args[0] == "-" {
			before, args = append(before, args[0]), args[1:]
			continue
		}
		n := 1 // one flag a time, with its value
		if takesValue(fs, args[0]) {
			n = min(2, len(args))
		}
		if err := fs.Parse(args[:n]); err != nil {
			return nil, err
		}
		args = args[n:]
	}
	return append(before, rest...), nil
}

// takesValue reports whether the next argument belongs to this flag.
func takesValue(fs *flag.FlagSet, a string) bool {
	name := strings.TrimLeft(a, "-")
	f := fs.Lookup(name) // nil for name=value, too
	if f == nil {
		return false
	}
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return !ok || !b.IsBoolFlag()
}

// isWord reports whether -word is not a flag but a word to be left out.
func isWord(fs *flag.FlagSet, a string) bool {
	name, _, _ := strings.Cut(strings.TrimPrefix(a, "-"), "=")
	return strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--") && len(name) > 0 && name != "h" && name != "help" && fs.Lookup(name) == nil
}

// finish turns what a command returned into an exit code and a line on stderr.
func (m *Main) finish(c command, err error) int {
	switch e, isUsage := errors.AsType[usageError](err); {
	case err == nil:
		return exitDone
	case errors.Is(err, errPartly):
		return exitPartly
	case errors.Is(err, errSaid):
		return exitFailed
	case isUsage:
		fmt.Fprintf(m.Stderr, "broadsheet %s: %s\nusage: broadsheet %s\nRun broadsheet %s --help for more.\n",
			c.name, strings.TrimSuffix(e.text, "\n"), strings.TrimSpace(c.name+" [flags] "+c.args), c.name)
		return exitUsage
	}
	fmt.Fprintf(m.Stderr, "broadsheet %s: %s\n", c.name, sentence(err))
	return exitFailed
}

var helpCommand = command{
	name: "help", args: "[COMMAND | config]", short: "explain a command, or the settings", bare: true,
	prepare: func(*flag.FlagSet) func(context.Context, *Main, []string) error {
		return func(_ context.Context, m *Main, args []string) error {
			switch {
			case len(args) == 0:
				usage(m.Stdout)
				return nil
			case args[0] == "config":
				helpConfig(m.Stdout)
				return nil
			}
			for _, c := range commands {
				if c.name == args[0] {
					fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
					c.register(fs, new(settings), new(bool))
					commandHelp(m.Stdout, c, fs)
					return nil
				}
			}
			return usagef("there is no command \"%s\"", broadsheet.Printable(args[0], 40))
		}
	},
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Broadsheet is your own Daily Papers: new research papers, ranked, searchable, on one page.\n\nusage: broadsheet COMMAND [flags] [arguments]\n\n")
	tw := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	for _, c := range commands {
		fmt.Fprintf(tw, "    %s\t%s\n", c.name, c.short)
	}
	tw.Flush()
	fmt.Fprint(w, `
Begin with:

    broadsheet serve --demo            the built-in edition at http://localhost:8080
    broadsheet import papers.jsonl.gz  your own papers
    broadsheet serve                   and read them

broadsheet help COMMAND explains one command, broadsheet help config the settings.
`)
}

func commandHelp(w io.Writer, c command, fs *flag.FlagSet) {
	fmt.Fprintf(w, "usage: broadsheet %s\n\n%s%s.\n", strings.TrimSpace(c.name+" [flags] "+c.args), strings.ToUpper(c.short[:1]), c.short[1:])
	if c.help != "" {
		fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(c.help))
	}
	fmt.Fprint(w, "\nFlags:\n")
	fs.VisitAll(func(f *flag.Flag) {
		value, help := flag.UnquoteUsage(f)
		fmt.Fprintf(w, "    --%s\n        %s", strings.TrimSpace(f.Name+" "+strings.ToUpper(value)), help)
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" {
			fmt.Fprintf(w, " (default %s)", f.DefValue)
		}
		fmt.Fprintln(w)
	})
}

// A writer remembers the first error, so that printing need not ask each time.
type writer struct {
	w   io.Writer
	err error
}

func (w *writer) Write(p []byte) (int, error) {
	n, err := w.w.Write(p)
	if w.err == nil {
		w.err = err
	}
	return n, err
}

// isTerminal reports whether a person is looking at w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
