package channel

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// verify does what a receiver does by the Standard Webhooks specification.
func verify(secret string, h http.Header, body []byte) bool {
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(h.Get("webhook-id") + "." + h.Get("webhook-timestamp") + "." + string(body)))
	for s := range strings.SplitSeq(h.Get("webhook-signature"), " ") {
		version, signature, _ := strings.Cut(s, ",")
		got, _ := base64.StdEncoding.DecodeString(signature)
		if version == "v1" && hmac.Equal(got, mac.Sum(nil)) {
			return true
		}
	}
	return false
}

// TestSignIsTheOneOfTheSpecification has the example of the libraries of Standard
// Webhooks.
func TestSignIsTheOneOfTheSpecification(t *testing.T) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	got := sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`))
	if want := "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("sign is %s, want %s", got, want)
	}
}

func TestWebhook(t *testing.T) {
	const other = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	r := receive(t)
	hook := Webhook{URL: r.URL + "/hook", Secrets: []string{secret, other}}
	var body webhookBody
	deliver(t, r, hook, ordinary(), &body)
	if !verify(secret, r.got.Header, r.body) || !verify(other, r.got.Header, r.body) {
		t.Errorf("signature %q does not verify", r.got.Header.Get("webhook-signature"))
	}
	if verify("whsec_"+strings.Repeat("A", 32), r.got.Header, r.body) || verify(secret, r.got.Header, append(r.body, ' ')) {
		t.Error("another secret or body verifies as well")
	}
	if got := r.got.Header.Get("webhook-timestamp"); got != "1795849200" || r.got.Method != http.MethodPost {
		t.Errorf("timestamp %s, method %s", got, r.got.Method)
	}
	want := webhookBody{"digest.created", "2026-11-28T07:00:00Z", webhookData{
		Title: "Your papers of Saturday", Preheader: "Two papers", URL: "https://papers.example.org/daily?date=2026-11-28&x=1", Date: "2026-11-28",
		Papers: []webhookPaper{
			{ID: "2599.00001", Title: "Small models read newspapers", URL: "https://papers.example.org/paper/2599.00001",
				Authors: []string{"Ada Able", "Ben Baker", "Cy Carter", "Di Dole"}, Summary: "They read them all.",
				Reason: "On small models.", Upvotes: 12, Comments: 3, Code: "https://code.example.org/a/b"},
			{ID: "2599.00002", Title: "If a < b & b > c", URL: "https://papers.example.org/paper/2599.00002?a=1&b=2"},
		},
	}}
	if diff := cmp.Diff(want, body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}

	first := r.got.Header.Get("webhook-id")
	later, err := hook.Render(ordinary(), at.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	next := ordinary()
	next.Key += "x"
	another, err := hook.Render(next, at)
	if err != nil {
		t.Fatal(err)
	}
	if later.Header.Get("webhook-id") != first || another.Header.Get("webhook-id") == first || !strings.HasPrefix(first, "msg_") {
		t.Errorf("ids: %s, tried again %s, of another digest %s", first, later.Header.Get("webhook-id"), another.Header.Get("webhook-id"))
	}
}

func TestSlack(t *testing.T) {
	r := receive(t)
	var got slackMessage
	deliver(t, r, Slack{URL: r.URL + "/services/x"}, ordinary(), &got)
	off := new(bool)
	want := slackMessage{Text: "Your papers of Saturday", Blocks: []slackBlock{
		{Type: "header", Text: &slackText{"plain_text", "Your papers of Saturday", off}},
		{Type: "context", Elements: []slackText{{"plain_text", "Two papers", off}}},
		{Type: "section", Text: &slackText{"mrkdwn", "<https://papers.example.org/paper/2599.00001|Small models read newspapers>", nil}},
		{Type: "context", Elements: []slackText{
			{"plain_text", "Ada Able, Ben Baker, Cy Carter and others · ▲ 12 · 3 comments", off},
			{"plain_text", "On small models.", off}, {"plain_text", "They read them all.", off},
			{"mrkdwn", "<https://code.example.org/a/b|code>", nil},
		}},
		{Type: "section", Text: &slackText{"mrkdwn", "<https://papers.example.org/paper/2599.00002?a=1&amp;b=2|If a &lt; b &amp; b &gt; c>", nil}},
		{Type: "context", Elements: []slackText{{"mrkdwn", "<https://papers.example.org/daily?date=2026-11-28&amp;x=1|See it as a page>", nil}}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
	checkSlack(t, got)

	deliver(t, r, Slack{URL: r.URL}, hostileDigest(60), &got)
	checkSlack(t, got)
	if last := got.Blocks[len(got.Blocks)-1].Elements[0].Text; last != "37 papers more" {
		t.Errorf("ends with %q", last)
	}
}

func TestDiscord(t *testing.T) {
	r := receive(t)
	var got discordMessage
	deliver(t, r, Discord{URL: r.URL + "/api/webhooks/1/x?thread_id=5"}, ordinary(), &got)
	if q := r.got.URL.Query(); q.Get("wait") != "true" || q.Get("thread_id") != "5" {
		t.Errorf("query is %s", r.got.URL.RawQuery)
	}
	want := discordMessage{
		Content: "**Your papers of Saturday**\nTwo papers\n<https://papers.example.org/daily?date=2026-11-28&x=1>",
		Embeds: []discordEmbed{
			{Title: "Small models read newspapers", URL: "https://papers.example.org/paper/2599.00001",
				Description: "Ada Able, Ben Baker, Cy Carter and others · ▲ 12 · 3 comments\nThey read them all.\n[code](<https://code.example.org/a/b>)",
				Footer:      &discordFooter{"On small models."}},
			{Title: `If a \< b & b \> c`, URL: "https://papers.example.org/paper/2599.00002?a=1&b=2"},
		},
		AllowedMentions: discordMentions{Parse: []string{}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}

	deliver(t, r, Discord{URL: r.URL}, hostileDigest(30), &got)
	checkDiscord(t, got)
	for _, e := range got.Embeds {
		for _, no := range []string{" @", " *b", " _c", " `d", " |", " <", " [a"} {
			if strings.Contains(e.Title+e.Description, no) {
				t.Errorf("%q is not escaped in %s", no, e.Title)
			}
		}
	}
	if !strings.Contains(got.Content, "papers more") {
		t.Errorf("content is %q", got.Content)
	}
}

