package mail

import (
	"strings"
	"sync"
)

// A Press composes digests, and remembers the papers that it has set: the digests
// of a day have many in common. The zero Press is ready; its methods may be called
// at the same time.
type Press struct {
	mu   sync.Mutex
	sets map[pieceKey]piece
}

// maxPieces bounds what a Press remembers, some 10 kB each; then it begins anew. A
// day's edition has a few hundred papers, which stand at a few places.
const maxPieces = 3000

// A pieceKey is all on which a piece depends.
type pieceKey struct {
	words                                               *words
	place, length, votes, comments, authors             int
	id, title, url, names, summary, code, reason, other string
}

// A piece is a part of both bodies, encoded. A kicker stands between the two halves
// of a story's text.
type piece struct{ html, text, after []byte }

// set returns a piece, made at most once or twice.
func (p *Press) set(key pieceKey, make func() (piece, error)) (piece, error) {
	p.mu.Lock()
	got, ok := p.sets[key]
	p.mu.Unlock()
	if ok {
		return got, nil
	}
	got, err := make()
	if err != nil {
		return got, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sets == nil || len(p.sets) >= maxPieces {
		p.sets = map[pieceKey]piece{}
	}
	p.sets[key] = got
	return got, nil
}

// kicker sets what stands above a paper.
func (p *Press) kicker(w *words, place int, reason string) (piece, error) {
	reason = prose(reason, maxReason)
	return p.set(pieceKey{words: w, place: place, reason: reason, other: "kicker"}, func() (piece, error) {
		html, err := encodedPage("kicker", kicker{Place: place, Reason: reason})
		var t textWriter
		if reason != "" {
			t.paragraph("* "+reason, indent)
		}
		return piece{html: html, text: encoded([]byte(t.String()))}, err
	})
}

// story sets a paper.
func (p *Press) story(w *words, it Item, place, length int) (piece, error) {
	key := pieceKey{words: w, place: place, length: length, votes: it.Upvotes, comments: it.Comments, authors: len(it.Authors), id: head(it.ID, maxTitle),
		title: head(it.Title, maxRead), url: head(it.URL, 2*maxURL), names: strings.Join(it.Authors[:min(len(it.Authors), maxNamed)], "\x00"), summary: head(it.Summary, maxRead), code: head(it.CodeURL, 2*maxURL)}
	if len(key.names) > maxRead { // nobody's names: not worth remembering
		return set(it.story(place, length, w))
	}
	return p.set(key, func() (piece, error) { return set(it.story(place, length, w)) })
}

func set(s story) (piece, error) {
	html, err := encodedPage("story", s)
	var above, below textWriter
	above.title(s)
	below.rest(s)
	return piece{html: html, text: encoded([]byte(above.String())), after: encoded([]byte(below.String()))}, err
}
