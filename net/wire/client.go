package wire

import "github.com/sandlot-server/sandlot/game/state"

// Input is one player's input of one tick.
type Input struct {
	Seq    uint32 // from 1, one more for each input
	Ack    uint32 // newest state tick the client has; 0 none
	Viewed uint32 // tick the player was looking at; 0 unknown
	Fields []state.Value
}

// Ack tells which state a client has, where no inputs are sent.
type Ack struct{ Tick uint32 }

// Command is a discrete, reliable wish.
type Command struct {
	N      uint32 // from 1, one more for each command of a seat
	Index  int    // into the schema's commands
	Fields []state.Value
}

// The channels of chat.
const (
	ChatLobby = 0
	ChatTeam  = 1
)

// Chat is what a member says.
type Chat struct {
	Channel uint8
	Text    string // at most MaxChat bytes; may be empty
}

// Ping asks for the server's clock.
type Ping struct{ ClientTime uint64 }

// Ready says whether a member is ready.
type Ready struct{ Ready bool }

// Kick is the host's wish to remove a player.
type Kick struct{ Player state.Player }

// Setting is the host's wish to change one setting.
type Setting struct {
	Index int // into the schema's settings
	Value int64
}

// Action is what a Manage asks for.
type Action uint8

// The actions, as on the wire. But for ActTeam and ActColour of oneself they are
// the host's.
const (
	ActBan          Action = iota // player: for good
	ActMute                       // player; value 1, or 0 to undo it
	ActHost                       // player: who is host from now on
	ActTeam                       // player, value: the team, from 1
	ActAdmit                      // player: the number of a knock
	ActRefuse                     // player: the number of a knock
	ActPrivate                    // value 0 or 1: not listed
	ActApproval                   // value 0 or 1: players knock before they come in
	ActPlayers                    // value: the most players
	ActBots                       // value: bots fill up to so many players; 0 none
	ActLevel                      // value 0 to 2: bots as they are, easier, easiest
	ActColour                     // player: oneself; value: the colour, 1 to Colours; 0 one that few have
	ActDelay                      // value: spectators see the match so many seconds later
	ActMuteSender                 // value: the offset of a chat message of the lobby: its sender, with a seat or not
	ActUnmuteSender               // value: the same
	ActKickSender                 // value: the same
	ActBanSender                  // value: the same
)

// Manage is a host's wish about its lobby or somebody in it.
type Manage struct {
	Action Action
	Player state.Player // 0 where the action names nobody
	Value  uint32       // 0 where the action has none
}

// Hello signs in by a first message.
type Hello struct {
	Credential string // at most MaxCredential bytes
	Lobby      string // at most MaxLobbyID bytes; empty with a pass or a resume token
}

// Renew shows a new token of the same player, before the signed-in time is over.
type Renew struct {
	Token string // at most MaxCredential bytes
}

// Network is the host's wish to have the members' network simulated.
type Network struct {
	Link string // at most MaxNetwork bytes, as net/sim reads it; empty ends it
}

// ClientMessage is one decoded message of a client: Type says which of the
// others is set; start, leave and keyframe have nothing but their type. It is
// made to be used again: Fields are valid until the next Decode into it. It
// must not be copied.
type ClientMessage struct {
	Type    Type
	Input   Input
	Ack     Ack
	Command Command
	Chat    Chat
	Ping    Ping
	Ready   Ready
	Kick    Kick
	Setting Setting
	Manage  Manage
	Renew   Renew
	Network Network
	Hello   Hello

	r Reader
}

// AppendInput appends an input whose fields m is the schema's input.
func AppendInput(dst []byte, in *Input, m *state.Message) []byte {
	w := open(dst, 4+Slots(m), TypeInput)
	w.Int(int64(in.Seq))
	w.Int(int64(in.Ack))
	w.Int(int64(in.Viewed))
	w.fields(m, in.Fields)
	return w.shut()
}

// AppendAck appends an ack.
func AppendAck(dst []byte, a Ack) []byte {
	w := open(dst, 2, TypeAck)
	w.Int(int64(a.Tick))
	return w.shut()
}

// AppendCommand appends a command whose fields m is the schema's.
func AppendCommand(dst []byte, c *Command, m *state.Message) []byte {
	w := open(dst, 3+Slots(m), TypeCommand)
	w.Int(int64(c.N))
	w.Int(int64(c.Index))
	w.fields(m, c.Fields)
	return w.shut()
}

// AppendChat appends a chat message.
func AppendChat(dst []byte, c Chat) []byte {
	w := open(dst, 3, TypeChat)
	w.Int(int64(c.Channel))
	w.Str(c.Text)
	return w.shut()
}

// AppendPing appends a ping.
func AppendPing(dst []byte, p Ping) []byte {
	w := open(dst, 2, TypePing)
	w.Int(int64(p.ClientTime))
	return w.shut()
}

// AppendReady appends a ready message.
func AppendReady(dst []byte, r Ready) []byte {
	w := open(dst, 2, TypeReady)
	w.Bool(r.Ready)
	return w.shut()
}

// AppendStart appends a start message.
func AppendStart(dst []byte) []byte { return open(dst, 1, TypeStart).shut() }

// AppendKick appends a kick message.
func AppendKick(dst []byte, k Kick) []byte {
	w := open(dst, 2, TypeKick)
	w.Int(int64(k.Player))
	return w.shut()
}

// AppendSetting appends a setting message.
func AppendSetting(dst []byte, s Setting) []byte {
	w := open(dst, 3, TypeSetting)
	w.Int(int64(s.Index))
	w.Int(s.Value)
	return w.shut()
}

// AppendRenew appends a renew message.
func AppendRenew(dst []byte, m Renew) []byte {
	w := open(dst, 2, TypeRenew)
	w.Str(m.Token)
	return w.shut()
}

// AppendNetwork appends a network message.
func AppendNetwork(dst []byte, m Network) []byte {
	w := open(dst, 2, TypeNetwork)
	w.Str(m.Link)
	return w.shut()
}

// AppendManage appends a manage message.
func AppendManage(dst []byte, m Manage) []byte {
	w := open(dst, 4, TypeManage)
	w.Int(int64(m.Action))
	w.Int(int64(m.Player))
	w.Int(int64(m.Value))
	return w.shut()
}

// AppendHello appends a hello message.
func AppendHello(dst []byte, h Hello) []byte {
	w := open(dst, 3, TypeHello)
	w.Str(h.Credential)
	w.Str(h.Lobby)
	return w.shut()
}

// AppendLeave appends a leave message.
func AppendLeave(dst []byte) []byte { return open(dst, 1, TypeLeave).shut() }

// AppendKeyframe appends a wish for the whole state.
func AppendKeyframe(dst []byte) []byte { return open(dst, 1, TypeKeyframe).shut() }
