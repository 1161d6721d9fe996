package session

import (
	"time"

	"github.com/sandlot-server/sandlot/net/wire"
)

const (
	// maxControl bounds the control lane in bytes. When full: close 4008.
	maxControl = 16 << 10
	// keep is the capacity a lane holds on to between writes, in bytes: what
	// comes with a tick, not what a welcome takes.
	keep = 256
	// maxPing is the longest payload of a WebSocket ping (RFC 6455, 5.5).
	maxPing = 125
)

// outbox is what waits to be sent: ready-made WebSocket frames in two lanes,
// and what is made at the moment of writing. The third lane, state, is never
// stored: see Group.Send.
type outbox struct {
	control []byte
	events  []byte
	hasPong bool
	hasWS   bool
	pingDue bool // a WebSocket ping of our own

	fresh  int       // bytes of events that do not count for its bound
	pong   wire.Pong // newest ping to answer
	wsPong []byte    // newest WebSocket ping to answer: its payload
}

// pending says whether there is anything to write.
func (o *outbox) pending() bool {
	return len(o.control) > 0 || len(o.events) > 0 || o.hasPong || o.hasWS || o.pingDue
}

// take appends everything to dst, control before events, and empties itself.
func (o *outbox) take(dst []byte, now time.Time, m Metrics) []byte {
	dst = append(dst, o.control...)
	o.control = emptied(o.control)
	if o.hasWS {
		dst = append(dst, 0x8a, byte(len(o.wsPong)))
		dst = append(dst, o.wsPong...)
		o.hasWS, o.wsPong = false, emptied(o.wsPong)
	}
	if o.pingDue {
		dst = append(dst, 0x89, 0)
		o.pingDue = false
	}
	if o.hasPong {
		o.pong.SentUS = uint64(now.UnixMicro())
		var at int
		dst, at = wire.BeginFrame(dst)
		dst = wire.EndFrame(wire.AppendPong(dst, o.pong), at)
		m.Sent(byte(wire.TypePong), 1, len(dst)-at)
		o.hasPong = false
	}
	dst = append(dst, o.events...)
	o.events, o.fresh = emptied(o.events), 0
	return dst
}

// emptied gives a lane's memory back where a burst made it large.
func emptied(lane []byte) []byte {
	if cap(lane) > keep {
		return nil
	}
	return lane[:0]
}

// kindOf reads the type of a message that we made ourselves.
func kindOf(message []byte) byte {
	switch {
	case len(message) > 1 && message[0]&0xf0 == 0x90:
		return message[1]
	case len(message) > 3 && message[0] == 0xdc:
		return message[3]
	case len(message) > 5 && message[0] == 0xdd:
		return message[5]
	default:
		return 0
	}
}
