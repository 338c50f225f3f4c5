package edition

import "strings"

// fields groups categories into what readers would call a field. An archive of
// arXiv is one, but for computer science, where most of the votes are: its large
// categories are fields of their own, and its small ones stand with their
// neighbours. Finer groups would have so few votes that their share of anything is
// chance, and coarser ones would let the largest category speak for all.
var fields = map[string]string{
	"cs.CL": "language",
	"cs.CV": "vision", "eess.IV": "vision",
	"cs.LG": "learning", "stat.ML": "learning", "cs.NE": "learning",
	"cs.AI": "agents", "cs.MA": "agents",
	"cs.RO": "robots", "cs.SY": "robots", "eess.SY": "robots",
	"cs.SD": "sound", "eess.AS": "sound", "eess.SP": "sound",
	"cs.GR": "graphics", "cs.MM": "graphics",
	"cs.IR": "people", "cs.HC": "people", "cs.CY": "people", "cs.SI": "people", "cs.DL": "people",
	"cs.CR": "systems", "cs.SE": "systems", "cs.PL": "systems", "cs.DC": "systems", "cs.AR": "systems",
	"cs.DB": "systems", "cs.OS": "systems", "cs.NI": "systems", "cs.PF": "systems", "cs.ET": "systems",
	"cs": "theory", // what is left of computer science

	"math": "mathematics", "stat": "mathematics", "math-ph": "mathematics",
	"eess": "sound", "q-bio": "life", "biorxiv": "life", "medrxiv": "life",
	"econ": "markets", "q-fin": "markets",
	"astro-ph": "physics", "cond-mat": "physics", "gr-qc": "physics", "hep-ex": "physics", "hep-lat": "physics",
	"hep-ph": "physics", "hep-th": "physics", "nlin": "physics", "nucl-ex": "physics", "nucl-th": "physics",
	"physics": "physics", "quant-ph": "physics",
}

// FieldOf returns the field of a category, or "" where the category is not known.
func FieldOf(category string) string {
	if f := fields[category]; f != "" {
		return f
	}
	archive, _, _ := strings.Cut(category, ".")
	return fields[archive]
}
