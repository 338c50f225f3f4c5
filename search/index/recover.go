package index

import (
	"fmt"
	"runtime"
	"strings"
)

// Recover is deferred by who reads segments. Reading trusts the bytes as far as it
// does not cost: a list that is damaged may lead behind the end of its part, where
// the bounds that Go checks end it with a panic. Recover makes that an error,
// [ErrDamaged], and lets other panics go on.
//
// With [debug.SetPanicOnFault], a page that the disk fails to deliver is such a
// panic too.
func Recover(err *error) {
	switch r := recover().(type) {
	case nil:
	case runtime.Error:
		_, fault := r.(interface{ Addr() uintptr })
		if !fault && !strings.Contains(r.Error(), "out of range") {
			panic(r)
		}
		*err = fmt.Errorf("index: a segment is %w, which a check tells more of: %w", ErrDamaged, r)
	default:
		panic(r)
	}
}
