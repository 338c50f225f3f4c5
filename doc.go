// Package broadsheet holds the words of a Daily Papers: a paper and its ID, an
// edition, a change, and the interfaces of whatever keeps or finds them. It
// imports nothing but the standard library, and every other package of this
// module may import it.
//
// Start with [Record], which is what every source is read into and what an
// export writes; [Merge], which decides what is true when sources disagree; and
// [PaperStore], whose Put is the one way in.
package broadsheet
