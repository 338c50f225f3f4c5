package acronym

import "strings"

// A census estimates how often each word stands in lower case in a collection,
// in a fixed 1 MiB: a count-min sketch (Cormode and Muthukrishnan, "An improved
// data stream summary", 2005), which never says too few. The counters of a word
// are in one line of the processor's cache.
type census struct {
	lines [1 << censusBits][16]uint32
}

const censusBits = 14

// add counts the words of text that could be short forms or their plural: 2 to
// 11 letters from a to z. Words with capitals, as those that begin a sentence,
// are not counted.
func (c *census) add(text string) {
	var hash uint64 = offset64
	length := 0
	for i := range len(text) {
		switch classes[text[i]] {
		case lowerCase:
			hash = (hash ^ uint64(text[i])) * prime64
			length++
		case otherWord:
			length = 2 * maxShortBytes // not counted
		default:
			if length >= minShort && length <= maxShort+1 {
				c.count(hash)
			}
			hash, length = offset64, 0
		}
	}
	if length >= minShort && length <= maxShort+1 {
		c.count(hash)
	}
}

// What a byte is to add. A word with a byte of otherWord is no plain word but a
// name, a formula, an address or of another script.
const (
	divides = iota
	lowerCase
	otherWord
)

var classes = func() (classes [256]byte) {
	for b := range classes {
		switch {
		case 'a' <= b && b <= 'z':
			classes[b] = lowerCase
		case b >= 0x80, 'A' <= b && b <= 'Z', '0' <= b && b <= '9', b == '_', b == '\\', b == '/', b == '@':
			classes[b] = otherWord
		}
	}
	return classes
}()

// The constants of the hash function FNV-1a.
const (
	offset64 = 14695981039346656037
	prime64  = 1099511628211
)

func (c *census) count(hash uint64) {
	line, i, j := c.cells(hash)
	line[i] += min(1, ^uint32(0)-line[i])
	if i != j {
		line[j] += min(1, ^uint32(0)-line[j])
	}
}

// of returns about how often word was counted.
func (c *census) of(word string) uint32 {
	var hash uint64 = offset64
	for i := range len(word) {
		hash = (hash ^ uint64(word[i])) * prime64
	}
	line, i, j := c.cells(hash)
	return min(line[i], line[j])
}

// cells returns the counters of a word. The hash is mixed first, as its upper
// bits differ little between short words.
func (c *census) cells(hash uint64) (line *[16]uint32, i, j uint64) {
	hash ^= hash >> 29
	hash *= 0xbf58476d1ce4e5b9
	return &c.lines[hash>>(64-censusBits)], hash >> 20 & 15, hash >> 30 & 15
}

// isOrdinary reports whether word, typed in lower case, more likely means the
// word than the short form, which so many definitions explain. The census has
// asked a part of the papers.
func (c *census) isOrdinary(word string, definitions uint32, part float64) bool {
	return ordinary[word] || float64(c.of(word)) >= max(1, part*float64(definitions))
}

// ordinary are words that papers like to make names of. A large collection
// shows by itself that they are words; a small one may not.
var ordinary = words(`
	able access ace across act add aid aim air all also and ant any ape apple arch are ark arm art as ask at atlas atom aware
	back ball bar base bat bay be beam bear beat bee best bird bite blast blend block blue boat bold bolt bond book boost box brain bridge
	bright bias bus but by cafe cage cake calm camel camp can cap car card care case cast cat cell chain change charm chart chase
	chat check chess cider city clean clear clip close cloud clue coat code coin cool core corn craft crisp class cross crow crystal
	cube cup cure cut dance dare dark dart dash data date dawn day deal deep deer delta depth desk dice do dog door dot dove draft dragon
	dram draw dream dress drift drive drop duck dune dust eagle ear early earth ease east easy echo edge edit effect ego elf end era even ever
	exact eye face fact fair falcon fame farm fast fate fear feast fig file film find fine fire first fish fit five flag flame
	flare flash fleet flex flip float flow focus fold food for force fork form fox frame free fresh frog from fun fuse gain
	game gap gate gem gene giant gift give glass glide globe glow glue goal goat gold good grace gas glass grade grain grand grape graph grasp
	great green grid grip ground group grow guard guess guide gun hand hard harp has hat have hawk he head heart heat hero hinge
	hint hit home honey hook hope horse host hot house human hunt ice idea if image in ink into iris iron is it jade jam join joint jump just key kind
	king kite lab lamp land large laser last law layer lead leaf leap learn led left lens lens less let level life lift light like lime
	line link lion list live load local lock loss logic long look loop love low luna magic magnet main make man map march mass mark mars mask mass
	mat match maze me mean melt men mercury merge mesh meta mice mind mine mint mirror miss mix moment moon more moss most move much muse
	music must mystic name near neat nest net new news next nice night no node noise north not note nova now oak oasis ocean of off oil old on
	once one opal open opera optic option or orange orbit origin our out owl own pace pact page paint pair palm panda paper park part
	pass past patch path peace peak pearl pen pet phase pie pike pilot pine pipe plan planet plant play plug plum plus point polar
	pole pool port pose post power press pride prime print prism probe proof pulse pure push quest quick quiet quill race radar rain ramp range
	rank rap rare rate raven raw reach react read real red relay rest rice rich ride right ring rise river road robin robust rock role
	room root rope rose round row ruby rule run safe saga sage sail salt same sand save say scale scan scope score scout
	sea seal seat see seed self sense set shade shape share shark sharp she shift shine ship show side sift sign silk simple
	sky slam sleep slice slim slow small smart smile smooth snake snap snow so soap soft soil solar sole solid solve some son
	song soul sound south space spark spear speed sphere spice spin spine split spot spread spring square stable stack staff stage
	star start state station stay steam steel steer step stitch stone stop store storm story stream street strong style sum sun
	super sure surf surge swan sweet swift swim swing sword table tact tail talk tame tango tap target task team tear tell
	ten term test text that the them there they thin thing think this tide tie tiger tile time tin tint tip to toast tone tool top torch total
	touch tour tower town trace track trail train trap tree trend tribe trip true trust truth try tune turn twin two type under
	unit up us use van vast verb very via view vine virtue vision vital voice void volt walk wall want war warm was wash watch water
	wave way we web well west whale what wheat when where which who why wide wild will win wind wine wing wise wish with wolf wood word
	work world worm yes yet you young zen zero zone zoo zoom`)

func words(list string) map[string]bool {
	set := make(map[string]bool)
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}
