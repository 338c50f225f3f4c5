package smtptest

import (
	"bytes"
	"fmt"
	"net"
)

// scripted asks the script about each connection.
type scripted struct {
	net.Listener
	server *Server
}

// Accept passes on the connections with which nothing was to go wrong.
func (l *scripted) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		l.server.mu.Lock()
		l.server.conns++
		l.server.mu.Unlock()
		switch a := l.server.ask(Moment{Stage: Connect}); {
		case a.Stall:
			go func() { <-l.server.stop; c.Close() }()
		case a.Drop:
			c.Close()
		case a.Code != 0:
			fmt.Fprintf(c, "%d %s\r\n", a.Code, a.Text)
			c.Close()
		default:
			return &watched{c, l.server}, nil
		}
	}
}

// watched looks at what goes over the wire, where that is not encrypted.
type watched struct {
	net.Conn
	server *Server
}

// Read notes commands that came together.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if i := bytes.Index(p[:n], []byte("\r\n")); i >= 0 && i+2 < n && bytes.HasPrefix(p, []byte("MAIL FROM:")) {
		w.server.mu.Lock()
		w.server.pipeline++
		w.server.mu.Unlock()
	}
	return n, err
}

// Write hides PIPELINING, which go-smtp always offers.
func (w *watched) Write(p []byte) (int, error) {
	if w.server.options.NoPipelining {
		if _, err := w.Conn.Write(bytes.Replace(p, []byte("PIPELINING"), []byte("X-NOTHING."), 1)); err != nil {
			return 0, err
		}
		return len(p), nil
	}
	return w.Conn.Write(p)
}
