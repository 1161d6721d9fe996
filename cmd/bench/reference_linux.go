package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/lxzan/gws"
)

// referenceBytes is the size of the reference's frames: what bare gws room
// servers of this shape send for 8 players with JSON-free, hand-made frames.
const referenceBytes = 171

// reference is the least that a gws room server can do: no game, no sign-in, no
// state sync. Every connection joins a room of a given size; each room's
// ticker sends one prepared frame to each member; what comes in is read and
// counted. It is the control that Sandlot's figures are divided by.
type reference struct {
	gws.BuiltinEventHandler
	size int
	rate int

	mu    sync.Mutex
	rooms []*referenceRoom
}

type referenceRoom struct {
	mu      sync.Mutex
	members []*gws.Conn
}

// serveReference serves rooms of size members at rate ticks a second on l until
// ctx ends.
func serveReference(ctx context.Context, l net.Listener, size, rate int) error {
	ref := &reference{size: size, rate: rate}
	upgrader := gws.NewUpgrader(ref, &gws.ServerOption{ReadBufferSize: 1024, ReadMaxPayloadSize: 4096})
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r)
		if err != nil {
			return
		}
		ref.join(ctx, conn)
		go conn.ReadLoop()
	})}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(l); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}

func (ref *reference) join(ctx context.Context, conn *gws.Conn) {
	ref.mu.Lock()
	defer ref.mu.Unlock()
	if n := len(ref.rooms); n > 0 {
		room := ref.rooms[n-1]
		room.mu.Lock()
		free := len(room.members) < ref.size
		if free {
			room.members = append(room.members, conn)
		}
		room.mu.Unlock()
		if free {
			return
		}
	}
	room := &referenceRoom{members: []*gws.Conn{conn}}
	ref.rooms = append(ref.rooms, room)
	go room.run(ctx, ref.rate)
}

func (room *referenceRoom) run(ctx context.Context, rate int) {
	frame := bytes.Repeat([]byte{0x2a}, referenceBytes-4)
	ticker := time.NewTicker(time.Second / time.Duration(rate))
	defer ticker.Stop()
	var members []*gws.Conn
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		room.mu.Lock()
		members = append(members[:0], room.members...)
		room.mu.Unlock()
		for _, conn := range members {
			_ = conn.WriteMessage(gws.OpcodeBinary, frame)
		}
	}
}

// OnMessage reads an input and gives its buffer back: the work of a server
// that has nothing to do with it.
func (ref *reference) OnMessage(_ *gws.Conn, message *gws.Message) {
	_ = message.Close()
}
