package client

import (
	"fmt"
	"maps"
	"math"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// Ban removes a player for good; a kick bars for a minute. The host's, as all below
// that says nothing else.
func (c *Client) Ban(p state.Player) error {
	return c.Manage(wire.Manage{Action: wire.ActBan, Player: p})
}

// Mute takes a player's voice in the chat, or gives it back.
func (c *Client) Mute(p state.Player, muted bool) error {
	return c.Manage(wire.Manage{Action: wire.ActMute, Player: p, Value: oneIf(muted)})
}

// MakeHost hands the lobby over.
func (c *Client) MakeHost(p state.Player) error {
	return c.Manage(wire.Manage{Action: wire.ActHost, Player: p})
}

// SetTeam puts a player into a team, from 1. Anyone may move itself.
func (c *Client) SetTeam(p state.Player, team int) error {
	return c.Manage(wire.Manage{Action: wire.ActTeam, Player: p, Value: uint32(max(team, 0))})
}

// SetColour chooses the own colour, 1 to wire.Colours, or with 0 leaves it to the
// server. Everyone's.
func (c *Client) SetColour(colour int) error {
	return c.Manage(wire.Manage{Action: wire.ActColour, Value: uint32(max(colour, 0))})
}

// Approve lets in whose knock has this number: see Knocks.
func (c *Client) Approve(knock uint16) error {
	return c.Manage(wire.Manage{Action: wire.ActAdmit, Player: state.Player(knock)})
}

// Deny turns away, for a minute, whose knock has this number.
func (c *Client) Deny(knock uint16) error {
	return c.Manage(wire.Manage{Action: wire.ActRefuse, Player: state.Player(knock)})
}

// Moderate mutes, unmutes, kicks or bans whoever said the message of the lobby's chat
// with this offset, also who only talks and so has no number: what is one of
// wire.ActMuteSender, ActUnmuteSender, ActKickSender and ActBanSender.
func (c *Client) Moderate(offset uint64, what wire.Action) error {
	if offset > math.MaxUint32 {
		return fmt.Errorf("offset %d: at most %d", offset, uint32(math.MaxUint32))
	}
	return c.Manage(wire.Manage{Action: what, Value: uint32(offset)})
}

// SetSetting changes a setting by its name.
func (c *Client) SetSetting(name string, value int64) error {
	if s := c.schema(); s != nil {
		for i := range s.Settings {
			if s.Settings[i].Name == name {
				return c.Set(i, value)
			}
		}
	}
	return fmt.Errorf("no setting %q", name)
}

// LobbyOptions are what a lobby was made with, as in CreateOptions. What is nil stays.
type LobbyOptions struct {
	Private    *bool
	Approval   *bool
	MaxPlayers *int
	FillTo     *int // bots fill a match to so many players; 0: none
	Level      *int // of bots: 0 as they are, 1 easier, 2 easiest
	Delay      *int // seconds that spectators see the match later; while the lobby waits
}

// SetOptions changes what the lobby was made with, one message an option; the first
// error ends it.
func (c *Client) SetOptions(o LobbyOptions) error {
	yes := func(b *bool) *int {
		if b == nil {
			return nil
		}
		n := int(oneIf(*b))
		return &n
	}
	for _, one := range []struct {
		do    wire.Action
		value *int
	}{
		{wire.ActPrivate, yes(o.Private)}, {wire.ActApproval, yes(o.Approval)}, {wire.ActPlayers, o.MaxPlayers},
		{wire.ActBots, o.FillTo}, {wire.ActLevel, o.Level}, {wire.ActDelay, o.Delay},
	} {
		if one.value == nil {
			continue
		}
		if err := c.Manage(wire.Manage{Action: one.do, Value: uint32(max(*one.value, 0))}); err != nil {
			return err
		}
	}
	return nil
}

// Knocks are the names of those who wait to be let in, by the number that Approve
// and Deny take, a copy; told to the host alone.
func (c *Client) Knocks() map[uint16]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.knocks)
}

func oneIf(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}
