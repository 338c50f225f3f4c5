package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// ops is what a server offers to whoever operates it: /healthz, /readyz,
// /metrics, and a log line for each request.
type ops struct {
	lib      *library
	log      *slog.Logger
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	draining atomic.Bool
}

func newOps(l *library, log *slog.Logger) *ops {
	o := &ops{lib: l, log: log, registry: prometheus.NewRegistry()}
	o.requests = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "broadsheet_http_request_seconds", Help: "Time to answer a request.",
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
	}, []string{"route", "code"})
	gauge := func(name, help string, value func(context.Context) (int64, error)) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			n, err := value(ctx)
			if err != nil {
				o.log.Error("metric cannot be read", "name", name, "err", err)
				return -1
			}
			return float64(n)
		})
	}
	o.registry.MustRegister(o.requests, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		gauge("broadsheet_papers", "Papers in the store.", func(ctx context.Context) (int64, error) {
			s, err := l.store.Stats(ctx)
			return s.Papers, err
		}),
		gauge("broadsheet_last_change", "Number of the last change in the store.", func(ctx context.Context) (int64, error) {
			s, err := l.store.Stats(ctx)
			return s.LastChange, err
		}),
		gauge("broadsheet_indexed_change", "Number of the last change in the search index.", l.index.Indexed))
	return o
}

// drain makes /readyz fail, so that a load balancer sends no more requests.
func (o *ops) drain() { o.draining.Store(true) }

// handler adds the operator's routes to pages and counts every request.
func (o *ops) handler(pages http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", pages)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", o.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(o.registry, promhttp.HandlerOpts{}))
	return o.measure(mux)
}

// ready answers whether the server can do its work: the store can be read.
func (o *ops) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	switch _, err := o.lib.store.Changes(ctx, 0, 1); {
	case o.draining.Load():
		http.Error(w, "stopping", http.StatusServiceUnavailable)
	case err != nil:
		o.log.Error("not ready", "err", err)
		http.Error(w, "the store cannot be read", http.StatusServiceUnavailable)
	default:
		fmt.Fprintln(w, "ready")
	}
}

// measure counts and logs requests. A panic of a handler is an answer 500, a log
// line, and nothing worse.
func (o *ops) measure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		rec := &recorder{ResponseWriter: w}
		defer func() {
			if v := recover(); v != nil {
				if v == http.ErrAbortHandler {
					panic(v)
				}
				o.log.Error("panic", "route", r.Pattern, "path", r.URL.Path, "value", v)
				if rec.status == 0 {
					http.Error(rec, "Something went wrong on our side.", http.StatusInternalServerError)
				}
			}
			took := time.Since(start)
			o.requests.WithLabelValues(route(r), strconv.Itoa(max(rec.status, http.StatusOK))).Observe(took.Seconds())
			o.log.Debug("request", "method", r.Method, "path", r.URL.Path, "status", rec.status, "bytes", rec.bytes, "took", took)
		}()
		next.ServeHTTP(rec, r)
	})
}

// route names the pattern that answered, so that the number of label values is
// bounded whatever clients ask for.
func route(r *http.Request) string {
	if r.Pattern == "" {
		return "none"
	}
	return r.Pattern
}

// A recorder notes what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
