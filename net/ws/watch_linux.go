package ws

import (
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// canWatch says that connections can be taken off the runtime's poller. This is
// the one place where that is chosen; elsewhere each has a goroutine that waits.
const canWatch = true

// watcher waits for many connections with one goroutine and one epoll set, each
// armed for one event at a time: a connection at rest has neither a goroutine
// nor a buffer, and one that is not armed wakes nobody.
//
// Bound: one event a connection.
type watcher struct {
	file *os.File // the epoll set, itself on the runtime's poller
	fd   int
	done chan struct{}

	mu    sync.Mutex
	peers []*peer // by place
	free  []int32
}

// newWatcher makes one; run is its goroutine.
func newWatcher() (*watcher, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	_ = unix.SetNonblock(fd, true) // so that the runtime polls it
	return &watcher{file: os.NewFile(uintptr(fd), "epoll"), fd: fd, done: make(chan struct{})}, nil
}

// run waits until the watcher is closed.
func (w *watcher) run() {
	defer close(w.done)
	raw, err := w.file.SyscallConn()
	if err != nil {
		return
	}
	events := make([]unix.EpollEvent, 256)
	n := 0
	wait := func(fd uintptr) bool {
		n, err = unix.EpollWait(int(fd), events, 0)
		return n > 0
	}
	for raw.Read(wait) == nil {
		for i := range events[:n] {
			if p := w.at(events[i].Fd); p != nil {
				p.ready()
			}
		}
	}
}

// close ends run and waits for it.
func (w *watcher) close() {
	_ = w.file.Close()
	<-w.done
}

func (w *watcher) at(place int32) *peer {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.peers[place] // nil, or another's, after it was removed: harmless
}

// add watches p's connection, which becomes the watcher's: a duplicate of its
// descriptor is kept, and closing the original takes it off the runtime's
// poller. It is not armed yet.
func (w *watcher) add(p *peer) error {
	c := p.conn
	fd, err := unix.FcntlInt(uintptr(c.fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return err
	}
	place := w.take(p)
	if err := unix.EpollCtl(w.fd, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLONESHOT, Fd: place}); err != nil {
		_ = unix.Close(fd)
		w.give(place)
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.Conn.Close()
	c.Conn, c.fd, c.watcher, c.place = nil, fd, w, place
	return nil
}

func (w *watcher) take(p *peer) int32 {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(w.free); n > 0 {
		place := w.free[n-1]
		w.free = w.free[:n-1]
		w.peers[place] = p
		return place
	}
	w.peers = append(w.peers, p)
	return int32(len(w.peers) - 1)
}

func (w *watcher) give(place int32) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.peers[place] = nil
	w.free = append(w.free, place)
}

// arm asks for one event: something to read, or the end.
func (w *watcher) arm(fd int, place int32) {
	w.modify(fd, place, unix.EPOLLIN|unix.EPOLLRDHUP|unix.EPOLLONESHOT)
}

// disarm asks for none.
func (w *watcher) disarm(fd int, place int32) { w.modify(fd, place, unix.EPOLLONESHOT) }

func (w *watcher) modify(fd int, place int32, events uint32) {
	_ = unix.EpollCtl(w.fd, unix.EPOLL_CTL_MOD, fd, &unix.EpollEvent{Events: events, Fd: place}) // fails for nothing that was added
}

// remove forgets a connection, before its descriptor is closed.
func (w *watcher) remove(fd int, place int32) {
	_ = unix.EpollCtl(w.fd, unix.EPOLL_CTL_DEL, fd, nil)
	w.give(place)
}

// duplicate puts a duplicate of a descriptor on the runtime's poller.
func duplicate(fd int) (waiting, error) {
	other, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(other), "socket"), nil // it does not block, so it is polled
}
