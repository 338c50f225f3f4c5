package likeness

import (
	"strings"

	"broadsheet/search/analysis"
)

// plain are terms that do not say what a text is about, however rare they are: how rare a
// word is says little of it where there are few papers. Words that telling phrases have,
// as "long" in "long context", are not among them.
var plain = terms(aboutPapers + " " + everyday)

func terms(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[analysis.Stem(w)] = true
	}
	return set
}

// aboutPapers are words by which papers speak of themselves.
const aboutPapers = `abstract accept achieve address advance aim analysis analyze approach art available average bad benefit best
	better broad capture challenge chapter code combine compare comparison competitive comprehensive conduct
	consist consistently contribute contribution crucial current dataset date demonstrate describe diverse
	effective efficiency efficiently empirical empirically enable encourage evaluate evidence examine experiment
	experimental explore extend extensive extensively findings focus furthermore future gap github goal good
	highlight however illustrate implement implementation improve improvement including introduce investigate issue
	key large leverage limitation limited literature main moreover namely notably novel novelty numerous obtain
	open outperform overall paper particularly performance potential present previous prior project promising
	propose proposed prove provide public publicly real recent recently release remarkable report repository
	require research respectively result robust science significant significantly simple simply specifically state
	strong study suggest superior survey systematic systematically task technique therefore thorough thoroughly
	thus tool top traditional typical typically unlike url validate various widely work world yield`

// everyday are words of any text.
const everyday = `able about above across actually additional alike almost alone along already also always among another anything
	apart around ask away badly become before behind believe below beside beyond both bring call came careful
	carefully certain come decide done each either else enough even ever every everything far find found get give
	go going got happen hardly higher hope itself just keep know later least leave less let lets like little look
	lose lost lower made make many matter mere might more most mostly much must near nearly never next no not nothing now
	off often once own per perhaps possible put quick quickly quite rather ready right same say see seem seen
	several shall show since some something sometimes soon stay still such take tell then there thing think those
	though together told too took toward towards try turn under until up upon use usual very via want way well went
	whether while why within without would yes yet you`
