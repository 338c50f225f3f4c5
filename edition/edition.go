// Package edition ranks papers: those of an edition and those that trend, by a
// formula that anybody can read, and papers that nobody has voted on yet by the
// interest that is predicted for them.
//
// [Rank] is the formula, on [broadsheet.Signals]; its constants stand in score.go
// with their reasons, and the terms that explain a score add up to it. [Train]
// learns from an instance's own history what its readers vote for, and
// [Interest.Predict] tells it of a new paper. Both are pure functions. [Desk] puts
// them before a store. What they are worth is measured in doc/ranking.md.
package edition
