package ingest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/zstd"

	"broadsheet"
)

// Options say what an operator knows of a file.
type Options struct {
	Format string          // empty: guessed from the content
	Date   broadsheet.Date // the day of the edition, for formats that do not say it
	Stdin  io.Reader       // what "-" means; nil: os.Stdin
	Client *http.Client    // for addresses; nil: one with sensible limits
	Agent  string          // User-Agent for addresses
}

// A File is a source of records, open for reading: a file, standard input or an
// address, unpacked if it was compressed.
type File struct {
	Name   string // as the operator wrote it
	Format string // the name of its format
	Size   int64  // bytes as stored, before unpacking; 0 when unknown

	format format
	date   broadsheet.Date
	body   *bufio.Reader
	read   atomic.Int64
	close  []func() error

	interrupt func() // wakes a Read that waits
}

// BytesRead returns how many of the Size bytes have been read.
func (f *File) BytesRead() int64 { return f.read.Load() }

// Close releases the file.
func (f *File) Close() error {
	var errs []error
	for i := len(f.close) - 1; i >= 0; i-- {
		errs = append(errs, f.close[i]())
	}
	return errors.Join(errs...)
}

// Read implements io.Reader over the stored bytes, counting them.
type counted struct {
	r io.Reader
	n *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// Open opens what name means and finds out its format.
func Open(ctx context.Context, name string, opts Options) (*File, error) {
	f := &File{Name: name, date: opts.Date, interrupt: func() {}}
	raw, err := f.open(ctx, name, opts)
	if err == nil {
		err = f.unpack(raw)
	}
	if err == nil {
		err = f.choose(opts.Format)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (f *File) open(ctx context.Context, name string, opts Options) (io.Reader, error) {
	switch {
	case name == "-":
		if opts.Stdin == nil {
			opts.Stdin = os.Stdin
		}
		f.Name = "standard input"
		if c, ok := opts.Stdin.(io.Closer); ok {
			f.interrupt = func() { c.Close() }
		}
		return opts.Stdin, nil
	case strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://"):
		return f.fetch(ctx, name, opts)
	}
	file, err := os.Open(name)
	if err != nil {
		text := fmt.Sprintf("%s cannot be read: %v.", name, errors.Unwrap(err))
		return nil, &broadsheet.Error{Kind: broadsheet.NotFound, Text: text, Err: err}
	}
	f.close = append(f.close, file.Close)
	f.interrupt = func() { file.Close() }
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, broadsheet.Errorf(broadsheet.Invalid, "%s is a directory: name the files in it.", name)
	}
	if info.Mode().IsRegular() {
		f.Size = info.Size()
	}
	return file, nil
}

// fetch gets an address. There is no limit on the whole time, since a snapshot
// is large, but a server that says nothing for three minutes is given up (the
// first byte of arXiv's OAI service can take 90 seconds).
func (f *File) fetch(ctx context.Context, address string, opts Options) (io.Reader, error) {
	client := opts.Client
	if client == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.ResponseHeaderTimeout = maxSilence
		t.DisableCompression = true // a .gz stays as it is and is counted as such
		client = &http.Client{Transport: t}
	}
	ctx, cancel := context.WithCancel(ctx)
	f.close = append(f.close, func() error { cancel(); return nil })
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, broadsheet.Errorf(broadsheet.Invalid, "%s is not an address that can be fetched.", broadsheet.Printable(address, 200))
	}
	req.Header.Set("User-Agent", opts.Agent)
	resp, err := client.Do(req)
	if err != nil {
		return nil, &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err,
			Text: fmt.Sprintf("%s cannot be fetched: %v.", address, errors.Unwrap(err))}
	}
	f.close = append(f.close, resp.Body.Close)
	if resp.StatusCode != http.StatusOK {
		text := fmt.Sprintf("%s answers %s.", address, resp.Status)
		if after := resp.Header.Get("Retry-After"); after != "" {
			text += " It asks to try again after " + broadsheet.Printable(after, 40) + "."
		}
		return nil, broadsheet.Errorf(broadsheet.Unavailable, "%s", text)
	}
	f.Size = max(0, resp.ContentLength)
	return &patient{resp.Body, time.AfterFunc(maxSilence, cancel)}, nil
}

