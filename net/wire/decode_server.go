package wire

import (
	"math"

	"github.com/sandlot-server/sandlot/game/state"
)

// ServerMessage is one decoded message of a server: Type says which of the
// others is set. It is made to be used again: slices are valid until the next
// DecodeServer into it; a welcome's schema is new each time and stays. It must
// not be copied.
type ServerMessage struct {
	Type    Type
	Welcome Welcome
	State   State
	Event   Event
	Lobby   Lobby
	Members []Member
	Gone    Gone
	Chat    ChatOut
	Result  Result
	Pong    Pong
	Error   Error
	Slip    Slip
	Match   Match
	Done    Done
	Knock   Knock

	r Reader
}

// Body returns the elements of a state message after its head, for
// state.Mirror.Apply. Only the head was checked by DecodeServer: what follows is
// checked as it is read; its Done says whether all of it was good. It is valid
// until the next DecodeServer into m, and keeps the frame.
func (m *ServerMessage) Body() *Reader { return &m.r }

// DecodeServer decodes one message of a server into what into already has room
// for. The schema is that of the connection's welcome; nil before it. On error,
// an *Error, into holds nothing of use but the Type. Of a state message only
// the head is decoded: see Body.
func DecodeServer(frame []byte, schema *state.Schema, into *ServerMessage) error {
	if schema == nil {
		schema = noSchema
	}
	r := &into.r
	into.Type = r.begin(frame, Type.FromServer, "servers")
	if r.fault != nil {
		return r.fault
	}
	into.read(r, schema)
	if into.Type == TypeState {
		return r.Err()
	}
	return r.Done()
}

func (m *ServerMessage) read(r *Reader, schema *state.Schema) {
	switch m.Type {
	case TypeWelcome:
		m.Welcome.read(r)
	case TypeState:
		m.State = r.stateHead()
	case TypeEvent:
		m.Event.Index = r.index(len(schema.Events), "events")
		if r.fault == nil && r.wants(Slots(&schema.Events[m.Event.Index])) {
			m.Event.Fields = r.fields(&schema.Events[m.Event.Index], m.Event.Fields[:0])
		}
	case TypeLobby:
		m.Lobby.read(r)
	case TypeMember:
		m.readMembers(r)
	case TypeGone:
		m.Gone = Gone{Player: r.player(), Why: Why(r.Within(0, math.MaxUint8))}
	case TypeChatOut:
		m.Chat = ChatOut{
			Epoch: r.number(), Offset: r.number(), Player: r.player(), Name: r.Str(maxName),
			Channel: uint8(r.Within(0, math.MaxUint8)), TimeMS: r.number(), Text: r.Str(maxAnyText),
		}
	case TypeResult:
		m.Result.read(r)
	case TypePong:
		m.Pong = Pong{ClientTime: r.number(), ReceivedUS: r.number(), SentUS: r.number()}
	case TypeError:
		m.Error = Error{Code: r.Str(maxName), Message: r.Str(maxAnyText), About: Type(r.Within(0, math.MaxUint8))}
	case TypeKnock:
		m.Knock = Knock{Number: uint16(r.Within(0, math.MaxUint16)), Name: r.Str(maxName), Waiting: r.Bool()}
	case TypeSlip:
		m.Slip.Ticks = uint32(r.Within(0, maxUint32))
	case TypeMatch:
		m.Match = Match{Number: uint32(r.Within(0, maxUint32)), TickRate: int(r.Within(1, maxRate))}
	case TypeDone:
		m.Done = Done{N: uint32(r.Within(0, maxUint32))}
		if r.left > 0 && r.wants(2) {
			m.Done.Code, m.Done.Message = r.Str(maxName), r.Str(maxAnyText)
		}
	}
}

func (l *Lobby) read(r *Reader) {
	l.Phase = Phase(r.Within(0, math.MaxUint8))
	l.DeadlineMS = r.number()
	l.Host = r.player()
	l.Code = r.Str(maxIDs)
	l.Min = int(r.Within(0, math.MaxUint16))
	l.Max = int(r.Within(0, math.MaxUint16))
	l.Private = r.Bool()
	l.Settings = l.Settings[:0]
	for range r.count(1) {
		l.Settings = append(l.Settings, r.Int())
	}
}

// readMembers reads members to the end of the message: one at least.
func (m *ServerMessage) readMembers(r *Reader) {
	m.Members = m.Members[:0]
	for first := true; r.fault == nil && (first || r.left > 0); first = false {
		m.Members = append(m.Members, Member{
			Player: r.player(), Name: r.Str(maxName), Flags: MemberFlags(r.Within(0, math.MaxUint8)),
			Team: uint8(r.Within(0, math.MaxUint8)), Colour: uint8(r.Within(0, math.MaxUint8)),
		})
	}
}

func (p *Result) read(r *Reader) {
	p.Places = p.Places[:0]
	for range r.count(3) {
		p.Places = append(p.Places, Place{
			Player: r.player(), Rank: int(r.Within(0, math.MaxUint16)), Score: r.Int(),
		})
	}
}

func (r *Reader) player() state.Player { return state.Player(r.Within(0, math.MaxUint16)) }
func (r *Reader) number() uint64       { return uint64(r.Within(0, MaxNumber)) }
