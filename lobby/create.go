package lobby

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/time/rate"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// Create makes a lobby with who as its host, and a seat for who, on the instance
// that has least to do.
func (d *Directory) Create(ctx context.Context, who Who, o CreateOptions) (Joined, error) {
	return placed(ctx, d, o.Game, o.Region,
		func() (Joined, error) { return d.createHere(ctx, who, o) },
		func(to Instance) (Joined, error) { return ask[Joined](ctx, d, to, "create", createAsk{who, o}) })
}

func (d *Directory) createHere(ctx context.Context, who Who, o CreateOptions) (Joined, error) {
	l, err := d.prepare(who, o)
	if err != nil {
		return Joined{}, err
	}
	return d.open(ctx, who, l)
}

// prepare makes a Loop by o that does not run yet.
func (d *Directory) prepare(who Who, o CreateOptions) (*Loop, error) {
	def, ok := d.games(o.Game)
	if !ok {
		return nil, fail(CodeNoGame, "no game of that name is served here")
	}
	schema := def.Schema()
	settings := make([]int64, len(schema.Settings))
	for i, s := range schema.Settings {
		settings[i] = s.Default
	}
	for name, v := range o.Settings {
		i := slices.IndexFunc(schema.Settings, func(s state.Setting) bool { return s.Name == name })
		if i < 0 || v < schema.Settings[i].Min || v > schema.Settings[i].Max {
			return nil, fail(CodeSetting, "the setting "+clean(name, 32)+" does not exist or is out of its range")
		}
		settings[i] = v
	}
	if o.MaxPlayers == 0 {
		o.MaxPlayers = def.MaxPlayers
	}
	if o.MaxPlayers < def.MinPlayers || o.MaxPlayers > def.MaxPlayers {
		return nil, fail(CodeInvalid, "so many players are not for this game")
	}
	if o.FillTo < 0 || o.FillTo > o.MaxPlayers {
		return nil, fail(CodeInvalid, "bots cannot fill the lobby to so many players")
	}
	if o.Bots && !def.HasBots() {
		return nil, fail(CodeInvalid, "this game has no bots")
	}
	if o.Level < 0 || o.Level > maxLevel {
		return nil, fail(CodeInvalid, "bots are of the levels 0 to 2")
	}
	delay, err := d.delayFor(o.Delay)
	if err != nil {
		return nil, err
	}
	title := clean(o.Title, maxTitle)
	if title == "" {
		title = clean(who.Name, 24) + "'s game"
	}
	now := time.Now()
	l := &Loop{
		inbox:     newInbox(def.MaxPlayers, func() { d.env.metrics.InboxFull(def.Name) }),
		env:       d.env,
		id:        newID(),
		code:      secret(codeLen),
		def:       def,
		schema:    schema,
		title:     title,
		private:   o.Private,
		creator:   who.ID,
		created:   now.UTC().Truncate(time.Millisecond),
		done:      make(chan struct{}),
		settings:  settings,
		max:       o.MaxPlayers,
		bots:      o.Bots,
		fillTo:    max(o.FillTo, def.MinPlayers),
		kicked:    map[string]time.Time{},
		muted:     map[string]bool{},
		approved:  map[string]bool{},
		approval:  o.Approval,
		level:     o.Level,
		bySession: map[*session.Session]*seat{},
		talkers:   map[*session.Session]*talker{},
		remote:    map[string]*rate.Limiter{},
		heard:     hearing{},
		group:     session.NewGroup(schema, &d.env.session),
	}
	l.chat.epoch = uint64(now.UnixMilli())
	l.chat.teams, l.chat.teamLast = make([]uint64, def.Teams+1), make([][]wire.ChatOut, def.Teams+1)
	l.log = d.env.log.With("lobby", l.id, "game", def.Name)
	l.setDelay(delay)
	l.publishInfo()
	return l, nil
}

// delayFor is how late spectators of a new lobby see everything.
func (d *Directory) delayFor(asked time.Duration) (time.Duration, error) {
	switch {
	case asked < 0:
		return 0, nil
	case asked == 0:
		return d.env.cfg.Delay, nil
	case asked > d.env.cfg.MaxDelay:
		return 0, fail(CodeInvalid, fmt.Sprintf("spectators can be at most %d s behind", int(d.env.cfg.MaxDelay/time.Second)))
	}
	return asked.Truncate(time.Second), nil
}

// open registers and starts l and gives who a seat in it.
func (d *Directory) open(ctx context.Context, who Who, l *Loop) (Joined, error) {
	if err := d.register(l, who); err != nil {
		return Joined{}, err
	}
	l.log.Info("lobby created", "player", who.ID, "private", l.private)
	return d.joinHere(ctx, who, l, RolePlayer)
}

func (d *Directory) register(l *Loop, who Who) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.ctx == nil || d.stopping || d.ctx.Err() != nil:
		return &Error{Code: CodeStopping, Message: "this instance is stopping", RetryAfter: 2 * time.Second}
	case d.draining.Load():
		return &Error{Code: CodeStopping, Message: "this instance is about to stop and takes no further lobbies", RetryAfter: 2 * time.Second}
	case len(d.lobbies) >= d.env.cfg.MaxLobbies:
		return &Error{Code: CodeCapacity, Message: "there is no room for another lobby here", RetryAfter: 10 * time.Second}
	case d.crowded():
		return &Error{Code: CodeCapacity, Message: "this instance is short of memory and takes no further lobbies", RetryAfter: 10 * time.Second}
	case !who.Load && d.madeBy(who.ID) >= d.env.cfg.PerPlayer:
		return &Error{Code: CodeLimit, Message: "you have too many open lobbies", RetryAfter: d.env.cfg.EmptyAfter}
	case d.lobbies[l.id] != nil || d.codes[l.code] != nil:
		return fail(CodeInternal, "a name was made twice") // 1 in 2^40 a lobby
	}
	l.part = stagger(d.made)
	d.made++
	d.lobbies[l.id], d.codes[l.code] = l, l
	l.listen()
	d.start(l)
	return nil
}

// madeBy is how many lobbies a player has made that are open here, and elsewhere as
// far as is known. Under mu.
func (d *Directory) madeBy(id string) (n int) {
	for _, l := range d.lobbies {
		if l.creator == id {
			n++
		}
	}
	now := time.Now()
	for _, l := range d.others.made[id] {
		if l.standing(now) != nil {
			n++
		}
	}
	return n
}
