package client

import (
	"context"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/sandlot-server/sandlot/net/sim"
	"github.com/sandlot-server/sandlot/net/wire"
	"github.com/sandlot-server/sandlot/net/ws/dial"
)

// Options say who plays what and how. URL must be set, Name or Token, and one of
// Lobby, Create, Game and Joined, which are looked at in that order.
//
// The callbacks are called one at a time, on goroutines of the client's; while
// one runs, nothing is read. They may call every method of the client's but Do
// and Run. The mirror and what a message points to are valid during the call.
type Options struct {
	URL    string // the server's HTTP base, as in API
	Name   string // sign in as a new guest of this name
	Colour int    // and with this colour, 1 to wire.Colours; 0: none chosen
	Token  string // or as who this token says
	// Renew gets another token of the same player, before or after the signed-in time
	// is over. Without it a guest asks the server for one, and others end. It is called
	// on a goroutine of its own or on Run's, never twice at a time.
	Renew func(context.Context) (string, error)

	Lobby  string         // join this one, by id or code
	Create *CreateOptions // make one
	Game   string         // quick play
	Joined *Joined        // what another has joined for this client
	Role   string         // of Lobby: "player" (the default), "spectator", "chat"

	HTTP    *http.Client // http.DefaultClient by default
	Dial    Dialer       // dial.Dial by default
	NetDial sim.DialFunc // opens the socket's connection beneath; net.Dialer's by default
	Backoff Backoff
	Chance  func() float64 // in [0, 1), safe for concurrent use; rand.Float64 by default

	OnStatus  func(c *Client, s Status, err error)   // err: why not Online, if known
	OnMessage func(c *Client, m *wire.ServerMessage) // all but state, after the client's own handling
	OnState   func(c *Client)                        // after each state was applied
	OnDropped func(c *Client, n uint32)              // command n, of a connection that broke, will not be sent again
	OnTick    func(c *Client)                        // at the tick rate while a match runs: the time to SendInput
}

// Dialer opens a socket, as dial.Dial does.
type Dialer func(ctx context.Context, o dial.Options) (Socket, error)

// Socket is an open connection, as dial.Conn is: Run reads until it ends and is
// called once; Write and Close may be called from any goroutine, and Close makes
// Run return soon.
type Socket interface {
	Run(message func(p []byte)) dial.Closing
	Write(p []byte) error
	Close(code uint16, reason string)
}

// Status is what a client's connection is doing.
type Status uint8

// The states of a connection.
const (
	Connecting Status = iota // signing in, joining, dialling
	Online                   // welcomed
	Waiting                  // before the next attempt
	Over                     // Run is about to return
)

// String is the status's word.
func (s Status) String() string {
	return [...]string{"connecting", "online", "waiting", "over"}[s]
}

func (o Options) withDefaults() Options {
	if o.Dial == nil {
		o.Dial = func(ctx context.Context, d dial.Options) (Socket, error) {
			c, err := dial.Dial(ctx, d)
			if err != nil { // not a typed nil in an interface
				return nil, err
			}
			return c, nil
		}
	}
	if o.Chance == nil {
		o.Chance = rand.Float64
	}
	o.Backoff = o.Backoff.withDefaults()
	return o
}

// What a client does by itself, and when.
const (
	pingQuick  = 250 * time.Millisecond // the first pings, for a clock soon
	pingQuicks = 4
	pingEvery  = 2 * time.Second
	pingShift  = 5 * time.Millisecond
	stable     = 10 * time.Second // a connection that lasted so long was a success
	maxHops    = 5                // moves in a row without a welcome
)
