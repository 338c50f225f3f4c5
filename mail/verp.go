package mail

import (
	"strings"

	"broadsheet"
)

// VERP returns the address to which bounces of one message go (variable envelope
// return path): the operator's mailbox with the message's token behind a plus, which
// mail servers deliver to the mailbox (subaddressing, RFC 5233). Tokens are lower-case
// letters, digits and hyphens: other servers change the case of what they return.
func VERP(returnPath, token string) (string, error) {
	local, domain := split(returnPath)
	if local == "" || domain == "" || strings.Contains(local, "+") || !isDotAtom(local) {
		return "", broadsheet.Errorf(broadsheet.Invalid, "\"%s\" cannot take bounces: write an address such as bounce@example.org, without a plus.", broadsheet.Printable(returnPath, 80))
	}
	if !isToken(token) || len(local)+1+len(token) > maxLocal {
		return "", broadsheet.Errorf(broadsheet.Internal, "mail: %q is no token for %s", broadsheet.Printable(token, 80), broadsheet.Printable(returnPath, 80))
	}
	return local + "+" + token + "@" + domain, nil
}

// ParseVERP returns the token of an address that VERP made of the same return path.
func ParseVERP(returnPath, address string) (token string, ok bool) {
	local, domain := split(strings.ToLower(returnPath))
	token, ok = strings.CutPrefix(strings.ToLower(head(address, 2*maxAddress)), local+"+")
	token, host := split(token)
	if !ok || host != domain || !isToken(token) {
		return "", false
	}
	return token, true
}

// tokenIn returns the token of whatever return path, or "".
func tokenIn(address string) string {
	local, _ := split(strings.ToLower(strings.Trim(head(address, 2*maxAddress), " <>")))
	if i := strings.LastIndexByte(local, '+'); i > 0 && isToken(local[i+1:]) {
		return local[i+1:]
	}
	return ""
}

func isToken(s string) bool {
	return s != "" && len(s) <= maxLocal && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}
