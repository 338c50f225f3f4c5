package broadsheet

import (
	"context"
	"slices"
	"strings"
	"unicode"
)

// A Topic is what somebody means by a few example papers. It is learned from them, and
// papers that are like them fit it.
type Topic struct {
	Slug     string `json:"slug"` // its name in addresses
	Name     string `json:"name"`
	Examples []ID   `json:"examples"`
}

// Bounds of topics. A few examples are enough, and a page has room for few chips.
const (
	MaxTopics        = 1000
	MaxTopicName     = 100 // bytes
	MaxTopicExamples = 200
)

// NewTopic returns a topic of a name and examples, each once.
func NewTopic(name string, examples []ID) (Topic, error) {
	t := Topic{Slug: Slug(name), Name: strings.Join(strings.Fields(name), " ")}
	for _, id := range examples {
		if !slices.Contains(t.Examples, id) {
			t.Examples = append(t.Examples, id)
		}
	}
	return t, t.Validate()
}

// Validate says what is wrong with a topic.
func (t *Topic) Validate() error {
	switch {
	case t.Slug == "" || len(t.Name) > MaxTopicName || t.Name == "":
		return Errorf(Invalid, "\"%s\" is no name for a topic: it needs a letter or a digit, and at most %d bytes.", Printable(t.Name, 60), MaxTopicName)
	case t.Slug != Slug(t.Slug):
		return Errorf(Invalid, "\"%s\" cannot stand in the address of a topic.", Printable(t.Slug, 60))
	case len(t.Examples) == 0:
		return Errorf(Invalid, "A topic needs an example: name one paper or more.")
	case len(t.Examples) > MaxTopicExamples:
		return Errorf(Invalid, "A topic has %d examples, and may have %d.", len(t.Examples), MaxTopicExamples)
	}
	return nil
}

// Slug returns a name as it stands in addresses: letters and digits in lower case, with
// a hyphen for all else.
func Slug(name string) string {
	parts := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(parts, "-")
}

// A TopicStore keeps topics.
type TopicStore interface {
	// Topics returns all topics by their names.
	Topics(ctx context.Context) ([]Topic, error)

	// Topic returns the topic of a slug; NotFound otherwise.
	Topic(ctx context.Context, slug string) (Topic, error)

	// PutTopic stores a valid topic in place of that of the same slug, if there is one.
	// That its examples exist is the business of whoever puts it. Conflict when there
	// are MaxTopics others.
	PutTopic(ctx context.Context, t Topic) error

	// RemoveTopic takes a topic away; NotFound if there is none of that slug.
	RemoveTopic(ctx context.Context, slug string) error
}

// A Fit is a topic that a paper fits.
type Fit struct {
	Slug  string  `json:"slug"`
	Name  string  `json:"name"`
	Score float64 `json:"score"` // how probable it is, 0.5 to 1
}

// A MemberQuery asks for the papers that fit a topic.
type MemberQuery struct {
	Slug   string
	Sort   Sort // SortScore or SortNewest
	Limit  int
	Offset int
}

// A Classifier tells which papers fit which topics.
type Classifier interface {
	// Fits returns for each paper the topics that it fits, best first. A paper that
	// cannot be found yet fits none.
	Fits(ctx context.Context, ids []ID) ([][]Fit, error)

	// Members returns papers that fit a topic, and how many do; NotFound if there is no
	// such topic. The score of a hit is that of a Fit.
	Members(ctx context.Context, q MemberQuery) ([]Hit, int, error)
}
