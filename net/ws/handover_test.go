package ws_test

import (
	"bufio"
	"net"
	"net/http"
	"testing"

	"github.com/lxzan/gws"
)

// fed is a connection that the library reads from only what it was given.
type fed struct {
	net.Conn
	given  chan []byte // a parked ReadLoop waits here
	buffer []byte
}

func (f *fed) Write(p []byte) (int, error) { return len(p), nil }

func (f *fed) Read(p []byte) (int, error) {
	if len(f.buffer) == 0 {
		next, ok := <-f.given
		if !ok {
			return 0, net.ErrClosed
		}
		f.buffer = next
	}
	n := copy(p, f.buffer)
	f.buffer = f.buffer[n:]
	return n, nil
}

// counted tells of each message.
type counted struct {
	gws.BuiltinEventHandler
	seen chan struct{}
}

func (c *counted) OnMessage(_ *gws.Conn, m *gws.Message) {
	_ = m.Close()
	c.seen <- struct{}{}
}

// openFed is the library's end of a connection that has been upgraded.
func openFed(b *testing.B, handler gws.Event) (*gws.Conn, *fed) {
	ours, theirs := net.Pipe()
	b.Cleanup(func() { _, _ = ours.Close(), theirs.Close() })
	f := &fed{Conn: ours, given: make(chan []byte)}
	r, err := http.NewRequest(http.MethodGet, "http://x/", nil)
	if err != nil {
		b.Fatal(err)
	}
	for name, value := range map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
	} {
		r.Header.Set(name, value)
	}
	c, err := gws.NewUpgrader(handler, nil).UpgradeFromConn(f, bufio.NewReaderSize(f, 1024), r)
	if err != nil {
		b.Fatal(err)
	}
	return c, f
}

// What it costs to hand a whole message that is in memory to the library and to
// have it back, for the two ways there are: on the caller's goroutine, or by
// waking a ReadLoop that waits for it. See pull.
func BenchmarkHandover(b *testing.B) {
	message := masked(0x82, []byte("0123456789abcdef"))
	b.Run("pull", func(b *testing.B) {
		c, f := openFed(b, gws.BuiltinEventHandler{})
		given := make([]byte, len(message))
		b.ReportAllocs()
		for b.Loop() {
			copy(given, message) // unmasked in place
			f.buffer = given
			m, err := c.ReadMessage()
			if err != nil {
				b.Fatal(err)
			}
			_ = m.Close()
		}
	})
	b.Run("parked", func(b *testing.B) {
		handler := &counted{seen: make(chan struct{})}
		c, f := openFed(b, handler)
		done := make(chan struct{})
		go func() {
			defer close(done)
			c.ReadLoop()
		}()
		given := make([]byte, len(message))
		b.ReportAllocs()
		for b.Loop() {
			copy(given, message) // unmasked in place
			f.given <- given
			<-handler.seen
		}
		close(f.given)
		<-done
	})
}
