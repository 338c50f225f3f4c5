package embed

import (
	_ "embed"
	"sync"
)

// builtinFile is what `broadsheet train` wrote; doc/model.md says from what and how good
// it is.
//
//go:embed model.bin
var builtinFile []byte

// Builtin returns the model that is part of the program.
var Builtin = sync.OnceValues(func() (*Model, error) { return Read(builtinFile) })
