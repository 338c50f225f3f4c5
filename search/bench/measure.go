package bench

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"broadsheet/search"
	"broadsheet/search/topk"
)

// A Report is what was measured. Times are in milliseconds, sizes in bytes.
type Report struct {
	Documents int              `json:"documents"`
	Build     Build            `json:"build"`
	Index     map[string]int64 `json:"index_bytes"` // by part
	Kinds     []Latency        `json:"latency"`     // "all" first
	PerSecond float64          `json:"queries_per_second"`
	Cores     int              `json:"cores"`
	HeapBytes uint64           `json:"heap_bytes"` // after the questions
	Work      Work             `json:"work_per_query"`
	Recall    float64          `json:"recall@10,omitempty"` // of the nearest by codes and bytes, against exact comparison
	Machine   Machine          `json:"machine"`
}

// Build is what making the index took.
type Build struct {
	Seconds float64 `json:"seconds"`
	Merge   float64 `json:"merge_seconds"` // of them, merging to one segment
	PerSec  float64 `json:"documents_per_second"`
}

// Latency is how long questions of a kind took, one at a time.
type Latency struct {
	Kind    string  `json:"kind"`
	Queries int     `json:"queries"`
	P50     float64 `json:"p50_ms"`
	P95     float64 `json:"p95_ms"`
	P99     float64 `json:"p99_ms"`
}

// Work is the mean work of a question.
type Work struct {
	Postings, Scored, Probes, Candidates, Positions float64

	Vectors, Reranked float64
}

// Machine is what the machine can do, and how near the questions come to it.
type Machine struct {
	ReadBytesPerSecond float64 `json:"read_bytes_per_second"` // from memory, one core
	// PostingsBytesPerSecond is how fast the questions read postings, at what a
	// posting takes in the index on average; Share is that over ReadBytesPerSecond.
	PostingsBytesPerSecond float64 `json:"postings_bytes_per_second"`
	Share                  float64 `json:"share_of_memory_bandwidth"`
}

// passes is how often all questions are asked; the first is not counted.
const passes = 4

// Ask measures questions over an engine and fills in what is about them.
func Ask(ctx context.Context, e *search.Engine, questions []Question, r *Report, progress func(done, total int)) error {
	took := map[string][]float64{}
	var work topk.Work
	var seconds, vectors, reranked float64
	for pass := range passes {
		for _, q := range questions {
			if err := ctx.Err(); err != nil {
				return err
			}
			start := time.Now()
			answer, err := e.Search(ctx, q.Request)
			ms := float64(time.Since(start).Nanoseconds()) / 1e6
			if err != nil {
				return fmt.Errorf("ask %q: %w", q.Query.String(), err)
			}
			if pass > 0 {
				took[q.Kind] = append(took[q.Kind], ms)
				took["all"] = append(took["all"], ms)
				seconds += ms / 1000
				work.Add(answer.Work)
				vectors += float64(answer.Vectors.Vectors())
				reranked += float64(answer.Reranked)
			}
		}
		progress(pass+1, passes+1)
	}
	for _, kind := range kindsOf(questions) {
		if ms := took[kind]; len(ms) > 0 {
			slices.Sort(ms)
			r.Kinds = append(r.Kinds, Latency{kind, len(ms) / (passes - 1), percentile(ms, 50), percentile(ms, 95), percentile(ms, 99)})
		}
	}
	n := float64(max(1, len(took["all"])))
	r.Work = Work{float64(work.Postings) / n, float64(work.Scored) / n, float64(work.Probes) / n, float64(work.Candidates) / n, float64(work.Positions) / n,
		vectors / n, reranked / n}
	var err error
	r.Cores = runtime.GOMAXPROCS(0)
	if r.PerSecond, err = throughput(ctx, e, questions, r.Cores); err != nil {
		return err
	}
	progress(passes+1, passes+1)
	r.HeapBytes = heap()
	r.Machine.ReadBytesPerSecond = ReadSpeed()
	if seconds > 0 && r.Documents > 0 {
		r.Machine.PostingsBytesPerSecond = float64(work.Postings) / seconds * bytesPerPosting
		r.Machine.Share = r.Machine.PostingsBytesPerSecond / r.Machine.ReadBytesPerSecond
	}
	return nil
}

// kindsOf returns "all" and the kinds of some questions, in their order.
func kindsOf(questions []Question) []string {
	kinds := []string{"all"}
	for _, q := range questions {
		if !slices.Contains(kinds, q.Kind) {
			kinds = append(kinds, q.Kind)
		}
	}
	return kinds
}

// bytesPerPosting is what a document and its frequency take in a list, with what the
// list has on top of its blocks: 1.3 of the 2.9 bytes with positions, over a
// million abstracts.
const bytesPerPosting = 1.3

// throughput asks the questions on all cores at once.
func throughput(ctx context.Context, e *search.Engine, questions []Question, cores int) (float64, error) {
	var all sync.WaitGroup
	errs := make([]error, cores)
	start := time.Now()
	for c := range cores {
		all.Go(func() {
			for i := c; i < len(questions) && errs[c] == nil; i += cores {
				_, errs[c] = e.Search(ctx, questions[i].Request)
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return 0, err
		}
	}
	return float64(len(questions)) / time.Since(start).Seconds(), nil
}

// percentile returns the value that p percent of the sorted values do not exceed.
func percentile(sorted []float64, p float64) float64 {
	return sorted[max(0, int(math.Ceil(p/100*float64(len(sorted))))-1)]
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// ReadSpeed measures how many bytes per second one core reads from memory: the best of
// five sums over 256 MB.
func ReadSpeed() float64 {
	words := make([]uint64, 32<<20)
	for i := range words {
		words[i] = uint64(i)
	}
	best := time.Duration(math.MaxInt64)
	var total uint64
	for range 5 {
		start := time.Now()
		var a, b, c, d uint64
		for i := 0; i+4 <= len(words); i += 4 {
			a, b, c, d = a+words[i], b+words[i+1], c+words[i+2], d+words[i+3]
		}
		total += a + b + c + d
		best = min(best, time.Since(start))
	}
	runtime.KeepAlive(total)
	return float64(8*len(words)) / best.Seconds()
}
