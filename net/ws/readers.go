package ws

import "sync"

// maxIdleReaders is how many readers wait for work; more than that work at once
// where more connections have something to say, and end afterwards.
const maxIdleReaders = 8

// readers are the goroutines that do what the connections' own goroutines find
// to do. Those are many and wait nearly always: were they to parse and decode,
// each would keep the stack that takes.
type readers struct {
	mu   sync.Mutex
	idle []chan *peer // newest last: its stack is warm
}

// do lets a reader take p's turn, and returns when it has.
func (r *readers) do(p *peer) {
	p.doing.Add(1)
	r.mu.Lock()
	n := len(r.idle)
	if n == 0 {
		r.mu.Unlock()
		go r.run(p)
	} else {
		to := r.idle[n-1]
		r.idle = r.idle[:n-1]
		r.mu.Unlock()
		to <- p
	}
	p.doing.Wait()
}

// run takes turns until there are readers enough, or they are dismissed.
func (r *readers) run(p *peer) {
	work := make(chan *peer, 1)
	for p != nil {
		p.turn()
		// At rest before p goes on: when the last connection is gone, all are.
		stay := r.rest(work)
		p.doing.Done()
		if !stay {
			return
		}
		p = <-work
	}
}

func (r *readers) rest(work chan *peer) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.idle) == maxIdleReaders {
		return false
	}
	r.idle = append(r.idle, work)
	return true
}

// dismiss ends those at rest.
func (r *readers) dismiss() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, work := range r.idle {
		close(work)
	}
	r.idle = nil
}
