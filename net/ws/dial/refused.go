package dial

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Refused is the error of a server that answered without an upgrade.
type Refused struct {
	Status     int           // of HTTP
	Code       string        // the problem's code; may be empty
	Message    string        // the problem's detail or title; may be empty
	RetryAfter time.Duration // 0: unsaid
	Location   string        // where to go instead; empty: unsaid
}

// Error implements error.
func (r *Refused) Error() string {
	text := fmt.Sprintf("refused with status %d", r.Status)
	if r.Code != "" {
		text += " (" + r.Code + ")"
	}
	if r.Message != "" {
		text += ": " + r.Message
	}
	return text
}

const maxProblem = 4096 // bytes read of a refusal's body

// refused reads what it can of a refusal; a body that is no problem+json only
// leaves the words empty.
func refused(resp *http.Response) *Refused {
	r := &Refused{Status: resp.StatusCode, Location: resp.Header.Get("Location")}
	if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && s > 0 && s < 1<<20 {
		r.RetryAfter = time.Duration(s) * time.Second
	}
	var problem struct{ Code, Title, Detail, URL string }
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxProblem))
	if err != nil && len(body) == 0 || json.Unmarshal(body, &problem) != nil {
		return r
	}
	r.Code, r.Message = problem.Code, problem.Detail
	if r.Message == "" {
		r.Message = problem.Title
	}
	if r.Location == "" {
		r.Location = problem.URL
	}
	return r
}
