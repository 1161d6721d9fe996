package feed

import (
	"fmt"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// Gallery is the spectators who are served from a stream: it decodes that into a
// ring of its own and serves the sessions of its Group from there as the players
// are served from the match: each has its own acks and base, is skipped while it
// is slow, and begins with a keyframe.
//
// It holds what spectators see and nothing else, so all of it may be sent to any
// of them.
type Gallery struct {
	Group *session.Group

	schema *state.Schema
	budget int
	known  known
	mirror *state.Mirror
	ring   *state.Ring
	tick   uint32
	msg    wire.ServerMessage
}

// Gallery is the match as its Group sees it.
var (
	_ session.Match    = (*Gallery)(nil)
	_ session.Budgeted = (*Gallery)(nil)
)

// NewGallery makes an empty one. The budget is the game's: the bytes that a state
// message has at most, 0 for no bound.
func NewGallery(schema *state.Schema, cfg *session.Config, budget int) *Gallery {
	return &Gallery{
		Group:  session.NewGroup(schema, cfg),
		schema: schema,
		budget: budget,
		mirror: state.NewMirror(schema.Tables),
		ring:   state.NewRing(nil, schema.TickRate), // about a second
	}
}

// Hear takes in one message of the stream, a state too, and says of what type it
// is. A match message voids what is held of the match before, unless it tells of
// the same one again. After an error a keyframe is needed. The bytes are copied.
func (g *Gallery) Hear(message []byte) (wire.Type, error) {
	m := &g.msg
	if err := wire.DecodeServer(message, g.schema, m); err != nil {
		return m.Type, fmt.Errorf("hear message: %w", err)
	}
	switch m.Type {
	case wire.TypeState:
		return m.Type, g.see(m)
	case wire.TypeEvent, wire.TypeSlip, wire.TypeLobby, wire.TypeMember, wire.TypeGone, wire.TypeResult:
		g.known.note(m, message)
	case wire.TypeMatch:
		if !g.known.note(m, message) {
			g.restart()
		}
	default:
		return m.Type, fmt.Errorf("hear message: a %s message is not for spectators", m.Type)
	}
	return m.Type, nil
}

// see applies a state message.
func (g *Gallery) see(m *wire.ServerMessage) error {
	tick := m.State.Tick
	if !m.State.Keyframe {
		tick += g.tick
	}
	err := g.mirror.Apply(m.Body(), m.State.Keyframe)
	if err == nil {
		err = m.Body().Done()
	}
	if err != nil {
		return fmt.Errorf("see state: %w", err)
	}
	if tick < g.tick { // what was heard before was no stream of a home: all begin anew
		g.Group.All((*session.Session).NewMatch)
	}
	// A keyframe of the state that is here leaves the ring as it is.
	if g.ring.Newest() == nil || tick != g.tick {
		g.tick = tick
		g.ring.Copy(tick, g.mirror)
	}
	return nil
}

// Blank drops the states that are held: the stream went on without them.
func (g *Gallery) Blank() { g.restart() }

func (g *Gallery) restart() {
	g.mirror = state.NewMirror(g.schema.Tables)
	g.ring.Reset()
	g.tick = 0
}

// Begin has the gallery hold what standing says and nothing else, and says what
// leads there from what it held. fresh is set when that is another match.
func (g *Gallery) Begin(standing [][]byte, say func(message []byte)) (fresh bool, err error) {
	var next known
	for _, message := range standing {
		if err := wire.DecodeServer(message, g.schema, &g.msg); err != nil {
			return false, fmt.Errorf("begin: %w", err)
		}
		next.note(&g.msg, message)
	}
	if fresh = g.known.become(&next, say); fresh {
		g.restart()
	}
	return fresh, nil
}

// Standing calls say with all that a newcomer must know. The bytes must not be
// changed.
func (g *Gallery) Standing(say func(message []byte)) { g.known.each(say) }

// Playing reports whether there is a state to be seen.
func (g *Gallery) Playing() bool {
	return g.ring.Newest() != nil && (g.known.phase == wire.PhaseRunning || g.known.phase == wire.PhaseResults)
}

// Send gives every session what is pending and, while a match is to be seen, the
// newest state. It never waits.
func (g *Gallery) Send(now time.Time) {
	if g.Playing() {
		g.Group.Send(g, now)
		return
	}
	g.Group.Flush()
}

// Tick implements session.Match.
func (g *Gallery) Tick() uint32 { return g.tick }

// Ring implements session.Match.
func (g *Gallery) Ring() *state.Ring { return g.ring }

// Applied implements session.Match: spectators have no inputs.
func (g *Gallery) Applied(state.Player) (uint32, int) { return 0, 0 }

// View implements session.Match: all that is here may be seen.
func (g *Gallery) View(state.Player) *state.View { return nil }

// Input implements session.Match: spectators have no inputs.
func (g *Gallery) Input(state.Player, uint32, uint32, []state.Value) {}

// Budget implements session.Budgeted.
func (g *Gallery) Budget() int { return g.budget }
