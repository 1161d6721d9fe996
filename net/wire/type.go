package wire

import "strconv"

// Version is the version of the protocol, as in the welcome.
const Version = 1

// Protocol is the WebSocket subprotocol of this version.
const Protocol = "sandlot.v1"

// MaxClientFrame is the largest message in bytes that a server reads.
const MaxClientFrame = 4096

// MaxNumber bounds every number on the wire on both sides of zero, so that a
// double holds it exactly.
const MaxNumber = 1 << 53

// Bounds of client strings in bytes.
const (
	MaxChat       = 500
	MaxCredential = 2048
	MaxLobbyID    = 16
	MaxNetwork    = 96
)

// Type is the first element of a message.
type Type uint8

// What clients send.
const (
	TypeInput Type = 1 + iota
	TypeAck
	TypeCommand
	TypeChat
	TypePing
	TypeReady
	TypeStart
	TypeKick
	TypeSetting
	TypeHello
	TypeLeave
	TypeKeyframe
	TypeManage
	TypeRenew
	TypeNetwork
)

// What servers send.
const (
	TypeWelcome Type = 64 + iota
	TypeState
	TypeEvent
	TypeLobby
	TypeMember
	TypeGone
	TypeChatOut
	TypeResult
	TypePong
	TypeError
	TypeSlip
	TypeMatch
	TypeDone
	TypeKnock
)

var typeNames = [...]string{
	TypeInput: "input", TypeAck: "ack", TypeCommand: "command", TypeChat: "chat",
	TypePing: "ping", TypeReady: "ready", TypeStart: "start", TypeKick: "kick",
	TypeSetting: "setting", TypeHello: "hello", TypeLeave: "leave", TypeKeyframe: "keyframe", TypeManage: "manage", TypeRenew: "renew", TypeNetwork: "network",
	TypeWelcome: "welcome", TypeState: "state", TypeEvent: "event", TypeLobby: "lobby",
	TypeMember: "member", TypeGone: "gone", TypeChatOut: "chat", TypeResult: "result",
	TypePong: "pong", TypeError: "error", TypeSlip: "slip", TypeMatch: "match", TypeDone: "done", TypeKnock: "knock",
}

// String is the type's word in PROTOCOL.md, for logs and metric labels; the
// number if it has none.
func (t Type) String() string {
	if int(t) < len(typeNames) && typeNames[t] != "" {
		return typeNames[t]
	}
	return strconv.Itoa(int(t))
}

// FromClient reports whether clients send t.
func (t Type) FromClient() bool { return t >= TypeInput && t <= TypeNetwork }

// FromServer reports whether servers send t.
func (t Type) FromServer() bool { return t >= TypeWelcome && t <= TypeKnock }

// Counted reports whether t goes through the events lane: reliable, in order,
// and counted by both sides for coming back.
func (t Type) Counted() bool {
	return t >= TypeEvent && t <= TypeResult || t >= TypeSlip && t <= TypeDone
}
