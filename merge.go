package broadsheet

import (
	"cmp"
	"slices"
	"strings"
)

// tiers rank the sources of a paper's metadata. Between two sources the higher
// tier wins a field; within a tier the record with the later date; with equal
// dates the one named first here. A source that is not listed stands with jsonl:
// whoever makes a file by hand means it.
var tiers = []struct {
	tier int
	name string
}{
	{3, "arxiv-oai"}, // structured authors
	{3, "arxiv-oai-raw"},
	{3, "arxiv-json"},
	{3, "arxiv-atom"},
	{3, "arxiv-rss"}, // authors as one string, no comments
	{3, "biorxiv"},
	{3, "medrxiv"},
	{2, "jsonl"},
	{2, "openreview"}, // of a paper that is on arXiv as well, arXiv has the later text
	{1, "beir"},       // text prepared for an evaluation
	{1, "hf-daily"},
	{1, SourceInstance}, // with a host behind it; a paper's own source says it better
	{0, "hf-page"},      // title and abstract only

	// Services that gather from others. They fill in what nobody else says, and
	// the registry of DOIs knows best what it is told by publishers.
	{-1, "crossref"},
	{-1, "openalex"},
	{-1, "s2"},
	{-1, "github"},
}

// rank returns the tier of a source, and its place among all, higher first.
func rank(s Source) (tier, place int) {
	name := s.Name
	if strings.HasPrefix(name, SourceInstance) {
		name = SourceInstance
	}
	for i, t := range tiers {
		if t.name == name {
			return t.tier, -i
		}
	}
	return 2, -len(tiers)
}

// outranks reports whether what a says stands against what b says.
func outranks(a, b Source) bool {
	at, ap := rank(a)
	bt, bp := rank(b)
	if c := cmp.Or(cmp.Compare(at, bt), cmp.Compare(a.Date, b.Date), cmp.Compare(ap, bp), cmp.Compare(b.Name, a.Name)); c != 0 {
		return c > 0
	}
	return a.Deleted && !b.Deleted
}

// A field is one piece of a Paper that a source supplies as a whole.
type field struct {
	name string
	has  func(*Paper) bool
	copy func(dst, src *Paper)
}

// lasting fields are facts of a paper's past. A later record of a source that
// does not repeat them (a feed's cross-list, a revision) does not undo them.
var lasting = map[string]bool{"published": true, "announced": true, "versions": true}

var fields = []field{
	{"title", func(p *Paper) bool { return p.Title != "" }, func(d, s *Paper) { d.Title = s.Title }},
	{"abstract", func(p *Paper) bool { return p.Abstract != "" }, func(d, s *Paper) { d.Abstract = s.Abstract }},
	{"authors", func(p *Paper) bool { return len(p.Authors) > 0 }, func(d, s *Paper) { d.Authors = s.Authors }},
	{"categories", func(p *Paper) bool { return len(p.Categories) > 0 }, func(d, s *Paper) { d.Categories = s.Categories }},
	{"published", func(p *Paper) bool { return p.Published != "" }, func(d, s *Paper) { d.Published = s.Published }},
	{"updated", func(p *Paper) bool { return p.Updated != "" }, func(d, s *Paper) { d.Updated = s.Updated }},
	{"announced", func(p *Paper) bool { return p.Announced != "" }, func(d, s *Paper) { d.Announced, d.Inferred = s.Announced, s.Inferred }},
	{"versions", func(p *Paper) bool { return len(p.Versions) > 0 }, func(d, s *Paper) { d.Versions = s.Versions }},
	{"doi", func(p *Paper) bool { return p.DOI != "" }, func(d, s *Paper) { d.DOI = s.DOI }},
	{"comments", func(p *Paper) bool { return p.Comments != "" }, func(d, s *Paper) { d.Comments = s.Comments }},
	{"journal_ref", func(p *Paper) bool { return p.JournalRef != "" }, func(d, s *Paper) { d.JournalRef = s.JournalRef }},
	{"venue", func(p *Paper) bool { return p.Venue != "" }, func(d, s *Paper) { d.Venue = s.Venue }},
	{"license", func(p *Paper) bool { return p.License != "" }, func(d, s *Paper) { d.License = s.License }},
	{"keywords", func(p *Paper) bool { return len(p.Keywords) > 0 }, func(d, s *Paper) { d.Keywords = s.Keywords }},
	{"tldr", func(p *Paper) bool { return p.TLDR != "" }, func(d, s *Paper) { d.TLDR = s.TLDR }},
}

