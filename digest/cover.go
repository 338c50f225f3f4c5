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

// adds reports whether a paper adds at least so much to those chosen up to level.
// Nothing that is summed is negative, so that the sum need not be finished.
func (c *cover) adds(level int, it *item, least float64) bool {
	gain := it.relevance
	for _, s := range it.shares {
		if gain >= least {
			return true
		}
		if int(s.feature) >= len(c.row) || c.row[s.feature] == 0 {
			gain += s.worth
		} else {
			gain += s.worth * c.open[int(c.row[s.feature]-1)*c.width+level]
		}
	}
	return gain >= least
}

// cover counts a paper that was chosen at level, the highest.
func (c *cover) cover(level int, it *item) {
	for _, s := range it.shares {
		row, open := c.rowOf(s.feature), 1.0
		if row == nil {
			row = c.newRow(s.feature)
			for z := range level {
				row[z] = 1
			}
		} else {
			open = row[level-1]
		}
		fill(row[level:], open*(1-s.covers))
	}
}

// uncover takes back what was chosen at level and above. It is called for each
// paper that was chosen there.
func (c *cover) uncover(level int, it *item) {
	for _, s := range it.shares {
		row := c.rowOf(s.feature)
		if row == nil {
			continue // another one had it too
		}
		if open := row[level-1]; open < 1 {
			fill(row[level:], open)
			continue
		}
		c.free = append(c.free, c.row[s.feature])
		c.row[s.feature] = 0
	}
}

func fill(row []float64, open float64) {
	for z := range row {
		row[z] = open
	}
}

// rowOf returns the row of a feature, or nil where nothing of it is covered.
func (c *cover) rowOf(feature int32) []float64 {
	if int(feature) >= len(c.row) || c.row[feature] == 0 {
		return nil
	}
	n := int(c.row[feature])
	return c.open[(n-1)*c.width : n*c.width]
}

// newRow gives a feature a row, with whatever is in it.
func (c *cover) newRow(feature int32) []float64 {
	if more := int(feature) + 1 - len(c.row); more > 0 {
		c.row = append(c.row, make([]int32, more)...)
	}
	if last := len(c.free) - 1; last >= 0 {
		c.row[feature], c.free = c.free[last], c.free[:last]
	} else {
		c.open = append(c.open, make([]float64, c.width)...)
		c.row[feature] = int32(len(c.open) / c.width)
	}
	return c.rowOf(feature)
}
