package smtptest

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
)

// A Sink is a server that takes everything and keeps nothing, at little cost, so
// that a benchmark measures whoever sends. It offers PIPELINING.
type Sink struct {
	Port     int
	Messages atomic.Int64
	Bytes    atomic.Int64
}

// StartSink starts a sink that ends with the test.
func StartSink(tb testing.TB) *Sink {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	s := &Sink{Port: l.Addr().(*net.TCPAddr).Port}
	tb.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return s
}

// serve answers one client until it goes. Answers wait until all commands at hand
// are read, as RFC 2920 has servers do.
func (s *Sink) serve(c net.Conn) {
	defer c.Close()
	in, out := bufio.NewReaderSize(c, 64<<10), bufio.NewWriter(c)
	out.WriteString("220 sink ESMTP\r\n")
	for {
		if in.Buffered() == 0 && out.Flush() != nil {
			return
		}
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(string(line[:min(4, len(line))])); verb {
		case "EHLO":
			out.WriteString("250-sink\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 PIPELINING\r\n")
		case "DATA":
			out.WriteString("354 go on\r\n")
			if out.Flush() != nil || s.text(in) != nil {
				return
			}
			out.WriteString("250 2.0.0 taken\r\n")
		case "QUIT":
			out.WriteString("221 bye\r\n")
			out.Flush()
			return
		default:
			out.WriteString("250 2.0.0 fine\r\n")
		}
	}
}

// text reads a message up to its dot.
func (s *Sink) text(in *bufio.Reader) error {
	for size := 0; ; {
		line, err := in.ReadSlice('\n')
		if err != nil && err != bufio.ErrBufferFull {
			return io.ErrUnexpectedEOF
		}
		if bytes.Equal(line, []byte(".\r\n")) {
			s.Messages.Add(1)
			s.Bytes.Add(int64(size))
			return nil
		}
		size += len(line)
	}
}
