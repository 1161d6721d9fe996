package client

import (
	"maps"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// Welcome is the last welcome; its Schema is nil before the first.
func (c *Client) Welcome() wire.Welcome {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.welcome
}

// Me is the own player number; 0 for none.
func (c *Client) Me() state.Player {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.welcome.Player
}

// Lobby is what the lobby last said of itself. Its Settings must not be changed.
func (c *Client) Lobby() wire.Lobby {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lobby
}

// Members are those in the lobby, a copy.
func (c *Client) Members() map[state.Player]wire.Member {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.members)
}

// Playing reports whether a match runs whose state is here.
func (c *Client) Playing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.playing()
}

// Tick is the tick of the newest state; 0 before one.
func (c *Client) Tick() uint32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tick
}

// Applied is the newest input that the game has consumed and the margin of the
// inputs behind it, both as of the newest state.
func (c *Client) Applied() (seq uint32, margin int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.applied, c.margin
}

// ServerTime estimates the server's clock, slewed as Clock.Now says, and the
// least round trip seen; false before the first pong.
func (c *Client) ServerTime() (now time.Time, rtt time.Duration, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	server, ok := c.clock.Now(time.Since(c.epoch))
	if !ok {
		return time.Time{}, 0, false
	}
	rtt, _, _ = c.clock.Best()
	return time.Unix(0, int64(server)), rtt, true
}
