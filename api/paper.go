package api

import (
	"net/http"

	"broadsheet"
)

// A flat paper is told of alone: without a list around it, and with the models,
// data sets and demonstrations that Hugging Face links, of which there are none
// here.
type flat struct {
	paper
	LinkedModels     []linked `json:"linkedModels"`
	LinkedDatasets   []linked `json:"linkedDatasets"`
	LinkedSpaces     []linked `json:"linkedSpaces"`
	NumTotalModels   int      `json:"numTotalModels"`
	NumTotalDatasets int      `json:"numTotalDatasets"`
	NumTotalSpaces   int      `json:"numTotalSpaces"`
}

type linked struct {
	ID string `json:"id"`
}

// showPaper serves GET /api/papers/{id}. A paper is found under its other ids and
// with a version, too; what is no id is of no paper.
func (s *site) showPaper(r *http.Request) (reply, error) {
	id, err := broadsheet.ParseID(r.PathValue("id"))
	if err != nil {
		return reply{}, broadsheet.Errorf(broadsheet.NotFound, "Paper not found")
	}
	rec, err := s.Papers.Paper(r.Context(), id)
	if err != nil {
		return reply{}, err
	}
	return reply{body: flat{paper: newPaper(&rec, s.base(r)),
		LinkedModels: []linked{}, LinkedDatasets: []linked{}, LinkedSpaces: []linked{}}}, nil
}
