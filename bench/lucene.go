package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
)

//go:embed lucene/LuceneBench.java
var luceneProgram []byte

// lucene measures Apache Lucene through a program in Java, which writes the result files
// itself.
type lucene struct {
	ordered bool // the documents keep the order of the corpus, by which Lucene breaks ties
}

// luceneJars are where Debian's package liblucene8-java has them.
var luceneJars = []string{"/usr/share/java/lucene-core-[0-9]*.jar", "/usr/share/java/lucene-analyzers-common-[0-9]*.jar"}

// errNoLucene says that Lucene is not measured.
var errNoLucene = errors.New("java, javac and Lucene's jars (Debian: liblucene8-java, a JDK) are needed")

// compileLucene compiles the program into a directory.
func compileLucene(ctx context.Context, dir string) error {
	path, err := classPath(dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	source := filepath.Join(dir, "LuceneBench.java")
	if err := os.WriteFile(source, luceneProgram, 0o666); err != nil {
		return err
	}
	if out, err := exec.CommandContext(ctx, "javac", "-d", dir, "-cp", path, source).CombinedOutput(); err != nil {
		return fmt.Errorf("javac: %w: %s", err, out)
	}
	return nil
}

func classPath(dir string) (string, error) {
	path := dir
	for _, pattern := range luceneJars {
		found, _ := filepath.Glob(pattern)
		if len(found) == 0 {
			return "", fmt.Errorf("no %s: %w", pattern, errNoLucene)
		}
		path += string(filepath.ListSeparator) + found[0]
	}
	for _, program := range []string{"java", "javac"} {
		if _, err := exec.LookPath(program); err != nil {
			return "", errNoLucene
		}
	}
	return path, nil
}

func (l lucene) threads() string {
	if l.ordered {
		return "1"
	}
	return strconv.Itoa(runtime.GOMAXPROCS(0))
}

func (l lucene) build(j job) error {
	return l.run(j, "build", "corpus="+j.Corpus, "threads="+l.threads())
}

// query asks the ordered index for its hits only.
func (l lucene) query(j job) error {
	passes := j.Passes
	if l.ordered {
		passes = 0
	}
	return l.run(j, "query", "queries="+j.Queries, "threads="+l.threads(), "count=1000",
		"passes="+strconv.Itoa(passes), "every="+strconv.Itoa(j.Every))
}

func (l lucene) run(j job, args ...string) error {
	path, err := classPath(j.Java)
	if err != nil {
		return err
	}
	args = append([]string{"-Xms512m", "-Xmx1500m", "-cp", path, "LuceneBench"}, args...)
	cmd := exec.Command("java", append(args, "dir="+j.Index, "out="+j.Out)...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	return cmd.Run()
}
