package analysis

import (
	"unicode"
	"unicode/utf8"
)

// accents has, for each combining mark, letters with what they become under it:
// the canonical decompositions of the Unicode Character Database for lower-case
// Latin, Greek, Cyrillic and Arabic letters.
var accents = []struct {
	mark  rune
	pairs string
}{
	{'\u0300', `aàeèiìoòuùüǜnǹеѐиѝēḕōṑwẁâầăằêềôồơờưừyỳἀἂἁἃἐἒἑἓἠἢἡἣἰἲἱἳὀὂὁὃὐὒὑὓὠὢὡὣαὰεὲηὴ` + // grave accent
		`ιὶοὸυὺωὼϊῒϋῢ`},
	{'\u0301', `aáeéiíoóuúyýcćlĺnńrŕsśzźüǘgǵåǻæǽøǿϊΐαάεέηήιίϋΰοόυύωώгѓкќçḉēḗïḯkḱmḿõṍōṓ` + // acute accent
		`pṕũṹwẃâấăắêếôốơớưứἀἄἁἅἐἔἑἕἠἤἡἥἰἴἱἵὀὄὁὅὐὔὑὕὠὤὡὥ`},
	{'\u0302', `aâeêiîoôuûcĉgĝhĥjĵsŝwŵyŷzẑạậẹệọộ`},                       // circumflex accent
	{'\u0303', `aãnñoõiĩuũvṽâẫăẵeẽêễôỗơỡưữyỹ`},                           // tilde
	{'\u0304', `aāeēiīoōuūüǖäǟȧǡæǣǫǭöȫõȭȯȱyȳиӣуӯgḡḷḹṛṝαᾱιῑυῡ`},           // macron
	{'\u0306', `aăeĕgğiĭoŏuŭийуўжӂаӑеӗȩḝạặαᾰιῐυῠ`},                       // breve
	{'\u0307', `cċeėgġzżaȧoȯbḃdḋfḟhḣmṁnṅpṗrṙsṡśṥšṧṣṩtṫwẇxẋyẏſẛ`},         // dot above
	{'\u0308', `aäeëiïoöuüyÿιϊυϋеёіїаӓәӛжӝзӟиӥоӧөӫэӭуӱчӵыӹhḧõṏūṻwẅxẍtẗ`}, // diaeresis
	{'\u0309', `aảâẩăẳeẻêểiỉoỏôổơởuủưửyỷ`},                               // hook above
	{'\u030a', `aåuůwẘyẙ`}, // ring above
	{'\u030b', `oőuűуӳ`},   // double acute accent
	{'\u030c', `cčdďeělľnňrřsštťzžaǎiǐoǒuǔüǚgǧkǩʒǯjǰhȟ`},     // caron
	{'\u030f', `aȁeȅiȉoȍrȑuȕѵѷ`},                             // double grave accent
	{'\u0311', `aȃeȇiȋoȏrȓuȗ`},                               // inverted breve
	{'\u0313', `αἀεἐηἠιἰοὀυὐωὠρῤ`},                           // comma above
	{'\u0314', `αἁεἑηἡιἱοὁυὑωὡρῥ`},                           // reversed comma above
	{'\u031b', `oơuư`},                                       // horn
	{'\u0323', `bḅdḍhḥkḳlḷmṃnṇrṛsṣtṭvṿwẉzẓaạeẹiịoọơợuụưựyỵ`}, // dot below
	{'\u0324', `uṳ`},   // diaeresis below
	{'\u0325', `aḁ`},   // ring below
	{'\u0326', `sștț`}, // comma below
	{'\u0327', `cçgģkķlļnņrŗsştţeȩdḑhḩ`}, // cedilla
	{'\u0328', `aąeęiįuųoǫ`},             // ogonek
	{'\u032d', `dḓeḙlḽnṋtṱuṷ`},           // circumflex accent below
	{'\u032e', `hḫ`},                     // breve below
	{'\u0330', `eḛiḭuṵ`},                 // tilde below
	{'\u0331', `bḇdḏkḵlḻnṉrṟtṯzẕhẖ`},     // macron below
	{'\u0342', `ἀἆἁἇἠἦἡἧἰἶἱἷὐὖὑὗὠὦὡὧαᾶηῆιῖϊῗυῦϋῧωῶ`},                                       // greek perispomeni
	{'\u0345', `ἀᾀἁᾁἂᾂἃᾃἄᾄἅᾅἆᾆἇᾇἠᾐἡᾑἢᾒἣᾓἤᾔἥᾕἦᾖἧᾗὠᾠὡᾡὢᾢὣᾣὤᾤὥᾥὦᾦὧᾧὰᾲαᾳάᾴᾶᾷὴῂηῃήῄῆῇὼῲωῳώῴῶῷ`}, // greek ypogegrammeni
	{'\u0653', `اآ`},           // arabic maddah above
	{'\u0654', `اأوؤيئەۀہۂےۓ`}, // arabic hamza above
	{'\u0655', `اإ`},           // arabic hamza below
}

var (
	composed   = make(map[[2]rune]rune) // letter and mark to accented letter
	unaccented = make(map[rune]rune)    // accented letter to letter
)

func init() {
	for _, a := range accents {
		pairs := []rune(a.pairs)
		for i := 0; i < len(pairs); i += 2 {
			composed[[2]rune{pairs[i], a.mark}] = pairs[i+1]
			unaccented[pairs[i+1]] = pairs[i]
		}
	}
}

// compose returns the character that a letter becomes under a combining mark,
// and whether there is one.
func compose(letter, mark rune) (rune, bool) {
	lower := unicode.ToLower(letter)
	c, ok := composed[[2]rune{lower, mark}]
	if ok && lower != letter {
		c = unicode.ToUpper(c)
	}
	return c, ok
}

// appendMark puts a combining mark on the last letter of a word.
func appendMark(word []byte, mark rune) []byte {
	last, size := utf8.DecodeLastRune(word)
	if c, ok := compose(last, mark); ok {
		return utf8.AppendRune(word[:len(word)-size], c)
	}
	return utf8.AppendRune(word, mark)
}

// withoutAccent takes all accents off a lower-case letter: ấ is a.
func withoutAccent(r rune) rune {
	for {
		base, ok := unaccented[r]
		if !ok {
			return r
		}
		r = base
	}
}

// isAccent reports whether a mark is an accent, which folding takes away. The
// vowel signs of other scripts are marks, too, and as good as letters.
func isAccent(r rune) bool {
	switch {
	case r < 0x300:
		return false
	case r <= 0x36f, // general
		0x483 <= r && r <= 0x489,   // Cyrillic
		0x591 <= r && r <= 0x5c7,   // Hebrew points
		0x610 <= r && r <= 0x61a,   // Arabic signs
		0x64b <= r && r <= 0x65f,   // Arabic vowels
		r == 0x670,                 // Arabic alef above
		0x1ab0 <= r && r <= 0x1aff, // general, extended
		0x1dc0 <= r && r <= 0x1dff, // general, supplement
		0x20d0 <= r && r <= 0x20ff, // for symbols
		0xfe00 <= r && r <= 0xfe0f, // selectors of a glyph
		0xfe20 <= r && r <= 0xfe2f: // halves
		return unicode.Is(unicode.M, r)
	}
	return false
}
