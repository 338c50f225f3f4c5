package mail

import "strings"

// A Notice is a short mail that answers something that somebody did. Confirm,
// Welcome and Farewell make them.
type Notice struct {
	kind       noticeKind
	name       string
	title, url string
	lang       string
}

// Confirm asks whoever has an address whether they want a subscription. The URL is
// of a page with a button: opening it must change nothing, for programs that look
// for viruses open what is in mails.
func Confirm(lang, name, title, url string) Notice {
	return Notice{kind: confirm, lang: lang, name: name, title: title, url: url}
}

// Welcome says that a subscription has begun; the URL is of its preferences.
func Welcome(lang, name, title, url string) Notice {
	return Notice{kind: welcome, lang: lang, name: name, title: title, url: url}
}

// Farewell says that a subscription has ended; the URL is where it can begin again.
func Farewell(lang, name, title, url string) Notice {
	return Notice{kind: farewell, lang: lang, name: name, title: title, url: url}
}

// Compose renders the notice.
func (n Notice) Compose() (*Composed, error) {
	w := wordsOf(n.lang).notice[n.kind]
	title := prose(n.title, maxTitle)
	f := newFrame(n.name, "", n.lang)
	f.Heading = strings.Replace(w.title, "%s", title, 1)
	f.Text = strings.Replace(w.text, "%s", title, 1)
	f.Button, f.ButtonURL, f.Small = w.button, webURL(n.url), w.small
	f.Subject = clean(f.Heading, maxSubject)
	f.Preheader = f.Text
	c := &Composed{Subject: f.Subject, words: f.words}
	html, err := encodedPage("notice", f)
	if err != nil {
		return nil, err
	}
	return c, c.finish(html, f.noticeText())
}
