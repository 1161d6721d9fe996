package wire

import "github.com/sandlot-server/sandlot/game/state"

// Role is what a session is to its lobby.
type Role uint8

// The roles, as on the wire.
const (
	RolePlayer Role = iota
	RoleSpectator
	RoleChat
)

// Welcome is the first message of a connection.
type Welcome struct {
	Instance, Lobby, Game string
	Player                state.Player // 0 for those without a number
	Role                  Role
	Resume                string // empty: none
	HoldMS                uint32 // how long a seat is kept after a drop
	ServerUS              uint64 // the server's clock, microseconds
	Events                uint64 // what the client's counter of events starts from
	Schema                *state.Schema
}

// Event is something that a game says.
type Event struct {
	Index  int // into the schema's events
	Fields []state.Value
}

// Phase is the phase of a lobby, as on the wire.
type Phase uint8

// The phases.
const (
	PhaseWaiting Phase = iota
	PhaseCountdown
	PhaseRunning
	PhaseResults
	PhaseClosed
)

// String is the phase's word.
func (p Phase) String() string {
	if int(p) < len(phaseNames) {
		return phaseNames[p]
	}
	return "unknown"
}

var phaseNames = [...]string{"waiting", "countdown", "running", "results", "closed"}

// Lobby is the whole of what members see of their lobby, but for its members.
type Lobby struct {
	Phase      Phase
	DeadlineMS uint64       // server time at which the phase ends by itself; 0 never
	Host       state.Player // 0 none
	Code       string
	Min, Max   int // players
	Private    bool
	Settings   []int64 // in schema order
}

// MemberFlags say how a member is.
type MemberFlags uint8

// The flags, as on the wire.
const (
	MemberConnected MemberFlags = 1 << iota
	MemberReady
	MemberBot
	MemberSpectator
	_ // once said who the receiver is, which the welcome tells
	MemberMuted
)

// Colours is the size of the palette that players choose a colour from. Colours
// count from 1; 0 stands for none, or none chosen.
const Colours = 16

// Member is a member that came or changed.
type Member struct {
	Player state.Player
	Name   string
	Flags  MemberFlags
	Team   uint8 // 0 none
	Colour uint8 // 1 to Colours
}

// memberSize is how many elements a member takes.
const memberSize = 5

// Why says why a member is gone.
type Why uint8

// The reasons, as on the wire.
const (
	GoneLeft Why = iota
	GoneKicked
	GoneExpired // its hold time is over
)

// Gone is a member that left.
type Gone struct {
	Player state.Player
	Why    Why
}

// ChatOut is a numbered chat message.
type ChatOut struct {
	Epoch, Offset uint64       // offset rises by one in an epoch
	Player        state.Player // 0: the server, or a member without a seat
	Name          string
	Channel       uint8
	TimeMS        uint64
	Text          string
}

// Result is how a match ended, best rank first.
type Result struct{ Places []Place }

// Place is one player's.
type Place struct {
	Player state.Player
	Rank   int // 1 is best; equal ranks are a draw
	Score  int64
}

// Pong answers a ping.
type Pong struct {
	ClientTime uint64
	ReceivedUS uint64 // server clock when the ping was read
	SentUS     uint64 // and when this was written
}

// Slip says that game time lost ticks to overload.
type Slip struct{ Ticks uint32 }

// Match says that a match begins.
type Match struct {
	Number   uint32
	TickRate int
}

// Done says that a command was handed to the game, or why it was refused.
type Done struct {
	N             uint32
	Code, Message string // as those of an Error; no Code: it was not refused
}

// Knock is somebody who asks to be let in, or no longer does. Only the host is
// told. It is not counted among the events.
type Knock struct {
	Number  uint16 // from 1
	Name    string
	Waiting bool
}

// AppendKnock appends a knock.
func AppendKnock(dst []byte, k Knock) []byte {
	w := open(dst, 4, TypeKnock)
	w.Int(int64(k.Number))
	w.Str(k.Name)
	w.Bool(k.Waiting)
	return w.shut()
}

