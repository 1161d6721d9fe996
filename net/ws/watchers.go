package ws

import (
	"runtime"
	"sync"
)

// watchers are started as connections come, up to one a processor, and take
// them in turn.
type watchers struct {
	mu      sync.Mutex
	all     []*watcher
	next    int
	stopped bool
}

// add gives p to one; false where it has to be read by a goroutine.
func (ws *watchers) add(p *peer) bool {
	if !canWatch || p.conn.fd < 0 {
		return false
	}
	w := ws.pick()
	return w != nil && w.add(p) == nil
}

func (ws *watchers) pick() *watcher {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.stopped {
		return nil
	}
	if len(ws.all) < runtime.GOMAXPROCS(0) {
		if w, err := newWatcher(); err == nil {
			ws.all = append(ws.all, w)
			go w.run()
		}
	}
	if len(ws.all) == 0 {
		return nil
	}
	ws.next++
	return ws.all[ws.next%len(ws.all)]
}

// stop ends them; no connection is left.
func (ws *watchers) stop() {
	ws.mu.Lock()
	all := ws.all
	ws.all, ws.stopped = nil, true
	ws.mu.Unlock()
	for _, w := range all {
		w.close()
	}
}
