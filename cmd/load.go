package cmd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Sources is where a configuration comes from, the weakest first: the defaults,
// a file, the environment, flags.
type Sources struct {
	File  string                           // path; empty: none
	Env   func(name string) (string, bool) // nil: none
	Flags map[string]string                // by flag name, without dashes
}

// Load reads the configuration from s and validates it. All that is wrong is in
// one error of type Faults; a file that cannot be read is an ordinary error.
func Load(s Sources) (Config, error) {
	c := Default()
	l := &loader{config: &c, from: map[string]Fault{}}
	if s.File != "" {
		if err := l.file(s.File); err != nil {
			return Config{}, err
		}
	}
	for _, k := range keys {
		if s.Env != nil {
			if v, ok := s.Env(k.env()); ok {
				l.text(k, v, k.env())
			}
		}
		if v, ok := s.Flags[k.flag()]; ok {
			l.text(k, v, "--"+k.flag())
		}
	}
	for _, f := range c.faults() {
		if l.failed(f.Key) {
			continue // named already
		}
		if from, ok := l.from[f.Key]; ok {
			f.Where, f.Line = from.Where, from.Line
		}
		l.faults = append(l.faults, f)
	}
	return c, l.faults.err()
}

// loader fills config and remembers where each key was set.
type loader struct {
	config *Config
	from   map[string]Fault
	faults Faults
}

func (l *loader) failed(path string) bool {
	return path != "" && slices.ContainsFunc(l.faults, func(f Fault) bool { return f.Key == path })
}

func (l *loader) text(k key, v, where string) {
	l.from[k.path] = Fault{Where: where}
	// A stronger source mends what a weaker one had wrong.
	l.faults = slices.DeleteFunc(l.faults, func(f Fault) bool { return f.Key == k.path })
	if err := k.parse(l.config, v); err != nil {
		l.faults = append(l.faults, Fault{Where: where, Key: k.path, Message: err.Error()})
	}
}

func (l *loader) file(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	name := filepath.Base(path)
	tree := map[string]any{}
	if err := toml.Unmarshal(data, &tree); err != nil {
		return Faults{syntaxFault(name, err)}
	}
	lines := keyLines(data)
	for _, path := range flatten("", tree) {
		at := Fault{Where: name, Line: lines[path.name], Key: path.name}
		if at.Line > 0 {
			at.Where = fmt.Sprintf("%s:%d", name, at.Line)
		}
		k, ok := findKey(path.name)
		if !ok {
			at.Message = "no such key" + suggest(path.name)
			l.faults = append(l.faults, at)
			continue
		}
		l.from[k.path] = at
		if err := k.set(l.config, path.value); err != nil {
			at.Message = err.Error()
			l.faults = append(l.faults, at)
		}
	}
	return nil
}

func syntaxFault(name string, err error) Fault {
	var de *toml.DecodeError
	if !errors.As(err, &de) {
		return Fault{Where: name, Message: err.Error()}
	}
	row, col := de.Position()
	return Fault{
		Where: fmt.Sprintf("%s:%d:%d", name, row, col), Line: row, Key: strings.Join(de.Key(), "."),
		Message: "not TOML: " + strings.TrimPrefix(de.Error(), "toml: "),
	}
}
