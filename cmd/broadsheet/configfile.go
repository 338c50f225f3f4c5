package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"broadsheet"
)

// A located is a value with the place where it was given.
type located struct {
	value string
	place string // "broadsheet.conf:3"
	line  int
}

// maxConfig bounds a configuration file; /dev/zero is named soon enough.
const maxConfig = 1 << 20

// readConfigFile reads a configuration file.
func readConfigFile(path string) (map[string]located, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, broadsheet.Errorf(broadsheet.Invalid, "The configuration file cannot be read: %s", broadsheet.Printable(err.Error(), 300))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxConfig+1))
	switch {
	case err != nil:
		return nil, broadsheet.Errorf(broadsheet.Invalid, "The configuration file cannot be read: %s", broadsheet.Printable(err.Error(), 300))
	case len(text) > maxConfig || !utf8.Valid(text):
		return nil, broadsheet.Errorf(broadsheet.Invalid, "%s is not a configuration file: it should be at most 1 MiB of UTF-8 text.", broadsheet.Printable(path, 300))
	}
	return parseConfig(path, string(text))
}

// parseConfig reads lines of "name = value". Values are checked where they are
// used; names are checked here, since a mistyped one would silently do nothing.
func parseConfig(path, text string) (map[string]located, error) {
	values := make(map[string]located)
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		n++
		place := path + ":" + strconv.Itoa(n)
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, err := parseConfigLine(line)
		if err == nil {
			err = checkName(name)
		}
		if first, twice := values[name]; err == nil && twice {
			err = fmt.Errorf("%s is set a second time, after line %d", name, first.line)
		}
		if err != nil {
			return nil, invalid(place, err)
		}
		values[name] = located{value: value, place: place, line: n}
	}
	return values, nil
}

// parseConfigLine takes a line apart that is neither empty nor a comment.
func parseConfigLine(line string) (name, value string, err error) {
	name, value, ok := strings.Cut(line, "=")
	if !ok {
		return "", "", fmt.Errorf(`%s is not a setting: write "name = value"`, quoted(line))
	}
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if value == "" || value[0] != '"' && value[0] != '\'' {
		if i := strings.Index(" "+value, " #"); i >= 0 {
			value = strings.TrimSpace(value[:max(i-1, 0)])
		}
		return name, value, nil
	}
	inner, rest, closed := strings.Cut(value[1:], value[:1])
	if rest = strings.TrimSpace(rest); !closed || rest != "" && rest[0] != '#' {
		return "", "", fmt.Errorf("%s should be a value in quotes and nothing more", quoted(value))
	}
	return name, inner, nil
}

func checkName(name string) error {
	switch row := settingNamed(name); {
	case row != nil && row.secret:
		return fmt.Errorf("%s is a secret, which this file is not for: put it into a file of its own and name that by %s-file", name, name)
	case row != nil && name != "config":
		return nil
	}
	if name == "config" {
		return errors.New("a configuration file cannot name another one")
	}
	best, bestDistance := "", 3 // further away is no typing error
	for _, row := range allSettings {
		if d := editDistance(name, row.name); d < bestDistance && row.name != "config" {
			best, bestDistance = row.name, d
		}
	}
	if best == "" {
		return fmt.Errorf("unknown setting %s: broadsheet help config lists what there is", quoted(name))
	}
	return fmt.Errorf("unknown setting %s: did you mean %s?", quoted(name), best)
}

// editDistance returns how many letters must be added, removed or replaced to
// turn a into b, exactly up to 9 and then 9.
func editDistance(a, b string) int {
	if len(a) > len(b)+9 {
		return 9
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return min(row[len(b)], 9)
}
