package peers

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/auth"
)

// Answerer does what other instances ask; a *lobby.Directory is one. Errors are
// *lobby.Error. It is called from many goroutines.
type Answerer interface {
	Answer(ctx context.Context, what string, question []byte) ([]byte, error)
	Boot() string // names this run of the instance
}

var _ Answerer = (*lobby.Directory)(nil)

// Handler answers POST /v1/peers/WHAT of instances with the same keys, and nobody
// else.
func (p *Peers) Handler(of Answerer) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+Path+"{what}", func(w http.ResponseWriter, r *http.Request) {
		// First of all: strangers must not take the places of instances.
		word, err := p.cfg.Keys.TakePeer(r.Header.Get(Header), p.cfg.Instance, of.Boot())
		if err != nil {
			http.Error(w, notPeer, status(err))
			return
		}
		select {
		case p.answering <- struct{}{}:
			defer func() { <-p.answering }()
		default:
			http.Error(w, "too much is asked at once", http.StatusServiceUnavailable)
			return
		}
		what := r.PathValue("what")
		question, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(most(what))))
		if err != nil {
			http.Error(w, "the question cannot be read", http.StatusBadRequest)
			return
		}
		if word.Sum != sum(what, question) {
			http.Error(w, notPeer, http.StatusForbidden)
			return
		}
		answer, err := of.Answer(r.Context(), what, question)
		if err != nil {
			refuse(w, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	})
	return mux
}

const notPeer = "instances ask here, signed with the shared key"

// status is 503 where this instance cannot tell whether the word is good, and 421
// where it was said to an earlier run of it.
func status(err error) int {
	switch {
	case errors.Is(err, auth.ErrFull):
		return http.StatusServiceUnavailable
	case errors.Is(err, auth.ErrRestarted):
		return http.StatusMisdirectedRequest
	}
	return http.StatusForbidden
}

func refuse(w http.ResponseWriter, err error) {
	e := new(lobby.Error)
	if !errors.As(err, &e) {
		http.Error(w, "something went wrong here", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusConflict)
	_ = json.NewEncoder(w).Encode(refusal{e.Code, e.Message, int64(e.RetryAfter / time.Millisecond)})
}
