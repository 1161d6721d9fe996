package feed

import (
	"bytes"
	"maps"
	"slices"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// known is what holds of a lobby: of each message that replaces an earlier one
// the newest.
type known struct {
	lobby, match, result []byte
	number               uint32 // of the match
	phase                wire.Phase
	members              map[state.Player]wire.Member
}

// note keeps what m, decoded from message, says. again is set for a match
// message that tells of the match that is known.
func (k *known) note(m *wire.ServerMessage, message []byte) (again bool) {
	switch m.Type {
	case wire.TypeLobby:
		k.lobby, k.phase = bytes.Clone(message), m.Lobby.Phase
	case wire.TypeMember:
		if k.members == nil {
			k.members = map[state.Player]wire.Member{}
		}
		for _, member := range m.Members {
			k.members[member.Player] = member
		}
	case wire.TypeGone:
		delete(k.members, m.Gone.Player)
	case wire.TypeMatch:
		again = k.match != nil && k.number == m.Match.Number
		k.match, k.result, k.number = bytes.Clone(message), nil, m.Match.Number
	case wire.TypeResult:
		k.result = bytes.Clone(message)
	}
	return again
}

// each calls say with all of it, in the order that a newcomer is told.
func (k *known) each(say func(message []byte)) {
	tell := func(message []byte) {
		if message != nil {
			say(message)
		}
	}
	tell(k.lobby)
	all := make([]wire.Member, 0, len(k.members))
	for _, p := range slices.Sorted(maps.Keys(k.members)) {
		all = append(all, k.members[p])
	}
	sayMembers(all, say)
	tell(k.match)
	if k.phase == wire.PhaseResults {
		tell(k.result)
	}
}

// membersAtOnce bounds the members of one message.
const membersAtOnce = 256

func sayMembers(all []wire.Member, say func(message []byte)) {
	for some := range slices.Chunk(all, membersAtOnce) {
		say(wire.AppendMembers(nil, some...))
	}
}

// become makes k what next is and says what leads there.
func (k *known) become(next *known, say func(message []byte)) (newMatch bool) {
	newMatch = next.match != nil && (k.match == nil || k.number != next.number)
	if newMatch {
		say(next.match)
	}
	for _, p := range slices.Sorted(maps.Keys(k.members)) {
		if _, stays := next.members[p]; !stays {
			say(wire.AppendGone(nil, wire.Gone{Player: p, Why: wire.GoneLeft}))
		}
	}
	var changed []wire.Member
	for _, p := range slices.Sorted(maps.Keys(next.members)) {
		if was, there := k.members[p]; !there || was != next.members[p] {
			changed = append(changed, next.members[p])
		}
	}
	sayMembers(changed, say)
	if next.result != nil && (newMatch || !bytes.Equal(k.result, next.result)) {
		say(next.result)
	}
	if next.lobby != nil && !bytes.Equal(k.lobby, next.lobby) {
		say(next.lobby)
	}
	*k = *next
	return newMatch
}
