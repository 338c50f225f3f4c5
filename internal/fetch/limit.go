package fetch

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A service that counts requests says with each answer how many are left, and
// for how many seconds these have to do (draft-ietf-httpapi-ratelimit-headers, as
// Hugging Face sends it):
//
//	RateLimit: "api";r=489;t=120
//	RateLimit-Policy: "fixed window";"api";q=500;w=300
var (
	limitForm = regexp.MustCompile(`"(\w+)"\s*;\s*r=(\d{1,9})\s*;\s*t=(\d{1,9})`)
	quotaForm = regexp.MustCompile(`;\s*q=(\d{1,9})`)
)

const (
	// Below this share of what a window allows, requests are spread over what is
	// left of it. Others at the operator's address live on the same count.
	reserve = 5 // a fifth
	// plenty is what counts as more than a fifth where the quota is not told.
	plenty = 20
	// maxWindow bounds the window: those in use have five minutes, and a slip
	// should not silence a source for a year.
	maxWindow = time.Hour
)

// spread returns how long the next request should wait so that what a service
// still allows lasts until it counts anew; 0 while there is plenty.
func spread(h http.Header) time.Duration {
	enough := plenty
	if m := quotaForm.FindStringSubmatch(strings.Join(h.Values("RateLimit-Policy"), ",")); m != nil {
		enough = number(m[1]) / reserve
	}
	var wait time.Duration
	for _, m := range limitForm.FindAllStringSubmatch(strings.Join(h.Values("RateLimit"), ","), -1) {
		left, window := number(m[2]), min(time.Duration(number(m[3]))*time.Second, maxWindow)
		if left <= enough {
			wait = max(wait, window/time.Duration(max(left, 1)))
		}
	}
	return wait
}

// number reads what a form above has matched.
func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
