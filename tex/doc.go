// Package tex reads the TeX that people leave in plain text: in titles, abstracts
// and names. Unicode reads what stands outside mathematics, and leaves mathematics
// to whoever sets formulas; Plain reads mathematics for places that can set none.
//
// The names of commands and what they print are those of LaTeX2e (Lamport, LaTeX:
// A Document Preparation System, 2nd edition, sections 3.2 and C.15).
package tex
