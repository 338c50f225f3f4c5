package index

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"
)

// killDir, in the environment, makes the test binary an indexer that follows a log
// of changes in that directory until it is killed.
const killDir = "INDEX_TEST_KILL_DIR"

// killChanges is the length of the log.
const killChanges = 4000

func TestMain(m *testing.M) {
	if dir := os.Getenv(killDir); dir != "" {
		if err := followLog(dir); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// logged returns change n of the log: a new document, one that replaces an older
// one, or a deletion.
func logged(n int) (d *Document, deleted string) {
	rng := rand.New(rand.NewPCG(uint64(n), 8))
	id := fmt.Sprint("p", rng.IntN(1500))
	if rng.IntN(5) == 0 {
		return nil, id
	}
	return drawDocument(rng, id, 12), ""
}

// followLog goes on from the note of the last commit. It prints each commit that was
// acknowledged.
func followLog(dir string) error {
	x, err := Open(dir, testSettings, Options{MemoryBudget: 64 << 10})
	if err != nil {
		return err
	}
	defer x.Close()
	at, _ := strconv.Atoi(string(x.Note()))
	rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 9))
	for at < killChanges {
		end := min(at+1+rng.IntN(40), killChanges)
		if err := installLogged(x, at, end); err != nil {
			return err
		}
		at = end
		if rng.IntN(4) == 0 || at == killChanges {
			if err := x.Commit([]byte(strconv.Itoa(at))); err != nil {
				return err
			}
			fmt.Println(at)
		}
		if rng.IntN(20) == 0 {
			if err := x.MergeAll(context.Background(), nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// installLogged installs the changes from, up to end, as one batch.
func installLogged(x *Index, from, end int) error {
	docs, gone := map[string]*Document{}, map[string]bool{}
	for n := from; n < end; n++ {
		d, deleted := logged(n)
		if d != nil {
			docs[d.ID] = d
			delete(gone, d.ID)
			continue
		}
		gone[deleted] = true
		delete(docs, deleted)
	}
	b := x.NewBuilder()
	for _, d := range docs {
		if err := b.Add(d); err != nil {
			return err
		}
	}
	var list []string
	for id := range gone {
		list = append(list, id)
	}
	return x.Install(b, list)
}

// stateAt returns the documents after the first n changes.
func stateAt(n int) map[string]*Document {
	docs := map[string]*Document{}
	for i := range n {
		if d, deleted := logged(i); d != nil {
			docs[d.ID] = d
		} else {
			delete(docs, deleted)
		}
	}
	return docs
}

// TestKill kills an indexer at random moments.
func TestKill(t *testing.T) {
	kills := 50
	if testing.Short() {
		kills = 4
	}
	rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	dir, acknowledged, during := t.TempDir(), 0, 0
	for kill := range kills {
		n, finished := killOne(t, dir, time.Duration(rng.IntN(300))*time.Millisecond)
		acknowledged = max(acknowledged, n)
		x := openTest(t, dir, Options{NoMerge: true})
		note, _ := strconv.Atoi(string(x.Note()))
		if note < acknowledged {
			t.Fatalf("kill %d: opened at change %d, but %d was acknowledged", kill, note, acknowledged)
		}
		check(t, x)
		checkFiles(t, x)
		if kill%5 == 0 || finished {
			checkContents(t, x, stateAt(note))
		}
		if finished {
			ok(t, x.Reset())
			acknowledged = 0
		} else if during++; note > 0 {
			acknowledged = note
		}
		ok(t, x.Close())
	}
	t.Logf("%d of %d indexers were killed at work", during, kills)
	x := openTest(t, dir, Options{})
	at, _ := strconv.Atoi(string(x.Note()))
	for ; at < killChanges; at += 100 {
		ok(t, installLogged(x, at, min(at+100, killChanges)))
	}
	checkContents(t, x, stateAt(killChanges))
}

// killOne starts an indexer and kills it some time after it has opened the index. It
// returns the last commit that was acknowledged, and whether it had come to the end.
func killOne(t *testing.T, dir string, after time.Duration) (acknowledged int, finished bool) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), killDir+"="+dir)
	out, err := c.StdoutPipe()
	ok(t, err)
	ok(t, c.Start())
	timer := time.AfterFunc(30*time.Millisecond+after, func() { c.Process.Kill() })
	defer timer.Stop()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatalf("the indexer says %q", lines.Text())
		}
		acknowledged = n
	}
	c.Wait() // killed, or done
	return acknowledged, c.ProcessState.Success()
}
