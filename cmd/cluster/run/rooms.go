package main

import (
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/net/wire"
)

// rooms is what was said where, and who heard it. A message is lost to a member
// if others heard it, and the member heard earlier and later ones but not it.
type rooms struct {
	mu      sync.Mutex
	all     map[string]*room
	matches int
}

// room is one lobby.
type room struct {
	mu      sync.Mutex
	heard   map[uint64]map[uint64]bool // by epoch: offsets that anybody heard
	visits  []*visit
	matches map[uint32]bool
}

// visit is one member's stay in a room. The room's mu guards it.
type visit struct {
	room    *room
	heard   map[uint64]map[uint64]bool
	pending map[string]time.Time // said, and not heard oneself yet
}

func newRooms() *rooms { return &rooms{all: map[string]*room{}} }

func (r *rooms) enter(lobby string) *visit {
	r.mu.Lock()
	defer r.mu.Unlock()
	in := r.all[lobby]
	if in == nil {
		in = &room{heard: map[uint64]map[uint64]bool{}, matches: map[uint32]bool{}}
		r.all[lobby] = in
	}
	v := &visit{room: in, heard: map[uint64]map[uint64]bool{}, pending: map[string]time.Time{}}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.visits = append(in.visits, v)
	return v
}

// match counts a match once, whoever of those in it tells first.
func (r *rooms) match(v *visit, number uint32) {
	v.room.mu.Lock()
	known := v.room.matches[number]
	v.room.matches[number] = true
	v.room.mu.Unlock()
	if !known {
		r.mu.Lock()
		r.matches++
		r.mu.Unlock()
	}
}

func (v *visit) says(text string) {
	v.room.mu.Lock()
	defer v.room.mu.Unlock()
	v.pending[text] = time.Now()
}

func (v *visit) unsay(text string) {
	v.room.mu.Lock()
	defer v.room.mu.Unlock()
	delete(v.pending, text)
}

func (v *visit) hears(r *result, c *wire.ChatOut) {
	v.room.mu.Lock()
	defer v.room.mu.Unlock()
	for _, of := range []map[uint64]map[uint64]bool{v.heard, v.room.heard} {
		if of[c.Epoch] == nil {
			of[c.Epoch] = map[uint64]bool{}
		}
		of[c.Epoch][c.Offset] = true
	}
	if at, own := v.pending[c.Text]; own {
		delete(v.pending, c.Text)
		r.add(&r.echoes, time.Since(at))
	}
}

// sums counts messages that were heard, deliveries that were due between a
// member's first and last, those that failed, and messages that nobody confirmed
// to who said them.
func (r *rooms) sums() (messages, due, lost, unconfirmed int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, in := range r.all {
		in.mu.Lock()
		for _, offsets := range in.heard {
			messages += len(offsets)
		}
		for _, v := range in.visits {
			unconfirmed += len(v.pending)
			for epoch, own := range v.heard {
				first, last := ^uint64(0), uint64(0)
				for o := range own {
					first, last = min(first, o), max(last, o)
				}
				for o := range in.heard[epoch] {
					if o < first || o > last {
						continue
					}
					due++
					if !own[o] {
						lost++
					}
				}
			}
		}
		in.mu.Unlock()
	}
	return messages, due, lost, unconfirmed
}
