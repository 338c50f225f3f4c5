package digest

// A cover is what the levels of a guess leave open of each feature: after level
// z, the product of 1 − share over the papers chosen up to z. A feature that no
// chosen paper has takes no room.
type cover struct {
	width int       // levels, with level 0
	row   []int32   // by feature: 1 + its row in open; 0: nothing is covered
	open  []float64 // rows of width
	free  []int32   // rows to use again
}

// gain returns what a paper adds to those chosen up to level.
func (c *cover) gain(level int, it *item) float64 {
	gain := it.relevance
	for _, s := range it.shares {
		if int(s.feature) >= len(c.row) || c.row[s.feature] == 0 {
			gain += s.worth
		} else {
			gain += s.worth * c.open[int(c.row[s.feature]-1)*c.width+level]
		}
	}
	return gain
}

// cover counts a paper that was chosen at level, the highest.
func (c *cover) cover(level int, it *item) {
	for _, s := range it.shares {
		row := c.rowOf(s.feature)
		open := row[level-1] * (1 - s.covers)
		for z := level; z < c.width; z++ {
			row[z] = open
		}
	}
}

// uncover takes back what was chosen at level and above. It is called for each
// paper that was chosen there.
func (c *cover) uncover(level int, it *item) {
	for _, s := range it.shares {
		if c.row[s.feature] == 0 {
			continue // another one had it too
		}
		row := c.rowOf(s.feature)
		open := row[level-1]
		if open == 1 {
			c.free = append(c.free, c.row[s.feature])
			c.row[s.feature] = 0
			continue
		}
		for z := level; z < c.width; z++ {
			row[z] = open
		}
	}
}

// rowOf returns the row of a feature, and makes it if need be.
func (c *cover) rowOf(feature int32) []float64 {
	for int(feature) >= len(c.row) {
		c.row = append(c.row, 0)
	}
	n := c.row[feature]
	if n == 0 {
		n = c.newRow()
		c.row[feature] = n
	}
	return c.open[int(n-1)*c.width : int(n)*c.width]
}

func (c *cover) newRow() int32 {
	var n int32
	if last := len(c.free) - 1; last >= 0 {
		n, c.free = c.free[last], c.free[:last]
	} else {
		c.open = append(c.open, make([]float64, c.width)...)
		n = int32(len(c.open) / c.width)
	}
	for z := int(n-1) * c.width; z < int(n)*c.width; z++ {
		c.open[z] = 1
	}
	return n
}
