package session

import (
	"slices"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
)

// Match is the running match as a Group sees it; game.Runner implements it.
// It is called on the Loop's goroutine only.
type Match interface {
	Tick() uint32
	Ring() *state.Ring
	// Applied is the newest input number consumed or skipped, and the margin.
	Applied(p state.Player) (seq uint32, margin int)
	// View is what p sees; nil is everything. It must not change before the
	// next tick.
	View(p state.Player) *state.View
	// Input takes one decoded input; v is only valid during the call.
	Input(p state.Player, seq, viewed uint32, v []state.Value)
}

// Budgeted is a Match that bounds what each client is sent.
type Budgeted interface {
	// Budget is how many bytes a state message has at most; 0 is no bound.
	Budget() int
}

// Group is the sessions of one lobby, read and sent to as one. Only the Loop's
// goroutine may use it. Members that ended are still members until removed.
type Group struct {
	cfg     *Config
	schema  *state.Schema
	members []*Session
	handed  map[state.Player]uint32 // newest input number of members that left
	pads    *sync.Pool
	*pad           // one of pads, in Send
	budget  int    // bytes of a delta; 0: no bound
	needed  uint32 // the oldest tick that a member's next delta may need, in Send
	gates   bool   // members' connections are read by Read
}

// NewGroup makes an empty group for a game's schema. A nil cfg means Defaults.
func NewGroup(schema *state.Schema, cfg *Config) *Group {
	if cfg == nil {
		cfg = &Config{}
	}
	if !cfg.filled {
		cfg = cfg.Filled()
	}
	return &Group{
		cfg:    cfg,
		schema: schema,
		handed: map[state.Player]uint32{},
		pads:   cfg.pads.of(schema),
		gates:  schema.TickRate >= gatedRate,
	}
}

// Add makes s a member. Adding a member again does nothing.
func (g *Group) Add(s *Session) {
	if slices.Contains(g.members, s) {
		return
	}
	g.members = append(g.members, s)
	s.mu.Lock()
	s.in.floor = g.handed[s.who.Player]
	s.mu.Unlock()
}

// Remove takes s out and reports whether it was a member.
func (g *Group) Remove(s *Session) bool {
	i := slices.Index(g.members, s)
	if i < 0 {
		return false
	}
	g.members = slices.Delete(g.members, i, i+1)
	s.release()
	s.mu.Lock()
	if s.in.handed > g.handed[s.who.Player] {
		g.handed[s.who.Player] = s.in.handed
	}
	s.mu.Unlock()
	return true
}

// Len is the number of members.
func (g *Group) Len() int { return len(g.members) }

// All calls f for each member in the order they were added. f must not add or
// remove.
func (g *Group) All(f func(*Session)) {
	for _, s := range g.members {
		f(s)
	}
}

// Event says message to all members; see Session.Event.
func (g *Group) Event(message []byte) {
	for _, s := range g.members {
		s.Event(message)
	}
}

// EventTo says message to the members with that player number (a seat has one).
func (g *Group) EventTo(p state.Player, message []byte) {
	for _, s := range g.members {
		if s.who.Player == p {
			s.Event(message)
		}
	}
}

// NewMatch says the match message to all and voids what they hold of an
// earlier one; a keyframe follows with the next Send.
func (g *Group) NewMatch(message []byte) {
	clear(g.handed)
	for _, s := range g.members {
		s.Event(message)
		s.NewMatch()
	}
}

// Flush writes what is pending, outside of a running match.
func (g *Group) Flush() {
	for _, s := range g.members {
		s.Flush()
	}
}

// Close ends all members with r.
func (g *Group) Close(r Reason) {
	for _, s := range g.members {
		s.Close(r)
	}
}

// Send gives every member what is pending and, where it is due, the state of
// the newest tick, in one write each. It never waits: who is behind is skipped.
func (g *Group) Send(m Match, now time.Time) {
	began := time.Now()
	g.pad = g.pads.Get().(*pad)
	g.bodies.reset()
	g.budget = 0
	if b, ok := m.(Budgeted); ok {
		g.budget = b.Budget()
	}
	newest := m.Ring().Newest()
	g.needed = m.Tick()
	for _, s := range g.members {
		if reason := g.send(s, m, newest, now); reason != (Reason{}) {
			s.Close(reason)
		}
	}
	m.Ring().Need(g.needed)
	g.cfg.Metrics.Encoded(time.Since(began), g.bodies.used)
	g.pads.Put(g.pad)
	g.pad = nil
}
