package web

import (
	"net/http"

	"broadsheet"
)

// routes lists every address. Nothing is changed by a GET.
func (s *site) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", s.page(s.showToday))
	mux.Handle("GET /papers", s.page(s.showPapers)) // with a question a search, else as "/"
	mux.Handle("GET /papers/{$}", http.RedirectHandler("/papers", http.StatusMovedPermanently))
	mux.Handle("GET /papers/date/{period}", s.page(s.showPeriod(broadsheet.Day)))
	mux.Handle("GET /papers/week/{period}", s.page(s.showPeriod(broadsheet.Week)))
	mux.Handle("GET /papers/month/{period}", s.page(s.showPeriod(broadsheet.Month)))
	mux.Handle("GET /papers/trending", s.page(s.showTrending))
	mux.Handle("GET /papers/{id...}", s.page(s.showPaper))
	mux.Handle("GET /topics", s.page(s.showTopics))
	mux.Handle("GET /topics/{$}", http.RedirectHandler("/topics", http.StatusMovedPermanently))
	mux.Handle("GET /topics/{slug}", s.page(s.showTopic))

	mux.Handle("GET /subscribe", s.page(s.showSubscribe))
	mux.Handle("POST /subscribe", s.page(s.subscribe))
	mux.Handle("GET /subscribe/{token}", s.private(s.showConfirm))
	mux.Handle("POST /subscribe/{token}", s.private(s.confirm))
	mux.Handle("GET /unsubscribe/{token}", s.private(s.showUnsubscribe))
	mux.Handle("POST /unsubscribe/{token}", s.private(s.unsubscribe))
	mux.Handle("GET /subscriptions/{token}", s.private(s.showSubscriptions))
	mux.Handle("POST /subscriptions/{token}", s.private(s.changeSubscription))

	mux.Handle("POST /mail/report", s.page(s.takeReport))

	mux.Handle("GET /admin", s.operator(s.showAdmin))
	mux.Handle("POST /admin/jobs/{name}", s.operator(s.runJob))
	mux.Handle("POST /admin/outbox/{id}", s.operator(s.sendAgain))

	mux.Handle("GET /static/{hash}/{name}", s.page(s.showAsset))
	mux.Handle("GET /favicon.ico", http.RedirectHandler(s.assets.url("favicon.svg"), http.StatusFound))
	mux.Handle("GET /robots.txt", s.page(s.showRobots))
	mux.Handle("GET /", s.page(s.showNothing))
	return mux
}
