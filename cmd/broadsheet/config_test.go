package main

import (
	"flag"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/arxiv"
	"broadsheet/biorxiv"
	"broadsheet/crossref"
	"broadsheet/github"
	"broadsheet/hfpapers"
	"broadsheet/openalex"
	"broadsheet/openreview"
	"broadsheet/semanticscholar"
)

// environment is a lookup in a map.
func environment(m map[string]string) lookup {
	return func(name string) (string, bool) { v, ok := m[name]; return v, ok }
}

// load decides the settings from a command line, an environment and the text of
// a file named broadsheet.conf in the working directory.
func load(t *testing.T, args []string, env map[string]string, file string) (Config, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("broadsheet.conf", []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	var s settings
	s.register(fs, globalSettings...)
	s.register(fs, serveSettings...)
	if err := fs.Parse(args); err != nil {
		t.Fatal(err)
	}
	return s.load(environment(env))
}

// defaultServices are those of which nothing was told.
var defaultServices = Services{
	S2: Service{URL: semanticscholar.URL}, OpenAlex: Service{URL: openalex.URL}, Crossref: Service{URL: crossref.URL}, GitHub: Service{URL: github.URL},
}

// plain is a Config of which nothing was told.
func plain(c Config) Config {
	c.Services = defaultServices
	c.Sources = Sources{Names: []string{"arxiv", "hf"}, ArXivOAI: arxiv.OAI, ArXivRSS: arxiv.RSS, ArXivAPI: arxiv.API, HF: hfpapers.Base, BioRxiv: biorxiv.Base, OpenReview: openreview.Base}
	c.Mail.DKIMSelector = "broadsheet"
	return c
}

func TestConfigPrecedence(t *testing.T) {
	const file = "addr = :1\nbase-url = http://file.example\ntimezone = Europe/Berlin\n"
	got, err := load(t,
		[]string{"--config", "broadsheet.conf", "--addr=:3"},
		map[string]string{"BROADSHEET_ADDR": ":2", "BROADSHEET_BASE_URL": "https://env.example/", "BROADSHEET_TIMEZONE": "", "BROADSHEET_DATA": "d"},
		file)
	if err != nil {
		t.Fatal(err)
	}
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	want := plain(Config{ConfigFile: "broadsheet.conf", Data: filepath.Join(wd, "d"), Addr: ":3", BaseURL: "https://env.example", Timezone: "Europe/Berlin"})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := got.Location().String(); got != "Europe/Berlin" {
		t.Errorf("Location is %s", got)
	}
}

func TestConfigDefaults(t *testing.T) {
	got, err := load(t, nil, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plain(Config{Addr: ":8080", Timezone: "UTC", LogLevel: slog.LevelInfo}), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// A command that was never configured still has a zone.
	if got := new(Config).Location().String(); got != "UTC" {
		t.Errorf("zone of the zero Config: %s", got)
	}
}

func TestConfigNamesTheWrongValue(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		env  map[string]string
		file string
		want string
	}{
		{"environment", nil, map[string]string{"BROADSHEET_TIMEZONE": "Mars/Base"}, "",
			`BROADSHEET_TIMEZONE: "Mars/Base" is not a time zone: write it like Europe/Berlin or UTC`},
		{"flag", []string{"--addr", "80"}, nil, "",
			`--addr: "80" is not an address to listen on: write it like :8080, 127.0.0.1:8080 or [::1]:8080`},
		{"port", []string{"--addr", ":99999"}, nil, "", `--addr: ":99999" is not an address to listen on`},
		{"level", []string{"--log-level", "loud"}, nil, "", `--log-level: "loud" is not a log level: write debug, info, warn or error`},
		{"zone with tricks", []string{"--timezone", "../../etc/passwd"}, nil, "", `--timezone: "../../etc/passwd" is not a time zone`},
		{"tilde", nil, map[string]string{"BROADSHEET_DATA": "~/papers"}, "", `BROADSHEET_DATA: "~/papers" begins with ~, which only a shell`},
		{"control characters", []string{"--base-url", "a\x1b[2J"}, nil, "", `--base-url: "a\x1b[2J" is not a web address`},
		{"other scheme", []string{"--base-url", "ftp://x"}, nil, "", `--base-url: "ftp://x" is not a web address`},
		{"address with more", []string{"--base-url", "https://u:p@x"}, nil, "", "has more than a scheme and a host"},
		{"address with a path", []string{"--base-url", "https://x/papers"}, nil, "", "has a path"},
		{"value in the file", nil, nil, "\n# a comment\ntimezone = Mars\n", `broadsheet.conf:3: "Mars" is not a time zone`},
		{"name in the file", nil, nil, "adr = :80", `broadsheet.conf:1: unknown setting "adr": did you mean addr?`},
		{"underscore", nil, nil, "base_url = x", `broadsheet.conf:1: unknown setting "base_url": did you mean base-url?`},
		{"no such name", nil, nil, "smtp = x", `broadsheet.conf:1: unknown setting "smtp": broadsheet help config lists what there is`},
		{"nested file", nil, nil, "config = x", "broadsheet.conf:1: a configuration file cannot name another one"},
		{"twice", nil, nil, "addr = :80\n\naddr = :81", "broadsheet.conf:3: addr is set a second time, after line 1"},
		{"no value", nil, nil, "addr", `broadsheet.conf:1: "addr" is not a setting: write "name = value"`},
		{"open quote", nil, nil, `addr = ":80`, "should be a value in quotes and nothing more"},
		{"binary file", nil, nil, "\xff\xfe", "broadsheet.conf is not a configuration file: it should be at most 1 MiB of UTF-8 text."},
		{"huge file", nil, nil, strings.Repeat("#\n", maxConfig), "at most 1 MiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			args := tt.args
			if tt.file != "" {
				args = append(args, "--config", "broadsheet.conf")
			}
			_, err := load(t, args, tt.env, tt.file)
			if err == nil || !strings.Contains(err.Error(), tt.want) || broadsheet.KindOf(err) != broadsheet.Invalid {
				t.Errorf("got error %v\nwant Invalid: %s", err, tt.want)
			}
		})
	}
	if _, err := load(t, []string{"--config", "absent.conf"}, nil, ""); err == nil || !strings.Contains(err.Error(), "absent.conf") {
		t.Errorf("absent file: %v", err)
	}
}

