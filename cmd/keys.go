package cmd

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A key is one setting: a leaf field of Config with its names.
type key struct {
	path   string // auth.secret_file
	help   string
	bounds string // low..high of a number or a time, both ends included
	one    string // a|b|c
	secret bool   // never shown
	typ    reflect.Type
	index  []int
}

// flag is the key as a command-line flag, without the dashes.
func (k key) flag() string { return strings.NewReplacer(".", "-", "_", "-").Replace(k.path) }

// env is the key as an environment variable.
func (k key) env() string {
	return "SANDLOT_" + strings.ToUpper(strings.ReplaceAll(k.path, ".", "_"))
}

// section is the table the key stands in, empty for the top.
func (k key) section() string {
	i := strings.LastIndexByte(k.path, '.')
	return k.path[:max(i, 0)]
}

var (
	durationType = reflect.TypeFor[time.Duration]()
	listType     = reflect.TypeFor[[]string]()
)

// keys lists every setting in the order of config.toml.
var keys = listKeys(reflect.TypeFor[Config](), "", nil)

func listKeys(t reflect.Type, prefix string, index []int) []key {
	var leaves, nested []key
	for i := range t.NumField() {
		f := t.Field(i)
		path, at := prefix+f.Tag.Get("toml"), append(slices.Clone(index), i)
		if f.Type.Kind() == reflect.Struct {
			nested = append(nested, listKeys(f.Type, path+".", at)...)
			continue
		}
		_, secret := f.Tag.Lookup("secret")
		leaves = append(leaves, key{
			path: path, help: f.Tag.Get("help"), bounds: f.Tag.Get("range"), one: f.Tag.Get("one"),
			secret: secret, typ: f.Type, index: at,
		})
	}
	return append(leaves, nested...)
}

func findKey(path string) (key, bool) {
	i := slices.IndexFunc(keys, func(k key) bool { return k.path == path })
	if i < 0 {
		return key{}, false
	}
	return keys[i], true
}

func (k key) value(c *Config) reflect.Value { return reflect.ValueOf(c).Elem().FieldByIndex(k.index) }

// set stores v, a value as TOML decodes it. Text is taken for times.
func (k key) set(c *Config, v any) error {
	to := k.value(c)
	switch x := v.(type) {
	case string:
		if k.typ == durationType {
			return k.parse(c, x)
		}
		if k.typ.Kind() == reflect.String {
			to.SetString(x)
			return nil
		}
	case bool:
		if k.typ.Kind() == reflect.Bool {
			to.SetBool(x)
			return nil
		}
	case int64:
		if k.typ.Kind() == reflect.Int {
			to.SetInt(x)
			return nil
		}
		if k.typ.Kind() == reflect.Float64 {
			to.SetFloat(float64(x))
			return nil
		}
	case float64:
		if k.typ.Kind() == reflect.Float64 {
			to.SetFloat(x)
			return nil
		}
	case []any:
		if k.typ == listType {
			return setList(to, x)
		}
	}
	return fmt.Errorf("must be %s", k.wants())
}

func setList(to reflect.Value, items []any) error {
	list := make([]string, 0, len(items))
	for _, item := range items {
		s, ok := item.(string)
		if !ok {
			return fmt.Errorf("must be a list of strings")
		}
		list = append(list, s)
	}
	to.Set(reflect.ValueOf(list))
	return nil
}

// parse stores what a flag or an environment variable says.
func (k key) parse(c *Config, s string) error {
	to := k.value(c)
	switch {
	case k.typ == durationType:
		d, err := time.ParseDuration(s)
		if err != nil {
			return fmt.Errorf("must be %s, not %q", k.wants(), s)
		}
		to.SetInt(int64(d))
	case k.typ == listType:
		list := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
		to.Set(reflect.ValueOf(append([]string{}, list...)))
	case k.typ.Kind() == reflect.Bool:
		b, err := strconv.ParseBool(s)
		if err != nil {
			return fmt.Errorf("must be %s, not %q", k.wants(), s)
		}
		to.SetBool(b)
	case k.typ.Kind() == reflect.Int:
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return fmt.Errorf("must be %s, not %q", k.wants(), s)
		}
		to.SetInt(n)
	case k.typ.Kind() == reflect.Float64:
		n, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return fmt.Errorf("must be %s, not %q", k.wants(), s)
		}
		to.SetFloat(n)
	default:
		to.SetString(s)
	}
	return nil
}

// wants names the values that the key takes.
func (k key) wants() string {
	switch {
	case k.typ == durationType:
		return `a time like "30s" or "5m"`
	case k.typ == listType:
		return "a list of strings"
	case k.typ.Kind() == reflect.Bool:
		return "true or false"
	case k.typ.Kind() == reflect.Int:
		return "a whole number"
	case k.typ.Kind() == reflect.Float64:
		return "a number"
	default:
		return "a string"
	}
}

// check says what is wrong with the value that c holds by itself.
func (k key) check(c *Config) error {
	v := k.value(c)
	if k.one != "" && !slices.Contains(strings.Split(k.one, "|"), v.String()) {
		return fmt.Errorf("must be one of %s, not %q", strings.ReplaceAll(k.one, "|", ", "), v.String())
	}
	low, high, ok := strings.Cut(k.bounds, "..")
	if !ok {
		return nil
	}
	n := k.number(v)
	if n < k.bound(low) || n > k.bound(high) || n != n {
		return fmt.Errorf("must be from %s to %s, not %s", low, high, k.format(c))
	}
	return nil
}

func (k key) number(v reflect.Value) float64 {
	if k.typ.Kind() == reflect.Float64 {
		return v.Float()
	}
	return float64(v.Int())
}

func (k key) bound(s string) float64 {
	if k.typ == durationType {
		d, _ := time.ParseDuration(s)
		return float64(d)
	}
	n, _ := strconv.ParseFloat(s, 64)
	return n
}

// format writes the value that c holds as TOML.
func (k key) format(c *Config) string {
	v := k.value(c)
	switch {
	case k.typ == durationType:
		return strconv.Quote(shortTime(time.Duration(v.Int())))
	case k.typ == listType:
		quoted := make([]string, v.Len())
		for i := range quoted {
			quoted[i] = strconv.Quote(v.Index(i).String())
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	case k.typ.Kind() == reflect.String:
		return strconv.Quote(v.String())
	default:
		return fmt.Sprint(v.Interface())
	}
}

// shortTime writes 24h for what Duration calls 24h0m0s.
func shortTime(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}
