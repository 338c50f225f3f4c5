package mail_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/mail"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

func TestAMessageHasTheHeadersThatBulkMailNeeds(t *testing.T) {
	got := compose(t, digest(2), envelope()).header
	delete(got, "Content-Type")
	want := map[string][]string{
		"From":                  {`"Broadsheet" <papers@papers.example.org>`},
		"To":                    {`"Ada Lovelace" <ada+papers@example.org>`},
		"Reply-To":              {"editor@papers.example.org"},
		"Subject":               {"Daily Papers, Friday 27 November"},
		"Date":                  {"Fri, 27 Nov 2026 06:00:00 +0000"},
		"Message-Id":            {mail.MessageID("papers.example.org", "digest-1", "reader-1")},
		"List-Id":               {"<daily.papers.example.org>"},
		"List-Unsubscribe":      {"<https://papers.example.org/u/abcdefghijklmnopqrstuvwxyz012345>"},
		"List-Unsubscribe-Post": {"List-Unsubscribe=One-Click"},
		"Feedback-Id":           {"daily:papers.example.org"},
		"Precedence":            {"bulk"},
		"Auto-Submitted":        {"auto-generated"},
		"Mime-Version":          {"1.0"},
	}
	if diff := cmp.Diff(want, map[string][]string(got)); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
}

func TestTheTextPartReadsLikeANewspaper(t *testing.T) {
	d := digest(1)
	d.Items[0].Summary, d.More = "Tea with $x_i^2$ sugar.", 6
	want := `Broadsheet
========================================================================
Daily Papers
Friday, 27 November 2026 · 7 papers
Read on the page: https://papers.example.org/papers/date/2026-11-27

 1. Early Exit for Kettles: Boiling Water in O(n log n) Steps, Part 1
    Ada Tester, Bo Beispiel, Chloé Exemple, 田中 例子 and 2 more
    * Like two papers that you kept
    Tea with xᵢ² sugar.
    12 votes
    https://papers.example.org/papers/2599.00001
    Code: https://github.com/example/kettle

and 6 more on the page
https://papers.example.org/papers/date/2026-11-27

------------------------------------------------------------------------
You get this mail because you subscribed to it.
Unsubscribe:
  https://papers.example.org/u/abcdefghijklmnopqrstuvwxyz012345
Change what you get:
  https://papers.example.org/s/abcdefghijklmnopqrstuvwxyz012345
`
	if diff := cmp.Diff(want, compose(t, d, envelope()).text); diff != "" {
		t.Errorf("text part (-want +got):\n%s", diff)
	}
}

func TestTheHTMLPartHasNeitherImagesNorScriptsNorForeignLinks(t *testing.T) {
	p := compose(t, digest(3), envelope())
	want := map[string]int{"https://papers.example.org/papers/date/2026-11-27": 1, envelope().UnsubscribeURL: 1, envelope().ManageURL: 1, "https://github.com/example/kettle": 3,
		"https://papers.example.org/papers/2599.00001": 1, "https://papers.example.org/papers/2599.00002": 1, "https://papers.example.org/papers/2599.00003": 1}
	got := map[string]int{}
	for tag, attrs := range tags(t, p.html) {
		for _, a := range attrs {
			if a.Key == "href" {
				got[a.Val]++
			}
			if a.Key == "src" || strings.HasPrefix(a.Key, "on") || strings.Contains(a.Val, "url(") {
				t.Errorf("%s has %s=%q", tag, a.Key, a.Val)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	if strings.Contains(p.html, "<script") || strings.Contains(p.html, "<img") || strings.Contains(p.html, "ZgotmplZ") {
		t.Errorf("the HTML part has what it must not have:\n%s", p.html)
	}
}

// tags yields each start tag of a page.
func tags(t *testing.T, page string) func(func(string, []html.Attribute) bool) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(string, []html.Attribute) bool) {
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && !yield(n.Data, n.Attr) {
				return
			}
		}
	}
}

