package smtptest_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"broadsheet/internal/smtptest"
	"broadsheet/mail"
	"broadsheet/smtp"
)

// A post composes personalised digests of one day and sends them.
type post struct {
	press  mail.Press
	papers []mail.Item
	client *smtp.Client
	date   time.Time
}

func newPost(tb testing.TB, port int) *post {
	p := &post{date: time.Date(2026, 11, 27, 6, 0, 0, 0, time.UTC)}
	p.client = smtp.Open(smtp.Options{Server: smtp.Server{Host: "127.0.0.1", Port: port, Security: smtp.Plaintext}, PerConn: 1000})
	tb.Cleanup(func() { p.client.Close() })
	for i := range 300 {
		p.papers = append(p.papers, mail.Item{ID: fmt.Sprintf("2599.%05d", i), Title: fmt.Sprintf("Early Exit for Kettles in $O(n\\log n)$ Steps, Part %d", i),
			URL: fmt.Sprintf("https://papers.example.org/papers/2599.%05d", i), Authors: []string{"Ada Tester", "Bo Beispiel", "Chloé Exemple"}, Upvotes: i % 40,
			Summary: strings.Repeat("A kettle with $\\theta \\in \\mathbb{R}^d$ parameters need not boil to the end. ", 16), CodeURL: "https://github.com/example/kettle"})
	}
	return p
}

// send composes the digest of reader i, ten papers of their own, and hands it over.
func (p *post) send(tb testing.TB, i int, buf []byte) []byte {
	d := mail.Digest{Title: "Daily Papers", Date: "2026-11-27", Lang: []string{"en", "de", "ja"}[i%3], URL: "https://papers.example.org/"}
	for j := range 10 {
		it := p.papers[(i*7+j*29)%len(p.papers)]
		it.Reason = fmt.Sprintf("Like %d papers that you kept", 1+(i+j)%50)
		d.Items = append(d.Items, it)
	}
	c, err := p.press.Compose(d)
	if err != nil {
		tb.Error(err)
		return buf
	}
	to := mail.Address{Local: fmt.Sprintf("reader%d", i), Domain: "example.org"}
	id := mail.MessageID("papers.example.org", "digest", to.Key())
	token := strings.Trim(id, "<>")[:32]
	path, err := mail.VERP("bounce@papers.example.org", token)
	if err != nil {
		tb.Error(err)
	}
	buf, err = c.Append(buf[:0], mail.Envelope{From: mail.Address{Name: "Broadsheet", Local: "papers", Domain: "papers.example.org"}, To: to, MessageID: id, Date: p.date,
		ListID: "daily.papers.example.org", UnsubscribeURL: "https://papers.example.org/u/" + token, ManageURL: "https://papers.example.org/s/" + token})
	if err != nil {
		tb.Error(err)
	}
	if r := p.client.Send(tb.Context(), smtp.Message{From: path, To: to.Mailbox(), Data: buf}); r.Outcome != smtp.Delivered {
		tb.Error(r)
	}
	return buf
}

// all sends the digests of n readers from some goroutines.
func (p *post) all(tb testing.TB, n int) {
	var next atomic.Int64
	var senders sync.WaitGroup
	for range 4 {
		senders.Go(func() {
			var buf []byte
			for i := int(next.Add(1)); i <= n && !tb.Failed(); i = int(next.Add(1)) {
				buf = p.send(tb, i, buf)
			}
		})
	}
	senders.Wait()
}

func TestDigestsArriveWholeAndOnce(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{})
	newPost(t, s.Port).all(t, 200)
	got := s.ByRecipient()
	for to, ids := range got {
		if len(ids) != 1 || ids[0] != mail.MessageID("papers.example.org", "digest", to) {
			t.Errorf("%s got %v", to, ids)
		}
	}
	if len(got) != 200 {
		t.Errorf("%d readers got mail, want 200", len(got))
	}
}

// BenchmarkDigests composes and hands over 100,000 digests, each with a reader's
// own papers: go test ./internal/smtptest -run '^$' -bench Digests -benchtime 100000x.
func BenchmarkDigests(b *testing.B) {
	sink := smtptest.StartSink(b)
	p := newPost(b, sink.Port)
	used := cpuTime()
	b.ResetTimer()
	p.all(b, b.N)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	b.ReportMetric(2*float64(b.N)/(cpuTime()-used).Seconds(), "messages/2-core-s")
	if got := sink.Messages.Load(); got != int64(b.N) {
		b.Errorf("the sink took %d messages of %d", got, b.N)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MiB-of-system")
	b.SetBytes(sink.Bytes.Load() / int64(b.N))
}
