package session

import (
	"slices"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// Kind is what an Incoming asks for.
type Kind uint8

// The kinds of Incoming.
const (
	Command Kind = iota + 1
	Chat
	Ready
	Start
	Kick
	Setting
	Leave
	Manage
	Renew
	Network
)

// Incoming is one discrete message of a client, checked against the schema.
// It holds no memory of the connection: the receiver may keep it.
type Incoming struct {
	From *Session
	Kind Kind

	N       uint32        // Command: its number, for done
	Index   int           // Command: index in Schema.Commands; Setting: index in Schema.Settings; Manage: the wire.Action
	Values  []state.Value // Command
	Refused *wire.Error   // Command: it came above the rate, and is only to be answered with that; else nil
	Channel int           // Chat: 0 lobby, 1 own team
	Text    string        // Chat: UTF-8, at most 500 bytes; Renew: a token; Network: the link
	Ready   bool          // Ready
	Player  state.Player  // Kick, Manage: who
	Value   int64         // Setting: within its range; Manage: at least 0
}

// Inbox takes what sessions say outside of inputs; a lobby's Loop implements
// it. Both methods are called from many goroutines and must not block.
type Inbox interface {
	// Post hands over a message, in the order a client sent them. False means
	// that the inbox is full: the session ends itself.
	Post(Incoming) bool
	// Gone says that the session has ended, exactly once a session, after its
	// last Post and from whatever goroutine ended it, the Loop's own included.
	// It cannot be refused; the sessions bound it.
	Gone(s *Session, r Reason)
}

// kinds are the messages that go to the inbox.
var kinds = map[wire.Type]Kind{
	wire.TypeCommand: Command, wire.TypeChat: Chat, wire.TypeReady: Ready, wire.TypeStart: Start,
	wire.TypeKick: Kick, wire.TypeSetting: Setting, wire.TypeLeave: Leave, wire.TypeManage: Manage, wire.TypeRenew: Renew,
	wire.TypeNetwork: Network,
}

// incoming copies what m holds of the connection's memory.
func incoming(s *Session, m *wire.ClientMessage) Incoming {
	in := Incoming{From: s, Kind: kinds[m.Type]}
	switch m.Type {
	case wire.TypeCommand:
		in.N, in.Index, in.Values = m.Command.N, m.Command.Index, slices.Clone(m.Command.Fields)
	case wire.TypeChat:
		in.Channel, in.Text = int(m.Chat.Channel), m.Chat.Text
	case wire.TypeReady:
		in.Ready = m.Ready.Ready
	case wire.TypeKick:
		in.Player = m.Kick.Player
	case wire.TypeRenew:
		in.Text = m.Renew.Token
	case wire.TypeNetwork:
		in.Text = m.Network.Link
	case wire.TypeManage:
		in.Index, in.Player, in.Value = int(m.Manage.Action), m.Manage.Player, int64(m.Manage.Value)
	case wire.TypeSetting:
		in.Index, in.Value = m.Setting.Index, m.Setting.Value
	}
	return in
}
