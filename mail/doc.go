// Package mail composes messages, and reads the reports that come back on them. It
// knows no network, no store and no clock: the same digest for the same reader is
// the same bytes, so that whoever sends it twice sends it under one Message-ID.
//
// A Digest is rendered once by Compose and addressed once for each reader by
// Composed.Message, which writes only what differs: headers and the links with
// which a reader leaves. Notices (confirm, welcome, farewell) have the same look.
//
// What comes in is hostile: titles, names and abstracts are cleaned of control
// characters and of those that turn the direction of text (UAX 9), and bounded.
package mail
