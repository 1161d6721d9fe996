package lobby

import "github.com/sandlot-server/sandlot/net/wire"

// Said is a chat message before anybody has heard it.
type Said struct {
	Lobby, Game  string
	Player, Name string // Player is empty for somebody whose home is another instance and who only talks
	Team         bool   // to the own team alone
	Text         string // cleaned
}

// Moderator decides what may be said. The Loop of each lobby asks it, so it must
// answer at once and is called from many goroutines: what takes time, it does
// beforehand or afterwards.
type Moderator interface {
	// Chat returns the text to say, changed where it likes; "" if nobody is to
	// hear it, which the sender is told.
	Chat(s Said) string
}

// moderate asks the Moderator, if there is one.
func (l *Loop) moderate(s Said) (string, error) {
	if l.env.moderator == nil {
		return s.Text, nil
	}
	s.Lobby, s.Game = l.id, l.def.Name
	text := clean(l.env.moderator.Chat(s), maxSaid)
	if text == "" {
		l.env.metrics.Chat("filtered")
		return "", fail(CodeChatRefused, "that message is not let through")
	}
	return text, nil
}

// lastOfTeam are the newest messages of a team, oldest first.
func (l *Loop) lastOfTeam(team uint8) []wire.ChatOut {
	if team == 0 || int(team) >= len(l.chat.teamLast) {
		return nil
	}
	return l.chat.teamLast[team]
}
