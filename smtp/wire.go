package smtp

import (
	"context"
	"errors"
	"net"
	"time"
)

// maxAnswer bounds what a server may say to one command: an answer has lines of 512
// bytes (RFC 5321, section 4.5.3.1.5), and certificates some kilobytes.
const maxAnswer = 128 << 10

var errTooLong = errors.New("smtp: the server's answer has no end")

// A wire is a connection that bounds what is read in answer to one command.
type wire struct {
	net.Conn
	left int
	late bool // a ctx ended as its time did: the deadline may be any
}

func (w *wire) Read(p []byte) (int, error) {
	if w.left <= 0 {
		return 0, errTooLong
	}
	n, err := w.Conn.Read(p[:min(len(p), w.left)])
	w.left -= n
	return n, err
}

// refill allows for another answer.
func (w *wire) refill() { w.left = maxAnswer }

// during bounds what follows, until the function that it returns is called, by a
// time and by ctx.
func (w *wire) during(ctx context.Context, timeout time.Duration) func() {
	w.refill()
	w.SetDeadline(time.Now().Add(timeout))
	stop := context.AfterFunc(ctx, func() { w.SetDeadline(time.Unix(1, 0)) })
	return func() {
		if !stop() {
			w.late = true
		}
	}
}
