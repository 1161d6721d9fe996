package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sandlot-server/sandlot/lobby"
)

// Cookie is the name of the cookie that may carry a token in place of the
// Authorization header.
const Cookie = "sandlot_token"

type whoKey struct{}

// whoOf is who asks; the zero Who if nobody signed in.
func whoOf(ctx context.Context) lobby.Who {
	who, _ := ctx.Value(whoKey{}).(lobby.Who)
	return who
}

// signIn puts who asks into the context of the operation. A request without a
// token is refused if required says so; one with a bad token always.
func (h *Handler) signIn(required bool) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		token := bearer(ctx.Header("Authorization"))
		if token == "" {
			if c, err := huma.ReadCookie(ctx, Cookie); err == nil {
				token = c.Value
			}
		}
		if token == "" && !required {
			next(ctx)
			return
		}
		if token == "" {
			h.refuse(ctx, NewProblem(lobby.CodeUnauthorized, "sign in first: POST /v1/guests, then Authorization: Bearer TOKEN", 0))
			return
		}
		who, err := h.keys.Verify(ctx.Context(), token)
		if p := new(Problem); errors.As(err, &p) {
			h.refuse(ctx, p)
			return
		}
		if err != nil {
			h.refuse(ctx, NewProblem(lobby.CodeUnauthorized, err.Error(), 0))
			return
		}
		next(huma.WithValue(ctx, whoKey{}, who))
	}
}

func (h *Handler) refuse(ctx huma.Context, p *Problem) {
	for name, values := range p.GetHeaders() {
		ctx.SetHeader(name, values[0])
	}
	ctx.SetHeader("Content-Type", p.ContentType(""))
	ctx.SetHeader("Cache-Control", "no-store")
	ctx.SetStatus(p.Status)
	_ = huma.DefaultJSONFormat.Marshal(ctx.BodyWriter(), p)
}

// operation is what all operations share.
func (h *Handler) operation(method, path, id, tag, summary, description string, errs ...int) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary, Description: description, Tags: []string{tag},
		Errors: errs, MaxBodyBytes: h.cfg.BodyBytes + 1, BodyReadTimeout: h.cfg.BodyTimeout,
	}
}

// signed makes an operation one for players who are signed in.
func (h *Handler) signed(op huma.Operation) huma.Operation {
	op.Security = []map[string][]string{{"token": {}}}
	op.Errors = append(op.Errors, http.StatusUnauthorized)
	op.Middlewares = append(op.Middlewares, h.signIn(true))
	return op
}
