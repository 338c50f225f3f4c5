package transformer

import "math"

// gates are the activation functions, each divided by its argument: all of them
// let a part of x through, none of it far below 0 and all far above.
var gates = map[string]func(x float64) float64{
	"gelu":              normal,
	"gelu_python":       normal,
	"gelu_new":          tanhNormal,
	"gelu_fast":         tanhNormal,
	"gelu_pytorch_tanh": tanhNormal,
	"relu": func(x float64) float64 {
		if x < 0 {
			return 0
		}
		return 1
	},
}

// normal is the distribution function of the normal distribution (Hendrycks and
// Gimpel, "Gaussian error linear units", 2016).
func normal(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }

// tanhNormal is the approximation of it that the same paper gives.
func tanhNormal(x float64) float64 {
	return 0.5 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x)))
}

// A gateTable has the values of a gate at steps over -gateRange to gateRange,
// between which it is taken to be straight: the error is below 3e-7 for gelu.
type gateTable [2*gateRange*gateSteps + 2]float32

const (
	gateRange = 6
	gateSteps = 512 // to 1
)

func newGateTable(gate func(float64) float64) *gateTable {
	t := new(gateTable)
	for i := range t {
		t[i] = float32(gate(float64(i)/gateSteps - gateRange))
	}
	return t
}

// apply sets each x to x + bias, times the gate.
func (t *gateTable) apply(row, bias []float32) {
	bias = bias[:len(row)]
	for i, x := range row {
		x += bias[i]
		switch at := (x + gateRange) * gateSteps; {
		case at >= 2*gateRange*gateSteps:
			row[i] = x
		case at > 0:
			j := uint(at)
			low := t[j]
			row[i] = x * (low + float32((at-float32(j))*(t[j+1]-low)))
		default:
			row[i] = x * 0 // what is not a number stays so
		}
	}
}