func TestTheSameDigestIsTheSameBytes(t *testing.T) {
	var press mail.Press
	message := func(compose func(mail.Digest) (*mail.Composed, error)) []byte {
		c, err := compose(digest(5))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := c.Message(envelope())
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	want := message(mail.Compose)
	for name, compose := range map[string]func(mail.Digest) (*mail.Composed, error){"once more": mail.Compose, "on a press": press.Compose, "on a press that knows it": press.Compose} {
		if got := message(compose); !bytes.Equal(want, got) {
			t.Errorf("%s (-want +got):\n%s", name, cmp.Diff(string(want), string(got)))
		}
	}
}

func TestAPressTellsPapersApart(t *testing.T) {
	var press mail.Press
	for name, change := range map[string]func(*mail.Digest){
		"title": func(d *mail.Digest) { d.Items[1].Title = "Other" }, "authors": func(d *mail.Digest) { d.Items[1].Authors = []string{"Zoë"} },
		"summary": func(d *mail.Digest) { d.Items[1].Summary = "Other." }, "address": func(d *mail.Digest) { d.Items[1].URL = "https://example.org/other" },
		"code": func(d *mail.Digest) { d.Items[1].CodeURL = "" }, "votes": func(d *mail.Digest) { d.Items[1].Upvotes = 99 }, "comments": func(d *mail.Digest) { d.Items[1].Comments = 99 },
		"reason": func(d *mail.Digest) { d.Items[1].Reason = "Other" }, "order": func(d *mail.Digest) { d.Items[0], d.Items[1] = d.Items[1], d.Items[0] }, "language": func(d *mail.Digest) { d.Lang = "de" },
	} {
		d := digest(2)
		change(&d)
		if _, err := press.Compose(digest(2)); err != nil {
			t.Fatal(err)
		}
		got, err := press.Compose(d)
		if err != nil {
			t.Fatal(err)
		}
		want, err := mail.Compose(d)
		if err != nil {
			t.Fatal(err)
		}
		a, _ := want.Message(envelope())
		b, _ := got.Message(envelope())
		if !bytes.Equal(a, b) {
			t.Errorf("another %s (-want +got):\n%s", name, cmp.Diff(string(a), string(b)))
		}
	}
}

func TestADigestIsShortenedBeforeGmailClipsIt(t *testing.T) {
	for _, c := range []struct {
		name      string
		items     int
		summary   int
		minShown  int
		wantNotes bool
	}{
		{"ten papers are shown whole", 10, 1000, 10, false},
		{"sixty are shown with short summaries", 50, 1000, 50, false},
		{"hundreds are cut to what fits", 500, 1000, 40, true},
		{"an abstract of ten megabytes is one like others", 3, 10 << 20, 3, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := digest(c.items)
			for i := range d.Items {
				d.Items[i].Summary = strings.Repeat("tea ", c.summary/4)
			}
			composed, err := mail.Compose(d)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := composed.Message(envelope())
			if err != nil {
				t.Fatal(err)
			}
			p := parse(t, raw)
			more := fmt.Sprintf("and %d more on the page", c.items-composed.Shown)
			if len(p.html) > 102*1000 || composed.Shown < c.minShown || strings.Contains(p.html, more) != c.wantNotes || strings.Contains(p.text, more) != c.wantNotes {
				t.Errorf("%d bytes of HTML with %d of %d papers", len(p.html), composed.Shown, c.items)
			}
		})
	}
}

