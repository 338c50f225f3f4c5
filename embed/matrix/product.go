package matrix

import "sync"

// A tile is the part of the result that one call of the kernel keeps in
// registers: 6 rows of two vectors of eight.
const (
	tileRows = 6
	tileCols = 16
)

// Operands are copied block by block into the order the kernel reads them in
// (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication",
// ACM TOMS 2008): a panel of b stays in the first level of cache, the block of a
// and the block of b in the second.
const (
	blockRows  = 16 * tileRows
	blockCols  = 32 * tileCols
	blockDepth = 256
)

// A view is an operand with k along the sum and the other index across: of a the
// row, of b the column. Both are distances in values.
type view struct {
	values        []float32
	across, along int
}

// pack copies indexes x to x+nx, p to p+np of v to panels of the given width:
// all of a panel's values for one p lie together, what is missing in the last
// panel is 0.
func (v view) pack(dst []float32, width, x, nx, p, np int) {
	for ; nx > 0; x, nx = x+width, nx-width {
		panel := dst[:width*np]
		dst = dst[width*np:]
		n := min(width, nx)
		if n < width {
			clear(panel)
		}
		if v.across == 1 {
			for i := range np {
				copy(panel[i*width:i*width+n], v.values[(p+i)*v.along+x:])
			}
			continue
		}
		for j := range n {
			at := j
			for _, value := range v.values[(x+j)*v.across+p:][:np] {
				panel[at] = value
				at += width
			}
		}
	}
}

// blocks are the packed parts of a and b and the tile at an edge.
type blocks struct {
	a    [blockRows * blockDepth]float32
	b    [blockCols * blockDepth]float32
	tile [tileRows * tileCols]float32
}

var pool = sync.Pool{New: func() any { return new(blocks) }}

// product sets c[m×n] to the product of the views.
func product(c []float32, a, b view, m, n, k int) {
	if k == 0 {
		clear(c[:m*n])
		return
	}
	w := pool.Get().(*blocks)
	defer pool.Put(w)
	for j := 0; j < n; j += blockCols {
		nj := min(blockCols, n-j)
		for p := 0; p < k; p += blockDepth {
			np := min(blockDepth, k-p)
			b.pack(w.b[:], tileCols, j, nj, p, np)
			w.rows(c[j:], a, w.b[:], m, n, nj, p, np)
		}
	}
}

// rows adds to m rows of c, n apart and nj wide, the part p to p+np of the sums,
// with the panels of b. Part 0 sets them.
func (w *blocks) rows(c []float32, a view, b []float32, m, n, nj, p, np int) {
	for i := 0; i < m; i += blockRows {
		ni := min(blockRows, m-i)
		a.pack(w.a[:], tileRows, i, ni, p, np)
		for jj := 0; jj < nj; jj += tileCols {
			panel := b[jj*np:]
			for ii := 0; ii < ni; ii += tileRows {
				w.tileAt(c[(i+ii)*n+jj:], n, w.a[ii*np:], panel, min(tileRows, ni-ii), min(tileCols, nj-jj), np, p > 0)
			}
		}
	}
}

// tileAt runs the kernel for the tile at the start of c. At an edge, where only
// rows×cols of it are there, it goes through a tile of its own.
func (w *blocks) tileAt(c []float32, stride int, a, b []float32, rows, cols, k int, add bool) {
	if rows == tileRows && cols == tileCols {
		multiply(c, stride, a, b, k, add)
		return
	}
	if add {
		for i := range rows {
			copy(w.tile[i*tileCols:][:cols], c[i*stride:])
		}
	}
	multiply(w.tile[:], tileCols, a, b, k, add)
	for i := range rows {
		copy(c[i*stride:][:cols], w.tile[i*tileCols:])
	}
}
