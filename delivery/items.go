package delivery

import (
	"context"
	"sync"
	"time"

	"broadsheet"
	"broadsheet/mail"
)

// items remembers for a moment how papers look in messages: ten thousand readers of a
// day choose among the same few hundred. A paper that was not there is nil.
type items struct {
	mu   sync.Mutex
	at   time.Time
	list map[broadsheet.ID]*mail.Item
}

const (
	// itemsFor is how long a paper may look as it did: what is withdrawn or mended
	// meanwhile was in the mails of a minute ago, too.
	itemsFor = time.Minute

	maxItems = 3000 // some 3 kB each
)

// of returns papers as they look in a message, in the order of ids, each once. Those
// that are gone are left out.
func (c *items) of(ctx context.Context, store broadsheet.PaperStore, picks []broadsheet.Pick, baseURL string, now time.Time) ([]mail.Item, error) {
	known, err := c.known(ctx, store, picks, baseURL, now)
	if err != nil {
		return nil, err
	}
	list, has := make([]mail.Item, 0, len(picks)), make(map[string]bool, len(picks))
	for i, it := range known {
		if it != nil && !has[it.ID] { // two that were picked may be one by now
			has[it.ID] = true
			list = append(list, *it)
			list[len(list)-1].Reason = picks[i].Reason
		}
	}
	return list, nil
}

// known returns the papers of picks, and asks the store for those that are not
// remembered.
func (c *items) known(ctx context.Context, store broadsheet.PaperStore, picks []broadsheet.Pick, baseURL string, now time.Time) ([]*mail.Item, error) {
	list := make([]*mail.Item, len(picks))
	var missing []broadsheet.ID
	c.mu.Lock()
	if c.list == nil || now.Sub(c.at) > itemsFor || len(c.list) > maxItems {
		c.at, c.list = now, map[broadsheet.ID]*mail.Item{}
	}
	for i, p := range picks {
		it, ok := c.list[p.Paper]
		if list[i] = it; !ok {
			missing = append(missing, p.Paper)
		}
	}
	c.mu.Unlock()
	if len(missing) == 0 {
		return list, nil
	}
	papers, err := store.Papers(ctx, missing)
	if err != nil {
		return nil, err
	}
	found := make(map[broadsheet.ID]*mail.Item, len(missing))
	for _, id := range missing {
		found[id] = nil
	}
	for i := range papers {
		it := item(&papers[i], baseURL)
		found[papers[i].ID] = &it
		for _, a := range papers[i].Aliases { // it was picked under another id
			found[a] = &it
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, p := range picks {
		if it, ok := found[p.Paper]; ok {
			list[i], c.list[p.Paper] = it, it
		}
	}
	return list, nil
}
