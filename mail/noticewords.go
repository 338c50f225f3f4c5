package mail

// A noticeKind is what a notice is about.
type noticeKind string

const (
	confirm  noticeKind = "confirm"
	welcome  noticeKind = "welcome"
	farewell noticeKind = "farewell"
)

// noticeWords are what a notice says. %s is the name of what one subscribes to.
type noticeWords struct{ title, text, button, small string }

var englishNotices = map[noticeKind]noticeWords{
	confirm: {"Please confirm: %s", "Somebody, probably you, asked for %s to be sent to this address. Nothing is sent until you confirm it on the page.",
		"Confirm on the page", "If it was not you, do nothing: you will not hear from us again."},
	welcome: {"Welcome to %s", "You are subscribed to %s. The next one that has something in it comes to this address.",
		"Choose what you get, and when", "Each mail has a link at its end with which you leave at once."},
	farewell: {"You have unsubscribed from %s", "%s is not sent to this address any more. What was on its way at that moment may still arrive.",
		"Subscribe again", "There is nothing more to do."},
}

var germanNotices = map[noticeKind]noticeWords{
	confirm: {"Bitte bestätigen: %s", "Jemand, vermutlich Sie, möchte, dass %s an diese Adresse geschickt wird. Es kommt nichts, bevor Sie es auf der Seite bestätigen.",
		"Auf der Seite bestätigen", "Wenn Sie es nicht waren, tun Sie nichts: Sie hören nicht wieder von uns."},
	welcome: {"Willkommen bei %s", "Sie haben %s abonniert. Die nächste Ausgabe, in der etwas steht, kommt an diese Adresse.",
		"Inhalt und Zeitpunkt wählen", "Jede Mail hat am Ende einen Verweis, mit dem Sie sie sofort abbestellen."},
	farewell: {"Sie haben %s abbestellt", "%s kommt nicht mehr an diese Adresse. Was gerade unterwegs war, kann noch eintreffen.",
		"Wieder abonnieren", "Es ist nichts weiter zu tun."},
}

var frenchNotices = map[noticeKind]noticeWords{
	confirm: {"Veuillez confirmer : %s", "Quelqu’un, sans doute vous, a demandé l’envoi de %s à cette adresse. Rien n’est envoyé avant votre confirmation sur la page.",
		"Confirmer sur la page", "Si ce n’était pas vous, ne faites rien : vous ne recevrez plus rien de nous."},
	welcome: {"Bienvenue : %s", "Vous êtes abonné à %s. Le prochain numéro qui a du contenu arrivera à cette adresse.",
		"Choisir le contenu et l’heure", "Chaque message porte à la fin un lien pour se désabonner aussitôt."},
	farewell: {"Désabonnement : %s", "%s n’est plus envoyé à cette adresse. Ce qui était en route peut encore arriver.",
		"S’abonner de nouveau", "Il n’y a rien d’autre à faire."},
}

var spanishNotices = map[noticeKind]noticeWords{
	confirm: {"Confirme, por favor: %s", "Alguien, probablemente usted, pidió que %s se envíe a esta dirección. No se envía nada hasta que lo confirme en la página.",
		"Confirmar en la página", "Si no fue usted, no haga nada: no volverá a saber de nosotros."},
	welcome: {"Bienvenida: %s", "Está suscrito a %s. El próximo número que tenga contenido llegará a esta dirección.",
		"Elegir contenido y hora", "Cada mensaje lleva al final un enlace para darse de baja al instante."},
	farewell: {"Se ha dado de baja de %s", "%s ya no se envía a esta dirección. Lo que estaba en camino aún puede llegar.",
		"Suscribirse de nuevo", "No hay nada más que hacer."},
}

var japaneseNotices = map[noticeKind]noticeWords{
	confirm: {"ご確認ください：%s", "このアドレスへの「%s」の配信が申し込まれました。ページで確認されるまで何もお送りしません。",
		"ページで確認する", "お心当たりがない場合は何もなさらないでください。以後ご連絡いたしません。"},
	welcome:  {"ようこそ：%s", "「%s」を購読しました。次の号からこのアドレスにお届けします。", "内容と時刻を選ぶ", "各メールの末尾のリンクからすぐに解除できます。"},
	farewell: {"購読を解除しました：%s", "「%s」は今後このアドレスに届きません。送信中だったものは届くことがあります。", "もう一度購読する", "ほかに必要な手続きはありません。"},
}

var chineseNotices = map[noticeKind]noticeWords{
	confirm:  {"请确认：%s", "有人（可能是您）申请将“%s”发送到此地址。在您于网页上确认之前，我们不会发送任何内容。", "在网页上确认", "如果不是您本人，请忽略此邮件，我们不会再联系您。"},
	welcome:  {"欢迎订阅：%s", "您已订阅“%s”。下一期有内容时将发送到此地址。", "选择内容和时间", "每封邮件末尾都有可立即退订的链接。"},
	farewell: {"您已退订：%s", "“%s”不再发送到此地址。当时已在途中的邮件可能仍会到达。", "重新订阅", "无需再做任何操作。"},
}
