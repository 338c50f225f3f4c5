package mail

import (
	"bytes"
	"strconv"
	"strings"
)

// fields are the header fields of a block, by their names in lower case; of several
// with one name, the first.
type fields map[string]string

// maxFields bounds a block; the header of a mail that went through many hands has a
// hundred.
const maxFields = 500

// blocks reads groups of fields with empty lines between them, as far as they have
// that form. Strange lines are passed over: what programs write is not always what
// they should.
func blocks(text []byte) []fields {
	var all []fields
	var now fields
	var last string
	for len(text) > 0 && len(all) < maxBlocks {
		var line []byte
		line, text, _ = bytes.Cut(text, []byte("\n"))
		line = bytes.TrimRight(line, " \t\r")
		name, value, ok := strings.Cut(string(line), ":")
		switch {
		case len(line) == 0:
			if now != nil {
				all, now, last = append(all, now), nil, ""
			}
		case line[0] == ' ' || line[0] == '\t':
			if last != "" && len(now[last]) < maxRead {
				now[last] += " " + strings.TrimSpace(string(line))
			}
		case ok && !strings.ContainsAny(name, " \t") && len(now) < maxFields:
			if now == nil {
				now = fields{}
			}
			last = strings.ToLower(name)
			if _, twice := now[last]; twice {
				last = ""
			} else {
				now[last] = strings.TrimSpace(value)
			}
		}
	}
	if now != nil {
		all = append(all, now)
	}
	return all
}

// typed returns the value behind its type, such as "rfc822;" (RFC 3464, section 2.1.2).
func typed(s string) string {
	if kind, value, ok := strings.Cut(s, ";"); ok && !strings.ContainsAny(kind, " @") {
		return strings.TrimSpace(value)
	}
	return s
}

// xtext returns what an original recipient was before it was encoded (RFC 3461,
// section 4). What is not encoded, though it should be, is returned as it is.
func xtext(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '+' {
			out.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) || strings.ToUpper(s[i+1:i+3]) != s[i+1:i+3] {
			return s
		}
		code, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
		if err != nil {
			return s
		}
		out.WriteByte(byte(code))
		i += 2
	}
	return out.String()
}
