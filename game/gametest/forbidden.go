package gametest

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// clock, and the like, by package; "*" is everything in it.
var forbidden = map[string]struct {
	names []string
	why   string
}{
	"time":            {[]string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Local"}, "the clock of a match is Tick.N"},
	"crypto/rand":     {[]string{"*"}, "chance of a match is Tick.Rand"},
	"hash/maphash":    {[]string{"*"}, "its hashes differ from run to run"},
	"maps":            {[]string{"All", "Keys", "Values"}, "a map's order differs from run to run"},
	"os":              {[]string{"Environ", "Getenv", "LookupEnv", "Getpid", "Getppid", "Hostname", "Getwd"}, "it differs from machine to machine"},
	"runtime":         {[]string{"NumCPU", "NumGoroutine", "GOMAXPROCS", "ReadMemStats"}, "it differs from machine to machine"},
	"(sync.Map)":      {[]string{"Range"}, "a map's order differs from run to run"},
	"(reflect.Value)": {[]string{"MapKeys", "MapRange", "Seq", "Seq2"}, "a map's order differs from run to run"},
}

// use finds forbidden functions and variables, called or not.
func (s *scanner) use(id *ast.Ident) {
	obj := s.pkg.TypesInfo.Uses[id]
	if obj == nil || obj.Pkg() == nil {
		return
	}
	where := obj.Pkg().Path()
	f, isFunc := obj.(*types.Func)
	if isFunc && f.Signature().Recv() != nil {
		where = "(" + strings.TrimPrefix(types.TypeString(f.Signature().Recv().Type(), nil), "*") + ")"
	}
	if where == "math/rand" || where == "math/rand/v2" {
		if isFunc && !strings.HasPrefix(f.Name(), "New") {
			s.add(id, "%s.%s: chance of a match is Tick.Rand", where, f.Name())
		}
		return
	}
	rule, ok := forbidden[where]
	if !ok || !slices.Contains(rule.names, obj.Name()) && !slices.Contains(rule.names, "*") {
		return
	}
	if _, isType := obj.(*types.TypeName); !isType {
		s.add(id, "%s.%s: %s", where, obj.Name(), rule.why)
	}
}
