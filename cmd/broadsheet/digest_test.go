package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"broadsheet/internal/smtptest"
)

// One message goes to the mail server that is set, or the server says why not.
func TestDigestSend(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "papers.jsonl")
	if err := os.WriteFile(file, []byte(`{"id":"2503.00001","title":"Why cranes dance","abstract":"They do.","published":"2025-03-10","edition":"2025-03-11"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"BROADSHEET_DATA": filepath.Join(dir, "data")}
	if code, _, stderr := run(t, env, "import", file); code != 0 {
		t.Fatal(stderr)
	}
	var refuse atomic.Bool // the server asks in a goroutine of its own
	server := smtptest.Start(t, smtptest.Options{Keep: true, Script: func(m smtptest.Moment) smtptest.Action {
		if refuse.Load() && m.Stage == smtptest.Rcpt {
			return smtptest.Action{Code: 550, Text: "5.1.1 no such user"}
		}
		return smtptest.Action{}
	}})
	env["BROADSHEET_SMTP_URL"] = fmt.Sprintf("smtp://localhost:%d?tls=none", server.Port)
	env["BROADSHEET_MAIL_FROM"] = "Daily Papers <papers@papers.example.org>"
	env["BROADSHEET_BASE_URL"] = "https://papers.example.org"
	code, stdout, stderr := run(t, env, "digest", "send", "--to", "ada@example.org")
	got := server.Received()
	if code != 0 || len(got) != 1 || got[0].To != "ada@example.org" || got[0].From != "papers@papers.example.org" {
		t.Fatalf("exit %d, %q, %q, received %+v", code, stdout, stderr, got)
	}
	if !bytes.Contains(got[0].Data, []byte("Why cranes dance")) || bytes.Contains(got[0].Data, []byte("List-Unsubscribe")) || !strings.Contains(stdout, "on its way to ada@example.org") {
		t.Errorf("%s\n%s", stdout, got[0].Data)
	}
	refuse.Store(true)
	if code, stdout, stderr = run(t, env, "digest", "send", "--to", "bo@example.org"); code != exitFailed || !strings.Contains(stderr, "no such user") {
		t.Errorf("exit %d, %q, %q", code, stdout, stderr)
	}
}