// AppendEvent appends an event whose fields m is the schema's.
func AppendEvent(dst []byte, e *Event, m *state.Message) []byte {
	w := open(dst, 2+Slots(m), TypeEvent)
	w.Int(int64(e.Index))
	w.fields(m, e.Fields)
	return w.shut()
}

// AppendLobby appends a lobby message.
func AppendLobby(dst []byte, l *Lobby) []byte {
	w := open(dst, 9+len(l.Settings), TypeLobby)
	w.Int(int64(l.Phase))
	w.Int(int64(l.DeadlineMS))
	w.Int(int64(l.Host))
	w.Str(l.Code)
	w.Int(int64(l.Min))
	w.Int(int64(l.Max))
	w.Bool(l.Private)
	w.Int(int64(len(l.Settings)))
	for _, v := range l.Settings {
		w.Int(v)
	}
	return w.shut()
}

// AppendMembers appends a member message about one or more members.
func AppendMembers(dst []byte, list ...Member) []byte {
	w := open(dst, 1+memberSize*len(list), TypeMember)
	for i := range list {
		m := &list[i]
		w.Int(int64(m.Player))
		w.Str(m.Name)
		w.Int(int64(m.Flags))
		w.Int(int64(m.Team))
		w.Int(int64(m.Colour))
	}
	return w.shut()
}

// AppendGone appends a gone message.
func AppendGone(dst []byte, g Gone) []byte {
	w := open(dst, 3, TypeGone)
	w.Int(int64(g.Player))
	w.Int(int64(g.Why))
	return w.shut()
}

// AppendChatOut appends a chat message of a server.
func AppendChatOut(dst []byte, c *ChatOut) []byte {
	w := open(dst, 8, TypeChatOut)
	w.Int(int64(c.Epoch))
	w.Int(int64(c.Offset))
	w.Int(int64(c.Player))
	w.Str(c.Name)
	w.Int(int64(c.Channel))
	w.Int(int64(c.TimeMS))
	w.Str(c.Text)
	return w.shut()
}

// AppendResult appends a result.
func AppendResult(dst []byte, r *Result) []byte {
	w := open(dst, 2+3*len(r.Places), TypeResult)
	w.Int(int64(len(r.Places)))
	for _, p := range r.Places {
		w.Int(int64(p.Player))
		w.Int(int64(p.Rank))
		w.Int(p.Score)
	}
	return w.shut()
}

// AppendPong appends a pong.
func AppendPong(dst []byte, p Pong) []byte {
	w := open(dst, 4, TypePong)
	w.Int(int64(p.ClientTime))
	w.Int(int64(p.ReceivedUS))
	w.Int(int64(p.SentUS))
	return w.shut()
}

// AppendError appends an error message.
func AppendError(dst []byte, e *Error) []byte {
	w := open(dst, 4, TypeError)
	w.Str(e.Code)
	w.Str(e.Message)
	w.Int(int64(e.About))
	return w.shut()
}

// AppendSlip appends a slip message.
func AppendSlip(dst []byte, s Slip) []byte {
	w := open(dst, 2, TypeSlip)
	w.Int(int64(s.Ticks))
	return w.shut()
}

// AppendMatch appends a match message.
func AppendMatch(dst []byte, m Match) []byte {
	w := open(dst, 3, TypeMatch)
	w.Int(int64(m.Number))
	w.Int(int64(m.TickRate))
	return w.shut()
}

// AppendDone appends a done message.
func AppendDone(dst []byte, d Done) []byte {
	if d.Code == "" {
		w := open(dst, 2, TypeDone)
		w.Int(int64(d.N))
		return w.shut()
	}
	w := open(dst, 4, TypeDone)
	w.Int(int64(d.N))
	w.Str(d.Code)
	w.Str(d.Message)
	return w.shut()
}
