package api

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sandlot-server/sandlot/lobby"
)

// The codes of this package's own refusals; those of lobbies are in package lobby.
const (
	CodeBadName     = "bad_name"        // a name that cannot be shown
	CodeNoGuests    = "guests_off"      // this server makes no tokens for guests
	CodeCrossSite   = "cross_site"      // a request of a page that may not use this server
	CodeRate        = "rate_limited"    // too many requests from this address
	CodeTooLarge    = "body_too_large"  // a body above the bound
	CodeTimeout     = "timeout"         // a body that did not come in time
	CodeMalformed   = "malformed"       // not JSON, or not of the kind that is wanted
	CodeRevoked     = "revoked"         // this player's right to be here was withdrawn
	CodeNoRoute     = "not_found"       // no such address
	CodeNoMethod    = "method"          // no such method at this address
	CodeUnsupported = "unsupported"     // a kind of content that is not understood
	CodeGone        = "request_gone"    // the client went away before the answer
	codeInvalid     = lobby.CodeInvalid // a value out of its range
)

// statusOf is the one table from a code to its HTTP status. What is not in it is 500.
var statusOf = map[string]int{
	lobby.CodeNotFound:     http.StatusNotFound,
	lobby.CodeNoGame:       http.StatusNotFound,
	lobby.CodeFull:         http.StatusConflict,
	lobby.CodeClosed:       http.StatusGone,
	lobby.CodeRunning:      http.StatusConflict,
	lobby.CodeKicked:       http.StatusForbidden,
	lobby.CodeSetting:      http.StatusUnprocessableEntity,
	lobby.CodeInvalid:      http.StatusUnprocessableEntity,
	lobby.CodeNotHost:      http.StatusForbidden,
	lobby.CodePhase:        http.StatusConflict,
	lobby.CodeNotMember:    http.StatusForbidden,
	lobby.CodeLimit:        http.StatusTooManyRequests,
	lobby.CodeCapacity:     http.StatusServiceUnavailable,
	lobby.CodeUnavailable:  http.StatusServiceUnavailable,
	lobby.CodeStopping:     http.StatusServiceUnavailable,
	lobby.CodeUnauthorized: http.StatusUnauthorized,
	lobby.CodeRejected:     http.StatusForbidden,
	lobby.CodePlayers:      http.StatusConflict,
	lobby.CodeChatRate:     http.StatusTooManyRequests,
	lobby.CodeElsewhere:    http.StatusMisdirectedRequest,
	lobby.CodeSeatLost:     http.StatusGone,
	lobby.CodeMatchLost:    http.StatusGone,
	lobby.CodeApproval:     http.StatusConflict,
	lobby.CodeMuted:        http.StatusForbidden,
	lobby.CodeChatRefused:  http.StatusForbidden,
	lobby.CodeTicketsOnly:  http.StatusForbidden,
	lobby.CodeNoMode:       http.StatusNotFound,
	lobby.CodeNoTicket:     http.StatusNotFound,
	lobby.CodeQueued:       http.StatusConflict,
	lobby.CodeQueueFull:    http.StatusServiceUnavailable,
	lobby.CodeNotOffered:   http.StatusConflict,
	lobby.CodeNoParty:      http.StatusNotFound,
	lobby.CodePartyFull:    http.StatusConflict,
	lobby.CodePartySize:    http.StatusUnprocessableEntity,
	lobby.CodeNotLeader:    http.StatusForbidden,
	lobby.CodeNetworkOff:   http.StatusForbidden,
	lobby.CodeInternal:     http.StatusInternalServerError,

	CodeBadName:     http.StatusUnprocessableEntity,
	CodeNoGuests:    http.StatusForbidden,
	CodeCrossSite:   http.StatusForbidden,
	CodeRate:        http.StatusTooManyRequests,
	CodeTooLarge:    http.StatusRequestEntityTooLarge,
	CodeTimeout:     http.StatusRequestTimeout,
	CodeMalformed:   http.StatusBadRequest,
	CodeRevoked:     http.StatusForbidden,
	CodeNoRoute:     http.StatusNotFound,
	CodeNoMethod:    http.StatusMethodNotAllowed,
	CodeUnsupported: http.StatusUnsupportedMediaType,
	CodeGone:        499,
}

