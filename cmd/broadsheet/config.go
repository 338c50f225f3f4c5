package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones must be known where the system has no list of them
	"unicode/utf8"

	"broadsheet"
	"broadsheet/meaning"
)

// A Config is what this process was told, every value checked. Where a value
// came from is decided once, by settings.load.
type Config struct {
	ConfigFile string // as it was named; "" for none
	Data       string // absolute path; "" where none is known
	Addr       string // host:port
	BaseURL    string // without a slash at its end; "" when not set
	Timezone   string
	LogLevel   slog.Level
	Meaning    meaning.Choice // of a model other than the built-in one
	Sources    Sources        // where papers are gathered
	Services   Services       // that say more of papers
	Mail       Mailing        // how digests leave
	AdminKey   string         // to the pages of the operator; "" for that of the data directory
}

// Location returns the zone in which days begin and end.
func (c *Config) Location() *time.Location {
	loc, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return time.UTC // the zero Config
	}
	return loc
}

// lookup is os.LookupEnv, or what stands in for it in a test.
type lookup func(string) (string, bool)

// A setting is one row of the table below: the one place where a setting has its
// name, its default and its meaning.
type setting struct {
	name    string // of the flag, and in the file
	env     string
	help    string                      // the word in backquotes stands for the value in a usage line
	secret  bool                        // taken from the environment alone
	initial func(lookup) string         // the default
	set     func(*Config, string) error // checks a value and keeps its normal form
}

var allSettings = append([]setting{
	{
		name: "config", env: "BROADSHEET_CONFIG", initial: fixed(""),
		help: "a `file` of settings, one \"name = value\" a line",
		set:  func(c *Config, v string) error { c.ConfigFile = v; return nil },
	},
	{
		name: "data", env: "BROADSHEET_DATA",
		initial: func(env lookup) string { return defaultData(runtime.GOOS, env) },
		help:    "the `directory` in which everything is kept",
		set:     func(c *Config, v string) (err error) { c.Data, err = parsePath(v); return err },
	},
	{
		name: "addr", env: "BROADSHEET_ADDR", initial: fixed(":8080"),
		help: "the `address` to listen on; without a host, all of this machine's",
		set:  func(c *Config, v string) (err error) { c.Addr, err = parseAddr(v); return err },
	},
	{
		name: "base-url", env: "BROADSHEET_BASE_URL", initial: fixed(""),
		help: "the public `URL`, such as https://papers.example.org",
		set:  func(c *Config, v string) (err error) { c.BaseURL, err = parseBaseURL(v); return err },
	},
	{
		name: "timezone", env: "BROADSHEET_TIMEZONE", initial: fixed("UTC"),
		help: "the time `zone` in which days begin and end, such as Europe/Berlin",
		set:  func(c *Config, v string) (err error) { c.Timezone, err = parseTimezone(v); return err },
	},
	{
		name: "model", env: "BROADSHEET_MODEL", initial: fixed(""),
		help: "a model of meaning instead of the built-in one: a `path` of a file that train wrote, or of a directory in the form of Hugging Face",
		set:  func(c *Config, v string) (err error) { c.Meaning.Path, err = parsePath(v); return err },
	},
	{
		name: "embeddings-url", env: "BROADSHEET_EMBEDDINGS_URL", initial: fixed(""),
		help: "a server of embeddings in the form of OpenAI's instead, such as http://localhost:11434/v1",
		set:  func(c *Config, v string) (err error) { c.Meaning.URL, err = parseServiceURL(v); return err },
	},
	{
		name: "embeddings-model", env: "BROADSHEET_EMBEDDINGS_MODEL", initial: fixed(""),
		help: "the `name` of that server's model",
		set:  func(c *Config, v string) error { c.Meaning.Name = v; return nil },
	},
	{
		name: "embeddings-key-file", env: "BROADSHEET_EMBEDDINGS_KEY_FILE", initial: fixed(""),
		help: "a `file` with the key for that server",
		set:  func(c *Config, v string) (err error) { c.Meaning.Key, err = readKey(v); return err },
	},
	{
		name: "embeddings-key", env: "BROADSHEET_EMBEDDINGS_KEY", initial: fixed(""), secret: true,
		help: "the `key` itself",
		set: func(c *Config, v string) error {
			if v != "" {
				c.Meaning.Key = v
			}
			return nil
		},
	},
	{
		name: "log-level", env: "BROADSHEET_LOG_LEVEL", initial: fixed("info"),
		help: "the least `level` that is logged: debug, info, warn or error",
		set:  func(c *Config, v string) (err error) { c.LogLevel, err = parseLogLevel(v); return err },
	},
}, slices.Concat(sourceSettings, serviceSettings, mailSettings, adminSettings)...)

