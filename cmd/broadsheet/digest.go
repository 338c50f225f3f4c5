package main

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"mime/multipart"
	"net/mail"
	"slices"
	"strings"

	"broadsheet"
	"broadsheet/delivery"
	letter "broadsheet/mail"
	"broadsheet/smtp"
)

var digestCommand = command{
	name: "digest", args: "preview | send", short: "show the digest of a list as readers get it, or send it to one address", json: true,
	extra: slices.Concat([]string{"base-url"}, mailFlags),
	help: `
Composes the digest that a new reader of a list would get, beside a running server, and
keeps nothing. preview prints it: as text, as the HTML of the mail, or as the whole
message for a mail program. send hands one message to the mail server now, to see how it
arrives; it is no subscription and has no link to leave. Lists are edition, trending,
query:WORDS, topic:NAME and author:NAME.

    broadsheet digest preview
    broadsheet digest preview --view 'query:early exit' --size 5
    broadsheet digest preview --date 2026-03-11 --rhythm weekly --follow 'author:Ada Example'
    broadsheet digest preview --format html --lang de > digest.html
    broadsheet digest preview --format eml > digest.eml
    broadsheet digest send --to ada@example.org --base-url https://papers.example.org --smtp-url 'smtp://localhost:1025?tls=none' --mail-from papers@example.org`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		var o digestOptions
		o.wish.register(fs)
		fs.StringVar(&o.date, "date", "", "the `day` whose edition is the last in it (default the latest)")
		fs.StringVar(&o.format, "format", "text", "how preview prints it: text, html or eml; the `form`")
		fs.StringVar(&o.to, "to", "", "the `address` to send to")
		fs.Func("follow", "another `list` that the reader follows, whose papers come first; may be given several times", func(v string) error {
			view, err := broadsheet.ParseView(v)
			o.follows = append(o.follows, view)
			return plainError(err)
		})
		return func(ctx context.Context, m *Main, args []string) error {
			switch {
			case !slices.Equal(args, []string{"preview"}) && !slices.Equal(args, []string{"send"}):
				return usagef("say preview or send")
			case o.format != "text" && o.format != "html" && o.format != "eml":
				return usagef("--format %s: choose text, html or eml", quoted(o.format))
			case args[0] == "send" && o.to == "":
				return usagef("say --to whom to send it")
			}
			made, err := m.makeDigest(ctx, &o)
			switch {
			case err != nil:
				return err
			case args[0] == "send":
				return m.sendDigest(ctx, made, o.to)
			}
			return m.printDigest(made, o.format)
		}
	},
}

// digestOptions are the flags of digest.
type digestOptions struct {
	wish             wishFlags
	date, format, to string
	follows          []broadsheet.View
}

// madeDigest is a digest that no reader was promised.
type madeDigest struct {
	digest   *broadsheet.Digest
	letter   letter.Digest
	composed *letter.Composed
}

// makeDigest chooses and composes what the options ask for.
func (m *Main) makeDigest(ctx context.Context, o *digestOptions) (*madeDigest, error) {
	s, err := o.wish.subscription(broadsheet.Reader{Channel: broadsheet.ByMail}, m.cfg.Location().String())
	if err != nil {
		return nil, err
	}
	l, err := m.openForReading(ctx, m.cfg.Data, true)
	if err != nil {
		return nil, err
	}
	defer l.Close()
	day, err := m.digestDay(ctx, l, o.date)
	if err != nil {
		return nil, err
	}
	views := delivery.Views{Papers: l.store, Editions: l.desk, Search: l.index, Topics: l.classifier(), Trending: m.trending(l)}
	made := &madeDigest{}
	if made.digest, err = delivery.Preview(ctx, &views, &s, o.follows, day); err != nil {
		return nil, err
	}
	if made.letter, err = delivery.Letter(ctx, l.store, &s, made.digest, m.pagesURL()); err != nil {
		return nil, err
	}
	made.letter.Name = m.cfg.Mail.From.Name
	made.composed, err = letter.Compose(made.letter)
	return made, err
}

// inventedURL stands for the pages of an instance that does not know its address.
const inventedURL = "https://papers.example.org"

func (m *Main) pagesURL() string { return cmp.Or(m.cfg.BaseURL, inventedURL) }

