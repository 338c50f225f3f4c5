package mail

import (
	"strings"
	"sync"
)

// A Press composes digests, and remembers the papers that it has set: the digests
// of a day have many in common. The zero Press is ready; its methods may be called
// at the same time.
type Press struct {
	stories memory[storyKey, setStory]
	kickers memory[kickerKey, []byte]
}

// A memory keeps what was made of a key. When it is full, it begins anew.
type memory[K comparable, V any] struct {
	mu   sync.Mutex
	kept map[K]V
}

// maxKept bounds a memory. A story has some 8 kB, and a day's edition a few hundred
// of them.
const maxKept = 3000

// get returns what make makes of the key. Two who ask at the same time may both
// make it.
func (m *memory[K, V]) get(key K, make func() (V, error)) (V, error) {
	m.mu.Lock()
	v, ok := m.kept[key]
	m.mu.Unlock()
	if ok {
		return v, nil
	}
	v, err := make()
	if err != nil {
		return v, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil || len(m.kept) >= maxKept {
		m.kept = map[K]V{}
	}
	m.kept[key] = v
	return v, nil
}

// A kickerKey is all on which the HTML of a kicker depends.
type kickerKey struct {
	place  int
	reason string
}

// kicker sets what stands above a paper.
func (p *Press) kicker(place int, reason string) ([]byte, error) {
	return p.kickers.get(kickerKey{place, reason}, func() ([]byte, error) {
		return encodedPage("kicker", kicker{Place: place, Reason: reason})
	})
}

// A storyKey is all on which a story depends.
type storyKey struct {
	words                             *words
	lead                              bool
	length, votes, comments, authors  int
	id, title, url, names, text, code string
}

// maxRemembered is the size of papers above which they are set anew each time: a
// memory full of abstracts of ten megabytes would be a large one.
const maxRemembered = 2 * maxRead

// A setStory is a paper in both bodies: HTML, encoded; and plain text, before and
// after the reason.
type setStory struct {
	html         []byte
	above, below string
}

// story sets a paper.
func (p *Press) story(w *words, it Item, lead bool, length int) (setStory, error) {
	make := func() (setStory, error) { return it.story(lead, length, w).set() }
	key := storyKey{words: w, lead: lead, length: length, votes: it.Upvotes, comments: it.Comments, authors: len(it.Authors), id: it.ID,
		title: it.Title, url: it.URL, text: it.Summary, code: it.CodeURL, names: strings.Join(it.Authors[:min(len(it.Authors), maxNamed)], "\x00")}
	if len(key.id)+len(key.title)+len(key.url)+len(key.text)+len(key.code)+len(key.names) > maxRemembered {
		return make()
	}
	return p.stories.get(key, make)
}

func (s story) set() (setStory, error) {
	html, err := encodedPage("story", s)
	var above, below textWriter
	above.title(s)
	below.rest(s)
	return setStory{html: html, above: above.String(), below: below.String()}, err
}

// A setItem is an item as it goes into a message.
type setItem struct {
	setStory
	kicker kicker
	top    []byte // the kicker's HTML, encoded
}

func (p *Press) item(w *words, it Item, place, length int) (set setItem, err error) {
	set.kicker = kicker{Place: place, Reason: prose(it.Reason, maxReason)}
	if set.top, err = p.kicker(place, set.kicker.Reason); err != nil {
		return set, err
	}
	set.setStory, err = p.story(w, it, place == 1, length)
	return set, err
}

func (it setItem) size() int { return len(it.top) + len(it.html) }
