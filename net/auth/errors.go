package auth

import (
	"errors"
	"fmt"

	"github.com/golang-jwt/jwt/v5"
)

// Error is why a token was not taken. Compare codes with errors.Is and the
// variables below; the message never holds the token.
type Error struct {
	Code    string // lower_snake, stable
	Message string // for people
	err     error
}

func (e *Error) Error() string { return fmt.Sprintf("verify token: %s (%s)", e.Message, e.Code) }

// Unwrap gives the library's error, if there was one.
func (e *Error) Unwrap() error { return e.err }

// Is reports equal codes.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// The codes of errors.
var (
	ErrMissing       = &Error{Code: "missing", Message: "no token was given"}
	ErrTooLong       = &Error{Code: "too_long", Message: "the token is longer than 2 KiB"}
	ErrMalformed     = &Error{Code: "malformed", Message: "that is not a token"}
	ErrBadSignature  = &Error{Code: "bad_signature", Message: "the signature does not fit"}
	ErrBadMethod     = &Error{Code: "bad_method", Message: "the signing method is not allowed"}
	ErrUnknownKey    = &Error{Code: "unknown_key", Message: "signed with a key that is not known"}
	ErrCritical      = &Error{Code: "critical_header", Message: "the crit header is not supported"}
	ErrExpired       = &Error{Code: "expired", Message: "the token has expired"}
	ErrNoExpiry      = &Error{Code: "no_expiry", Message: "the token does not expire"}
	ErrTooLongLived  = &Error{Code: "too_long_lived", Message: "the token lives longer than allowed"}
	ErrNotYetValid   = &Error{Code: "not_yet_valid", Message: "the token is not valid yet"}
	ErrWrongAudience = &Error{Code: "wrong_audience", Message: "the token is meant for something else"}
	ErrWrongIssuer   = &Error{Code: "wrong_issuer", Message: "the token's issuer is not known"}
	ErrWrongUse      = &Error{Code: "wrong_use", Message: "the token is meant for another use"}
	ErrIncomplete    = &Error{Code: "incomplete", Message: "the token lacks a claim"}
	ErrBadRatings    = &Error{Code: "bad_ratings", Message: "the token's claim ratings is not an object of at most 32 modes with 0 to 10,000 points each"}
	ErrRestarted     = &Error{Code: "restarted", Message: "it was said to an earlier run of this instance"}
	ErrSpent         = &Error{Code: "spent", Message: "the pass has been used"}
	ErrFull          = &Error{Code: "full", Message: "too many passes at once"}
	ErrGuestsOff     = &Error{Code: "guests_off", Message: "guests are turned off here"}
	ErrUnavailable   = &Error{Code: "unavailable", Message: "the issuer's keys could not be read"}
)

// because is e with the library's reason kept for errors.As.
func (e *Error) because(err error) *Error { return &Error{Code: e.Code, Message: e.Message, err: err} }

// classify maps the library's error to ours. Order matters: the library joins
// several faults, and the signature's comes before the claims'.
func classify(err error) error {
	var own *Error
	switch {
	case errors.As(err, &own):
		return own
	case errors.Is(err, jwt.ErrTokenMalformed):
		return ErrMalformed.because(err)
	case errors.Is(err, jwt.ErrTokenUnverifiable):
		return ErrUnknownKey.because(err)
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return ErrBadSignature.because(err)
	case errors.Is(err, jwt.ErrTokenExpired):
		return ErrExpired.because(err)
	case errors.Is(err, jwt.ErrTokenNotValidYet), errors.Is(err, jwt.ErrTokenUsedBeforeIssued):
		return ErrNotYetValid.because(err)
	case errors.Is(err, jwt.ErrTokenInvalidAudience):
		return ErrWrongAudience.because(err)
	case errors.Is(err, jwt.ErrTokenInvalidIssuer):
		return ErrWrongIssuer.because(err)
	case errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
		return ErrNoExpiry.because(err)
	default:
		return ErrMalformed.because(err)
	}
}
