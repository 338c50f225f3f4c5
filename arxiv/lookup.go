package arxiv

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"broadsheet"
	"broadsheet/internal/fetch"
)

// maxLookup is how many papers are asked for at once: as many as an address has
// room for.
const maxLookup = 100

// Lookup asks arXiv's query API for single papers and returns those that it knows,
// in the order of ids. It is for a few papers that nothing else has brought. What
// arXiv answers holds for the day (https://info.arxiv.org/help/api/user-manual.html,
// 3.1.1.2.1): whoever asks keeps it.
func (s *Service) Lookup(ctx context.Context, ids []broadsheet.ID) ([]broadsheet.Record, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id broadsheet.ID) bool { return id.Scheme() != "arxiv" })
	var found []broadsheet.Record
	for some := range slices.Chunk(ids, maxLookup) {
		records, err := s.lookup(ctx, some)
		if err != nil {
			return found, err
		}
		found = append(found, records...)
	}
	return found, nil
}

// lookup asks for papers at once. If arXiv does not like one of the ids it answers
// nothing but that, and the halves are asked for.
func (s *Service) lookup(ctx context.Context, ids []broadsheet.ID) ([]broadsheet.Record, error) {
	var page broadsheet.Page
	err := s.ask(ctx, fetch.Request{URL: s.o.API + "?" + lookupQuery(ids)}, func(a *fetch.Answer) error {
		return gather(&page, ReadAtom(a.Body))
	})
	if no, ok := errors.AsType[*Refusal](err); ok {
		if !strings.Contains(no.Text, "id format") {
			return nil, err // not about one of them
		}
		return s.lookupHalves(ctx, ids)
	}
	if err != nil {
		return nil, err
	}
	byID := map[broadsheet.ID]broadsheet.Record{}
	for _, rec := range page.Records {
		byID[rec.ID] = rec
	}
	var found []broadsheet.Record
	for _, id := range ids {
		if rec, ok := byID[id]; ok {
			found = append(found, rec)
			delete(byID, id)
		}
	}
	return found, nil
}

func (s *Service) lookupHalves(ctx context.Context, ids []broadsheet.ID) ([]broadsheet.Record, error) {
	if len(ids) == 1 {
		return nil, nil // there is no such paper
	}
	a, err := s.lookup(ctx, ids[:len(ids)/2])
	if err != nil {
		return nil, err
	}
	b, err := s.lookup(ctx, ids[len(ids)/2:])
	return append(a, b...), err
}

func lookupQuery(ids []broadsheet.ID) string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	return url.Values{"id_list": {strings.Join(list, ",")}, "max_results": {strconv.Itoa(len(ids))}}.Encode()
}