// maxSilence is how long a server may say nothing.
const maxSilence = 3 * time.Minute

// patient reads a body until it has been silent for too long.
type patient struct {
	io.Reader
	timer *time.Timer // ends the request
}

func (p *patient) Read(b []byte) (int, error) {
	p.timer.Reset(maxSilence)
	defer p.timer.Stop()
	return p.Reader.Read(b)
}

// unpack looks at the first bytes, whatever the name says, and unpacks gzip and
// Zstandard.
func (f *File) unpack(raw io.Reader) error {
	br := bufio.NewReaderSize(counted{raw, &f.read}, 256<<10)
	head, err := br.Peek(4)
	if err != nil && err != io.EOF {
		return f.explain(err)
	}
	var r io.Reader = br
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}): // RFC 1952
		zr, err := gzip.NewReader(br)
		if err != nil {
			return f.explain(err)
		}
		f.close = append(f.close, zr.Close)
		r = zr
	case isZstd(head):
		zr, err := zstd.NewReader(br, zstd.WithDecoderMaxMemory(1<<30), zstd.WithDecoderMaxWindow(128<<20), zstd.WithDecoderConcurrency(2))
		if err != nil {
			return f.explain(err)
		}
		f.close = append(f.close, func() error { zr.Close(); return nil })
		r = zr
	}
	f.body = bufio.NewReaderSize(r, 256<<10)
	return nil
}

// isZstd knows a Zstandard frame, and a skippable one that may come first (RFC
// 8878, section 3.1).
func isZstd(head []byte) bool {
	return bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}) ||
		len(head) == 4 && head[0]&0xf0 == 0x50 && bytes.Equal(head[1:], []byte{0x2a, 0x4d, 0x18})
}

func isTruncated(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) ||
		errors.Is(err, zstd.ErrMagicMismatch) || errors.Is(err, zstd.ErrCRCMismatch) || errors.Is(err, zstd.ErrUnexpectedBlockSize) ||
		strings.Contains(err.Error(), "flate: corrupt") || strings.Contains(err.Error(), "corrupt")
}

// choose settles the format.
func (f *File) choose(name string) error {
	if name != "" {
		for _, c := range formats {
			if c.name == name {
				f.format, f.Format = c, name
				return nil
			}
		}
		return broadsheet.Errorf(broadsheet.Invalid, "There is no format \"%s\": choose one of %s.", broadsheet.Printable(name, 40), FormatNames())
	}
	head, err := f.body.Peek(64 << 10)
	if err != nil && err != io.EOF && len(head) == 0 {
		return f.explain(err)
	}
	c, err := guess(head)
	if err != nil {
		return f.explain(err)
	}
	f.format, f.Format = c, c.name
	return nil
}

// Records yields the records of the file.
func (f *File) Records() iter.Seq2[broadsheet.Record, error] {
	return f.format.read(f.body, f.origin())
}

// An origin is what the name of a file tells about its records.
type origin struct {
	date    broadsheet.Date // as the operator said it
	guessed broadsheet.Date // in the file's name
	dataset string          // the directory that a BEIR corpus lies in
}

var dateInName = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)

func (f *File) origin() origin {
	o := origin{date: f.date}
	file, dir := filepath.Base(f.Name), filepath.Base(filepath.Dir(f.Name))
	if u, err := url.Parse(f.Name); err == nil && u.Host != "" {
		file, dir = path.Base(u.Path)+"?"+u.RawQuery, path.Base(path.Dir(u.Path))
	} else if abs, err := filepath.Abs(f.Name); err == nil {
		dir = filepath.Base(filepath.Dir(abs))
	}
	if d, err := broadsheet.ParseDate(dateInName.FindString(file)); err == nil {
		o.guessed = d
	}
	if strings.HasPrefix(file, "corpus.") {
		o.dataset = dir
	}
	return o
}
