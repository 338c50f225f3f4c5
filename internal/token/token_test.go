package token

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet"
)

var (
	now   = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	later = now.Add(time.Hour)
)

func maker(t testing.TB, secret string) *Maker {
	m, err := New([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestRead(t *testing.T) {
	m := maker(t, "secret")
	good := m.Make(Unsubscribe, 7, time.Time{})
	for _, tt := range []struct {
		name, text string
		purpose    Purpose
		now        time.Time
		id         int64 // 0: refused
	}{
		{"ours", good, Unsubscribe, now, 7},
		{"ours, ten years later", good, Unsubscribe, now.AddDate(10, 0, 0), 7},
		{"in time", m.Make(Confirm, 7, later), Confirm, later, 7},
		{"too late", m.Make(Confirm, 7, later), Confirm, later.Add(time.Second), 0},
		{"for another purpose", good, Manage, now, 0},
		{"of another instance", maker(t, "other").Make(Unsubscribe, 7, time.Time{}), Unsubscribe, now, 0},
		{"cut short", good[:len(good)-1], Unsubscribe, now, 0},
		{"with something behind it", good + "AA", Unsubscribe, now, 0},
		{"nothing", "", Unsubscribe, now, 0},
		{"not in the alphabet", strings.Repeat("%", 30), Unsubscribe, now, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			id, err := m.Read(tt.purpose, tt.text, tt.now)
			if id != tt.id || (err == nil) != (tt.id != 0) || err != nil && broadsheet.KindOf(err) != broadsheet.NotFound {
				t.Errorf("got %d, %v; want %d", id, err, tt.id)
			}
		})
	}
}

// Whatever is changed in a token, it is no token any more.
func TestEveryBitCounts(t *testing.T) {
	m := maker(t, "secret")
	good := m.Make(Unsubscribe, 7, later)
	for i := range good {
		for _, c := range "ABab27-_" {
			changed := good[:i] + string(c) + good[i+1:]
			if _, err := m.Read(Unsubscribe, changed, now); changed != good && err == nil {
				t.Errorf("%s is taken for %s", changed, good)
			}
		}
	}
}

func TestSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	first, err := Secret(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Secret(path)
	if err != nil || !bytes.Equal(first, again) || len(first) != secretSize {
		t.Errorf("got %x, then %x, %v", first, again, err)
	}
}

func FuzzRead(f *testing.F) {
	m := maker(f, "secret")
	f.Add(m.Make(Confirm, 1<<62, later))
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range []Purpose{Confirm, Unsubscribe, Manage, Bounce} {
			id, err := m.Read(p, text, now)
			if err == nil && text != m.Make(p, id, later) && text != m.Make(p, id, time.Time{}) {
				t.Errorf("%q is taken for %d", text, id)
			}
		}
	})
}
