package game

// Error is a refusal with a code that programs can rely on.
type Error struct {
	Code    string // one of the Code constants
	Message string // for people; lower case
}

// The codes of errors from a Runner.
const (
	CodeFull     = "full"     // the match has its most players
	CodeStarted  = "started"  // it has begun and takes no late joiners
	CodeRefused  = "refused"  // the game said no
	CodeOver     = "over"     // the match has ended
	CodeBusy     = "busy"     // too much waits for the next tick
	CodeSeated   = "seated"   // that player is in the match already
	CodeUnseated = "unseated" // that player is not in the match
	CodeInvalid  = "invalid"  // no such command, or a value out of its range
)

func (e *Error) Error() string { return e.Message }

func refuse(code, message string) *Error { return &Error{Code: code, Message: message} }
