package lobby

import (
	"context"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/auth"
	"github.com/sandlot-server/sandlot/net/session"
)

// seatRef names a seat outside of its Loop.
type seatRef struct {
	player state.Player
	role   Role
	key    string
}

// admission is a place that is held for a socket.
type admission struct {
	schema *state.Schema
	who    session.Identity
	in     *inbox         // of the Loop or relay
	late   session.Reason // for who comes when it has ended
	undo   func()         // the upgrade failed; may be nil
}

var _ session.Admission = (*admission)(nil)

func (a *admission) Schema() *state.Schema      { return a.schema }
func (a *admission) Identity() session.Identity { return a.who }

// Attach implements session.Admission.
func (a *admission) Attach(s *session.Session) {
	s.Bind(a.in)
	if !a.in.put(item{attach: s}, false) {
		s.Close(a.late)
	}
}

// Release implements session.Admission.
func (a *admission) Release() {
	if a.undo != nil {
		a.undo()
	}
}

// Claim opens the door to a socket that shows a pass, a resume token, or a
// player's token with a lobby's id or code. It implements net/ws's Door; a
// refusal is a *session.Refusal.
func (d *Directory) Claim(ctx context.Context, c session.Claim) (session.Admission, error) {
	use, err := auth.UseOf(c.Credential)
	if err != nil {
		return nil, unauthorized(err)
	}
	var a *admission
	switch use {
	case "pass":
		a, err = d.claimPass(ctx, c)
	case "resume":
		a, err = d.claimResume(ctx, c)
	default:
		a, err = d.claimToken(ctx, c)
	}
	if err != nil {
		return nil, refusal(err)
	}
	a.who.From, a.who.Attempt = c.From, c.Attempt
	a.who.Seen, a.who.Resumed = c.Seen, c.Resuming && a.who.Role != session.ChatOnly
	return a, nil
}

func (d *Directory) claimPass(ctx context.Context, c session.Claim) (*admission, error) {
	p, err := d.env.keys.VerifyPass(c.Credential)
	if err != nil {
		return nil, err
	}
	key, ok := d.keyFor(c.Lobby, p.Lobby)
	if !ok {
		return nil, fail(CodeUnauthorized, "that pass is for another lobby")
	}
	if p.Home != d.env.cfg.Instance {
		return nil, d.moved(ctx, p.Home, key)
	}
	if p.Boot != d.env.boot {
		return nil, errLost()
	}
	if err := d.env.keys.SpendPass(p); err != nil {
		return nil, err
	}
	who := Who{ID: p.Player, Name: p.Name, Expires: p.Until, Load: p.Load, Colour: p.Colour}
	d.mu.Lock()
	l := d.lobbies[p.Lobby]
	d.mu.Unlock()
	if l != nil {
		return d.admit(ctx, who, l, Role(p.Role))
	}
	if Role(p.Role) != RoleChat && Role(p.Role) != RoleSpectator {
		return nil, errNotFound()
	}
	return d.admitToRelay(ctx, who, p.Lobby, Role(p.Role))
}

func (d *Directory) claimResume(ctx context.Context, c session.Claim) (*admission, error) {
	r, err := d.env.keys.VerifyResume(c.Credential)
	if err != nil {
		return nil, err
	}
	key, ok := d.keyFor(c.Lobby, r.Lobby)
	if !ok {
		return nil, fail(CodeUnauthorized, "that resume token is for another lobby")
	}
	if r.Home != d.env.cfg.Instance {
		return nil, d.moved(ctx, r.Home, key)
	}
	d.mu.Lock()
	l := d.lobbies[r.Lobby]
	d.mu.Unlock()
	if r.Boot != d.env.boot || l == nil {
		return nil, errLost()
	}
	who := Who{ID: r.Player, Name: r.Name, Expires: r.Until, Load: r.Load}
	var ref seatRef
	over := false
	err = l.ask(ctx, func(now time.Time) {
		s := l.seatOf(r.Player)
		if s == nil || s.key() != r.Seat {
			return
		}
		if s.proveIf(s.sess); !s.tokens.good(r.Serial) {
			return
		}
		who.Expires = s.who.Expires // renewed since, maybe
		if over = !who.Expires.IsZero() && now.After(who.Expires); over {
			return
		}
		if s.sess == nil {
			s.until = now.Add(l.env.cfg.Hold) // while the connection is made
		}
		ref = seatRef{s.player, s.role, s.key()}
	})
	if err != nil {
		return nil, err
	}
	if over {
		return nil, auth.ErrExpired
	}
	if ref.player == 0 {
		return nil, fail(CodeSeatLost, "that seat was given up, or the resume token was followed by a newer one")
	}
	a := l.admission(who, ref)
	a.who.Serial = r.Serial
	return a, nil
}

// keyFor says whether a pass or resume token for the lobby id may be shown with asked
// in the socket's address, and what the address at its home is made of. Asked is an id,
// a code or "". Whether a code is another lobby's does not matter, so that nobody
// learns of one: of a lobby that is not known here the home judges.
func (d *Directory) keyFor(asked, id string) (key string, ok bool) {
	if asked == "" || asked == id {
		return id, true
	}
	code := normalCode(asked)
	d.mu.Lock()
	l, other := d.lobbies[id], d.others.lobby(id)
	d.mu.Unlock()
	switch {
	case code == "":
		return "", false
	case l != nil:
		return id, l.code == code
	case other != nil:
		return id, other.Info.Code == code
	}
	return code, true
}

func (d *Directory) claimToken(ctx context.Context, c session.Claim) (*admission, error) {
	id, err := d.env.keys.Verify(c.Credential)
	if err != nil {
		return nil, err
	}
	if c.Lobby == "" {
		return nil, fail(CodeInvalid, "a player's token needs lobby= beside it")
	}
	who := Who{ID: id.ID, Name: id.Name, Expires: id.Expires, Load: id.Load, Colour: id.Colour}
	l, other, err := d.resolve(ctx, who, c.Lobby)
	if err != nil {
		return nil, err
	}
	if l == nil {
		lobby := other.Info.ID
		if other.Info.Private { // by its id its home lets in only those with a seat
			lobby = other.key()
		}
		return nil, d.moved(ctx, other.Home, lobby)
	}
	return d.admit(ctx, who, l, RolePlayer)
}

// admit holds a place in l, which is here.
func (d *Directory) admit(ctx context.Context, who Who, l *Loop, role Role) (*admission, error) {
	if role == RoleChat {
		if l.isKicked(ctx, who.ID) {
			return nil, fail(CodeKicked, "the host removed you from this lobby")
		}
		return l.admission(who, seatRef{role: RoleChat}), nil
	}
	ref, made, err := l.seatFor(ctx, who, role)
	if err != nil {
		return nil, err
	}
	a := l.admission(who, ref)
	if made {
		a.undo = func() {
			l.put(item{do: func(now time.Time) {
				if s := l.seatAt(ref.player); s != nil && !s.met {
					s.until = now
				}
			}}, false)
		}
	}
	return a, nil
}

func (l *Loop) admission(who Who, ref seatRef) *admission {
	return &admission{
		schema: l.schema,
		in:     &l.inbox,
		late:   session.Closed,
		who: session.Identity{
			ID: who.ID, Name: who.Name, Lobby: l.id, Player: ref.player, Role: session.Role(ref.role),
			Seat: ref.key, Expires: who.Expires, Load: who.Load,
		},
	}
}
