package web

import (
	"context"
	"strings"
	"time"

	"broadsheet"
)

const (
	// maxPasted bounds a pasted text in bytes. Written as an address it has to pass
	// proxies, which take 8 kB; of 400,000 abstracts, ten are longer.
	maxPasted = 6000

	// pastedWords is from how many words on a question is a text, which is compared as a
	// whole. Nobody types as many, and of a text no paper has all words.
	pastedWords = 60
)

// Pasted reports whether the question is a text rather than words to look for.
func (q question) Pasted() bool {
	return !q.Words && len(q.Text) >= pastedWords && len(strings.Fields(q.Text)) >= pastedWords
}

// answerText fills the view with the papers that are like a pasted text, and why.
func (s *site) answerText(ctx context.Context, v *searchView) error {
	q, start := v.Asked, time.Now()
	papers, reasons, err := s.alike(ctx, broadsheet.Paper{Abstract: q.Text}, perSearch)
	if err != nil {
		return err
	}
	for i := range papers {
		st := newStory(&papers[i], i+1)
		st.Reason = newReason(reasons[i])
		first, _ := passage(papers[i].Abstract)
		st.Abstract = paragraphs(first)
		v.Stories = append(v.Stories, st)
	}
	s.markTwins(ctx, v.Stories, papers)
	v.Answered, v.Total, v.Took = true, len(papers), milliseconds(time.Since(start))
	v.head.Title, v.Heading = q.title(), q.title()
	v.Method = "the text as a whole: by its weightiest words, and by what it means"
	note := "This long text was compared as a whole."
	if q.Filtered() || q.Sorted() {
		note = "This long text was compared as a whole, with papers of all categories and dates, best first."
	}
	v.Notes = append(v.Notes, note)
	if len(q.Text) <= broadsheet.MaxQuery {
		q.Words = true
		v.AsWords = q.address(1)
	}
	return nil
}