// Every command has the flags of globalSettings; serve has its own as well.
var (
	globalSettings = []string{"config", "data", "timezone", "log-level"}
	serveSettings  = []string{"addr", "base-url", "model", "embeddings-url", "embeddings-model", "embeddings-key-file"}
	modelSettings  = []string{"model", "embeddings-url", "embeddings-model", "embeddings-key-file"}
)

func fixed(s string) func(lookup) string { return func(lookup) string { return s } }

// settings collects the values that were given as flags. Its zero value is ready
// for use, and several flag sets may register on one.
type settings struct{ flags map[string]string }

// register defines the flags of some settings on fs.
func (s *settings) register(fs *flag.FlagSet, names ...string) {
	if s.flags == nil {
		s.flags = make(map[string]string)
	}
	for _, name := range names {
		row := settingNamed(name)
		if row == nil {
			panic("no setting is called " + name)
		}
		fs.Var(settingFlag{s.flags, row}, name, row.help+" [$"+row.env+"]")
	}
}

// A settingFlag notes the value of a flag. It checks nothing: load does, in the
// words that it has for every place.
type settingFlag struct {
	flags map[string]string
	row   *setting
}

func (f settingFlag) Set(v string) error { f.flags[f.row.name] = v; return nil }

// String returns the default, for usage texts.
func (f settingFlag) String() string {
	if f.row == nil { // the flag package asks the zero value too
		return ""
	}
	return f.row.initial(os.LookupEnv)
}

// load decides every setting: flag before environment before file before
// default. An empty variable in the environment counts as not set. The error
// names the place of the value that is wrong.
func (s *settings) load(env lookup) (Config, error) {
	var c Config
	var file map[string]located
	for i := range allSettings { // the first of them names the file
		row := &allSettings[i]
		value, place := row.choose(s.flags, env, file)
		err := row.set(&c, value)
		if err != nil {
			return Config{}, invalid(place, err)
		}
		if i == 0 && c.ConfigFile != "" {
			if file, err = readConfigFile(c.ConfigFile); err != nil {
				return Config{}, err
			}
		}
	}
	return c, c.check()
}

// check returns what of several settings does not go together.
func (c *Config) check() error {
	switch m := c.Meaning; {
	case m.Path != "" && m.URL != "":
		return invalid("model", errors.New("embeddings-url is set, too: choose one of the two"))
	case m.URL != "" && m.Name == "":
		return invalid("embeddings-url", errors.New("embeddings-model is needed with it, the name of the server's model"))
	}
	return c.Mail.check(c.BaseURL)
}

// choose returns the strongest value and where it was given.
func (row *setting) choose(flags map[string]string, env lookup, file map[string]located) (value, place string) {
	if v, ok := flags[row.name]; ok {
		return v, "--" + row.name
	}
	if v, ok := env(row.env); ok && v != "" {
		return v, row.env
	}
	if v, ok := file[row.name]; ok && !row.secret {
		return v.value, v.place
	}
	return row.initial(env), "default of --" + row.name
}

func settingNamed(name string) *setting {
	for i := range allSettings {
		if allSettings[i].name == name {
			return &allSettings[i]
		}
	}
	return nil
}

func invalid(place string, err error) error {
	return broadsheet.Errorf(broadsheet.Invalid, "%s: %v", broadsheet.Printable(place, 300), err)
}

// quoted shows a value in a message.
func quoted(s string) string { return `"` + broadsheet.Printable(s, 80) + `"` }

