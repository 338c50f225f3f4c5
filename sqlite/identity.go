package sqlite

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strings"

	"broadsheet"
)

// load reads what is known of the papers that the records may mean: by ID and
// alias, by title, and by DOI.
func (b *batch) load(records []broadsheet.Record, titles []title) error {
	var ids []broadsheet.ID
	var keys []int64
	var dois []string
	for i := range records {
		r := &records[i]
		ids = append(ids, r.ID)
		ids = append(ids, r.Aliases...)
		if titles[i].telling {
			keys = append(keys, titles[i].key)
			if r.ID.Scheme() != "local" {
				ids = append(ids, titles[i].local)
			}
		}
		dois = append(dois, r.DOIs()...)
	}
	err := b.query(`SELECT p.id, `+columns+` FROM json_each(?) j JOIN papers p ON p.id = j.value`, ids)
	if err == nil {
		err = b.query(`SELECT a.id, `+columns+` FROM json_each(?) j JOIN aliases a ON a.id = j.value JOIN papers p ON p.n = a.paper`, ids)
	}
	if err == nil {
		err = b.loadTwins(keys, dois)
	}
	return err
}

const columns = "p.n, p.id, p.title_key, coalesce(p.doi, ''), p.doc"

// loadTwins reads the papers of some titles and DOIs, but not again the documents of
// those that were found by their ID: of most records that is the one paper they mean.
func (b *batch) loadTwins(keys []int64, dois []string) error {
	have := []int64{} // not null, which NOT IN takes for unknown
	for _, r := range b.byID {
		have = append(have, r.n)
	}
	slices.Sort(have)
	known, err := json.Marshal(slices.Compact(have))
	if err != nil {
		return err
	}
	const others = ` WHERE p.n NOT IN (SELECT value FROM json_each(?))`
	if len(keys) > 0 {
		err = b.query(`SELECT p.id, `+columns+` FROM json_each(?) j JOIN papers p ON p.title_key = j.value`+others, keys, string(known))
	}
	if err == nil && len(dois) > 0 {
		err = b.query(`SELECT p.id, `+columns+` FROM json_each(?) j JOIN papers p ON p.doi = j.value`+others, dois, string(known))
	}
	return err
}

// query reads papers, with the ID under which each was found; its first parameter is
// a list.
func (b *batch) query(query string, list any, more ...any) error {
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	rows, err := b.tx.QueryContext(b.ctx, query, append([]any{string(text)}, more...)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var found broadsheet.ID
		r := new(row)
		if err := rows.Scan(&found, &r.n, &r.id, &r.key, &r.doi, &r.doc); err != nil {
			return err
		}
		if known := b.byID[r.id]; known != nil {
			r = known
		} else {
			b.file(r)
		}
		b.byID[found], b.byID[r.id] = r, r
	}
	return rows.Err()
}

// resolve finds the paper that a record means, and further ones that the record
// shows to be the same.
func (b *batch) resolve(in *broadsheet.Record, t title) (known *row, others []*row, err error) {
	known = b.byID[in.ID]
	see := func(r *row) {
		switch {
		case r == nil || r == known || slices.Contains(others, r):
		case known == nil:
			known = r
		default:
			others = append(others, r)
		}
	}
	if t.telling {
		if in.ID.Scheme() != "local" {
			// A local ID that is by now an alias has found its paper; another one of
			// the same title is another paper.
			if r := b.byID[t.local]; r != nil && r.id == t.local {
				see(r)
			}
		} else if known == nil && in.ID == t.local {
			// Titles are not unique: only one paper of that title is surely meant.
			if same := b.byTitle[t.key]; len(same) == 1 {
				see(same[0])
			}
		}
	}
	for _, a := range in.Aliases {
		see(b.byID[a])
	}
	twins, err := b.twins(in, t)
	if err != nil {
		return nil, nil, err
	}
	if len(twins) == 0 {
		return known, others, nil
	}
	if ok, err := mayJoin(known, others, twins); !ok || err != nil {
		return known, others, err
	}
	for _, r := range twins {
		see(r)
	}
	return known, others, nil
}

// twins returns the papers of other sources that are surely the same work as a
// record, in the order of their arrival.
func (b *batch) twins(in *broadsheet.Record, t title) (found []*row, err error) {
	if in.ID.Scheme() == "local" || in.Title == "" {
		return nil, nil
	}
	candidates := b.byTitle[t.key]
	for _, doi := range in.DOIs() {
		candidates = slices.Concat(candidates, b.byDOI[doi])
	}
	for _, r := range candidates {
		if r.id.Scheme() == "local" || slices.Contains(found, r) {
			continue
		}
		rec, err := r.record()
		if err != nil {
			return nil, err
		}
		if broadsheet.SameWork(&rec.Paper, &in.Paper) {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b *row) int { return cmp.Compare(a.n, b.n) })
	return found, nil
}

// mayJoin reports whether nothing speaks against all of some papers being one. Where
// a record may be either of two, it is neither.
func mayJoin(known *row, others, twins []*row) (bool, error) {
	all := slices.Concat([]*row{known}, others, twins)
	if known == nil {
		all = all[1:]
	}
	for i, r := range all {
		one, err := r.record()
		if err != nil {
			return false, err
		}
		for _, o := range all[:i] {
			other, err := o.record()
			if err != nil {
				return false, err
			}
			if o != r && slices.Contains(twins, r) && !broadsheet.MayBeOne(&one.Paper, &other.Paper) {
				return false, nil
			}
		}
	}
	return true, nil
}

// A title is what papers are compared by when one of them has only a local ID.
type title struct {
	key     int64         // hash of broadsheet.TitleKey
	local   broadsheet.ID // the ID of a paper of which only the title is known
	telling bool          // more than one word; "Preface" tells no paper from another
}

func titleOf(s string) title {
	key := broadsheet.TitleKey(s)
	sum := sha256.Sum256([]byte(key))
	return title{int64(binary.BigEndian.Uint64(sum[:])), broadsheet.LocalID(key), strings.Contains(key, " ")}
}

// bestID returns the ID that a paper is known by when it has several: arXiv's,
// else another one's, else a local one; of those that are as good the first in the
// alphabet, so that the order of sources does not matter.
func bestID(known, in broadsheet.ID, others []*row) broadsheet.ID {
	rank := func(id broadsheet.ID) int {
		switch id.Scheme() {
		case "arxiv":
			return 2
		case "local":
			return 0
		}
		return 1
	}
	best := known
	ids := []broadsheet.ID{in}
	for _, o := range others {
		ids = append(ids, o.id)
	}
	for _, id := range ids {
		if rank(id) > rank(best) || rank(id) == rank(best) && id < best {
			best = id
		}
	}
	return best
}

// file makes a row findable by its title and its DOI.
func (b *batch) file(r *row) {
	b.byTitle[r.key] = append(b.byTitle[r.key], r)
	if r.doi != "" {
		b.byDOI[r.doi] = append(b.byDOI[r.doi], r)
	}
}

func (b *batch) unfile(r *row) {
	is := func(o *row) bool { return o == r }
	b.byTitle[r.key] = slices.DeleteFunc(b.byTitle[r.key], is)
	if r.doi != "" {
		b.byDOI[r.doi] = slices.DeleteFunc(b.byDOI[r.doi], is)
	}
}

// doiOf returns the DOI under which a paper is found: the first that a source gives,
// else that of its ID.
func doiOf(r *broadsheet.Record) string {
	if f := strings.Fields(r.DOI); len(f) > 0 {
		return strings.ToLower(f[0])
	}
	if r.ID.Scheme() == "doi" {
		return r.ID.Local()
	}
	return ""
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
