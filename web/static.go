package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"

	"broadsheet"
	"broadsheet/internal/answer"
)

//go:embed static
var staticFiles embed.FS

// kinds are the media types of our own files; the system's table may lack them.
var kinds = map[string]string{".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}

// assets are the files of static/, served under the hash of all of them: a
// browser keeps them forever, and a new release has new addresses.
type assets struct {
	hash  string
	files map[string]*answer.Answer
}

func loadAssets() assets {
	a := assets{files: map[string]*answer.Answer{}}
	hash := sha256.New()
	entries, err := fs.ReadDir(staticFiles, "static")
	if err != nil {
		panic(err) // embedded: it cannot be missing at run time
	}
	for _, e := range entries {
		body, err := staticFiles.ReadFile("static/" + e.Name())
		if err != nil {
			panic(err)
		}
		hash.Write(body)
		a.files[e.Name()] = answer.New(http.StatusOK, kinds[path.Ext(e.Name())], body)
		a.files[e.Name()].Forever = true
	}
	a.hash = hex.EncodeToString(hash.Sum(nil)[:6])
	return a
}

func (a assets) url(name string) string { return "/static/" + a.hash + "/" + name }

// showAsset serves GET /static/{hash}/{name}. Another hash is another release's:
// answering it would put wrong bytes into caches for a year.
func (s *site) showAsset(w http.ResponseWriter, r *http.Request) error {
	a := s.assets.files[r.PathValue("name")]
	if a == nil || r.PathValue("hash") != s.assets.hash {
		return broadsheet.Errorf(broadsheet.NotFound, "There is no such file here.")
	}
	return a.Send(w, r)
}

// showRobots serves GET /robots.txt: papers and editions may be indexed, answers
// to questions are without number and may not.
func (s *site) showRobots(w http.ResponseWriter, r *http.Request) error {
	const text = "User-agent: *\nDisallow: /papers?\nAllow: /\n"
	return answer.New(http.StatusOK, "text/plain; charset=utf-8", []byte(text)).Send(w, r)
}
