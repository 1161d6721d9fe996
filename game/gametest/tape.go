package gametest

import (
	"errors"
	"slices"

	"github.com/sandlot-server/sandlot/game/state"
)

// tape is a state message in memory, as the server writes it.
type tape []element

type element struct {
	text bool
	state.Value
}

func (t *tape) Int(v int64)  { *t = append(*t, element{Value: state.Value{Int: v}}) }
func (t *tape) Str(s string) { *t = append(*t, element{text: true, Value: state.Value{Str: s}}) }

func (t tape) equal(o tape) bool { return slices.Equal(t, o) }

// reader reads a tape as a client does.
type reader struct {
	left tape
	err  error
}

var (
	_ state.Sink   = (*tape)(nil)
	_ state.Source = (*reader)(nil)

	errTape = errors.New("the message has no such element there")
)

func (r *reader) Int() int64 { return r.next(false, 0).Value.Int }

func (r *reader) Str(max int) string { return r.next(true, max).Str }

func (r *reader) More() bool { return r.err == nil && len(r.left) > 0 }

func (r *reader) Err() error { return r.err }

func (r *reader) next(text bool, max int) element {
	if !r.More() || r.left[0].text != text || len(r.left[0].Str) > max {
		r.left = nil
		if r.err == nil {
			r.err = errTape
		}
		return element{}
	}
	e := r.left[0]
	r.left = r.left[1:]
	return e
}