// digestDay returns the day that was asked for, or the latest with an edition.
func (m *Main) digestDay(ctx context.Context, l *library, date string) (broadsheet.Date, error) {
	if date != "" {
		day, err := broadsheet.ParseDate(date)
		if err != nil || !day.IsDay() {
			return "", usagef("--date %s: write a day like 2026-03-11", quoted(date))
		}
		return day, nil
	}
	latest, _, err := l.store.Neighbours(ctx, broadsheet.PeriodOf(broadsheet.Day, m.today().AddDays(1).Time()))
	if err == nil && latest == "" {
		err = broadsheet.Errorf(broadsheet.NotFound, "There is no edition yet: broadsheet import or broadsheet sync brings papers.")
	}
	return latest, err
}

// message returns the message to an address. Where there is no address that digests
// come from, it has an invented one.
func (m *Main) message(made *madeDigest, to letter.Address, leave string) ([]byte, error) {
	from := m.cfg.Mail.From
	if from == (letter.Address{}) {
		from = letter.Address{Name: "Broadsheet", Local: "papers", Domain: "papers.example.org"}
	}
	e := letter.Envelope{From: from, To: to, Date: m.Now(), ListID: "preview." + from.Domain,
		MessageID: letter.MessageID(from.Domain, "preview", fmt.Sprint(m.Now().UnixNano()))}
	if leave != "" {
		e.UnsubscribeURL, e.ManageURL = leave+"/unsubscribe/preview", leave+"/subscriptions/preview"
	}
	return made.composed.Message(e)
}

func (m *Main) sendDigest(ctx context.Context, made *madeDigest, address string) error {
	to, err := letter.ParseAddress(address)
	if err != nil {
		return err
	}
	c := m.cfg.Mail
	if !c.on() {
		return broadsheet.Errorf(broadsheet.Unavailable, "No mail server is set: say --smtp-url and --mail-from, or see broadsheet help config.")
	}
	signer, err := c.signer()
	if err != nil {
		return err
	}
	data, err := m.message(made, to, "")
	if err != nil {
		return err
	}
	client := smtp.Open(smtp.Options{Server: c.Server, Password: c.Password, Hello: c.From.Domain, DKIM: signer, Limits: c.Limits})
	defer client.Close()
	r := client.Send(ctx, smtp.Message{From: c.From.Mailbox(), To: to.Mailbox(), Data: data})
	if r.Outcome != smtp.Delivered {
		return broadsheet.Errorf(broadsheet.Unavailable, "It was not sent: %s.", r)
	}
	if m.json {
		return m.printJSON(struct {
			To     string `json:"to"`
			Said   string `json:"said"`
			Papers int    `json:"papers"`
		}{to.String(), r.String(), len(made.digest.Picks)})
	}
	_, err = fmt.Fprintf(m.Stdout, "%s with %s is on its way to %s (%s)\n", quoted(made.composed.Subject), papersOf(len(made.digest.Picks)), broadsheet.Printable(to.String(), 200), r)
	return err
}

// digestResult is the JSON of digest preview.
type digestResult struct {
	Subject string            `json:"subject"`
	First   broadsheet.Date   `json:"first"`
	Through broadsheet.Date   `json:"through"`
	Others  int               `json:"others"`
	Papers  []broadsheet.Pick `json:"papers"`
	Text    string            `json:"text"`
}

func (m *Main) printDigest(made *madeDigest, format string) error {
	data, err := m.message(made, letter.Address{Name: "A Reader", Local: "reader", Domain: "example.org"}, m.pagesURL())
	if err != nil {
		return err
	}
	if format == "eml" && !m.json {
		_, err := m.Stdout.Write(data)
		return err
	}
	text, err := part(data, "text/plain")
	if format == "html" && err == nil {
		text, err = part(data, "text/html")
	}
	if err != nil {
		return err
	}
	if m.json {
		d := made.digest
		return m.printJSON(digestResult{made.composed.Subject, d.First, d.Through, d.Others, d.Picks, text})
	}
	_, err = io.WriteString(m.Stdout, text)
	return err
}

// part returns the part of a message that is of a kind, as a mail program reads it.
func part(message []byte, kind string) (string, error) {
	msg, err := mail.ReadMessage(bytes.NewReader(message))
	if err != nil {
		return "", fmt.Errorf("read the message: %w", err)
	}
	_, mark, _ := strings.Cut(msg.Header.Get("Content-Type"), `boundary="`)
	parts := multipart.NewReader(msg.Body, strings.TrimSuffix(mark, `"`))
	for {
		p, err := parts.NextPart()
		if err != nil {
			return "", fmt.Errorf("read the message: %w", err)
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), kind) {
			text, err := io.ReadAll(p)
			return strings.ReplaceAll(string(text), "\r\n", "\n"), err
		}
	}
}
