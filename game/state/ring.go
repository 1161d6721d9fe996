package state

// Ring holds the newest distinct states of a match, for deltas to be made
// against. Its bound is the number of states; the oldest gives way.
//
// Whoever reads it may say with Need what it will ask for: what nobody needs is
// then overwritten first, so a match whose clients keep up goes through the
// memory of two states and not of all, most of which no cache would hold.
//
// A *Snapshot from a Ring is valid until the Capture that pushes it out: keep
// ticks, not pointers.
type Ring struct {
	layout *Layout
	slots  []*Snapshot // slots[0:used] are held, oldest first; the others are spare, nil until first used
	used   int
	needed uint32 // the oldest tick that somebody needs
	told   bool   // somebody has said so since the last Capture
}

// NewRing makes an empty ring of n distinct states, at least 2. The layout is
// for Capture; it may be nil where the states come from Copy.
func NewRing(l *Layout, n int) *Ring {
	return &Ring{layout: l, slots: make([]*Snapshot, max(n, 2)+1)}
}

// Need says that the caller may ask for the state of tick, or of later ones,
// after the next Capture; it is good for that one. Older states are forgotten
// then, unless another caller needs them; if nobody says anything, none is.
func (r *Ring) Need(tick uint32) {
	if !r.told || tick < r.needed {
		r.needed, r.told = tick, true
	}
}

// forget makes spare what nobody needs, the newest of it to be filled next.
func (r *Ring) forget() {
	if !r.told {
		return
	}
	r.told = false
	for r.used > 1 && r.slots[0].Tick < r.needed {
		oldest := r.slots[0]
		copy(r.slots[:r.used-1], r.slots[1:])
		r.used--
		r.slots[r.used] = oldest
	}
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
	r.forget()
	if r.slots[r.used] == nil {
		r.slots[r.used] = &Snapshot{}
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

// Prefetch is the function of that name, for the states that the next Capture
// and the deltas after it go through: the newest, and one to be filled.
func (r *Ring) Prefetch() {
	for _, s := range [...]*Snapshot{r.slots[0], r.Newest(), r.slots[r.used]} {
		if s == nil {
			continue
		}
		for i := range s.tables {
			t := &s.tables[i]
			PrefetchSlice(t.ids)
			PrefetchSlice(t.owners)
			PrefetchSlice(t.ints)
			PrefetchSlice(t.owned.first)
			PrefetchSlice(t.owned.next)
		}
	}
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
func (r *Ring) Reset() { r.used, r.told = 0, false }
