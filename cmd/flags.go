package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// configFile is read from the working directory if it is there and no other
// file is named.
const configFile = "config.toml"

// configFlags makes a flag of each configuration key: a struct for kong, and
// what reads the flags that were given out of it. It is made of the keys
// themselves, so the two cannot come apart.
func configFlags() (kong.Plugins, func() map[string]string) {
	fields := make([]reflect.StructField, len(keys))
	for i, k := range keys {
		help := strings.NewReplacer(`"`, "'", "\\", "").Replace(k.help) + " ($" + k.env() + ")"
		group := "Configuration"
		if k.section() != "" {
			group += ", section " + k.section() // not in brackets: [log] would be taken for a link
		}
		tag := fmt.Sprintf(`name:"%s" help:"%s" placeholder:"%s" group:"%s:"`, k.flag(), help, placeholder(k), group)
		typ := reflect.TypeFor[*string]()
		if k.typ.Kind() == reflect.Bool {
			typ = reflect.TypeFor[*bool]()
			tag += ` negatable:""`
		}
		fields[i] = reflect.StructField{Name: fmt.Sprintf("Key%d", i), Type: typ, Tag: reflect.StructTag(tag)}
	}
	holder := reflect.New(reflect.StructOf(fields))
	return kong.Plugins{holder.Interface()}, func() map[string]string {
		given := map[string]string{}
		for i, k := range keys {
			if f := holder.Elem().Field(i); !f.IsNil() {
				given[k.flag()] = fmt.Sprint(f.Elem().Interface())
			}
		}
		return given
	}
}

func placeholder(k key) string {
	switch {
	case k.typ == durationType:
		return "TIME"
	case k.typ == listType:
		return "A,B"
	case k.typ.Kind() == reflect.Int, k.typ.Kind() == reflect.Float64:
		return "N"
	default:
		return "TEXT"
	}
}

// configured is shared by the verbs that read the configuration.
type configured struct {
	Config string `help:"Configuration file. Without it, ./config.toml if there is one. ($SANDLOT_CONFIG)" placeholder:"FILE"`
	kong.Plugins

	flags func() map[string]string
}

// load reads the configuration; file is the one that was read, if any.
func (c *configured) load(p *program) (config Config, file string, err error) {
	file = c.Config
	if file == "" {
		file, _ = p.env("SANDLOT_CONFIG")
	}
	if file == "" {
		if _, err := os.Stat(configFile); err == nil {
			file = configFile
		} else if !errors.Is(err, fs.ErrNotExist) {
			return Config{}, "", fmt.Errorf("read the configuration: %w", err)
		}
	}
	config, err = Load(Sources{File: file, Env: p.env, Flags: c.flags()})
	return config, file, err
}

// strangers are the variables that begin like ours and set nothing: most likely
// misspelt. Those that container engines make for a service of our name are
// none.
func strangers(environ []string) (names []string) {
	for _, e := range environ {
		name, _, _ := strings.Cut(e, "=")
		if !strings.HasPrefix(name, "SANDLOT_") || name == "SANDLOT_CONFIG" || strings.Contains(name, "_PORT") || strings.Contains(name, "_SERVICE_") {
			continue
		}
		if !slices.ContainsFunc(keys, func(k key) bool { return k.env() == name }) {
			names = append(names, name)
		}
	}
	return names
}
