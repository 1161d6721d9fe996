package gametest

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// scanner reads one file.
type scanner struct {
	pkg   *packages.Package
	ok    map[int]bool // lines that a comment excuses
	setup bool         // in an init function or a package-level declaration
	found []string
}

const excuse = "//gametest:ok "

// excuses returns the lines that are excused: that of the comment and the next.
// The comment must give a reason.
func excuses(fset *token.FileSet, file *ast.File) map[int]bool {
	ok := map[int]bool{}
	for _, group := range file.Comments {
		for _, c := range group.List {
			if reason, is := strings.CutPrefix(c.Text, excuse); is && strings.TrimSpace(reason) != "" {
				line := fset.Position(c.Pos()).Line
				ok[line], ok[line+1] = true, true
			}
		}
	}
	return ok
}

func (s *scanner) file(file *ast.File) {
	for _, d := range file.Decls {
		f, is := d.(*ast.FuncDecl)
		if is && s.tests(f) {
			continue
		}
		s.setup = !is || f.Recv == nil && f.Name.Name == "init"
		ast.Inspect(d, func(n ast.Node) bool {
			s.node(n)
			return true
		})
	}
}

// tests reports whether a function takes something of package testing: such ones
// are not a part of a game that a test file declares.
func (s *scanner) tests(f *ast.FuncDecl) bool {
	for _, p := range f.Type.Params.List {
		if t := s.pkg.TypesInfo.TypeOf(p.Type); t != nil && strings.HasPrefix(strings.TrimPrefix(t.String(), "*"), "testing.") {
			return true
		}
	}
	return false
}

func (s *scanner) add(at ast.Node, format string, args ...any) {
	p := s.pkg.Fset.Position(at.Pos())
	if s.ok[p.Line] {
		return
	}
	if wd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(wd, p.Filename); err == nil {
			p.Filename = rel
		}
	}
	s.found = append(s.found, fmt.Sprintf("%s: %s", p, fmt.Sprintf(format, args...)))
}

func (s *scanner) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Ident:
		s.use(n)
	case *ast.GoStmt:
		s.add(n, "a go statement: games run on one goroutine")
	case *ast.SelectStmt:
		s.add(n, "a select statement: games run on one goroutine")
	case *ast.SendStmt:
		s.add(n, "a send on a channel: games run on one goroutine")
	case *ast.RangeStmt:
		s.ranges(n)
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			s.writes(n.Lhs...)
		}
	case *ast.IncDecStmt:
		s.writes(n.X)
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			s.add(n, "a receive from a channel: games run on one goroutine")
		}
		if v := s.global(n.X); n.Op == token.AND && v != nil && !s.setup {
			s.add(n, "the address of the package-level variable %s: matches would share it", v.Name())
		}
	case *ast.CallExpr:
		s.call(n)
	}
}

func (s *scanner) ranges(n *ast.RangeStmt) {
	if n.Tok == token.ASSIGN {
		s.writes(n.Key, n.Value)
	}
	t := s.pkg.TypesInfo.TypeOf(n.X)
	if t == nil {
		return
	}
	if has(t, func(t types.Type) bool { _, is := t.(*types.Map); return is }) {
		s.add(n, "a range over a map: its order differs from run to run")
	}
	if has(t, func(t types.Type) bool { _, is := t.(*types.Chan); return is }) {
		s.add(n, "a range over a channel: games run on one goroutine")
	}
}

// has reports whether is holds for what t is, or may be if it is a type parameter.
func has(t types.Type, is func(types.Type) bool) bool {
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		return has(p.Constraint(), is)
	}
	i, ok := t.Underlying().(*types.Interface)
	if !ok {
		return is(t.Underlying())
	}
	for j := range i.NumEmbeddeds() {
		e := i.EmbeddedType(j)
		u, union := types.Unalias(e).(*types.Union)
		if !union {
			if has(e, is) {
				return true
			}
			continue
		}
		for k := range u.Len() {
			if has(u.Term(k).Type(), is) {
				return true
			}
		}
	}
	return false
}

// writes finds package-level variables that are written to after set-up.
func (s *scanner) writes(to ...ast.Expr) {
	for _, e := range to {
		if v := s.global(e); v != nil && !s.setup {
			s.add(e, "a write to the package-level variable %s: matches would share it", v.Name())
		}
	}
}

func (s *scanner) call(n *ast.CallExpr) {
	switch f := ast.Unparen(n.Fun).(type) {
	case *ast.Ident:
		b, builtin := s.pkg.TypesInfo.Uses[f].(*types.Builtin)
		if !builtin || len(n.Args) == 0 {
			return
		}
		if b.Name() == "close" {
			s.add(n, "a close of a channel: games run on one goroutine")
		}
		if slices.Contains([]string{"clear", "copy", "delete"}, b.Name()) {
			s.writes(n.Args[0])
		}
	case *ast.SelectorExpr:
		sel := s.pkg.TypesInfo.Selections[f]
		if sel == nil || sel.Kind() != types.MethodVal || s.setup {
			return
		}
		recv := sel.Obj().(*types.Func).Signature().Recv()
		_, byPointer := types.Unalias(recv.Type()).(*types.Pointer)
		_, isPointer := sel.Recv().Underlying().(*types.Pointer)
		if v := s.global(f.X); v != nil && byPointer && !isPointer {
			s.add(n, "%s changes the package-level variable %s: matches would share it", f.Sel.Name, v.Name())
		}
	}
}

// global returns the package-level variable that e is, or is a part of.
func (s *scanner) global(e ast.Expr) *types.Var {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.SelectorExpr:
			if s.pkg.TypesInfo.Selections[x] == nil { // pkg.Name
				e = x.Sel
				continue
			}
			e = x.X
		case *ast.Ident:
			v, ok := s.pkg.TypesInfo.Uses[x].(*types.Var)
			if ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
				return v
			}
			return nil
		default:
			return nil
		}
	}
}
