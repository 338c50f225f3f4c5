package mail

import "strings"

// words are what a mail says in one language. In a count, # is the number, and | is
// between its singular and its plural. In the forms of dates, D is the day, W the
// weekday, M the month and Y the year, as in CLDR's full and long formats.
type words struct {
	weekdays  []string
	months    []string
	first     string // the first of a month, where it is said otherwise
	dayOfYear string
	day       string
	month     string
	thousands string
	zeroIsOne bool // 0 takes the singular (CLDR plural rules)

	papers, votes, comments, more, others string
	code, page, list                      string
	because, leave, manage                string
	notice                                map[noticeKind]noticeWords
}

// wordsOf returns the words of a language (BCP 47). Traditional Chinese has none.
func wordsOf(lang string) *words {
	lang = strings.ToLower(head(lang, 35))
	primary, rest, _ := strings.Cut(strings.ReplaceAll(lang, "_", "-"), "-")
	if w, ok := languages[primary]; ok && !(primary == "zh" && (strings.HasPrefix(rest, "hant") || rest == "tw" || rest == "hk" || rest == "mo")) {
		return w
	}
	return languages["en"]
}

// tag returns the language in which wordsOf speaks.
func tag(lang string) string {
	w := wordsOf(lang)
	for t, of := range languages {
		if of == w {
			return t
		}
	}
	return "en"
}

func list(s string) []string { return strings.Fields(s) }

var languages = map[string]*words{
	"en": {
		weekdays:  list("Sunday Monday Tuesday Wednesday Thursday Friday Saturday"),
		months:    list("January February March April May June July August September October November December"),
		dayOfYear: "W, D M Y", day: "W D M", month: "M Y", thousands: ",",
		papers: "# paper|# papers", votes: "# vote|# votes", comments: "# comment|# comments",
		more: "and # more on the page", others: "and # more", code: "Code", page: "Read on the page", list: "Links",
		because: "You get this mail because you subscribed to it.", leave: "Unsubscribe", manage: "Change what you get",
		notice: englishNotices,
	},
	"de": {
		weekdays:  list("Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag"),
		months:    list("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
		dayOfYear: "W, D. M Y", day: "W, D. M", month: "M Y", thousands: ".",
		papers: "# Arbeit|# Arbeiten", votes: "# Stimme|# Stimmen", comments: "# Kommentar|# Kommentare",
		more: "und # weitere auf der Seite", others: "und # weitere", code: "Code", page: "Auf der Seite lesen", list: "Verweise",
		because: "Sie erhalten diese Mail, weil Sie sie abonniert haben.", leave: "Abbestellen", manage: "Abonnement ändern",
		notice: germanNotices,
	},
	"fr": {
		weekdays: list("dimanche lundi mardi mercredi jeudi vendredi samedi"),
		months:   list("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
		first:    "1er", dayOfYear: "W D M Y", day: "W D M", month: "M Y", thousands: "\u202f", zeroIsOne: true,
		papers: "# article|# articles", votes: "# vote|# votes", comments: "# commentaire|# commentaires",
		more: "et # de plus sur la page", others: "et # autre|et # autres", code: "Code", page: "Lire sur la page", list: "Liens",
		because: "Vous recevez ce message parce que vous y êtes abonné.", leave: "Se désabonner", manage: "Modifier l’abonnement",
		notice: frenchNotices,
	},
	"es": {
		weekdays:  list("domingo lunes martes miércoles jueves viernes sábado"),
		months:    list("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
		dayOfYear: "W, D de M de Y", day: "W, D de M", month: "M de Y", thousands: ".",
		papers: "# artículo|# artículos", votes: "# voto|# votos", comments: "# comentario|# comentarios",
		more: "y # más en la página", others: "y # más", code: "Código", page: "Leer en la página", list: "Enlaces",
		because: "Recibe este mensaje porque se suscribió.", leave: "Cancelar la suscripción", manage: "Cambiar la suscripción",
		notice: spanishNotices,
	},
	"ja": {
		weekdays:  list("日曜日 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日"),
		months:    list("1 2 3 4 5 6 7 8 9 10 11 12"),
		dayOfYear: "Y年M月D日（W）", day: "M月D日（W）", month: "Y年M月", thousands: ",",
		papers: "論文#本", votes: "投票#", comments: "コメント#", more: "ほか#本はページで", others: "ほか#名",
		code: "コード", page: "ページで読む", list: "リンク",
		because: "このメールは購読のお申し込みによりお送りしています。", leave: "購読を解除", manage: "購読内容を変更",
		notice: japaneseNotices,
	},
	"zh": {
		weekdays:  list("星期日 星期一 星期二 星期三 星期四 星期五 星期六"),
		months:    list("1 2 3 4 5 6 7 8 9 10 11 12"),
		dayOfYear: "Y年M月D日 W", day: "M月D日 W", month: "Y年M月", thousands: ",",
		papers: "#篇论文", votes: "#票", comments: "#条评论", more: "另有#篇见网页", others: "等另外#人",
		code: "代码", page: "在网页上阅读", list: "链接",
		because: "您收到这封邮件是因为您订阅了它。", leave: "退订", manage: "更改订阅",
		notice: chineseNotices,
	},
}
