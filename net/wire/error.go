package wire

import "fmt"

// The codes of decoding errors.
const (
	CodeMalformed = "malformed"    // not one flat MessagePack array, cut short, or bytes left over
	CodeType      = "unknown_type" // a first element that names no message of that direction
	CodeArity     = "arity"        // too few or too many elements
	CodeKind      = "kind"         // an element of another kind than its field
	CodeRange     = "range"        // a number, an index or a length outside of its bounds
	CodeText      = "text"         // a string that is not UTF-8
)

// Error is both what a decoder returns and the error message of the wire: what
// was wrong, in a word for programs and a sentence for people, and about which
// message. Codes other than the decoder's are the sender's to choose.
type Error struct {
	Code    string // lower_snake, stable
	Message string // for people; short
	About   Type   // the message refused; 0 if none is meant
}

// Error implements error.
func (e *Error) Error() string {
	if e.About == 0 {
		return e.Code + ": " + e.Message
	}
	return e.About.String() + ": " + e.Code + ": " + e.Message
}

func fault(about Type, code, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), About: about}
}
