package gist

// stopWords stand in no phrase: the words that join others, and those with which
// papers speak of themselves.
var stopWords = set(`a about above according achieve achieved achieves achieving across additionally address addresses addressed
	addressing after again against aim aims all allow allowing allows almost alone along already also although always am among an
	and another any anymore apply applied applying applies approach approaches are aren't around art as aspect aspects at available
	based be became because become becomes been before behind being below best better between beyond both bring brings but by can
	cannot case cases certain challenge challenges challenging clear clearly code come comes common commonly compare compared comparing
	comparison comparable completely consider considerable considerably considered considering consist consists contrast contribution contributions
	could crucial current currently demonstrate demonstrated demonstrates demonstrating depend depends derive derived describe
	described describes despite detail details detailed determine determined develop developed developing develops did different
	difficult directly discuss discussed do does doesn't doing don't done due during e.g each easily easy effective effectively
	effectiveness efficient efficiently efficacy eg either eliminate else empirically employ employed employing enable enables enabling enhance enhanced
	enough ensure ensures especially essential establish et etc evaluate evaluated evaluating even ever every examine example
	examples excellent exhibit exhibits existing exist exists experiment experimental experiments explore explored exploring
	extend extended extends extensive extensively fail fails far few finally find finding findings finds first five focus focuses
	focused follow following follows for found four framework from fully further furthermore future gain gap general generally
	get give given gives giving good great greater greatly had has hasn't have having he help helps hence her here high higher
	highest highly him his how however i i.e idea ideas identify identified if illustrate impact implement implemented importance important
	importantly impressive improve improved improvement improvements improves improving in include included includes including
	incorporate incorporates incorporating increase increased increases increasing increasingly indeed indicate indicates insight insights instead
	into introduce introduced introduces introducing investigate investigated investigates involve involves is isn't issue issues it its
	itself just keep key kind known lack largely larger last later latter lead leading leads least led less let leverage
	leverages leveraging like likely limit limitation limitations limited little low lower made main mainly major make makes making
	many may maybe mean means meanwhile method methods might more moreover most mostly motivated much must my namely near
	nearly necessary need needed needs neither never nevertheless new next no nor not notably novel now number numerous obtain
	obtained obtains occur of off offer offers often old on once one ones only onto open or order original other others otherwise
	our ours out outperform outperforms outperforming over overall overcome own paper papers part particular particularly past per
	perform performed performing performs performance perhaps pipeline plays poor popular possible potential potentially practical practice
	present presented presenting presents preserving previous previously prior problem problems produce produced produces
	promising propose proposed proposes proposing proposal prove proved prominent provide provided provides providing purpose quite raise
	range rather rarely ratio reach reaches read real-world recent recently reduce reduced reduces reducing regarding related relevant
	remain remains remarkable report reported reports require required requires requiring researchers respect respectively result resulting
	results reveal revealed reveals revisit rely relies relying role same satisfy say second see seek seem seems seen set several shall she short show
	showed showing shown shows significance significant significantly similar simple simply simultaneously since single six small so some sometimes specific
	specifically state state-of-the-art still straightforward strong study studied studies studying substantial substantially such
	suffer suffers suffering suggest suggests suitable superior superiority support supported supports tackle tackles take taken takes taking
	technique techniques than that the their them themselves then there thereby therefore these they thing things third this those though three
	through throughout thus time times to together too toward towards two typical typically under understand understood unfortunately unique
	unlike until up upon us use used useful user uses using usually utilize utilizes utilizing valuable various vast verify versus very via want was way ways
	we well were what when where whereas whether which while whilst who whole whom whose why wide widely will with within without
	work works would yet yield yields you your achieve demonstrate show enabling publicly project page website github https http www
	additional easy-to-use hand hard long-standing main promising remarkable respective rich shed light turn underlying validate validated
	de la le les des und der die das et un une el los en para por con del que
	investigation respectively simply step steps variety additional conduct conducted conducting capture captures capturing create creates creating
	contain contains containing cover covers carry carried generate generates select selects selected solve solves solving learn learns build builds built
	design designed designs represent represents apply allow help train trained trains test tested tests predict predicts estimate estimates estimated
	define defined defines call called form forms lies lie observe observed observes share shares start starts went turn turns try tries underlying treat treats
	unified comprehensive fundamental critical additional thorough systematic systematically alternative alternatives carefully accordingly ability able`)