// parsePath makes a path absolute, so that it stays what it was whatever becomes
// of the working directory.
func parsePath(s string) (string, error) {
	switch {
	case s == "":
		return "", nil
	case strings.ContainsRune(s, 0) || !utf8.ValidString(s):
		return "", fmt.Errorf("%s is not a path", quoted(s))
	case s == "~" || strings.HasPrefix(s, "~/"):
		return "", fmt.Errorf("%s begins with ~, which only a shell turns into a home directory: write the whole path", quoted(s))
	}
	return filepath.Abs(s)
}

func parseAddr(s string) (string, error) {
	_, port, err := net.SplitHostPort(s)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", fmt.Errorf("%s is not an address to listen on: write it like :8080, 127.0.0.1:8080 or [::1]:8080", quoted(s))
	}
	return s, nil
}

func parseBaseURL(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	const like = "write it like https://papers.example.org"
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return "", fmt.Errorf("%s is not a web address: %s", quoted(s), like)
	case u.User != nil || strings.ContainsAny(s, "?#"):
		return "", fmt.Errorf("%s has more than a scheme and a host: %s", quoted(s), like)
	case strings.Trim(u.Path, "/") != "":
		return "", fmt.Errorf("%s has a path, and Broadsheet stands at the root of its host: %s", quoted(s), like)
	}
	return u.Scheme + "://" + u.Host, nil
}

// parseServiceURL checks the address of a service. What it says never repeats the
// address, which may have a password in it.
func parseServiceURL(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return "", errors.New("this is not a web address: write it like https://api.example.org/v1")
	case u.User != nil:
		return "", errors.New("the address has a user or a password in it: a secret goes into the key")
	}
	return s, nil
}

// maxKey is more than any key has.
const maxKey = 16 << 10

// readKey reads a key from a file: all of it but white space around.
func readKey(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("the key's file cannot be read: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxKey+1))
	if err != nil || len(text) > maxKey {
		return "", fmt.Errorf("%s is no file with a key", quoted(path))
	}
	return strings.TrimSpace(string(text)), nil
}

func parseTimezone(s string) (string, error) {
	if _, err := time.LoadLocation(s); err != nil || s == "" {
		return "", fmt.Errorf("%s is not a time zone: write it like Europe/Berlin or UTC", quoted(s))
	}
	return s, nil
}

func parseLogLevel(s string) (slog.Level, error) {
	for _, l := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
		if strings.EqualFold(s, l.String()) {
			return l, nil
		}
	}
	return 0, fmt.Errorf("%s is not a log level: write debug, info, warn or error", quoted(s))
}

// defaultData returns the directory for a user's application data, as each
// system wants it, with broadsheet in it. On Unix that is the XDG Base Directory
// Specification, which says to ignore a relative path. It is "" for a user without
// a home.
func defaultData(goos string, env lookup) string {
	get := func(name string) string { v, _ := env(name); return v }
	base, home := "", get("HOME")
	switch goos {
	case "windows":
		base = get("LocalAppData")
	case "darwin", "ios":
		if home != "" {
			base = filepath.Join(home, "Library", "Application Support")
		}
	default:
		base = get("XDG_DATA_HOME")
		if !filepath.IsAbs(base) {
			base = ""
		}
		if base == "" && home != "" {
			base = filepath.Join(home, ".local", "share")
		}
	}
	if base == "" {
		return ""
	}
	return filepath.Join(base, "broadsheet")
}

// helpConfig prints the table of settings.
func helpConfig(w io.Writer) {
	fmt.Fprint(w, `A setting is taken from its flag, else from the environment, else from the file
that --config names, else it has its default. A command has the flags that it
uses; broadsheet help COMMAND lists them.
`)
	for i := range allSettings {
		row := &allSettings[i]
		value := cmp.Or(row.initial(os.LookupEnv), "none")
		arg, help := flag.UnquoteUsage(&flag.Flag{Usage: row.help, Value: settingFlag{}})
		name := "--" + row.name
		if row.secret {
			name = "(no flag, and not in the file)"
		}
		fmt.Fprintf(w, "\n%s %s\n    %s\n    environment: %s\n    default:     %s\n", name, strings.ToUpper(arg), help, row.env, value)
	}
	fmt.Fprint(w, `
The file has one "name = value" a line, with the names of the flags; a # begins a
comment, and a value with a # in it stands in quotes:

    # /etc/broadsheet.conf
    data = /var/lib/broadsheet
    base-url = https://papers.example.org
`)
}
