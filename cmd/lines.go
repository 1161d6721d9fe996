package cmd

import (
	"maps"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// A setting is one key of a file with its value.
type setting struct {
	name  string
	value any
}

// flatten lists the leaves of a decoded file. A table in the place of a known
// key counts as its value, so that it is refused for what it is.
func flatten(prefix string, tree map[string]any) []setting {
	var out []setting
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		path := prefix + name
		sub, isTable := tree[name].(map[string]any)
		_, isKey := findKey(path)
		switch {
		case isTable && !isKey && (len(sub) > 0 || isSection(path)):
			out = append(out, flatten(path+".", sub)...)
		default:
			out = append(out, setting{path, tree[name]})
		}
	}
	return out
}

func isSection(path string) bool {
	return slices.ContainsFunc(keys, func(k key) bool { return strings.HasPrefix(k.path, path+".") })
}

// keyLines finds the line of each key of a file that is known to be TOML.
func keyLines(data []byte) map[string]int {
	lines := map[string]int{}
	p := unstable.Parser{}
	p.Reset(data)
	table := ""
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			name, line := keyOf(&p, e)
			table = name + "."
			lines[name] = line
		case unstable.KeyValue:
			name, line := keyOf(&p, e)
			lines[table+name] = line
			inlineLines(&p, e.Value(), table+name+".", lines)
		}
	}
	return lines
}

func inlineLines(p *unstable.Parser, value *unstable.Node, prefix string, lines map[string]int) {
	if value.Kind != unstable.InlineTable {
		return
	}
	for it := value.Children(); it.Next(); {
		name, line := keyOf(p, it.Node())
		lines[prefix+name] = line
		inlineLines(p, it.Node().Value(), prefix+name+".", lines)
	}
}

func keyOf(p *unstable.Parser, n *unstable.Node) (name string, line int) {
	var parts []string
	for it := n.Key(); it.Next(); {
		parts = append(parts, string(it.Node().Data))
		if line == 0 {
			line = p.Shape(p.Range(it.Node().Data)).Start.Line
		}
	}
	return strings.Join(parts, "."), line
}

// suggest names the key that was probably meant.
func suggest(path string) string {
	last := path[strings.LastIndexByte(path, '.')+1:]
	best, at := 3, ""
	for _, k := range keys {
		if d := distance(path, k.path); d < best {
			best, at = d, k.path
		}
		if best > 0 && k.path[strings.LastIndexByte(k.path, '.')+1:] == last {
			best, at = 0, k.path // the right name in the wrong table
		}
	}
	if at == "" {
		return ""
	}
	return "; did you mean " + at + "?"
}

// distance is how many letters must change to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(row[j]+1, row[j+1]+1, change)
		}
	}
	return row[len(b)]
}