func TestHostileTextStaysText(t *testing.T) {
	d := digest(1)
	d.Subject = "Papers\r\nBcc: eve@example.org\u202e\x00 =?utf-8?q?a?="
	d.Title = "\u2066<script>alert(1)</script>"
	d.Preheader = strings.Repeat("=?utf-8?q?=41?= ", 1000)
	d.Items[0] = mail.Item{ID: "2599.00001", Title: "A \u202eevil\u202c <b>title</b> & more", URL: "javascript:alert(1)", CodeURL: "https://example.org/\"onclick=x",
		Authors: []string{"\u202eAda\r\nX-Evil: 1"}, Summary: "</td></table><img src=https://eve.example/x>\u200b"}
	e := envelope()
	e.To.Name = "Ada\r\nBcc: eve@example.org"
	e.From.Name = `Eve" <eve@example.org>, "`
	p := compose(t, d, e)
	if got := p.subject(t); got != "Papers Bcc: eve@example.org =?utf-8?q?a?=" {
		t.Errorf("subject %q", got)
	}
	for _, name := range []string{"From", "To"} {
		list, err := p.header.AddressList(name)
		if err != nil || len(list) != 1 || p.header.Get("Bcc") != "" {
			t.Errorf("%s: %v (%v), Bcc %q", name, list, err, p.header.Get("Bcc"))
		}
	}
	for tag, attrs := range tags(t, p.html) {
		if tag == "script" || tag == "img" || tag == "b" && len(attrs) == 0 {
			t.Errorf("text became the element %s", tag)
		}
	}
	if strings.ContainsAny(p.html+p.text, "\u202e\u202c\u2066\u200b\x00") || strings.Contains(p.html, "javascript:") || strings.Contains(p.text, "javascript:") {
		t.Errorf("controls or scripts are left:\n%s", p.html)
	}
}

