package cmd_test

import (
	"net"
	"sync"
	"testing"
)

// line is a TCP proxy that a test cuts, or lets go silent.
type line struct {
	addr          string
	network, dest string

	mu    sync.Mutex
	off   bool          // new connections are closed at once
	quiet chan struct{} // nil: bytes pass; else they wait until it is closed
	conns map[net.Conn]bool
}

func newLine(t *testing.T, network, dest string) *line {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &line{addr: l.Addr().String(), network: network, dest: dest, conns: map[net.Conn]bool{}}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed
			}
			running.Go(func() { p.carry(c) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		p.cut()
		running.Wait()
	})
	return p
}

// cut closes all connections, and new ones at once.
func (p *line) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.off = true
	p.speak()
	for c := range p.conns {
		c.Close()
	}
}

// hush lets nothing through, without closing anything.
func (p *line) hush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.quiet == nil {
		p.quiet = make(chan struct{})
	}
}

// mend lets all through again, also what waited.
func (p *line) mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.off = false
	p.speak()
}

func (p *line) speak() {
	if p.quiet != nil {
		close(p.quiet)
		p.quiet = nil
	}
}

// keep notes a connection; false if the line is cut.
func (p *line) keep(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.off {
		c.Close()
		return false
	}
	p.conns[c] = true
	return true
}

func (p *line) carry(c net.Conn) {
	d, err := net.Dial(p.network, p.dest)
	if err != nil {
		c.Close()
		return
	}
	defer c.Close()
	defer d.Close()
	if !p.keep(c) || !p.keep(d) {
		return
	}
	back := make(chan struct{})
	go func() {
		defer close(back)
		p.pass(c, d)
	}()
	p.pass(d, c)
	<-back
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c)
	delete(p.conns, d)
}

func (p *line) pass(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		p.mu.Lock()
		quiet := p.quiet
		p.mu.Unlock()
		if quiet != nil {
			<-quiet
		}
		if n > 0 {
			if _, err := to.Write(b[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
