package broadsheet

// SourceInstance begins the name of a source that is another Broadsheet; its host
// follows.
const SourceInstance = "broadsheet:"

// An Exchange is what one Broadsheet tells another of a paper that the form of
// Hugging Face has no place for. It stands in the paper of an answer as
// "broadsheet".
//
// Counts are passed on under the names of those who counted, never as a sum, so
// that the same votes that come by two ways, or come back, are counted once.
type Exchange struct {
	Entry      *Entry   `json:"entry,omitempty"` // nil: it was announced, and nobody put it there
	Tallies    []Tally  `json:"tallies"`         // by source name; empty where nobody has counted
	Published  Date     `json:"published,omitempty"`
	Announced  Date     `json:"announced,omitempty"`
	Categories []string `json:"categories,omitempty"`
	TLDR       string   `json:"tldr,omitempty"`
}
