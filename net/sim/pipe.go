package sim

import (
	"io"
	"os"
	"sync"
	"time"
)

// maxHeld bounds what is on its way in one direction, in bytes. A writer waits
// for room.
const maxHeld = 256 << 10

// pipe is one direction: what is put in can be taken out when it is due. One
// goroutine puts, one takes; any may end it.
type pipe struct {
	mu     sync.Mutex
	lane   *Lane
	held   []parcel // oldest first
	bytes  int
	last   error         // after what is held, io.EOF mostly; nil: more may come
	over   error         // at once; nil: not ended
	change chan struct{} // closed at every change, and made anew
}

type parcel struct {
	data  []byte
	due   time.Time
	never bool
}

func newPipe(l *Lane) *pipe { return &pipe{lane: l, change: make(chan struct{})} }

// changed tells who waits. It is called with mu held.
func (p *pipe) changed() {
	close(p.change)
	p.change = make(chan struct{})
}

// put takes all of data, in packets, or as much as found room before cancel.
func (p *pipe) put(data []byte, cancel <-chan struct{}) (n int, err error) {
	for {
		p.mu.Lock()
		if err := p.over; err != nil {
			p.mu.Unlock()
			return n, err
		}
		now := time.Now()
		for len(data) > 0 && p.bytes < maxHeld {
			size := min(len(data), packet)
			due, never := p.lane.Due(now, size)
			p.held = append(p.held, parcel{append([]byte(nil), data[:size]...), due, never})
			p.bytes += size
			n, data = n+size, data[size:]
			p.changed()
		}
		change := p.change
		p.mu.Unlock()
		if len(data) == 0 {
			return n, nil
		}
		select {
		case <-change:
		case <-cancel:
			return n, os.ErrDeadlineExceeded
		}
	}
}

// take waits until something is due and copies what is into b.
func (p *pipe) take(b []byte, cancel <-chan struct{}) (int, error) {
	var timer *time.Timer
	for {
		n, wait, change, err := p.ready(b)
		if n > 0 || err != nil || len(b) == 0 {
			return n, err
		}
		var due <-chan time.Time
		if wait >= 0 {
			if timer == nil {
				timer = time.NewTimer(wait)
				defer timer.Stop()
			} else {
				timer.Reset(wait)
			}
			due = timer.C
		}
		select {
		case <-due:
		case <-change:
		case <-cancel:
			return 0, os.ErrDeadlineExceeded
		}
	}
}

// ready copies what is due into b. If there is nothing, wait is the time until
// the next is due, or negative if nobody knows, and change is closed when more is
// to be said.
func (p *pipe) ready(b []byte) (n int, wait time.Duration, change <-chan struct{}, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over != nil {
		return 0, 0, nil, p.over
	}
	now := time.Now()
	for len(p.held) > 0 && n < len(b) {
		head := &p.held[0]
		if head.never || now.Before(head.due) {
			break
		}
		k := copy(b[n:], head.data)
		n += k
		if head.data = head.data[k:]; len(head.data) == 0 {
			p.held = p.held[1:]
		}
	}
	if n > 0 {
		p.bytes -= n
		if len(p.held) == 0 {
			p.held = nil
		}
		p.changed()
		return n, 0, nil, nil
	}
	switch {
	case len(p.held) == 0 && p.last != nil:
		return 0, 0, nil, p.last
	case len(p.held) == 0 || p.held[0].never:
		return 0, -1, p.change, nil
	}
	return 0, p.held[0].due.Sub(now), p.change, nil
}

// finish says that nothing more will be put; what is held can still be taken.
func (p *pipe) finish(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		err = io.EOF
	}
	if p.last == nil {
		p.last = err
	}
	p.changed()
}

// end drops what is held and ends putting and taking with err; the first wins.
func (p *pipe) end(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over == nil {
		p.over, p.held, p.bytes = err, nil, 0
	}
	p.changed()
}
