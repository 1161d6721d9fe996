package lobby

import (
	"context"
	"strings"
	"time"

	"github.com/sandlot-server/sandlot/net/auth"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// errNotFound is the one answer for lobbies that do not exist, that are private
// and whose code was not given, and that are closed: they look the same.
func errNotFound() *Error { return fail(CodeNotFound, "there is no lobby by that id or code") }

// Join gives who a seat in the lobby with this id or code, or answers with the
// place of its home. A player who already has a seat there gets a pass for it.
func (d *Directory) Join(ctx context.Context, who Who, idOrCode string, role Role) (Joined, error) {
	l, other, err := d.resolve(ctx, who, idOrCode)
	if err != nil {
		return Joined{}, err
	}
	if l == nil {
		return d.joinElsewhere(ctx, who, other, role)
	}
	return d.joinHere(ctx, who, l, role)
}

// JoinAll gives who and others, a party, seats in a lobby: all of them or
// none. The others have the hold time to come.
func (d *Directory) JoinAll(ctx context.Context, who Who, others []Who, idOrCode string) (Joined, error) {
	l, other, err := d.resolve(ctx, who, idOrCode)
	if err != nil {
		return Joined{}, err
	}
	if l == nil {
		to, err := d.homeOf(other)
		if err != nil {
			return Joined{}, err
		}
		return ask[Joined](ctx, d, to, "joinall", lobbyAsk{Who: who, Lobby: other.key(), Others: others})
	}
	asked := l.ask(ctx, func(now time.Time) { err = l.seatAll(now, append([]Who{who}, others...), 0) })
	if asked != nil {
		return Joined{}, asked
	}
	if err != nil {
		return Joined{}, err
	}
	return d.joinHere(ctx, who, l, RolePlayer)
}

// seatAll gives seats to all or to none, in a team or, with 0, each in the smallest.
func (l *Loop) seatAll(now time.Time, all []Who, team uint8) error {
	free := l.max - l.count(person)
	for _, who := range all {
		if l.seatOf(who.ID) == nil {
			free--
		}
	}
	if free < 0 {
		return fail(CodeFull, "there is no room for all of them")
	}
	var made []*seat
	for _, who := range all {
		if l.seatOf(who.ID) != nil {
			continue
		}
		s, err := l.add(now, who, RolePlayer, team)
		if err != nil {
			for _, s := range made {
				l.drop(now, s, wire.GoneLeft, session.Bye)
			}
			return err
		}
		made = append(made, s)
	}
	return nil
}

func (d *Directory) joinHere(ctx context.Context, who Who, l *Loop, role Role) (Joined, error) {
	if role != RoleChat {
		if _, _, err := l.seatFor(ctx, who, role); err != nil {
			return Joined{}, err
		}
	} else if l.isKicked(ctx, who.ID) {
		return Joined{}, fail(CodeKicked, "the host removed you from this lobby")
	}
	token, ends, err := d.pass(who, l.id, d.env.cfg.Instance, d.env.boot, role)
	if err != nil {
		return Joined{}, err
	}
	return Joined{Lobby: l.info.Load().shown(true), URL: socketURL(d.env.cfg.AdvertiseURL, l.id), Pass: token, Expires: ends}, nil
}

// joinElsewhere asks the lobby's home for a seat and a pass. A home that other
// instances cannot ask, but clients can, is left to give the seat when the pass is
// shown; who only talks is served here, unless the home says no, and so is who
// watches, if the game is the same here.
func (d *Directory) joinElsewhere(ctx context.Context, who Who, other *listing, role Role) (Joined, error) {
	home, boot, url := other.Home, other.Boot, other.URL
	if role == RoleChat && !other.hidden {
		if to, err := d.homeOf(other); err == nil { // its pass is left
			if _, err = ask[Joined](ctx, d, to, "join", lobbyAsk{Who: who, Lobby: other.key(), Role: role}); err != nil && !isUnavailable(err) {
				return Joined{}, err
			}
		}
	}
	if (role == RoleChat || role == RoleSpectator && d.canShow(other)) && !other.hidden {
		home, boot, url = d.env.cfg.Instance, d.env.boot, d.env.cfg.AdvertiseURL
	} else if to, err := d.homeOf(other); err == nil {
		return ask[Joined](ctx, d, to, "join", lobbyAsk{Who: who, Lobby: other.key(), Role: role})
	} else if url == "" {
		return Joined{}, err
	}
	token, ends, err := d.pass(who, other.Info.ID, home, boot, role)
	if err != nil {
		return Joined{}, err
	}
	return Joined{Lobby: other.shown(true), URL: socketURL(url, other.Info.ID), Pass: token, Expires: ends}, nil
}

func (d *Directory) pass(who Who, lobby, home, boot string, role Role) (string, time.Time, error) {
	token, ends, err := d.env.keys.IssuePass(auth.Pass{
		Player: who.ID, Name: who.Name, Lobby: lobby, Home: home, Boot: boot, Role: uint8(role), Load: who.Load, Until: who.Expires,
		Colour: who.Colour,
	})
	if err != nil {
		return "", time.Time{}, &Error{Code: CodeInternal, Message: "no pass could be made", Err: err}
	}
	return token, ends, nil
}

// socketURL is the address of a lobby's socket at base, an http or https URL;
// without one, its path and query.
func socketURL(base, lobby string) string {
	path := "/v1/ws?lobby=" + lobby
	if base == "" {
		return path
	}
	// http becomes ws and https wss.
	return "ws" + strings.TrimPrefix(strings.TrimRight(base, "/"), "http") + path
}

// seatFor returns the number of who's seat, made now if need be, and whether it was.
func (l *Loop) seatFor(ctx context.Context, who Who, role Role) (seatRef, bool, error) {
	// The loop may fill these in after ask has given up: then nobody reads them.
	var s seatRef
	var made bool
	var err error
	asked := l.ask(ctx, func(now time.Time) {
		have := l.seatOf(who.ID)
		if have != nil && have.role != role && role == RolePlayer {
			if err = l.admits(now, who, role); err != nil {
				return // goes on watching
			}
			l.drop(now, have, wire.GoneLeft, session.Replaced) // a spectator who wants to play
			have = nil
		}
		if have == nil {
			if have, err = l.add(now, who, role, 0); err != nil {
				return
			}
			made = true
		}
		if have.sess == nil {
			have.until = now.Add(l.env.cfg.Hold)
		}
		s = seatRef{have.player, have.role, have.key()}
	})
	if asked != nil {
		return seatRef{}, false, asked
	}
	return s, made, err
}

func (l *Loop) isKicked(ctx context.Context, id string) bool {
	is := false
	if l.ask(ctx, func(now time.Time) { is = l.barred(now, id) }) != nil {
		return false
	}
	return is
}

// Leave gives up who's seat in the lobby, for good. It is no error to have none.
// The home of a lobby elsewhere is asked to; one that cannot be asked is told over
// the bus, at most once, and a seat that it does not hear of is given up when its
// hold time is over.
func (d *Directory) Leave(ctx context.Context, who Who, id string) error {
	l, other, err := d.resolve(ctx, who, id)
	if err != nil {
		return err
	}
	if l == nil {
		d.leaveRelay(who, other.Info.ID)
		if to, err := d.homeOf(other); err == nil {
			_, err = ask[any](ctx, d, to, "leave", lobbyAsk{Who: who, Lobby: other.key()})
			return err
		}
		if err := d.env.bus.Healthy(); err != nil {
			return &Error{Code: CodeUnavailable, Message: "the lobby's home cannot be reached now", RetryAfter: d.env.cfg.Beat, Err: err}
		}
		d.env.out.publish(sayChannel(other.Info.ID), note{Kind: noteLeave, Player: who.ID}.encode(), "")
		return nil
	}
	return l.ask(ctx, func(now time.Time) {
		if s := l.seatOf(who.ID); s != nil {
			l.drop(now, s, wire.GoneLeft, session.Bye)
		}
	})
}
