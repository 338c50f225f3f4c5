// Package smtp hands messages over to a mail server (RFC 5321), which delivers
// them. A Client keeps a few connections, sends many messages on each, and says of
// every message what became of it in a way on which a queue can act: delivered,
// later, never, or uncertain, when the line broke between the end of the message
// and the server's answer.
//
// Talking begins with net/smtp, which knows EHLO, STARTTLS and AUTH. The commands
// of a message are our own: no library at hand sends them in one piece (RFC 2920)
// or tells before from after the final dot.
package smtp