// Merge returns what holds when both records are believed. A source's latest
// record replaces what that source said before; between sources each field goes
// to the one that outranks the other. Merging the same record again changes
// nothing, so an import can be repeated and interrupted at will; records of
// different sources may come in any order. The ID is known's, unless known is
// empty. Links that the paper's own text has are found anew.
//
// A record that says only that its source deleted the paper (Status, no title)
// marks the paper and keeps the rest, until a source of that tier has something
// newer to say of it.
func Merge(known, in Record) Record {
	out := Record{
		Paper:   mergePapers(&known.Paper, &in.Paper),
		Entries: mergeBy(known.Entries, in.Entries, func(e Entry) string { return string(e.Date) }, mergeEntries),
		Tallies: mergeBy(known.Tallies, in.Tallies, func(t Tally) string { return t.Source }, mergeTallies),
	}
	return out
}

// mergeEntries merges two entries of one day: who knows the submitter knows the
// place, and nobody takes away what he does not know himself.
func mergeEntries(known, in Entry) Entry {
	if in.SubmittedBy == nil && known.SubmittedBy != nil {
		known, in = in, known
	}
	in.Place = cmp.Or(in.Place, known.Place)
	if in.SubmittedAt.IsZero() {
		in.SubmittedAt = known.SubmittedAt
	}
	return in
}

// mergeTallies keeps the highest count seen: answers carry no time, an older one
// may come later, and a count that is missing reads as 0.
func mergeTallies(known, in Tally) Tally {
	in.Upvotes, in.Comments = max(in.Upvotes, known.Upvotes), max(in.Comments, known.Comments)
	return in
}

// mergeBy merges the elements of known and in that have the same key, and
// returns all of them ordered by key, each once.
func mergeBy[T any](known, in []T, key func(T) string, merge func(known, in T) T) []T {
	if len(in) == 0 {
		return known
	}
	out := slices.Clone(known)
	for _, t := range in {
		if i := slices.IndexFunc(out, func(k T) bool { return key(k) == key(t) }); i >= 0 {
			out[i] = merge(out[i], t)
		} else {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b T) int { return strings.Compare(key(a), key(b)) })
	return out
}

func mergePapers(known, in *Paper) Paper {
	out := Paper{ID: cmp.Or(known.ID, in.ID)}
	out.Aliases = mergeAliases(out.ID, known, in)

	// Of two records of one source the later stands, and the given one if their
	// dates are equal.
	ks, is := slices.Clone(known.Sources), deletions(in)
	is = slices.DeleteFunc(is, func(s Source) bool {
		k := find(ks, s.Name, s.Deleted)
		return k != nil && k.Date > s.Date
	})
	ks = slices.DeleteFunc(ks, func(s Source) bool { return find(is, s.Name, s.Deleted) != nil })

	owned := map[string][]string{} // source name -> fields
	for _, f := range fields {
		k, i := owner(ks, known, f), owner(is, in, f)
		if f.name == "announced" { // a source that announces a paper again was right the first time
			k, i = owner(known.Sources, known, f), owner(in.Sources, in, f)
		}
		from, src := k, known
		if k == nil || i != nil && wins(f, *i, *k, in, known) {
			from, src = i, in
		}
		if from == nil && lasting[f.name] {
			if from, src = owner(known.Sources, known, f), known; from == nil {
				from, src = owner(in.Sources, in, f), in
			}
		}
		if from == nil {
			continue
		}
		f.copy(&out, src)
		if f.name == "versions" {
			out.Versions = allVersions(from.Name, f, known, in, src)
		}
		owned[from.Name] = append(owned[from.Name], f.name)
	}
	out.Sources = slices.Concat(ks, is)
	slices.SortFunc(out.Sources, func(a, b Source) int {
		if outranks(a, b) {
			return -1
		}
		return 1
	})
	all := slices.Clone(out.Sources) // DeleteFunc moves what it still reads
	out.Sources = slices.DeleteFunc(out.Sources, func(s Source) bool { return s.Deleted && revived(s, all) })
	var links []Link
	contents := 0
	for i := range out.Sources {
		s := &out.Sources[i]
		if s.Deleted {
			out.Status, s.Fields = StatusDeleted, nil
			continue
		}
		contents++
		if s.Fields = owned[s.Name]; s.Fields == nil {
			s.Fields = []string{} // none, which is not the same as all
		}
		links = append(links, givenLinks(s.Name, known, in, find(is, s.Name, false) != nil)...)
	}
	if contents == 1 {
		for i := range out.Sources {
			out.Sources[i].Fields = nil
		}
	}
	out.Links = mergeLinks(&out, links)
	out.SetStatus()
	return out
}

// givenLinks returns the links that a source names, those of in if its record is
// the one that stands. A source that names none does not take back those it named
// before.
func givenLinks(source string, known, in *Paper, inStands bool) []Link {
	older, newer := linksOf(source, known), linksOf(source, in)
	if !inStands {
		older, newer = newer, older
	}
	if len(newer) == 0 {
		return older
	}
	return newer
}

