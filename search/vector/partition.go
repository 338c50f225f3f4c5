package vector

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
)

const (
	// minPartitioned is how many vectors a segment has that is partitioned. Below,
	// comparing centroids costs as much as it saves.
	minPartitioned = 1024

	// perRoot times the square root of the number of vectors is the number of
	// partitions.
	perRoot = 1

	// perCentroid is how many vectors of each partition centroids are learned from,
	// in so many rounds.
	perCentroid    = 40
	centroidRounds = 8
)

// partitions say in which order vectors are stored.
type partitions struct {
	order     []uint32 // documents
	starts    []uint32 // for each partition
	centroids []byte   // records
}

// partition divides the vectors of a merger by spherical k-means (Dhillon and Modha,
// "Concept decompositions for large sparse text data using clustering", Machine
// Learning 2001): each is in the partition whose centroid has the greatest cosine
// with it. Equal vectors give equal partitions.
func partition(ctx context.Context, m *merger) (partitions, error) {
	if len(m.vectors) < minPartitioned {
		return partitions{order: m.vectors}, nil
	}
	k := newClusters(m)
	for range centroidRounds {
		if err := k.assign(ctx, k.sample); err != nil {
			return partitions{}, err
		}
		k.update()
	}
	if err := k.assign(ctx, m.vectors); err != nil {
		return partitions{}, err
	}
	return k.sort(), nil
}

// clusters are what spherical k-means works on.
type clusters struct {
	m         *merger
	n         int
	numbers   []uint32 // of all clusters, for dots
	centroids []byte   // records
	sample    []uint32
	nearest   []uint32 // cluster of each document that was assigned last
}

// newClusters takes evenly spread vectors as a sample and some of these as
// centroids.
func newClusters(m *merger) *clusters {
	total := len(m.vectors)
	k := &clusters{m: m, n: int(perRoot * math.Sqrt(float64(total)))}
	size := min(total, perCentroid*k.n)
	k.sample = make([]uint32, size)
	for i := range k.sample {
		k.sample[i] = m.vectors[i*total/size]
	}
	rng := rand.New(rand.NewPCG(uint64(total), uint64(k.n)))
	for i, at := range rng.Perm(size)[:k.n] {
		k.numbers = append(k.numbers, uint32(i))
		k.centroids = append(k.centroids, m.record(k.sample[at])...)
	}
	k.nearest = make([]uint32, total)
	return k
}

// assign finds the nearest cluster of each document.
func (k *clusters) assign(ctx context.Context, docs []uint32) error {
	var wg sync.WaitGroup
	k.nearest = k.nearest[:len(docs)]
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			low, high := w*len(docs)/workers, (w+1)*len(docs)/workers
			k.assignRange(ctx, docs[low:high], k.nearest[low:high])
		})
	}
	wg.Wait()
	return ctx.Err()
}

func (k *clusters) assignRange(ctx context.Context, docs, nearest []uint32) {
	dims := k.m.from[0].dims
	scales := make([]float32, k.n)
	for i := range scales {
		scales[i] = scaleOf(k.centroids[i*(dims+scaleSize):])
	}
	vector, products := make([]int16, dims), make([]int32, k.n)
	for i, doc := range docs {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return
		}
		for j, b := range k.m.record(doc)[scaleSize:] {
			vector[j] = int16(int8(b))
		}
		dots(products, vector, k.centroids, k.numbers)
		best, most := 0, float32(math.Inf(-1))
		for c, p := range products {
			if s := float32(p) * scales[c]; s > most {
				best, most = c, s
			}
		}
		nearest[i] = uint32(best)
	}
}

// update moves each centroid to the direction of the sum of its vectors. One that
// has none stays.
func (k *clusters) update() {
	dims := k.m.from[0].dims
	sums := make([]float32, k.n*dims)
	for i, doc := range k.sample {
		sum := sums[int(k.nearest[i])*dims:][:dims]
		record := k.m.record(doc)
		scale := scaleOf(record)
		for j, b := range record[scaleSize:] {
			sum[j] += float32(scale * float32(int8(b))) // rounded: not to be fused
		}
	}
	for c := range k.n {
		sum := sums[c*dims:][:dims]
		if ok, err := normalize(sum, sum); ok && err == nil {
			at := c * (dims + scaleSize)
			appendRecord(k.centroids[:at], sum)
		}
	}
}

// sort orders the documents by cluster and leaves out clusters without any.
func (k *clusters) sort() partitions {
	counts := make([]uint32, k.n)
	for _, c := range k.nearest {
		counts[c]++
	}
	var p partitions
	next := make([]uint32, k.n)
	stride := k.m.from[0].stride()
	total := uint32(0)
	for c, count := range counts {
		next[c] = total
		if count > 0 {
			p.starts = append(p.starts, total)
			p.centroids = append(p.centroids, k.centroids[c*stride:][:stride]...)
		}
		total += count
	}
	p.order = make([]uint32, total)
	for i, c := range k.nearest {
		p.order[next[c]] = k.m.vectors[i]
		next[c]++
	}
	return p
}
