package state

// Ring holds the newest distinct states of a match, for deltas to be made
// against. Its bound is the number of states; the oldest gives way.
//
// A *Snapshot from a Ring is valid until the Capture that pushes it out: keep
// ticks, not pointers.
type Ring struct {
	layout *Layout
	slots  []*Snapshot // slots[0:used] are held, oldest first; one more is spare
	used   int
}

// NewRing makes an empty ring of n distinct states, at least 2. The layout is
// for Capture; it may be nil where the states come from Copy.
func NewRing(l *Layout, n int) *Ring {
	r := &Ring{layout: l, slots: make([]*Snapshot, max(n, 2)+1)}
	for i := range r.slots {
		r.slots[i] = &Snapshot{}
	}
	return r
}

// Capture captures a game's state after a tick and returns the newest state. A
// state equal to the newest one extends that one's range of ticks. A tick that
// is not above the newest one begins anew, with an empty ring. It allocates
// only while tables grow to sizes not seen before.
func (r *Ring) Capture(tick uint32, game any) *Snapshot {
	s := r.spare(tick)
	r.layout.Capture(game, s)
	return r.keep(tick, s)
}

// Copy is Capture of the rows that a mirror holds after a tick: for viewers who
// are served from a mirror. Fields that the mirror was not sent are 0 in it.
func (r *Ring) Copy(tick uint32, m *Mirror) *Snapshot {
	s := r.spare(tick)
	m.capture(s)
	return r.keep(tick, s)
}

// spare is the snapshot to be filled for a tick.
func (r *Ring) spare(tick uint32) *Snapshot {
	if n := r.Newest(); n != nil && tick <= n.Tick {
		r.Reset()
	}
	return r.slots[r.used]
}

// keep takes in what spare gave, filled.
func (r *Ring) keep(tick uint32, s *Snapshot) *Snapshot {
	if n := r.Newest(); n != nil && n.Equal(s) {
		n.Tick = tick
		return n
	}
	s.First, s.Tick = tick, tick
	if r.used++; r.used == len(r.slots) {
		oldest := r.slots[0]
		copy(r.slots, r.slots[1:])
		r.used--
		r.slots[r.used] = oldest
	}
	return s
}

// At returns the state of a tick, or nil if it left the ring, is yet to come
// or was never captured.
func (r *Ring) At(tick uint32) *Snapshot {
	for i := r.used - 1; i >= 0; i-- {
		if s := r.slots[i]; tick >= s.First {
			if tick > s.Tick {
				return nil
			}
			return s
		}
	}
	return nil
}

// Newest returns the newest state, or nil before the first Capture.
func (r *Ring) Newest() *Snapshot {
	if r.used == 0 {
		return nil
	}
	return r.slots[r.used-1]
}

// Reset empties the ring: a new match begins.
func (r *Ring) Reset() { r.used = 0 }