// wins reports whether a's value of a field in p stands against b's in q. A first
// version is the earliest that sources of one tier know of: arXiv's OAI service
// calls the date of the latest version "created" since March 2025. So is the first
// announcement, of those that are as well known: a day that a source states stands
// against one that was computed, whoever says so.
func wins(f field, a, b Source, p, q *Paper) bool {
	at, _ := rank(a)
	bt, _ := rank(b)
	if f.name == "announced" && (p.Announced != q.Announced || p.Inferred != q.Inferred) {
		if pc, qc := certainty(p), certainty(q); pc != qc {
			return pc > qc
		}
		if at == bt {
			return p.Announced < q.Announced
		}
	}
	if f.name == "published" && at == bt && p.Published != q.Published && p.Published.IsDay() && q.Published.IsDay() {
		return p.Published < q.Published
	}
	return outranks(a, b)
}

// certainty ranks how well the day of a paper's announcement is known.
func certainty(p *Paper) int {
	switch {
	case p.Announced != "" && !p.Announced.IsDay():
		return 0
	case p.Inferred == InferredFromDay:
		return 1
	case p.Inferred == InferredFromTime:
		return 2
	}
	return 3
}

// deletions returns the sources of a given record, with a deletion among them if
// the record says only by its status that it is one.
func deletions(in *Paper) []Source {
	sources := slices.Clone(in.Sources)
	if in.Status != StatusDeleted || slices.ContainsFunc(sources, func(s Source) bool { return s.Deleted }) {
		return sources
	}
	for i, s := range in.Sources {
		s.Deleted, s.Fields = true, nil
		if in.Title == "" {
			sources[i] = s // it says nothing else
		} else {
			sources = append(sources, s)
		}
	}
	return sources
}

// revived reports whether a source as good as the one that deleted the paper has
// spoken of it since.
func revived(deleted Source, sources []Source) bool {
	tier, _ := rank(deleted)
	return slices.ContainsFunc(sources, func(s Source) bool {
		t, _ := rank(s)
		return !s.Deleted && t == tier && s.Date > deleted.Date
	})
}

func find(sources []Source, name string, deleted bool) *Source {
	if i := slices.IndexFunc(sources, func(s Source) bool { return s.Name == name && s.Deleted == deleted }); i >= 0 {
		return &sources[i]
	}
	return nil
}

// owner returns the source that supplies a field of p, or nil. What no source
// claims is of the first one without a list of fields, else of the first.
func owner(sources []Source, p *Paper, f field) *Source {
	if !f.has(p) {
		return nil
	}
	var rest *Source
	for i := range sources {
		s := &sources[i]
		if s.Deleted {
			continue
		}
		if slices.Contains(s.Fields, f.name) {
			return s
		}
		if !claimed(p.Sources, f.name) && (rest == nil || rest.Fields != nil && s.Fields == nil) {
			rest = s
		}
	}
	return rest
}

func claimed(sources []Source, name string) bool {
	return slices.ContainsFunc(sources, func(s Source) bool { return slices.Contains(s.Fields, name) })
}

// mergeAliases returns the IDs under which either paper is known, other than id.
func mergeAliases(id ID, known, in *Paper) []ID {
	if len(known.Aliases) == 0 && len(in.Aliases) == 0 && (in.ID == id || in.ID == "") {
		return nil
	}
	all := append(slices.Concat(known.Aliases, in.Aliases), in.ID)
	slices.Sort(all)
	all = slices.DeleteFunc(slices.Compact(all), func(a ID) bool { return a == id || a == "" })
	if len(all) == 0 {
		return nil
	}
	return all
}

// linksOf returns the links of p that a source supplies. One that names no
// source of p is of p's first.
func linksOf(source string, p *Paper) []Link {
	var links []Link
	for _, l := range p.Links {
		if l.Source == SourceText || len(p.Sources) == 0 {
			continue
		}
		if find(p.Sources, l.Source, false) == nil {
			l.Source = p.Sources[0].Name
		}
		if l.Source == source {
			links = append(links, l)
		}
	}
	return links
}

// mergeLinks orders the links of all sources by kind and then by source, each
// address once, followed by those in the text.
func mergeLinks(p *Paper, given []Link) []Link {
	links := append(given, FindLinks(p.Abstract, p.Comments)...)
	if len(links) < 2 {
		return links
	}
	place := func(name string) int {
		if i := slices.IndexFunc(p.Sources, func(s Source) bool { return s.Name == name }); i >= 0 {
			return i
		}
		return len(p.Sources)
	}
	slices.SortStableFunc(links, func(a, b Link) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), cmp.Compare(place(a.Source), place(b.Source)))
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(links, func(l Link) bool {
		key := strings.TrimSuffix(strings.ToLower(l.URL), "/")
		was := seen[key]
		seen[key] = true
		return was
	})
}
