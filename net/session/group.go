package session

import (
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

// Group is the sessions of one lobby, read and sent to as one. Only the Loop's
// goroutine may use it. Members that ended are still members until removed.
type Group struct{}

// NewGroup makes an empty group for a game's schema.
func NewGroup(schema *state.Schema, cfg *Config) *Group { return &Group{} }

// Add makes s a member. Adding a member again does nothing.
func (g *Group) Add(s *Session) {}

// Remove takes s out and reports whether it was a member.
func (g *Group) Remove(s *Session) bool { return false }

// Len is the number of members.
func (g *Group) Len() int { return 0 }

// Read hands the inputs that came since the last Read to the match. A member
// without a seat has none.
func (g *Group) Read(m Match) {}

// Send gives every member what is pending and, where it is due, the state of
// the newest tick, in one write each. It never waits: who is behind is skipped.
func (g *Group) Send(m Match, now time.Time) {}

// Event says message to all members; see Session.Event.
func (g *Group) Event(message []byte) {}

// EventTo says message to the members with that player number (a seat has one).
func (g *Group) EventTo(p state.Player, message []byte) {}

// NewMatch says the match message to all and voids what they hold of an
// earlier one; a keyframe follows with the next Send.
func (g *Group) NewMatch(message []byte) {}

// Flush writes what is pending, outside of a running match.
func (g *Group) Flush() {}

// Close ends all members with r.
func (g *Group) Close(r Reason) {}

// All calls f for each member in the order they were added.
func (g *Group) All(f func(*Session)) {}
