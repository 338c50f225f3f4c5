package arxiv_test

import (
	"errors"
	"io"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/arxiv"
)

func TestReadOAIAnswer(t *testing.T) {
	for file, want := range map[string]arxiv.OAIEnvelope{
		"oai_raw.xml": {At: time.Date(2026, 9, 27, 17, 3, 37, 0, time.UTC), Form: "arXivRaw", Set: "cs:cs:LG", From: "2026-09-25",
			Next: arxiv.Token{Text: "from%3D2026-09-25%26skip%3D3", ListSize: 4, Expires: time.Date(2026, 9, 28, 0, 0, 0, 0, time.UTC)}},
		"oai_arxiv_2026.xml": {At: time.Date(2026, 2, 13, 14, 2, 47, 0, time.UTC), Form: "arXiv", Set: "physics:hep-ex", From: "2026-02-12",
			Next: arxiv.Token{Cursor: 2, ListSize: 4}},
	} {
		got := arxiv.OAIEnvelope{Form: "of an earlier answer"}
		answer := func(r io.Reader) iter.Seq2[broadsheet.Record, error] { return arxiv.ReadOAIAnswer(r, &got) }
		if _, _, err := read(t, answer, strings.NewReader(fixture(t, file))); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

func TestReadFeed(t *testing.T) {
	const item = "<item><title>T</title><guid>2503.01234</guid></item>"
	for _, tt := range []struct {
		name, in string
		want     arxiv.Feed
	}{
		{"a feed", fixture(t, "rss.xml"), arxiv.Feed{Day: "2026-09-24", Items: 5}},
		{"an empty one", fixture(t, "rss_empty.xml"), arxiv.Feed{Day: "2026-09-26"}},
		{"midnight in New York, told in UTC", "<rss><channel><pubDate>Thu, 24 Sep 2026 04:00:00 +0000</pubDate>" + item + "</channel></rss>", arxiv.Feed{Day: "2026-09-24", Items: 1}},
		{"before midnight there", "<rss><channel><pubDate>Thu, 24 Sep 2026 03:59:00 +0000</pubDate></channel></rss>", arxiv.Feed{Day: "2026-09-23"}},
		{"in winter", "<rss><channel><pubDate>Thu, 03 Dec 2026 05:00:00 GMT</pubDate></channel></rss>", arxiv.Feed{Day: "2026-12-03"}},
		{"when it was built only", "<rss><channel><lastBuildDate>Thu, 24 Sep 2026 04:00:02 +0000</lastBuildDate></channel></rss>", arxiv.Feed{Day: "2026-09-24"}},
		{"of no day", "<rss><channel>" + item + "</channel></rss>", arxiv.Feed{Items: 1}},
	} {
		var got arxiv.Feed
		for _, err := range arxiv.ReadFeed(strings.NewReader(tt.in), &got) {
			if _, refused := errors.AsType[*broadsheet.BadRecord](err); err != nil && !refused {
				t.Fatalf("%s: %v", tt.name, err)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// A feed of an error says why, under whatever status.
func TestReadFeedRefused(t *testing.T) {
	var about arxiv.Feed
	for _, err := range arxiv.ReadFeed(strings.NewReader(fixture(t, "rss_error.xml")), &about) {
		if no, ok := errors.AsType[*arxiv.Refusal](err); !ok || !strings.HasPrefix(no.Text, "Bad archive 'tea'") {
			t.Errorf("got %v", err)
		}
	}
}

// What stands around the records never stands in their way: whatever the envelope
// is, the records are those of ReadOAI, and what it says is bounded and usable.
func FuzzReadOAIAnswer(f *testing.F) {
	for _, seed := range []string{"oai_arxiv.xml", "oai_arxiv_2026.xml", "oai_raw.xml"} {
		f.Add([]byte(fixture(f, seed)))
	}
	f.Add([]byte(`<OAI-PMH><responseDate>2026</responseDate><error code="badResumptionToken">x</error></OAI-PMH>`))
	f.Add([]byte(`<OAI-PMH><request resumptionToken="a" until="b"/><ListRecords><resumptionToken cursor="-1" completeListSize="9e9"> t </resumptionToken></ListRecords></OAI-PMH>`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var env arxiv.OAIEnvelope
		answer := func(r io.Reader) iter.Seq2[broadsheet.Record, error] { return arxiv.ReadOAIAnswer(r, &env) }
		got, refused, err := read(t, answer, strings.NewReader(string(text)))
		want, alsoRefused, same := read(t, arxiv.ReadOAI, strings.NewReader(string(text)))
		if diff := cmp.Diff(want, got); diff != "" || len(refused) != len(alsoRefused) || (err == nil) != (same == nil) {
			t.Errorf("the records differ from ReadOAI's: %v, %v\n%s", err, same, diff)
		}
		if n := env.Next; n.Text != strings.TrimSpace(n.Text) || n.Cursor < -1 || n.ListSize < -1 || len(n.Text) > len(text) {
			t.Errorf("token %+v", n)
		}
		if !env.At.IsZero() && env.At.Location() != time.UTC {
			t.Errorf("time %v", env.At)
		}
	})
}

// The items are counted, and the day is one.
func FuzzReadFeed(f *testing.F) {
	for _, seed := range []string{"rss.xml", "rss_empty.xml", "rss_error.xml"} {
		f.Add([]byte(fixture(f, seed)))
	}
	f.Add([]byte("<rss><channel><pubDate>x</pubDate><lastBuildDate>Thu, 24 Sep 2026 04:00:02 +0000</lastBuildDate><item/></channel></rss>"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var about arxiv.Feed
		feed := func(r io.Reader) iter.Seq2[broadsheet.Record, error] { return arxiv.ReadFeed(r, &about) }
		got, refused, err := read(t, feed, strings.NewReader(string(text)))
		if n := len(got) + len(refused); about.Items != n && !(err != nil && about.Items == n+1) {
			t.Errorf("%d items, read %d", about.Items, n)
		}
		if about.Day != "" && !about.Day.IsDay() {
			t.Errorf("day %q", about.Day)
		}
	})
}