// codeOf gives a code to what the HTTP layer refuses before a handler runs.
var codeOf = map[int]string{
	http.StatusBadRequest:            CodeMalformed,
	http.StatusRequestTimeout:        CodeTimeout,
	http.StatusRequestEntityTooLarge: CodeTooLarge,
	http.StatusUnsupportedMediaType:  CodeUnsupported,
	http.StatusNotAcceptable:         CodeUnsupported,
	http.StatusUnprocessableEntity:   codeInvalid,
}

// Problem is a refusal as RFC 9457 has it, with a stable code.
type Problem struct {
	Type       string   `json:"type" example:"about:blank" doc:"Always about:blank: the code says what is wrong."`
	Title      string   `json:"title" example:"Conflict" doc:"The status in words."`
	Status     int      `json:"status" example:"409" doc:"The HTTP status."`
	Code       string   `json:"code" example:"lobby_full" doc:"What is wrong, for programs. Never changes."`
	Detail     string   `json:"detail,omitempty" example:"the lobby is full" doc:"What is wrong, for people."`
	RetryAfter int      `json:"retryAfter,omitempty" example:"2" doc:"Seconds after which it may work; also in the header Retry-After."`
	Errors     []Detail `json:"errors,omitempty" doc:"Each value at fault."`
}

// Detail is one value at fault.
type Detail struct {
	Location string `json:"location" example:"body.name" doc:"Where the value stands."`
	Message  string `json:"message" example:"expected length <= 64" doc:"What is wrong with it."`
}

// Error is the problem's text for people.
func (p *Problem) Error() string { return p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of problems.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders are those that the answer must carry.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="sandlot"`)
	}
	return h
}

// NewProblem makes the problem for a code; after is when to try again, 0 if that
// is no use.
func NewProblem(code, detail string, after time.Duration) *Problem {
	status, ok := statusOf[code]
	if !ok {
		status = http.StatusInternalServerError
	}
	return &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail,
		RetryAfter: int(math.Ceil(after.Seconds())),
	}
}

// problemOf translates what Lobbies or Keys refused with. A fault of the server
// says nothing of its cause.
func problemOf(err error) error {
	var p *Problem
	var e *lobby.Error
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &e) && e.Code != lobby.CodeInternal:
		after := e.RetryAfter
		if after == 0 && statusOf[e.Code] >= http.StatusTooManyRequests {
			after = 2 * time.Second // a client told to wait must know how long
		}
		return NewProblem(e.Code, e.Message, after)
	case errors.Is(err, context.Canceled):
		return NewProblem(CodeGone, "the request was given up", 0)
	case errors.Is(err, context.DeadlineExceeded):
		return NewProblem(lobby.CodeUnavailable, "the answer did not come in time", 2*time.Second)
	default:
		return NewProblem(lobby.CodeInternal, "something went wrong here", 0)
	}
}

// Write answers with the problem, outside of this package's own operations.
func (p *Problem) Write(w http.ResponseWriter) {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

// huma asks this variable for each error that it makes by itself; there is no
// other way to give those our form.
func init() {
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: codeOf[status], Detail: message}
		if p.Code == "" {
			p.Code = lobby.CodeInternal
		}
		if status >= http.StatusInternalServerError {
			p.Detail = "something went wrong here"
			return p
		}
		for _, err := range errs {
			var d huma.ErrorDetailer
			if errors.As(err, &d) {
				p.Errors = append(p.Errors, Detail{Location: d.ErrorDetail().Location, Message: d.ErrorDetail().Message})
			}
		}
		return p
	}
}
