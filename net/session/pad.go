package session

import (
	"sync"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// pad is what a Group writes with during one Send and nothing of which it needs
// afterwards. Groups take turns with the same few pads, one for each that sends
// at the time, so that this memory is in the processor's caches when a tick
// begins and a lobby at rest has none.
type pad struct {
	bodies *bodies
	owner  *wire.Writer // one client's owner section, or all that is its own
	own    []byte       // memory of owner
	head   []byte       // one client's head
	buf    []byte       // all that goes to one client
}

// pads are the pads of all groups that share a Config, by the schema that their
// bodies are for.
type pads struct {
	mu    sync.Mutex
	pools map[*state.Schema]*sync.Pool
}

// of gives the pool of a schema; it holds *pad.
func (p *pads) of(schema *state.Schema) *sync.Pool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pools == nil {
		p.pools = map[*state.Schema]*sync.Pool{}
	}
	if p.pools[schema] == nil {
		p.pools[schema] = &sync.Pool{New: func() any {
			return &pad{bodies: newBodies(schema), owner: wire.NewWriter(nil)}
		}}
	}
	return p.pools[schema]
}
