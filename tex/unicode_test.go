package tex_test

import (
	"slices"
	"strings"
	"testing"

	"broadsheet/tex"
)

func TestUnicode(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"plain text stays", "Kettles: a study of 5% and more", "Kettles: a study of 5% and more"},
		{"accents on bare letters", `Caf\'e na\"ive \^ole \~nandu \=a \.z \` + "`a", "Café naïve ôle ñandu ā ż à"},
		{"accents in braces", `{\"o}dland, Schr\"{o}dinger, \v{c}aj, G\"odel, {\'{e}}tude, Kov{\'a}cs`, "ödland, Schrödinger, čaj, Gödel, étude, Kovács"},
		{"accents that are letters", `Erd\H{o}s, \c{c}a, Fran\c cois, Ko\v s, \u{g}, \k{e}, \d{a}, \b{d}, \r{u}`, "Erdős, ça, François, Koš, ğ, ę, ạ, ḏ, ů"},
		{"an accent takes the dot away", `na\"{\i}ve, na\"\i ve, \'{\i}, \v{\j}`, "naïve, naïve, í, ǰ"},
		{"two accents", `Nguy\~{\^e}n`, "Nguyễn"},
		{"letters", `\aa\ and \AA ngstr\"om, Stra\ss e, S\o ren, \L{}\'od\'z, {\ae}on, \oe uvre, bal{\i}k`, "å and Ångström, Straße, Søren, Łódź, æon, œuvre, balık"},
		{"letters eat the blanks behind them", `S\o ren, Stra\ss e, bal{\i}k`, "Søren, Straße, balık"},
		{"an accent without a letter stays", `a \'1 and \v`, `a \'1 and \v`},
		{"dashes", "pages 1--5 --- or more", "pages 1–5 — or more"},
		{"options, arrows and comments are no dashes", "run --fast, a --> b <-- c, <!-- d, ----", "run --fast, a --> b <-- c, <!-- d, ----"},
		{"quotation marks", "``so'' and `this' one, don't, rock 'n' roll", "“so” and ‘this’ one, don't, rock 'n' roll"},
		{"seconds and Markdown are no quotation marks", "an arc of 5'' in ```code``` or `x`", "an arc of 5'' in ```code``` or `x`"},
		{"escaped signs", `R\&D, 5\%, a\_b, \#1`, "R&D, 5%, a_b, #1"},
		{"an escaped dollar sign stays escaped", `costs \$5 and \$6`, `costs \$5 and \$6`},
		{"ties", "et~al., Fig.~1, Table~2, A.~Smith, 5~km", "et al., Fig. 1, Table 2, A. Smith, 5 km"},
		{"about and to are no ties", "of ~100, z~2, 3~5 GeV, example.org/~ada", "of ~100, z~2, 3~5 GeV, example.org/~ada"},
		{"faces", `\emph{so} \textit{this} \textbf{or {\em that}} {\it here} \texttt{a\_b}`, "so this or that here a_b"},
		{"addresses", `\url{https://example.org/a\_b--c} and https://example.org/x~y\_z`, "https://example.org/a_b--c and https://example.org/x~y_z"},
		{"links", `\href{https://example.org/a}{our page}, \href{https://example.org/b}{example.org/b}`, "our page (https://example.org/a), https://example.org/b"},
		{"a link without its text stays", `\href{https://example.org}`, `\href{https://example.org}`},
		{"greek and signs", `\alpha-decay at \sqrt{s}, \mu{}m, 5 \times 5, \alpha_s`, `α-decay at \sqrt{s}, μm, 5 × 5, α_s`},
		{"blanks", `a\,b\ c \quad d\\e soft\-ware`, "a b c d e software"},
		{"braces around words", "{GPT} and {Deep Learning} in {B}ayes", "GPT and Deep Learning in Bayes"},
		{"sets, indices and arguments keep their braces", `{1,2}, x_{max}, \cite{miller}, \cite[p. 3]{miller}, \foo{a}{b}, {x}`, `{1,2}, x_{max}, \cite{miller}, \cite[p. 3]{miller}, \foo{a}{b}, {x}`},
		{"mathematics stays", `$\alpha_{\text{so}}~x--y$ \(\'e\) \[ {\"o} \] $$ \& $$ then \'e`, `$\alpha_{\text{so}}~x--y$ \(\'e\) \[ {\"o} \] $$ \& $$ then é`},
		{"environments stay", `\begin{align}a~b\end{align} a~b`, `\begin{align}a~b\end{align} a b`},
		{"a dollar sign alone is only that", `US$ 5 for caf\'es`, `US$ 5 for cafés`},
		{"an empty line ends no mathematics", "a $ b\n\n\\'e $ c", "a $ b\n\né $ c"},
		{"commands that are not known stay", `\ourmethod is \textsuperscript{so}`, `\ourmethod is \textsuperscript{so}`},
		{"raised and lowered", `CO\textsubscript{2}, Ca\textsuperscript{2+}, \ce{H2O}, p\bar{p}, \hat{t}`, "CO₂, Ca²⁺, H2O, pp̄, t̂"},
		{"mangled Greek", `\b{eta}-Ga, high-\k{appa}, \c{hi}, \d{elta}`, "β-Ga, high-κ, χ, δ"},
		{"a backslash at the end stays", `so\`, `so\`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tex.Unicode(tt.in); got != tt.want {
				t.Errorf("\ngot  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestUnicodeIsLinear(t *testing.T) {
	// Work is bounded by a few passes; a quadratic step would not end within the test's time.
	for _, unit := range []string{"$", "{", "}", "\\", "`", "\\(", "\\begin{a}", "{\\em ", "\\'", "-", "~", "$$x", "`a ", "\\href{a}{"} {
		tex.Unicode(strings.Repeat(unit, 1<<20/len(unit)))
	}
}

func FuzzUnicode(f *testing.F) {
	for _, s := range []string{`Erd\H{o}s--R\'enyi`, `{\"o} $x~y$ \(a\) ` + "``b''", `\href{https://a.b/c\_d}{e} \emph{f {\bf g}}`, `-{}-{}-`, `\\$a$ \$`, `$a$$b$$$c$$`, `\begin{x}\end{x}`, `\b{eta} \textsuperscript{2} \bar{p}`, `\foo{$a$}~b`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := tex.Unicode(s)
		if again := tex.Unicode(once); again != once {
			t.Errorf("%q becomes %q, and that %q", s, once, again)
		}
		// The longest growth is that of a quotation mark, one byte to three.
		if len(once) > 3*len(s) {
			t.Errorf("%d bytes become %d: %q", len(s), len(once), once)
		}
		want, got := maths(s), maths(once)
		if !slices.Equal(want, got) {
			t.Errorf("%q becomes %q: mathematics %q became %q", s, once, want, got)
		}
	})
}

func maths(s string) (found []string) {
	for _, m := range tex.Math(s) {
		found = append(found, s[m[0]:m[1]])
	}
	return found
}
