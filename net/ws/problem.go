package ws

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
)

// problem is an error as RFC 9457 has it, with a code for programs.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
	URL    string `json:"url,omitempty"` // with code moved: where to go
}

// answer writes a refusal as problem+json.
func answer(w http.ResponseWriter, r *session.Refusal) {
	head := w.Header()
	head.Set("Content-Type", "application/problem+json")
	head.Set("Cache-Control", "no-store")
	head.Set("X-Content-Type-Options", "nosniff")
	if r.Status == http.StatusUnauthorized {
		head.Set("WWW-Authenticate", "Bearer")
	}
	if r.RetryAfter > 0 {
		head.Set("Retry-After", strconv.FormatInt(int64((r.RetryAfter+time.Second-1)/time.Second), 10))
	}
	w.WriteHeader(r.Status)
	_ = json.NewEncoder(w).Encode(problem{Title: http.StatusText(r.Status), Status: r.Status, Detail: r.Message, Code: r.Code, URL: r.URL})
}
