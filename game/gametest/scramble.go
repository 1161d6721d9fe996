package gametest

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

func layoutOf(g game.Game) (*state.Layout, error) {
	l, err := state.Compile(reflect.TypeOf(g).Elem())
	if err != nil {
		return nil, fmt.Errorf("compile the game: %w", err)
	}
	return l, nil
}

// secrecy is who may know a field.
type secrecy int

const (
	public  secrecy = iota
	rounded         // public but for what rounding takes off, which the owner knows
	owned           // the row's owner
	server          // nobody
)

// secrecyOf reads a field's sync tag on its own: the compiled schema is what is
// under test. It also gives the field's step.
func secrecyOf(f reflect.StructField) (secrecy, int64) {
	tag, synced := f.Tag.Lookup("sync")
	if !synced {
		return server, 1
	}
	step, shared, mine := int64(1), tag == "", false
	for part := range strings.SplitSeq(tag, ",") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "step":
			shared = true
			if n, err := strconv.ParseInt(value, 10, 64); err == nil {
				step = n
			}
		case "owner":
			return owned, 1
		case "predict":
			mine = true
		default: // lerp, max
			shared = true
		}
	}
	switch {
	case !shared:
		return owned, 1
	case mine && step > 1:
		return rounded, step
	}
	return public, step
}

// scramble changes all of g that p, who sees was through view, may not know.
func scramble(chance *rand.Rand, g game.Game, was *state.Snapshot, view *state.View, p game.Player) {
	v := reflect.ValueOf(g).Elem()
	scrambleFields(chance, v, owned) // nobody owns the top-level fields
	i := 0
	for name, table := range tablesOf(g) {
		rows := v.FieldByName(name).Addr().MethodByName("All").Call(nil)[0]
		for id, row := range rows.Seq2() {
			id := id.Interface().(game.ID)
			from := owned
			switch pos := was.Find(i, id); {
			case !view.Has(i, pos):
				from = public
			case p != 0 && table.Owner(id) == p:
				from = server
			}
			scrambleFields(chance, row.Elem(), from)
		}
		i++
	}
}

// scrambleFields changes the fields of a struct that are at least so secret.
func scrambleFields(chance *rand.Rand, v reflect.Value, from secrecy) {
	for _, f := range reflect.VisibleFields(v.Type()) {
		field := v.FieldByIndex(f.Index)
		if f.Anonymous || !f.IsExported() || isTable(field) {
			continue
		}
		secret, step := secrecyOf(f)
		switch {
		case secret == rounded && from == owned:
			unround(chance, field, step)
		case secret == rounded && from == public, secret != rounded && secret >= from:
			change(chance, field)
		}
	}
}

func isTable(v reflect.Value) bool {
	_, is := v.Addr().Interface().(game.AnyTable)
	return is
}

// unround changes what rounding to the nearest step takes off.
func unround(chance *rand.Rand, v reflect.Value, step int64) {
	switch {
	case v.Kind() == reflect.Array:
		for i := range v.Len() {
			unround(chance, v.Index(i), step)
		}
	case v.CanInt():
		q := floor(v.Int()+step/2, step)
		if n := q*step - step/2 + chance.Int64N(step); !v.OverflowInt(n) {
			v.SetInt(n)
		}
	case v.CanUint():
		q := floor(int64(v.Uint())+step/2, step)
		if n := q*step - step/2 + chance.Int64N(step); n >= 0 && !v.OverflowUint(uint64(n)) {
			v.SetUint(uint64(n))
		}
	}
}

func floor(n, step int64) int64 {
	if q := n / step; n%step >= 0 {
		return q
	}
	return n/step - 1
}

// change gives a value that is another one, as far as its type allows.
func change(chance *rand.Rand, v reflect.Value) {
	switch {
	case !v.CanSet():
	case v.CanInt():
		v.SetInt(v.Int() + 1 + chance.Int64N(64)) // wraps within its width
	case v.CanUint():
		v.SetUint(v.Uint() + 1 + chance.Uint64N(64))
	case v.CanFloat():
		v.SetFloat(v.Float() + 1)
	case v.Kind() == reflect.Bool:
		v.SetBool(!v.Bool())
	case v.Kind() == reflect.String:
		v.SetString(v.String() + "x")
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			change(chance, v.Field(i))
		}
	case v.Kind() == reflect.Array || v.Kind() == reflect.Slice:
		for i := range v.Len() {
			change(chance, v.Index(i))
		}
	}
}
