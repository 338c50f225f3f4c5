package broadsheet_test

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// These tests look up what documents name in backquotes, outside of examples.
var (
	docs      = []string{"*.md", "doc/*.md", "doc/adr/*.md"}
	elsewhere = "index/ model/ backups/ dist/" // directories that are not in the tree
	example   = regexp.MustCompile(`(?m)^ {4}.*$`)
	span      = regexp.MustCompile("`([^`\n]+)`")
	path      = regexp.MustCompile(`^[\w.-]+(/[\w.-]+)*(/|\.(go|md|sql|html|css|mod))$`)
	goName    = regexp.MustCompile(`^([a-z]\w*)\.([A-Z]\w*)(?:\.(\w+))?$`)
	category  = regexp.MustCompile(`^[a-z-]+\.[A-Z]{2}$`) // cs.LG is no name of Go
	variable  = regexp.MustCompile(`^(BROADSHEET|broadsheet)_\w+$`)
	link      = regexp.MustCompile(`\]\(([^)\s#]*)#?([^)\s]*)\)`)
	required  = regexp.MustCompile(`(?m)^\t(\S+) v\S+$`)
)

func TestDocumentsNameWhatIsThere(t *testing.T) {
	known, code := declared(t)
	for file, text := range read(t, docs...) {
		text = example.ReplaceAllString(text, "")
		for _, m := range span.FindAllStringSubmatch(text, -1) {
			there := true
			if n := goName.FindStringSubmatch(m[1]); n != nil && !category.MatchString(m[1]) {
				there = known[n[1]+"."+n[2]] && (n[3] == "" || known[n[1]+"."+n[3]])
			} else if path.MatchString(m[1]) && !strings.Contains(elsewhere, m[1]) {
				_, err := os.Stat(m[1])
				there = err == nil
			} else if variable.MatchString(m[1]) {
				there = strings.Contains(code, m[1])
			}
			if !there {
				t.Errorf("%s names %s, which is not in the tree", file, m[1])
			}
		}
	}
}

func TestDocumentsLinkToWhatIsThere(t *testing.T) {
	all := read(t, docs...)
	for file, text := range all {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target := filepath.ToSlash(filepath.Join(filepath.Dir(file), cmp.Or(m[1], filepath.Base(file))))
			_, err := os.Stat(target)
			heading := regexp.MustCompile(`(?mi)^#+ \W*` + strings.ReplaceAll(m[2], "-", `\W+`) + `\W*$`)
			if !strings.Contains(m[1], "://") && (err != nil || m[2] != "" && !heading.MatchString(all[target])) {
				t.Errorf("%s links to %s#%s, which is not there", file, m[1], m[2])
			}
		}
	}
}

func TestDocumentsGiveAReasonForEachDependency(t *testing.T) {
	reasons := read(t, docs...)["doc/adr/007-standard-library-first.md"]
	for _, m := range required.FindAllStringSubmatch(read(t, "go.mod")["go.mod"], -1) {
		if !strings.Contains(reasons, "`"+m[1]+"`") {
			t.Errorf("doc/adr/007 does not say what %s is for", m[1])
		}
	}
}

// read returns files by their path.
func read(t *testing.T, patterns ...string) map[string]string {
	files := map[string]string{}
	for _, pattern := range patterns {
		names, _ := filepath.Glob(pattern)
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[filepath.ToSlash(name)] = string(text)
		}
	}
	return files
}

// declared returns the names that are declared, each behind its package, members
// without their type; and the code itself.
func declared(t *testing.T) (known map[string]bool, code string) {
	known = map[string]bool{}
	for file, text := range read(t, "*.go", "*/*.go", "*/*/*.go") {
		code += text
		f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		add := func(names ...*ast.Ident) {
			for _, id := range names {
				known[f.Name.Name+"."+id.Name] = true
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				add(n.Name)
			case *ast.TypeSpec:
				add(n.Name)
			case *ast.ValueSpec:
				add(n.Names...)
			case *ast.Field:
				add(n.Names...)
			}
			return true
		})
	}
	return known, code
}
