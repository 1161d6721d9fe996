package state

import (
	"math"
	"reflect"
	"unsafe"
)

// scalar is how a number or boolean lies in memory.
type scalar uint8

const (
	noScalar scalar = iota
	boolean
	int8s
	int16s
	int32s
	int64s
	uint8s
	uint16s
	uint32s
	uint64s
	float32s
	float64s
)

// scalarOf returns noScalar for anything but booleans, integers and floats.
// uintptr is an address, not a number.
func scalarOf(t reflect.Type) scalar {
	switch t.Kind() {
	case reflect.Bool:
		return boolean
	case reflect.Int8:
		return int8s
	case reflect.Int16:
		return int16s
	case reflect.Int32:
		return int32s
	case reflect.Int64:
		return int64s
	case reflect.Uint8:
		return uint8s
	case reflect.Uint16:
		return uint16s
	case reflect.Uint32:
		return uint32s
	case reflect.Uint64:
		return uint64s
	case reflect.Float32:
		return float32s
	case reflect.Float64:
		return float64s
	case reflect.Int:
		if t.Size() == 4 {
			return int32s
		}
		return int64s
	case reflect.Uint:
		if t.Size() == 4 {
			return uint32s
		}
		return uint64s
	}
	return noScalar
}

func (s scalar) isInt() bool   { return s >= int8s && s <= uint64s }
func (s scalar) isFloat() bool { return s >= float32s }

// size is in bytes.
func (s scalar) size() uintptr {
	switch s {
	case boolean, int8s, uint8s:
		return 1
	case int16s, uint16s:
		return 2
	case int32s, uint32s, float32s:
		return 4
	}
	return 8
}

// bounds is the range of an integer or boolean, held to ±2^53 so that a
// browser's numbers hold every value.
func (s scalar) bounds() (lo, hi int64) {
	switch s {
	case boolean:
		return 0, 1
	case int8s:
		return math.MinInt8, math.MaxInt8
	case int16s:
		return math.MinInt16, math.MaxInt16
	case int32s:
		return math.MinInt32, math.MaxInt32
	case uint8s:
		return 0, math.MaxUint8
	case uint16s:
		return 0, math.MaxUint16
	case uint32s:
		return 0, math.MaxUint32
	case uint64s:
		return 0, maxExact
	}
	return -maxExact, maxExact
}

// maxExact is the largest integer up to which a double holds each one.
const maxExact = 1 << 53

// read loads an integer or boolean; a uint64 keeps its bits.
func (s scalar) read(p unsafe.Pointer) int64 {
	switch s {
	case boolean, uint8s:
		return int64(*(*uint8)(p))
	case int8s:
		return int64(*(*int8)(p))
	case int16s:
		return int64(*(*int16)(p))
	case int32s:
		return int64(*(*int32)(p))
	case uint16s:
		return int64(*(*uint16)(p))
	case uint32s:
		return int64(*(*uint32)(p))
	}
	return *(*int64)(p)
}

// write stores an integer or boolean. v is in range.
func (s scalar) write(p unsafe.Pointer, v int64) {
	switch s {
	case boolean:
		*(*bool)(p) = v != 0
	case int8s, uint8s:
		*(*uint8)(p) = uint8(v)
	case int16s, uint16s:
		*(*uint16)(p) = uint16(v)
	case int32s, uint32s:
		*(*uint32)(p) = uint32(v)
	default:
		*(*int64)(p) = v
	}
}
