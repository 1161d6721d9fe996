package wire

import (
	"math"

	"github.com/sandlot-server/sandlot/game/state"
)

var noSchema = new(state.Schema)

// Decode decodes one message of a client into what into already has room for.
// The schema bounds inputs, commands and settings; nil is one without any. On
// error, an *Error, into holds nothing of use but the Type, which is 0 where it
// could not be read or is none that clients send.
func Decode(frame []byte, schema *state.Schema, into *ClientMessage) error {
	if schema == nil {
		schema = noSchema
	}
	r := &into.r
	into.Type = r.begin(frame, Type.FromClient, "clients")
	if r.fault != nil {
		return r.fault
	}
	into.read(r, schema)
	return r.Done()
}

func (m *ClientMessage) read(r *Reader, schema *state.Schema) {
	switch m.Type {
	case TypeInput:
		if !r.wants(3 + Slots(&schema.Input)) {
			return
		}
		m.Input.Seq = uint32(r.Within(1, maxUint32))
		m.Input.Ack = uint32(r.Within(0, maxUint32))
		m.Input.Viewed = uint32(r.Within(0, maxUint32))
		m.Input.Fields = r.fields(&schema.Input, m.Input.Fields[:0])
	case TypeAck:
		if r.wants(1) {
			m.Ack.Tick = uint32(r.Within(0, maxUint32))
		}
	case TypeCommand:
		m.command(r, schema)
	case TypeChat:
		if r.wants(2) {
			m.Chat = Chat{Channel: uint8(r.Within(ChatLobby, ChatTeam)), Text: r.Str(MaxChat)}
		}
	case TypePing:
		if r.wants(1) {
			m.Ping.ClientTime = uint64(r.Within(0, MaxNumber))
		}
	case TypeReady:
		if r.wants(1) {
			m.Ready.Ready = r.Bool()
		}
	case TypeKick:
		if r.wants(1) {
			m.Kick.Player = state.Player(r.Within(1, math.MaxUint16))
		}
	case TypeSetting:
		m.setting(r, schema)
	case TypeManage:
		if r.wants(3) {
			m.Manage = Manage{
				Action: Action(r.Within(int64(ActBan), int64(ActBanSender))),
				Player: state.Player(r.Within(0, math.MaxUint16)), Value: uint32(r.Within(0, maxUint32)),
			}
		}
	case TypeRenew:
		if r.wants(1) {
			m.Renew.Token = r.Str(MaxCredential)
		}
	case TypeNetwork:
		if r.wants(1) {
			m.Network.Link = r.Str(MaxNetwork)
		}
	case TypeHello:
		if r.wants(2) {
			m.Hello = Hello{Credential: r.Str(MaxCredential), Lobby: r.Str(MaxLobbyID)}
		}
	case TypeStart, TypeLeave, TypeKeyframe:
		r.wants(0)
	}
}

func (m *ClientMessage) command(r *Reader, schema *state.Schema) {
	if r.left < 2 {
		r.fail(CodeArity, "%d elements where at least 3 are due", 1+r.left)
		return
	}
	m.Command.N = uint32(r.Within(1, maxUint32))
	i := r.index(len(schema.Commands), "commands")
	if r.fault != nil {
		return
	}
	shape := &schema.Commands[i]
	if !r.wants(Slots(shape)) {
		return
	}
	m.Command.Index = i
	m.Command.Fields = r.fields(shape, m.Command.Fields[:0])
}

func (m *ClientMessage) setting(r *Reader, schema *state.Schema) {
	if !r.wants(2) {
		return
	}
	i := r.index(len(schema.Settings), "settings")
	if r.fault != nil {
		return
	}
	m.Setting.Index = i
	m.Setting.Value = r.Within(schema.Settings[i].Min, schema.Settings[i].Max)
}

// wants checks that exactly n elements are left.
func (r *Reader) wants(n int) bool {
	if r.left != n {
		r.fail(CodeArity, "%d elements where %d are due", r.read+r.left, r.read+n)
	}
	return r.fault == nil
}

// index reads an index into a list of n.
func (r *Reader) index(n int, of string) int {
	i := r.Int()
	if r.fault == nil && (i < 0 || i >= int64(n)) {
		r.fail(CodeRange, "element %d is %d, and there are %d %s", r.read, i, n, of)
	}
	if r.fault != nil {
		return 0
	}
	return int(i)
}
