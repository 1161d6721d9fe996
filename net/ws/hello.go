package ws

import (
	"context"
	"errors"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// hello is sign-in by a first message: the connection is open, but nobody is
// there yet. Only the timer is not the reading goroutine's.
type hello struct {
	claim session.Claim
	timer *time.Timer
}

// await starts the 3 s.
func (p *peer) await(c session.Claim) {
	p.hello = &hello{claim: c, timer: time.AfterFunc(p.h.cfg.HelloTimeout, func() {
		if p.session.Load() == nil {
			p.Close(session.Refused, "hello_timeout")
		}
	})}
}

func (h *hello) stop() { h.timer.Stop() }

// receive takes the first message: sign-in or nothing.
func (h *hello) receive(p *peer, frame []byte) {
	h.stop()
	var m wire.ClientMessage
	if err := wire.Decode(frame, nil, &m); err != nil || m.Type != wire.TypeHello {
		p.h.cfg.Metrics.Handshake("hello_expected")
		p.Close(session.Refused, "hello_expected")
		return
	}
	h.claim.Credential = m.Hello.Credential
	if m.Hello.Lobby != "" {
		h.claim.Lobby = m.Hello.Lobby
	}
	a, refusal := p.h.ask(context.Background(), h.claim)
	if refusal != nil {
		p.h.cfg.Metrics.Handshake(refusal.Code)
		p.Close(refusal.Close())
		return
	}
	p.h.cfg.Metrics.Handshake("ok")
	p.attach(a)
}

// ask puts a claim to the door, for a bounded time, and makes every failure a
// refusal.
func (h *Handler) ask(ctx context.Context, c session.Claim) (session.Admission, *session.Refusal) {
	ctx, cancel := context.WithTimeout(ctx, h.cfg.ClaimTimeout)
	defer cancel()
	a, err := h.door.Claim(ctx, c)
	if err == nil {
		return a, nil
	}
	var refusal *session.Refusal
	if errors.As(err, &refusal) {
		return nil, refusal
	}
	h.cfg.Log.Error("the door failed", "error", err)
	return nil, &session.Refusal{Status: 503, Code: "unavailable", Message: "sign-in is not possible now", Reason: session.Internal, RetryAfter: time.Second}
}
