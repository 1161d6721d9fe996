package ws

import (
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// A peer that takes nothing costs no writer any time, and its connection is
// given up after the limit.
func TestBlockedConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe() // takes nothing until it is read
		c := newConn(ours, NoMetrics{})
		c.loosen()
		begin := time.Now()
		for range 3 {
			if n, err := c.Write([]byte("frame")); n != 5 || err != nil {
				t.Fatalf("wrote %d, %v", n, err)
			}
		}
		if since, blocked := c.Blocked(); !blocked || !since.Equal(begin) || !time.Now().Equal(begin) {
			t.Fatalf("blocked %v since %v, after %v", blocked, since, time.Since(begin))
		}
		_, err := c.Read(make([]byte, 1))
		if d := time.Since(begin); err == nil || d != writeLimit {
			t.Errorf("a reader was told %v after %v", err, d)
		}
		synctest.Wait()
		if _, err := c.Write([]byte("more")); err == nil {
			t.Error("a write after the end was taken")
		}
		_, _ = ours.Close(), theirs.Close()
	})
}

// What is left goes out in order, before all else, and the end of the stream
// after it.
func TestLeftoverOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		c := newConn(closer{ours}, NoMetrics{})
		c.loosen()
		for _, s := range []string{"one ", "two ", "three "} {
			_, _ = c.Write([]byte(s))
		}
		c.end(time.Second)
		if _, err := c.Write([]byte("late")); err == nil {
			t.Error("a write after the end was taken")
		}
		all, err := io.ReadAll(theirs)
		if string(all) != "one two three " || err != nil {
			t.Errorf("got %q, %v", all, err)
		}
		synctest.Wait()
		if _, blocked := c.Blocked(); blocked {
			t.Error("still blocked")
		}
		_ = theirs.Close()
	})
}

// closer lets a pipe end its sending side.
type closer struct{ net.Conn }

func (c closer) CloseWrite() error { return c.Conn.Close() }

// A write to a healthy socket makes no garbage.
func TestWriteAllocatesNothing(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	accepted, err := Listen(l, nil).Accept()
	if err != nil {
		t.Fatal(err)
	}
	c, ok := accepted.(*conn)
	if !ok {
		t.Fatalf("accepted a %T", accepted)
	}
	defer c.Close()
	c.loosen()
	frame, got := make([]byte, 100), make([]byte, 100)
	n := testing.AllocsPerRun(1000, func() {
		if _, err := c.Write(frame); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(client, got); err != nil {
			t.Fatal(err)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations a write", n)
	}
}
