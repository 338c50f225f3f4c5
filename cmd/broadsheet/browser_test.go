package main

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"broadsheet/internal/need"
)

// A person opens the edition in a real browser, reads a paper, searches, and
// turns to another day. The browser may have nothing to complain about: no
// policy violation, no missing file, no request to anywhere else.
func TestBrowser(t *testing.T) {
	path := need.Chromium(t)
	url := startServer(t, "--demo")
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()

	var mu sync.Mutex
	var complaints []string
	do(t, ctx, chromedp.Navigate("about:blank"))
	if err := chromedp.Listen(ctx, func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := ev.(type) {
		case *log.EventEntryAdded:
			complaints = append(complaints, e.Entry.Text+" "+e.Entry.URL)
		case *runtime.EventExceptionThrown:
			complaints = append(complaints, e.ExceptionDetails.Text)
		}
	}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, log.Enable, cdp.Empty{})
		return err
	}))
	heard := func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(complaints)
	}
	fits := func(width int64) {
		t.Helper()
		do(t, ctx, chromedp.EmulateViewport(width, 800))
		if !see(t, ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth <= document.documentElement.clientWidth`)) {
			t.Errorf("a page is wider than a window of %d pixels: %s", width, see(t, ctx, chromedp.Location()))
		}
	}

	do(t, ctx, chromedp.Navigate(url+"/"))
	fits(1280)
	fits(360)
	if title := see(t, ctx, chromedp.Title()); !strings.Contains(title, "11 March 2025") {
		t.Errorf("title %q", title)
	}
	first := see(t, ctx, chromedp.Text("article h3"))
	do(t, ctx, chromedp.Click("article h3 a"), chromedp.WaitVisible("h1"))
	fits(360)
	fits(1280)
	if heading := see(t, ctx, chromedp.Text("h1")); first == "" || heading != first {
		t.Errorf("the paper %q leads to a page with heading %q", first, heading)
	}
	do(t, ctx, chromedp.SendKeys(`input[name="q"]`, "mixture of experts\r"), chromedp.WaitVisible("article mark"))
	fits(360)
	address, found := see(t, ctx, chromedp.Location()), see(t, ctx, chromedp.Text("article h3"))
	if !strings.Contains(address, "q=mixture") || !strings.Contains(strings.ToLower(found), "expert") {
		t.Errorf("search leads to %s with %q first", address, found)
	}
	do(t, ctx, chromedp.Navigate(url+"/papers/week/2025-W11"))
	fits(360)

	// From a paper to one that is like it, to a topic, and to how a search went.
	do(t, ctx, chromedp.Navigate(url+"/papers/2308.01045"))
	fits(360)
	like := see(t, ctx, chromedp.Text(".relative h3"))
	do(t, ctx, chromedp.Click(".relative h3 a"), chromedp.WaitVisible("h1"))
	if heading := see(t, ctx, chromedp.Text("h1")); like == "" || heading != like {
		t.Errorf("the similar paper %q leads to a page with heading %q", like, heading)
	}
	do(t, ctx, chromedp.Navigate(url+"/topics"), chromedp.Click(".index a"), chromedp.WaitVisible("article h3"))
	fits(360)
	do(t, ctx, chromedp.Navigate(url+"/papers?q=early+exit"), chromedp.Click(".took a"), chromedp.WaitVisible(".trace table"))
	fits(360)
	fits(1280)

	for _, c := range heard() {
		t.Errorf("the browser complains: %s", c)
	}
	// It would be heard: a style that the policy forbids is complained about.
	see(t, ctx, chromedp.Evaluate[bool](`document.body.setAttribute("style", "color: red") || true`))
	for range 100 {
		if len(heard()) > 0 {
			return
		}
		do(t, ctx, chromedp.Sleep(20*time.Millisecond))
	}
	t.Error("the browser did not complain about a forbidden style: is there a policy, and do we listen?")
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func see[T any](t *testing.T, ctx context.Context, a chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