func TestTelegram(t *testing.T) {
	r := receive(t)
	var got telegramMessage
	deliver(t, r, Telegram{Base: r.URL, Token: bot, Chat: "@papers"}, ordinary(), &got)
	if want := "/bot" + bot + "/sendMessage"; r.got.URL.Path != want {
		t.Errorf("path is %s, want %s", r.got.URL.Path, want)
	}
	want := telegramMessage{Chat: "@papers", ParseMode: "HTML", LinkPreview: telegramPreview{true}, Text: `<b>Your papers of Saturday</b>
Two papers

<a href="https://papers.example.org/paper/2599.00001"><b>Small models read newspapers</b></a>
Ada Able, Ben Baker, Cy Carter and others · ▲ 12 · 3 comments
They read them all.
<i>On small models.</i>
<a href="https://code.example.org/a/b">code</a>

<a href="https://papers.example.org/paper/2599.00002?a=1&amp;b=2"><b>If a &lt; b &amp; b &gt; c</b></a>

<a href="https://papers.example.org/daily?date=2026-11-28&amp;x=1">See it as a page</a>`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}

	deliver(t, r, Telegram{Base: r.URL, Token: bot, Chat: "1"}, hostileDigest(30), &got)
	checkForm(t, "telegram", r.body)
	if !strings.HasSuffix(got.Text, "papers more") || strings.Contains(got.Text, "@everyone") {
		t.Errorf("text is %s", got.Text)
	}
}

func TestMatrix(t *testing.T) {
	r := receive(t)
	var got matrixMessage
	room := Matrix{Homeserver: r.URL + "/", Token: "syt_x", Room: "!a/b:example.org"}
	deliver(t, r, room, ordinary(), &got)
	path, want := r.got.URL.EscapedPath(), "/_matrix/client/v3/rooms/%21a%2Fb:example.org/send/m.room.message/"
	if want2 := strings.Replace(want, "%21", "!", 1); !strings.HasPrefix(path, want) && !strings.HasPrefix(path, want2) || r.got.Method != http.MethodPut {
		t.Errorf("%s %s, want PUT %s…", r.got.Method, path, want)
	}
	if h := r.got.Header.Get("Authorization"); h != "Bearer syt_x" {
		t.Errorf("authorization is %q", h)
	}
	wantText := "Your papers of Saturday\nTwo papers\n\nSmall models read newspapers\nhttps://papers.example.org/paper/2599.00001\n" +
		"Ada Able, Ben Baker, Cy Carter and others · ▲ 12 · 3 comments\nOn small models.\nThey read them all.\nhttps://code.example.org/a/b\n\n" +
		"If a < b & b > c\nhttps://papers.example.org/paper/2599.00002?a=1&b=2\n\nSee it as a page https://papers.example.org/daily?date=2026-11-28&x=1"
	if diff := cmp.Diff(wantText, got.Body); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	if !strings.Contains(got.FormattedBody, `<strong>If a &lt; b &amp; b &gt; c</strong>`) || got.Type != "m.text" || got.Format != "org.matrix.custom.html" {
		t.Errorf("formatted %s", got.FormattedBody)
	}
	checkForm(t, "matrix", r.body)

	again, err := room.Render(ordinary(), at.Add(time.Hour))
	if err != nil || !strings.HasSuffix(again.URL, path[strings.LastIndex(path, "/"):]) {
		t.Errorf("tried again, the transaction is another: %v", err)
	}
	deliver(t, r, room, hostileDigest(100), &got)
	checkForm(t, "matrix", r.body)
	if !strings.Contains(got.Body, "papers more") {
		t.Errorf("does not say that there is more: %s", got.Body[len(got.Body)-100:])
	}
}
