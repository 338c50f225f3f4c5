package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet"
	"broadsheet/api"
	"broadsheet/job"
	"broadsheet/web"
)

// Limits of the server. Pages are small; a client that needs longer than this is
// gone or hostile.
const (
	readTimeout     = 10 * time.Second
	writeTimeout    = 60 * time.Second
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = 15 * time.Second
	maxHeaderBytes  = 32 << 10
)

var serveCommand = command{
	name: "serve", short: "serve the pages", extra: slices.Concat(serveSettings, sourceFlags, serviceFlags, mailFlags, []string{"admin-key-file"}),
	help: `
Serves the pages until it is interrupted, then finishes what it is answering.
--demo opens the built-in edition of 11 March 2025 in a directory that is thrown
away at the end; your own data are not touched.

    broadsheet serve --demo
    broadsheet serve --addr 127.0.0.1:8080 --base-url https://papers.example.org`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		demo := fs.Bool("demo", false, "serve the built-in edition from a throw-away directory")
		return func(ctx context.Context, m *Main, args []string) error {
			if len(args) > 0 {
				return usagef("unexpected \"%s\"", broadsheet.Printable(args[0], 40))
			}
			return m.serve(ctx, *demo)
		}
	},
}

func (m *Main) serve(ctx context.Context, demo bool) error {
	if demo {
		dir, err := os.MkdirTemp("", "broadsheet-demo-*")
		if err != nil {
			return fmt.Errorf("make a directory for the demo: %w", err)
		}
		defer os.RemoveAll(dir)
		m.cfg.Data = dir
	}
	l, err := m.openForWriting(ctx, m.cfg.Data, "serve")
	if err != nil {
		return err
	}
	defer l.Close()
	if demo {
		if err := importDemo(ctx, l); err != nil {
			return err
		}
	}
	ln, err := net.Listen("tcp", m.cfg.Addr)
	if err != nil {
		return &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err,
			Text: fmt.Sprintf("Cannot listen on %s: %v. Another address can be given with --addr.", m.cfg.Addr, cause(err))}
	}
	o := newOps(l, m.log)
	desks, err := m.newDesks(ctx, l, demo)
	if err != nil {
		return err
	}
	pages := &web.Server{
		Papers: l.store, Editions: l.desk, Trends: l.desk, Search: l.index, Alike: l.index, Topics: l.store, Classes: l.classifier(),
		Coverage: l.store, Measures: l.store,
		Log: m.log, Now: m.Now, BaseURL: m.cfg.BaseURL, Location: m.cfg.Location(), Demo: demo,
	}
	desks.open(pages, l)
	answers := &api.Server{
		Papers: l.store, Editions: l.desk, Trends: l.desk, Search: l.index,
		Log: m.log, Now: m.Now, BaseURL: m.cfg.BaseURL, Location: m.cfg.Location(),
	}
	site := http.NewServeMux()
	site.Handle("/", pages.Handler())
	site.Handle("/api/", answers.Handler())
	srv := &http.Server{
		Handler:           o.handler(site),
		ReadHeaderTimeout: readTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeaderBytes,
		ErrorLog:       slog.NewLogLogger(m.log.Handler(), slog.LevelWarn),
	}
	stats, err := l.store.Stats(ctx)
	if err != nil {
		return err
	}
	m.log.Info("serving", "url", address(ln), "data", m.cfg.Data, "papers", stats.Papers, "version", version())
	if isTerminal(m.Stderr) {
		fmt.Fprintf(m.Stderr, "\nThe Daily Papers are at %s (stop with Ctrl-C)\n\n", address(ln))
	}
	if m.Ready != nil {
		m.Ready(ln.Addr().String())
	}

	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return l.index.Watch(ctx, l.store) })
	g.Go(func() error { return m.tend(ctx, l) })
	if desks != nil {
		g.Go(func() error { return m.work(ctx, l, desks.worker) })
		g.Go(func() error { return desks.mail.work(ctx, m) })
	}
	g.Go(func() error {
		if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		o.drain()
		m.log.Info("stopping: finishing open requests")
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		if err := srv.Shutdown(late); err != nil {
			m.log.Warn("some requests were cut off", "err", err)
			return srv.Close()
		}
		return nil
	})
	return g.Wait()
}

// Desks are what a server does besides answering: jobs and mail. A demo, of which
// nothing is kept, has none.
type desks struct {
	worker *job.Worker
	mail   *mailroom
	key    string // to the operator's pages
}

func (m *Main) newDesks(ctx context.Context, l *library, demo bool) (*desks, error) {
	if demo {
		return nil, nil
	}
	var d desks
	var err error
	if d.worker, err = m.worker(ctx, l); err != nil {
		return nil, err
	}
	if err := l.store.ReleaseDeliveries(ctx, ""); err != nil { // those of a process that was killed
		return nil, err
	}
	if d.mail, err = m.newMailroom(l); err != nil {
		return nil, err
	}
	if d.key, err = m.adminKey(l.dir.AdminKey()); err != nil {
		return nil, err
	}
	return &d, nil
}

// open gives the pages what readers and the operator reach the desks by.
func (d *desks) open(pages *web.Server, l *library) {
	if d == nil {
		return
	}
	pages.Tokens = d.mail.tokens
	pages.Admin = &web.Admin{Key: d.key, Jobs: l.store, Outbox: l.store, Off: d.worker.Off, RunNow: func(name string) bool { return d.worker.Ask(name, "") }}
	if d.mail.post != nil {
		pages.Desk, pages.Report = d.mail.office, d.mail.post.Report
	}
}

// address returns what to type into a browser on this machine.
func address(ln net.Listener) string {
	host, port, err := net.SplitHostPort(ln.Addr().String())
	if ip := net.ParseIP(host); err == nil && (ip == nil || ip.IsUnspecified() || ip.IsLoopback()) {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// cause returns the innermost error, which says what the system answered.
func cause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
