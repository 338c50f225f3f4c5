package analysis_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/search/analysis"
)

// marks shows the kinds of the tokens below.
var marks = map[analysis.Kind]string{
	analysis.Word: "", analysis.Stop: "°", analysis.Bigram: "", analysis.Part: "<", analysis.Joined: "+",
}

// show writes tokens as "term" or "term(exact)", with ° behind a stop word, <
// behind a part and + behind a joined form, and | before each new position.
func show(tokens []analysis.Token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 {
			b.WriteString(" ")
			if t.Pos > tokens[i-1].Pos {
				b.WriteString("| ")
			}
		}
		b.WriteString(t.Term + marks[t.Kind])
		if t.Exact != "" {
			b.WriteString("(" + t.Exact + ")")
		}
	}
	return b.String()
}

func TestAppend(t *testing.T) {
	a := analysis.New()
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"no words", " \t – ... $$ {} \\ ~ 🙂 “”", ""},
		{"stems", "Learning deep models, generally", "learn(learning) | deep | model(models) | general(generally)"},
		{"stop words keep their form", "this is what has been", "this° | is° | what° | has° | been°"},
		{"no stem is a stop word", "wills and ones", "wills | and° | one(ones)"},
		{"words with digits keep their form", "3D 2nd BM25s", "3d | 2nd | bm25s"},

		{"possessives", "Bayes' rule, Bayes's rule, the model’s rule", "bay(bayes) | rule | bay(bayes) | rule | the° | model | rule"},
		{"contractions", "don't don’t it's", "dont(don't) | dont(don't) | it°"},
		{"names with apostrophes", "O'Brien d’Alembert O＇Neil", "obrien(o'brien) brien< | dalembert(d'alembert) alembert< | oneil(o'neil) neil<"},
		{"quotes", "'quoted' ``words'' rock'n'roll", "quot(quoted) | word(words) | rocknrol(rock'n'roll)"},

		{"numbers", "3.5 1,000 1,234,567.8 1,00 12,3456 1.2.3 v1.2 .5", "3.5 | 1000(1,000) | 1234567.8(1,234,567.8) | 1 | 00 | 12 | 3456 | 1.2.3 | v1.2 | 5"},
		{"digits of other scripts", "٣٤ 𝟙𝟚 １２", "34 | 12 | 12"},
		{"points part words", "end.The arxiv.org", "end | the° | arxiv | org"},
		{"initials", "U.S. e.g. J.K. R&D AT&T A.", "u us+ | s | e eg+ | g | j jk+ | k | r rd+ | d | at° att+ | t | a°"},
		{"signs", "C++ C# C\\# F# c C++11 ResUNet++ k-means++ 5++ a+++", "c++ | c# | c# | f# | c | c++ | 11 | resunet++ resunet< | k kmeans+++ | means++ mean<(means) | 5++ | a°"},

		{"long compounds", "state-of-the-art end-to-end", "state | of° | the° | art | end | to° | end"},
		{"compounds of long words", "vision-language spatio-temporal", "vision visionlanguag+(visionlanguage) | languag(language) | spatio spatiotempor+(spatiotemporal) | tempor(temporal)"},
		{"versions", "GPT-4 GPT4 gpt 4 GPT-3.5", "gpt gpt4+ | 4 | gpt4 gpt< 4< | gpt | 4 | gpt gpt3.5+ | 3.5"},
		{"short compounds", "k-NN kNN t-SNE", "k knn+ | nn | knn | t tsne+ | sne"},
		{"hyphens of all kinds", "k‐NN k‑NN k–NN k−NN k－NN k--NN", "k knn+ | nn | k knn+ | nn | k knn+ | nn | k knn+ | nn | k knn+ | nn | k knn+ | nn"},
		{"soft hyphens and dashes", "trans\u00adformer trans\\-former k—NN k---NN", "transform(transformer) | transform(transformer) | k | nn | k | nn"},
		{"lines that end in a hyphen", "trans-\nformer k-\r\n  NN", "tran(trans) transform+(transformer) | former | k knn+ | nn"},
		{"hyphens at an end", "pre- and post-training -1", "pre | and° | post posttrain+(posttraining) | train(training) | 1"},
		{"ranges", "2024-2026 2024-05-01", "2024 | 2026 | 2024 | 05 | 01"},
		{"names with underscores", "max_len a_b_longer_name", "max maxlen+ | len | ab | longer | name"},

		{"capitals", "LoRA ResNet GANs iPhone PyTorch OpenStreetMap", "lora | resnet | gan(gans) | iphon(iphone) | pytorch | openstreetmap"},
		{"camel case", "DeepSpeech ChatGPT BERTScores", "deepspeech deep< speech< | chatgpt chat< gpt< | bertscor(bertscores) bert< score<(scores)"},
		{"letters and numbers", "ResNet50 YOLOv8 GPT4o Llama3.1 H2O L2 AlphaFold2 h3k27", "resnet50 resnet< 50< | yolov8 yolo< v8< | gpt4o gpt< 4o< | llama3.1 llama< 3.1< | h2o | l2 | alphafold2 alpha< fold< alphafold< 2< | h3k27"},

		{"accents", "Schrödinger Schro\u0308dinger ESCHER Ånders ấ ấ", "schroding(schrödinger) | schroding(schrödinger) | escher | ander(ånders) | a°(ấ) | a°(ấ)"},
		{"letters without decomposition", "Straße Ørsted Łukasz Æther naïve", "strass(straße) | orst(ørsted) | lukasz(łukasz) | aether(æther) | naiv(naïve)"},
		{"compatibility forms", "eﬃcient ｆｕｌｌ 𝐛𝐨𝐥𝐝 𝒜 ℝ Type Ⅱ ℏ ℵ", "effici(efficient) | full | bold | a° | r | type | ii | h(ħ) | א"},
		{"ell one", "ℓ₁ l1 $\\ell_1$ $\\ell_{1}$ $l_1$ \\(\\ell^1\\)", "l1 | l1 | l1 | l1 | l1 | l1"},
		{"raised and lowered", "CO₂ CO$_2$ CO2 H$_2$O 10⁵ $10^5$ 10$^{-3}$ n^{th} x_{ij} $L^p$ max_{k}", "co2 | co2 | co2 | h2o | 10 | 5 | 10 | 5 | 10 | 3 | nth | xij | lp | max | k"},
		{"Greek letters", "α $\\alpha$ \\alpha alpha Δ ϵ \\varepsilon 𝛼 µ μm", "alpha | alpha | alpha | alpha | delta | epsilon | epsilon | alpha | mu | mum"},
		{"Greek words", "Λόγος λογος", "λογοσ(λόγος) | λογοσ(λογος)"},
		{"Greek in compounds", "β-VAE $\\beta$-VAE TNF-α TNFα", "beta betava+(betavae) | vae | beta betava+(betavae) | vae | tnf tnfalpha+ | alpha | tnfalpha"},
		{"infinity", "H∞ $H_\\infty$ H-infinity", "hinfin(hinfinity) | hinfin(hinfinity) | h hinfin+(hinfinity) | infin(infinity)"},

		{"mathematics", `$\mathcal{O}(n \log n)$ $$x$$y \[z\]`, "o | n | log | n | x | y | z"},
		{"accents of TeX", `Schr\"odinger Schr{\"o}dinger Schr\"{o}dinger {\'e}cole \v{s} Erd\H{o}s na\"{\i}ve fa\c cade`, "schroding(schrödinger) | schroding(schrödinger) | schroding(schrödinger) | ecol(école) | s(š) | erdo(erdős) | naiv(naïve) | facad(façade)"},
		{"letters of TeX", `Stra\ss e Stra{\ss}e \O rsted \L{}ukasz \AA`, "strass(straße) | strass(straße) | orst(ørsted) | lukasz(łukasz) | a°(å)"},
		{"accents that are none", `\"quoted\" 5\" disk \'{\^e} \'`, "quot(quoted) | 5 | disk | e(ê)"},
		{"markup", `\emph{word} wo\textbf{rd} {B}ayesian {\em now} \rm x`, "word | word | bayesian | now | x"},
		{"signs of TeX", `a\times b 2\times2 \frac{p}{q} \alpha\leq1`, "a° | b | 2 | 2 | p | q | alpha | 1"},
		{"commands that are words", `\LaTeX \our \log_2 n \method-based`, "latex | our° | log log2+ | 2 | n | method methodbas+(methodbased) | base(based)"},
		{"arguments for machines", `as \cite{a,b} \begin{equation} x \ref{fig:1}y \cite[3]{z} \label{open`, "as° | x | y | 3 | z | open"},
		{"escapes", `R\&D 5\% max\_len \$5 \\x`, "r rd+ | d | 5 | max maxlen+ | len | 5 | x"},
		{"unbalanced TeX", `$x {y} z} \frac{ \`, "x | y | z"},
		{"dollars", "US$100 the $n$th 4$k$ $k$-means", "us | 100 | the° | nth | 4k | k kmean+(kmeans) | mean(means)"},

		{"Chinese", "深度学习 自", "深度 | 度学 | 学习 | 自"},
		{"Japanese", "データ分析の々", "デー | ータ | タ分 | 分析 | 析の | の々"},
		{"Korean", "자연어 처리", "자연 | 연어 | 처리"},
		{"scripts side by side", "深度learning与BERT", "深度 | learn(learning) | 与 | bert"},
		{"Thai", "การเรียนรู้", "การเรียนรู้"},
		{"Russian", "Ёлка и МОДЕЛИ", "елка(ёлка) | и | модели"},
		{"Arabic", "الآلَة كتـاب", "الاله(الآلَة) | كتاب"},
		{"Hindi", "हिन्दी", "हिन्दी"},

		{"controls and bidi", "wo\x00rd w\u202eor\u2066d zero\u200dwidth new\u0085line zero\u200bspace", "word | word | zerowidth | new | line | zero | space"},
		{"invalid UTF-8", "wo\xffrd \xc3", "wo | rd"},
		{"long words", strings.Repeat("ab", 40) + " " + strings.Repeat("é", 70), strings.Repeat("ab", 32) + " | " + strings.Repeat("e", 64) + "(" + strings.Repeat("é", 64) + ")"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, show(a.Append(nil, tt.text))); diff != "" {
				t.Errorf("Append(%q) (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

func TestOffsets(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Deep learning's end.", "[Deep] [learning's] [end]"},
		{"“GPT-4”", "[GPT] [GPT-4] [4]"},
		{"DeepSpeech", "[DeepSpeech] [DeepSpeech] [DeepSpeech]"},
		{`the $\ell_{1}$-norm \emph{now}`, `[the] [\ell_{1}] [\ell_{1}$-norm] [norm] [now]`},
		{`({\'e}cole) \LaTeX`, `[\'e}cole] [\LaTeX]`},
		{"学习法", "[学习] [习法]"},
		{"é\u0301é ￼x", "[é\u0301é] [x]"},
		{strings.Repeat("x", 70) + " y", "[" + strings.Repeat("x", 70) + "] [y]"},
	} {
		var got []string
		for _, tok := range analysis.New().Append(nil, tt.text) {
			got = append(got, "["+tt.text[tok.Start:tok.End]+"]")
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestAppendKeepsWhatWasThere(t *testing.T) {
	a := analysis.New()
	first := a.Append(nil, "k-NN graphs")
	both := a.Append(first[:len(first):len(first)], "x-ray")
	if got, want := show(both[:len(first)]), show(first); got != want {
		t.Errorf("the first text's tokens became %s, want %s", got, want)
	}
	if got, want := show(both[len(first):]), "x xray+ | ray"; got != want {
		t.Errorf("the second text's tokens are %s, want %s", got, want)
	}
}

func TestFoldAndStem(t *testing.T) {
	for _, tt := range []struct{ word, fold, stem string }{
		{"", "", ""},
		{"Models'", "models", "model"},
		{"Schrödinger’s", "schrodinger", "schroding"},
		{"Schro\u0308dinger", "schrodinger", "schroding"},
		{"ﬁne", "fine", "fine"},
		{"ℓ₁", "l1", "l1"},
		{"This", "this", "this"},
		{"1,000", "1000", "1000"},
		{"C++", "c++", "c++"},
		{"α", "alpha", "alpha"},
		{"学习", "学习", "学习"},
		{"wills\x00", "wills", "wills"},
		{"\xff", "", ""},
	} {
		if got := analysis.Fold(tt.word); got != tt.fold {
			t.Errorf("Fold(%q) = %q, want %q", tt.word, got, tt.fold)
		}
		if got := analysis.Stem(tt.word); got != tt.stem {
			t.Errorf("Stem(%q) = %q, want %q", tt.word, got, tt.stem)
		}
	}
}

func TestStop(t *testing.T) {
	for _, w := range strings.Fields("the of we how") {
		if !analysis.IsStop(w) {
			t.Errorf("IsStop(%q) = false", w)
		}
	}
	for _, w := range strings.Fields("The not no all you need attention") {
		if analysis.IsStop(w) {
			t.Errorf("IsStop(%q) = true", w)
		}
	}
}

// Words that a hundred thousand texts have in turn must not be kept for ever, and
// what was given out before must not change when they are dropped.
func TestManyWords(t *testing.T) {
	a := analysis.New()
	kept := a.Append(nil, "Schrödinger's models")
	var tokens []analysis.Token
	for i := range 100_000 {
		tokens = a.Append(tokens[:0], fmt.Sprintf("word%dx", i))
		if want := fmt.Sprintf("word%dx", i); tokens[0].Term != want {
			t.Fatalf("got the term %q, want %q", tokens[0].Term, want)
		}
	}
	if got, want := show(kept), "schroding(schrödinger) | model(models)"; got != want {
		t.Errorf("old tokens became %s, want %s", got, want)
	}
}

func TestAppendDoesNotAllocate(t *testing.T) {
	a := analysis.New()
	tokens := a.Append(nil, sample)
	if n := testing.AllocsPerRun(10, func() { tokens = a.Append(tokens[:0], sample) }); n > 0 {
		t.Errorf("%v allocations for a text of known words, want none", n)
	}
}

// sample is an abstract of our own, with all that makes real ones slow.
const sample = `We study how kettles that are trained to whistle generalise. Our method, KettleFormer-2, is a state-of-the-art
transformer with $\mathcal{O}(n \log n)$ attention over temperatures; its $\ell_1$-regularised loss (cf. Schr\"odinger's
steam equation) lets 1,000 kettles boil in 3.5 minutes. On TeaBench we show that pre-trained spouts don't forget: accuracy
rises from 71.2% to 84.9%, and the naïve baseline – a k-NN over β-distributed whistles – is outperformed on every task.
Further experiments on large-scale real-world kitchens, e.g. those of O’Brien et al. (2024), confirm these findings. Code
and models are available at https://example.org/kettles.
`
