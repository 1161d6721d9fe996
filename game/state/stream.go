package state

// Sink takes the elements of a state message. net/wire's writer is one.
type Sink interface {
	Int(v int64)
	Str(s string)
}

// Copier is a Sink whose elements can be copied into another of its kind: what
// many viewers are sent is encoded once. net/wire's writer is one.
type Copier interface {
	Sink
	Bytes() []byte        // all that was written since Empty
	Copy(p []byte, n int) // takes n elements as another encoded them
	Empty()               // forgets all and keeps its memory
}

// Source gives the elements of a state message. After a fault (nothing left,
// an element of another type, a string above its bound) Int returns 0, Str
// returns "", More returns false and Err the first fault.
type Source interface {
	Int() int64
	Str(max int) string // max is in bytes
	More() bool         // another element is there
	Err() error
}