func TestParseConfigLine(t *testing.T) {
	for _, tt := range []struct{ in, name, value string }{
		{"addr = :80", "addr", ":80"},
		{"addr=:80 # a comment", "addr", ":80"},
		{"addr = #", "addr", ""},
		{"base-url = https://x/#y", "base-url", "https://x/#y"},
		{`data = "/a # b"   # c`, "data", "/a # b"},
		{`data = '/a "b"'`, "data", `/a "b"`},
		{"data = /a = b", "data", "/a = b"},
		{`data = ""`, "data", ""},
	} {
		name, value, err := parseConfigLine(tt.in)
		if name != tt.name || value != tt.value || err != nil {
			t.Errorf("%s: got %q = %q (%v)", tt.in, name, value, err)
		}
	}
}

func FuzzParseConfig(f *testing.F) {
	f.Add("addr = ':80' # x\r\n\ufeffdata=")
	f.Add("timezone = \"UTC\"\n= \n#")
	f.Fuzz(func(t *testing.T, text string) {
		values, err := parseConfig("x.conf", text)
		if err != nil && (values != nil || !strings.HasPrefix(err.Error(), "x.conf:")) {
			t.Fatalf("got %v and the error %v, which names no line", values, err)
		}
		for name, v := range values {
			if settingNamed(name) == nil || strings.ContainsAny(v.value, "\n") || v.line < 1 {
				t.Fatalf("yields %q = %+v", name, v)
			}
		}
	})
}

func TestDefaultData(t *testing.T) {
	for _, tt := range []struct {
		goos string
		env  map[string]string
		want string
	}{
		{"linux", map[string]string{"HOME": "/home/ada"}, "/home/ada/.local/share/broadsheet"},
		{"linux", map[string]string{"HOME": "/home/ada", "XDG_DATA_HOME": "/data"}, "/data/broadsheet"},
		{"linux", map[string]string{"HOME": "/home/ada", "XDG_DATA_HOME": "data"}, "/home/ada/.local/share/broadsheet"},
		{"darwin", map[string]string{"HOME": "/Users/ada"}, "/Users/ada/Library/Application Support/broadsheet"},
		{"windows", map[string]string{"LocalAppData": "/C/ada"}, "/C/ada/broadsheet"},
		{"windows", map[string]string{"HOME": "/C/ada"}, ""},
		{"linux", nil, ""},
	} {
		if got := filepath.ToSlash(defaultData(tt.goos, environment(tt.env))); got != tt.want {
			t.Errorf("%s, %v: got %q, want %q", tt.goos, tt.env, got, tt.want)
		}
	}
}

func TestHelpConfig(t *testing.T) {
	t.Setenv("HOME", "/home/ada")
	t.Setenv("XDG_DATA_HOME", "")
	var out strings.Builder
	helpConfig(&out)
	for _, want := range []string{
		"--addr ADDRESS\n    the address to listen on; without a host, all of this machine's\n    environment: BROADSHEET_ADDR\n    default:     :8080\n",
		"--base-url URL\n", "default:     none\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("has no %q in it:\n%s", want, out.String())
		}
	}
	for _, row := range allSettings {
		if !strings.Contains(out.String(), row.env) {
			t.Errorf("%s is missing", row.env)
		}
	}
}

// The flag package finds out which defaults to print from a zero settingFlag.
func TestFlagDefaults(t *testing.T) {
	fs := flag.NewFlagSet("x", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	new(settings).register(fs, "addr", "base-url")
	if f := fs.Lookup("addr"); f.DefValue != ":8080" || f.Usage != "the `address` to listen on; without a host, all of this machine's [$BROADSHEET_ADDR]" {
		t.Errorf("addr: %+v", f)
	}
	fs.PrintDefaults()
}
