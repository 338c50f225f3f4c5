package broadsheet

import (
	"regexp"
	"strings"
)

// StatusWithdrawn marks a paper that its authors or its source took back without
// deleting it: the abstract and earlier versions can still be read there. It
// stays in its edition and can be found.
const StatusWithdrawn = "withdrawn"

// withdrawal is how comments at arXiv say it: “This paper has been withdrawn by
// the author due to…”, “Withdrawn.”, “Article withdrawn by authors”, “This
// submission has been withdrawn by arXiv administrators”. The first group is of
// those that speak of another text, such as an earlier version.
var withdrawal = regexp.MustCompile(`(?i)` +
	`(\bversions? of )?\b(?:this|the|our) (?:present )?(?:paper|article|submission|manuscript|preprint|eprint|e-print|work|note|draft|report|letter|comment|thesis)` +
	`(?:,? v\d+,?)? (?:has been|have been|is|was|has) (?:now |temporarily |hereby )?withdrawn\b` +
	`|(\bversions? of )?\b(?:paper|article|submission|manuscript) withdrawn\b` +
	`|()^\W*withdrawn\b`)

// saysWithdrawn reports whether a paper's own data say that it was withdrawn: its
// comments, or a latest version without content, for which arXiv gives the size
// 0kb. The status follows from what holds of a paper, so that a later version,
// which has other comments and a size, takes it away.
func saysWithdrawn(p *Paper) bool {
	// Nearly all comments are without the word, and the expression is slow.
	if strings.Contains(strings.ToLower(p.Comments), "withdrawn") {
		for _, m := range withdrawal.FindAllStringSubmatch(p.Comments, -1) {
			if m[1] == "" && m[2] == "" {
				return true
			}
		}
	}
	if len(p.Versions) == 0 {
		return false
	}
	return strings.EqualFold(p.Versions[len(p.Versions)-1].Size, "0kb")
}

// SetStatus derives the status from what the record says, unless its source
// deleted the paper.
func (p *Paper) SetStatus() {
	if p.Status == StatusDeleted {
		return
	}
	p.Status = ""
	if saysWithdrawn(p) {
		p.Status = StatusWithdrawn
	}
}