func TestAnEnvelopeThatMakesNoMessageSaysWhy(t *testing.T) {
	c, err := mail.Compose(digest(1))
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*mail.Envelope){
		"sender":     func(e *mail.Envelope) { e.From = mail.Address{} },
		"recipient":  func(e *mail.Envelope) { e.To = mail.Address{} },
		"Message-ID": func(e *mail.Envelope) { e.MessageID = "<a@b>\r\nBcc: x" },
		"date":       func(e *mail.Envelope) { e.Date = time.Time{} },
		"link":       func(e *mail.Envelope) { e.UnsubscribeURL = "https://a.example/>\r\nBcc: x" },
	} {
		e := envelope()
		spoil(&e)
		if _, err := c.Message(e); broadsheet.KindOf(err) != broadsheet.Invalid || !strings.Contains(broadsheet.TextFor(err), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnInternationalAddressIsWrittenAsItIs(t *testing.T) {
	e := envelope()
	e.To = mail.Address{Name: "δοκιμή", Local: "δοκιμή", Domain: "xn--hxajbheg2az3al.example"}
	list, err := compose(t, digest(1), e).header.AddressList("To")
	if err != nil || list[0].Name != "δοκιμή" || list[0].Address != "δοκιμή@xn--hxajbheg2az3al.example" {
		t.Errorf("To: %v (%v)", list, err)
	}
}

func TestNoticesInEachLanguage(t *testing.T) {
	for _, lang := range []string{"en", "de", "fr", "es", "ja", "zh", "xx"} {
		for name, n := range map[string]mail.Notice{
			"confirm":  mail.Confirm(lang, "Broadsheet", "Daily Papers", "https://papers.example.org/c/token"),
			"welcome":  mail.Welcome(lang, "Broadsheet", "Daily Papers", "https://papers.example.org/c/token"),
			"farewell": mail.Farewell(lang, "Broadsheet", "Daily Papers", "https://papers.example.org/c/token"),
		} {
			c, err := n.Compose()
			if err != nil {
				t.Fatal(err)
			}
			e := envelope()
			e.UnsubscribeURL, e.ManageURL = "", ""
			raw, err := c.Message(e)
			if err != nil {
				t.Fatal(err)
			}
			p := parse(t, raw)
			if !strings.Contains(p.subject(t), "Daily Papers") || strings.Contains(p.text+p.html, "%s") || strings.Contains(p.html, "ZgotmplZ") ||
				strings.Count(p.html, "https://papers.example.org/c/token") != 1 || strings.Count(p.text, "https://papers.example.org/c/token") != 1 {
				t.Errorf("%s in %s:\n%s", name, lang, p.text)
			}
			if p.header.Get("List-Unsubscribe") != "" || p.header.Get("Precedence") != "" {
				t.Errorf("%s in %s is sent as bulk", name, lang)
			}
		}
	}
}

func TestDatesInEachLanguage(t *testing.T) {
	for _, c := range []struct {
		lang, long, day, month string
	}{
		{"en", "Sunday, 1 November 2026", "Sunday 1 November", "November 2026"},
		{"de-AT", "Sonntag, 1. November 2026", "Sonntag, 1. November", "November 2026"},
		{"fr", "dimanche 1er novembre 2026", "dimanche 1er novembre", "novembre 2026"},
		{"es_MX", "domingo, 1 de noviembre de 2026", "domingo, 1 de noviembre", "noviembre de 2026"},
		{"ja", "2026年11月1日（日曜日）", "11月1日（日曜日）", "2026年11月"},
		{"zh-CN", "2026年11月1日 星期日", "11月1日 星期日", "2026年11月"},
		{"zh-TW", "Sunday, 1 November 2026", "Sunday 1 November", "November 2026"},
	} {
		got := []string{mail.LongDate(c.lang, "2026-11-01"), mail.DayDate(c.lang, "2026-11-01"), mail.LongDate(c.lang, "2026-11")}
		if diff := cmp.Diff([]string{c.long, c.day, c.month}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.lang, diff)
		}
	}
}

func FuzzCompose(f *testing.F) {
	f.Add("Daily Papers", "Title with $x$", "Ada", "Summary", "https://example.org/")
	f.Add("=?utf-8?q?=0D=0ABcc:?=", "\r\n.\r\n", "\"<\\", "--=_\r\n--=_\r\n", "javascript:x")
	f.Add(strings.Repeat("長い題名", 60), strings.Repeat("x", 3000), "\u202e\u2066", "a\x00b\u0085c\u2028", "https://example.org/\u202e")
	f.Add("0", "0", "ǭv(,", "c", "http://example.org/")
	f.Fuzz(func(t *testing.T, subject, title, name, summary, url string) {
		d := digest(1)
		d.Subject, d.Preheader, d.URL = subject, summary, url
		d.Items[0].Title, d.Items[0].Summary, d.Items[0].URL, d.Items[0].Authors = title, summary, url, []string{name, title}
		c, err := mail.Compose(d)
		if err != nil {
			t.Fatal(err)
		}
		e := envelope()
		e.To.Name = name
		raw, err := c.Message(e)
		if err != nil {
			t.Fatal(err)
		}
		p := parse(t, raw)
		if got := p.subject(t); got != c.Subject {
			t.Errorf("the subject %q is read back as %q", c.Subject, got)
		}
		to, err := p.header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "ada+papers@example.org" {
			t.Errorf("To %q is read back as %v (%v)", p.header.Get("To"), to, err)
		}
		if len(p.header) != 14 {
			t.Errorf("%d headers: %v", len(p.header), p.header)
		}
		if !strings.HasSuffix(p.html, "</html>\n") || !strings.Contains(p.text, e.UnsubscribeURL) || !strings.Contains(p.html, e.UnsubscribeURL) {
			t.Errorf("a body is not whole:\n%s\n%s", p.text, p.html)
		}
	})
}

func BenchmarkCompose(b *testing.B) {
	d, e := digest(10), envelope()
	b.Run("one digest for all", func(b *testing.B) {
		c, err := mail.Compose(d)
		bench(b, func(int) (*mail.Composed, error) { return c, err }, e)
	})
	b.Run("a digest for each, of the day's papers", func(b *testing.B) {
		var p mail.Press
		day := digest(200)
		bench(b, func(i int) (*mail.Composed, error) {
			mine := d
			mine.Items = make([]mail.Item, 10)
			for j := range mine.Items {
				mine.Items[j] = day.Items[(i*7+j*19)%len(day.Items)]
			}
			return p.Compose(mine)
		}, e)
	})
	b.Run("a digest for each, of papers that nobody else has", func(b *testing.B) {
		bench(b, func(int) (*mail.Composed, error) { return mail.Compose(d) }, e)
	})
}

func bench(b *testing.B, compose func(i int) (*mail.Composed, error), e mail.Envelope) {
	var buf []byte
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c, err := compose(i)
		if err != nil {
			b.Fatal(err)
		}
		if buf, err = c.Append(buf[:0], e); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(len(buf)))
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
