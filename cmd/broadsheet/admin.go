package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"broadsheet/internal/wholefile"
)

// minAdminKey is what a key needs that nobody guesses while the server answers.
const minAdminKey = 16

var adminSettings = []setting{
	{
		name: "admin-key-file", env: "BROADSHEET_ADMIN_KEY_FILE", initial: fixed(""),
		help: "a `file` with the key to the page /admin, instead of the one that the server makes in the data directory",
		set: func(c *Config, v string) (err error) {
			if c.AdminKey, err = readKey(v); err == nil && v != "" {
				err = checkAdminKey(c.AdminKey)
			}
			return err
		},
	},
	{
		name: "admin-key", env: "BROADSHEET_ADMIN_KEY", initial: fixed(""), secret: true,
		help: "the `key` itself",
		set: func(c *Config, v string) error {
			if v == "" {
				return nil
			}
			c.AdminKey = v
			return checkAdminKey(v)
		},
	},
}

func checkAdminKey(key string) error {
	if len(key) < minAdminKey {
		return fmt.Errorf("a key needs %d characters or more, so that nobody guesses it", minAdminKey)
	}
	return checkKey(key)
}

// adminKey returns the key to the operator's pages: the one that was set, else that
// of the data directory, which is made where there is none.
func (m *Main) adminKey(path string) (string, error) {
	if m.cfg.AdminKey != "" {
		return m.cfg.AdminKey, nil
	}
	text, err := os.ReadFile(path)
	if key := strings.TrimSpace(string(text)); err == nil && checkAdminKey(key) == nil {
		return key, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	key := strings.ToLower(rand.Text())
	if err := wholefile.Write(path, []byte(key+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("write %s: %w", path, err)
	}
	return key, nil
}
