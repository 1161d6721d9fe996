package feed

import (
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// Beat is how long at most passes from one frame or state to the next while a
// match is to be seen, even when nothing changes.
const Beat = time.Second

// Encoder makes the state messages of one stream: each leads on from the one
// before. It encodes what spectators see (player 0) and nothing else.
type Encoder struct {
	differ *state.Differ
	body   *wire.Writer
	sent   bool // the rest is meaningful
	base   uint32
	at     time.Time
	viewed bool
	view   state.View
}

// NewEncoder makes an Encoder for a game's tables.
func NewEncoder(schema *state.Schema) *Encoder {
	return &Encoder{differ: state.NewDiffer(schema.Tables), body: wire.NewWriter(nil)}
}

// Restart has the next state be a keyframe: another match begins.
func (e *Encoder) Restart() { e.sent = false }

// Need tells m's ring what the next message may be made against. Append does so
// too; a tick that Append is not called at needs it.
func (e *Encoder) Need(m session.Match) {
	if e.sent {
		m.Ring().Need(e.base)
	}
}

// Append appends the state message that leads from the last one to the newest
// state of m, a keyframe if key is set, if nothing was sent yet and if the last
// state has left m's ring. It appends nothing if there is nothing new, but for a
// message each Beat.
func (e *Encoder) Append(dst []byte, m session.Match, key bool, now time.Time) (message []byte, did bool) {
	newest, tick := m.Ring().Newest(), m.Tick()
	defer e.Need(m)
	if newest == nil || e.sent && !key && tick <= e.base {
		return dst, false
	}
	var base *state.Snapshot
	var baseView *state.View
	if e.sent && !key {
		if base = m.Ring().At(e.base); base != nil && e.viewed {
			baseView = &e.view
		}
	}
	view := m.View(0)
	e.body.Empty()
	n, changed := e.differ.Body(e.body, base, newest, baseView, view)
	if base != nil && !changed && now.Sub(e.at) < Beat {
		return dst, false
	}
	if base == nil {
		dst = wire.AppendStateHead(dst, true, tick, 0, 0, n)
	} else {
		dst = wire.AppendStateHead(dst, false, tick-e.base, 0, 0, n)
	}
	e.sent, e.base, e.at = true, tick, now
	if e.viewed = view != nil; e.viewed {
		e.view.Set(view)
	}
	return append(dst, e.body.Bytes()...), true
}
