package lobby

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Get says what who may know of the lobby with this id or code. A private lobby
// is found by its code, and by its id for those who have a seat in it.
func (d *Directory) Get(ctx context.Context, who Who, idOrCode string) (Info, error) {
	l, other, err := d.resolve(ctx, who, idOrCode)
	if err != nil {
		return Info{}, err
	}
	if l == nil {
		return d.getElsewhere(ctx, who, other)
	}
	i := l.info.Load()
	shown := i.shown(true)
	if i.has(who.ID) {
		// A lobby that closes at this moment has no members to tell of, nor has one that
		// answers too late.
		var members []MemberInfo
		if l.ask(ctx, func(time.Time) { members = l.memberInfos() }) == nil {
			shown.Members = members
		}
	}
	return shown, nil
}

func (l *Loop) memberInfos() []MemberInfo {
	all := make([]MemberInfo, 0, len(l.seats))
	for _, s := range l.seats {
		all = append(all, MemberInfo{
			Player: uint16(s.player), Name: s.who.Name, Team: s.team, Colour: s.colour, Host: s.player == l.host, Ready: s.ready, Connected: s.here(),
			Bot: s.bot != nil, Spectator: s.role == RoleSpectator, Muted: s.bot == nil && l.muted[s.who.ID],
		})
	}
	return all
}

// resolve finds a lobby here, or else what is known of one elsewhere.
func (d *Directory) resolve(ctx context.Context, who Who, idOrCode string) (*Loop, *listing, error) {
	code := normalCode(idOrCode)
	if l := d.here(who, idOrCode, code); l != nil {
		return l, nil, nil
	}
	if d.env.store == nil || wasAsked(ctx) {
		return nil, nil, errNotFound()
	}
	if other := d.elsewhere(idOrCode, code); other != nil {
		return nil, other, nil
	}
	if err := d.seekLobby(ctx, idOrCode, code); err != nil {
		return nil, nil, &Error{
			Code: CodeUnavailable, Message: "lobbies of other instances cannot be looked up now",
			RetryAfter: d.env.cfg.Beat, Err: err,
		}
	}
	if other := d.elsewhere(idOrCode, code); other != nil {
		return nil, other, nil
	}
	return nil, nil, errNotFound()
}

func (d *Directory) here(who Who, id, code string) *Loop {
	d.mu.Lock()
	defer d.mu.Unlock()
	if l := d.codes[code]; l != nil {
		return l
	}
	l := d.lobbies[id]
	if l == nil || l.info.Load().Info.Private && l.creator != who.ID && !l.info.Load().has(who.ID) {
		return nil
	}
	return l
}

// elsewhere finds what is known of a lobby of another instance: of a private one
// that is asked for by its id no more than where it is.
func (d *Directory) elsewhere(id, code string) *listing {
	d.mu.Lock()
	defer d.mu.Unlock()
	if o := d.others.coded(code); o != nil {
		return o
	}
	o := d.others.lobby(id)
	if o == nil || !o.Info.Private {
		return o
	}
	if d.env.peers == nil {
		return nil
	}
	return &listing{Info: Info{ID: o.Info.ID, Private: true}, Home: o.Home, Boot: o.Boot, hidden: true}
}

// public returns the public lobbies that are known, here and elsewhere.
func (d *Directory) public() []*listing { return d.publicBut(0) }

// answering is public without those here that do not answer.
func (d *Directory) answering() []*listing { return d.publicBut(answerWait / 3) }

// publicBut is public without those here that are hung for longer than that; 0
// is all.
func (d *Directory) publicBut(hung time.Duration) []*listing {
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make([]*listing, 0, len(d.lobbies)+len(d.others.byID))
	for _, l := range d.lobbies {
		if i := l.info.Load(); !i.Info.Private && (hung == 0 || l.hung(now) < hung) {
			all = append(all, i)
		}
	}
	for _, o := range d.others.byID {
		if !o.Info.Private && o.standing(now) != nil {
			all = append(all, o)
		}
	}
	return all
}

// List returns one page of public lobbies, here and elsewhere, newest first. What
// is said of those elsewhere is at most a few beats old.
func (d *Directory) List(_ context.Context, f Filter, p Page) (List, error) {
	if p.Limit == 0 {
		p.Limit = 50
	}
	if p.Limit < 1 || p.Limit > 100 {
		return List{}, fail(CodeInvalid, "a page has 1 to 100 lobbies")
	}
	after, err := parseCursor(p.Cursor)
	if err != nil {
		return List{}, err
	}
	var found []Info
	for _, l := range d.public() {
		i := l.shown(false)
		if f.keeps(i) && (p.Cursor == "" || newest(after, i) < 0) {
			found = append(found, i)
		}
	}
	slices.SortFunc(found, newest)
	list := List{Lobbies: found}
	if len(found) > p.Limit {
		list.Lobbies = found[:p.Limit]
		list.Next = cursor(found[p.Limit-1])
	}
	return list, nil
}

func (f Filter) keeps(i Info) bool {
	return i.Phase != "closed" && (f.Game == "" || f.Game == i.Game) &&
		(f.Phase == "" || f.Phase == i.Phase) && (!f.Open || i.Open)
}

func newest(a, b Info) int {
	return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
}

// cursor names the last lobby of a page, by what lists are sorted by.
func cursor(i Info) string {
	return strconv.FormatInt(i.CreatedAt.UnixMilli(), 36) + "-" + i.ID
}

func parseCursor(s string) (Info, error) {
	if s == "" {
		return Info{}, nil
	}
	when, id, ok := strings.Cut(s, "-")
	ms, err := strconv.ParseInt(when, 36, 64)
	if !ok || err != nil || len(s) > 40 {
		return Info{}, fail(CodeInvalid, "that is not the cursor of a list of lobbies")
	}
	return Info{ID: id, CreatedAt: time.UnixMilli(ms)}, nil
}
