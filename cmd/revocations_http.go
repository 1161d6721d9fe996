package cmd

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/sandlot-server/sandlot/lobby/api"
)

// revokeRequest is the body of POST /v1/revocations at the admin port.
type revokeRequest struct {
	Player string `json:"player"` // id, as in tokens' sub and in the log
	For    string `json:"for"`    // "24h"; empty: auth.lifetime; "0s" lifts
	Renew  bool   `json:"renew"`  // only what was issued until now: a new token is good
}

// revokeAnswer says what came of it.
type revokeAnswer struct {
	revocation
	Sessions int    `json:"sessions"`          // that ended on this instance
	Warning  string `json:"warning,omitempty"` // that it is not kept yet, and why
}

// maxRevocation bounds how long one lasts.
const maxRevocation = 10 * 365 * 24 * time.Hour

func (s *Server) postRevocation(w http.ResponseWriter, r *http.Request) {
	in := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4<<10))
	in.DisallowUnknownFields()
	var q revokeRequest
	if err := in.Decode(&q); err != nil {
		api.NewProblem(api.CodeMalformed, `the body must be like {"player":"ID","for":"24h"}`, 0).Write(w)
		return
	}
	length := s.config.Auth.Lifetime
	if q.For != "" {
		var err error
		if length, err = time.ParseDuration(q.For); err != nil || length < 0 || length > maxRevocation {
			api.NewProblem(api.CodeMalformed, `for must be a time like "24h"`, 0).Write(w)
			return
		}
	}
	if q.Player == "" || len(q.Player) > 128 {
		api.NewProblem(api.CodeMalformed, "player must be a player's id", 0).Write(w)
		return
	}
	now := time.Now().UTC()
	one := revocation{Player: q.Player, At: now, Until: now.Add(length), Renewed: q.Renew}
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	answerJSON(w, http.StatusCreated, s.revocations.add(ctx, one))
}

func (s *Server) getRevocations(w http.ResponseWriter, _ *http.Request) {
	list := s.revocations.list()
	if list == nil {
		list = []revocation{}
	}
	answerJSON(w, http.StatusOK, map[string]any{"revocations": list})
}

func answerJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
