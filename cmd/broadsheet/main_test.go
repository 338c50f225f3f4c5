package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The test binary is the program itself when it is called broadsheet: scripts
// and the tests that kill it run the real thing in a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"broadsheet": main})
}

// The scripts read like a manual of the command line.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("BROADSHEET_DATA", env.WorkDir+"/data")
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("BROADSHEET_SOURCES", "none") // no test asks services of others
			return nil
		},
		UpdateScripts: os.Getenv("UPDATE") != "",
	})
}

// run runs a command in this process and returns its exit code and output.
func run(t *testing.T, env map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errOut lockedBuffer
	m := &Main{Args: args, Stdout: &out, Stderr: &errOut, Env: func(k string) (string, bool) { v, ok := env[k]; return v, ok }}
	code = m.Run(t.Context())
	return code, out.String(), errOut.String()
}
