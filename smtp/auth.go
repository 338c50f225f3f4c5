package smtp

import (
	"errors"
	"fmt"
	"net/smtp"
	"strings"

	"broadsheet"
)

// login gives the name and the password, if there is a name (RFC 4954).
func login(client *smtp.Client, o Options) error {
	if o.Server.User == "" {
		return nil
	}
	_, offered := client.Extension("AUTH")
	mechanisms := strings.Fields(strings.ToUpper(offered))
	for _, m := range mechanisms {
		if m == "PLAIN" {
			return client.Auth(smtp.PlainAuth("", o.Server.User, o.Password, o.Server.Host))
		}
	}
	for _, m := range mechanisms {
		if m == "LOGIN" {
			return client.Auth(loginAuth{user: o.Server.User, password: o.Password})
		}
	}
	return broadsheet.Errorf(broadsheet.Unavailable, "The mail server %s takes no login with a password (it offers %q).", o.Server.Addr(), broadsheet.Printable(offered, 100))
}

// loginAuth is LOGIN, which no standard describes (draft-murchison-sasl-login-00)
// and some servers know only.
type loginAuth struct{ user, password string }

// Start begins, but not in the clear: whoever listens would have the password.
func (a loginAuth) Start(server *smtp.ServerInfo) (string, []byte, error) {
	if !server.TLS && server.Name != "localhost" && server.Name != "127.0.0.1" && server.Name != "::1" {
		return "", nil, errors.New("smtp: no login without TLS")
	}
	return "LOGIN", nil, nil
}

// Next answers the two questions.
func (a loginAuth) Next(question []byte, more bool) ([]byte, error) {
	switch q := strings.ToLower(string(question)); {
	case !more:
		return nil, nil
	case strings.HasPrefix(q, "user"):
		return []byte(a.user), nil
	case strings.HasPrefix(q, "pass"):
		return []byte(a.password), nil
	}
	return nil, fmt.Errorf("smtp: LOGIN asks %q", broadsheet.Printable(string(question), 40))
}
