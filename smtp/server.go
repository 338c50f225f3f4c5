package smtp

import (
	"net"
	"net/url"
	"strconv"

	"broadsheet"
)

// A Security is how a connection is protected.
type Security int

// The ways to protect a connection, the safest for each port first.
const (
	StartTLS  Security = iota // required: what does not offer it gets no mail
	Implicit                  // TLS from the first byte (RFC 8314)
	Plaintext                 // none, for a server on the same machine
)

// A Server is where mail is handed over.
type Server struct {
	Host     string
	Port     int
	Security Security
	User     string // none where empty
}

// Addr returns the server's address for a dialer.
func (s Server) Addr() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// ParseURL reads smtp://user@host:587, with STARTTLS required, or smtps://user@host
// with TLS from the start. Only smtp://localhost:25?tls=none goes without. A password
// does not belong into it, since addresses end up in logs.
func ParseURL(s string) (Server, error) {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
		return Server{}, notServer("It is no address of a mail server")
	}
	if _, has := u.User.Password(); has {
		return Server{}, notServer("It has a password in it; that belongs into a file of its own")
	}
	to := Server{Host: u.Hostname(), User: u.User.Username(), Port: 587}
	switch u.Scheme {
	case "smtp":
	case "smtps":
		to.Port, to.Security = 465, Implicit
	default:
		return Server{}, notServer("It begins with " + broadsheet.Printable(u.Scheme, 20) + "://")
	}
	switch tls := u.Query().Get("tls"); {
	case tls == "none" && u.Scheme == "smtp":
		to.Security = Plaintext
	case tls != "" || len(u.Query()) > 0:
		return Server{}, notServer("Behind the ? it knows only tls=none, with smtp://")
	}
	if p := u.Port(); p != "" {
		if to.Port, err = strconv.Atoi(p); err != nil || to.Port < 1 || to.Port > 65535 {
			return Server{}, notServer("Its port is not one")
		}
	}
	return to, nil
}

// notServer quotes nothing of the address: it may hold a password.
func notServer(why string) error {
	return broadsheet.Errorf(broadsheet.Invalid, "The address of the mail server cannot be used. %s. Write it like smtp://user@mail.example.org:587.", why)
}
