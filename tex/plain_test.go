package tex_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"broadsheet/tex"

	"github.com/google/go-cmp/cmp"
)

func TestPlain(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"text without mathematics stays", "A plain title: 50% off & more", "A plain title: 50% off & more"},
		{"scripts become small characters", "of size $x_i^2$ each", "of size xᵢ² each"},
		{"long scripts become small characters", "$x_{i+1}^{(n)}$ and $10^{-3}$", "xᵢ₊₁⁽ⁿ⁾ and 10⁻³"},
		{"scripts without small characters stand behind a mark", "$f_{\\theta}(x)$, $x^{\\top Q}$", "f_θ(x), x^(⊤Q)"},
		{"Greek letters and relations are spaced as set", `$\alpha\le\beta+1$`, "α ≤ β + 1"},
		{"a sign before a number is not an operator", `$x=-1$ and $(-n)$`, "x = −1 and (−n)"},
		{"blackboard letters", `$x\in\mathbb{R}^d$, $\mathbb E[x]$`, "x ∈ ℝᵈ, 𝔼[x]"},
		{"fractions stand on a line", `$\frac{1}{n}$, $\frac{a+b}{2}$`, "1/n, (a+b)/2"},
		{"roots", `$\sqrt{n}$, $\sqrt{n+1}$, $\sqrt[3]{x}$`, "√n, √(n+1), ³√x"},
		{"functions stand apart", `$O(n\log n)$, $\log(n)$`, "O(n log n), log(n)"},
		{"accents of mathematics", `$\hat{x}$ and $\bar\theta$`, "x̂ and θ̄"},
		{"fonts and sizes leave their content", `$\mathcal{O}\left(\boldsymbol{w}\right)$`, "O(w)"},
		{"words within a formula keep their blanks", `$x \text{ if } y$`, "x if y"},
		{"an unknown command stands by its name", `$\effdim(k)$`, "effdim(k)"},
		{"other marks of mathematics", `\(a\) and \[b=c\] done`, "a and b = c done"},
		{"money is not mathematics", "costs $5 and $10 a month", "costs $5 and $10 a month"},
		{"an escaped dollar is money", `costs \$5 with $n$ seats`, "costs $5 with n seats"},
		{"blanks within the signs of what is a formula", "where $ q = \\pm1 $ and $ x_1$5", "where q = ±1 and x₁5"},
		{"words between formulas are none", "$a$ and $b$ or $ c", "a and b or $ c"},
		{"a lone dollar stays", "a $ b", "a $ b"},
		{"an empty line ends what is no formula", "a $b\n\nc$ d", "a $b\n\nc$ d"},
		{"a brace that is not closed", `$x^{2$`, "x²"},
		{"a brace too many", `$x}y$`, "xy"},
		{"commas", `$f(x,y)$`, "f(x, y)"},
		{"percent and braces that print", `$\{1,\dots,n\}$ at $5\%$`, "{1, …, n} at 5%"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, tex.Plain(c.in)); diff != "" {
				t.Errorf("Plain(%q) (-want +got):\n%s", c.in, diff)
			}
		})
	}
}

func FuzzPlain(f *testing.F) {
	f.Add(`$x_i^2 \le \frac{1}{n}$ and \[ \sqrt[3]{\hat x} \]`)
	f.Add(`$\frac$ $^$ $_{$ $\text{a$ \( $$ $\mathbb`)
	f.Add("$" + strings.Repeat("{", 300) + "x$")
	f.Fuzz(func(t *testing.T, s string) {
		got := tex.Plain(s)
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Errorf("Plain(%q) = %q, which is not UTF-8", s, got)
		}
		if len(got) > 8*len(s)+16 {
			t.Errorf("Plain makes %d bytes of %d", len(got), len(s))
		}
		if !strings.ContainsAny(s, `$\`) && got != s {
			t.Errorf("Plain changed %q, which has no mathematics, to %q", s, got)
		}
	})
}
